import { differences, freshSnapshot, readSnapshot, Snapshot, SNAPSHOT } from '../../../scripts/integ/snapshot';

const HOW = 'If the change is meant, "npm run integ:snapshot" writes the snapshot anew.';

test('the committed snapshot is what the integration test synthesises', () => {
  const committed = readSnapshot(SNAPSHOT);
  const fresh = freshSnapshot();

  // The differences first, because they tell a person more than two templates would.
  expect(`${differences(committed, fresh)}\n${HOW}`).toBe(`\n${HOW}`);
  expect(fresh).toEqual(committed);
  expect(Object.keys(committed)).toEqual(['assertions-dev.template.json', 'integ.json', 'storefront-dev.template.json']);
});

describe('the differences of two snapshots', () => {
  const listener = (Port: number) => ({ Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { Port, LoadBalancerArn: 'one' } });
  const service = (DesiredCount: number) => ({ Type: 'AWS::ECS::Service', Properties: { ServiceName: 'service-dev', DesiredCount } });
  const queue = (QueueName: string) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName } });
  const snapshot = (Resources: object): Snapshot => ({ 'shop.template.json': { Resources } });

  test('are none when nothing changed', () => {
    expect(differences(snapshot({ L: listener(80) }), snapshot({ L: listener(80) }))).toBe('');
  });

  test('name the property that changed, with what was and what is', () => {
    const text = differences(snapshot({ S: service(1) }), snapshot({ S: service(2) }));

    expect(text).toContain('shop.template.json');
    expect(text).toMatch(/AWS::ECS::Service S\s[\s\S]*DesiredCount[\s\S]*\[-\] 1[\s\S]*\[\+\] 2/);
  });

  test('say which care a service, a listener and a replacement want', () => {
    expect(differences(snapshot({ S: service(1) }), snapshot({ S: service(2) }))).toContain('S: an update of the service succeeds only after');
    expect(differences(snapshot({ L: listener(80) }), snapshot({ L: listener(81) }))).toContain('L: a listener must not change once it is deployed');
    expect(differences(snapshot({ Q: queue('one') }), snapshot({ Q: queue('two') }))).toContain('Q: what has a physical name cannot be replaced under it');
  });

  test('ask for no care where a resource comes or goes', () => {
    expect(differences(snapshot({}), snapshot({ L: listener(80) }))).not.toContain('L: ');
    expect(differences(snapshot({ L: listener(80) }), snapshot({}))).not.toContain('L: ');
  });

  test('tell of a file that is missing, and of the manifest', () => {
    expect(differences({ 'integ.json': { version: '1' } }, { 'integ.json': { version: '2' } })).toContain('+ {"version":"2"}');
    expect(differences({}, snapshot({ L: listener(80) }))).toContain('[+] AWS::ElasticLoadBalancingV2::Listener L');
  });
});
