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

test('the differences of two snapshots name the file, what changed in it, and what is replaced', () => {
  const snapshot = (Resources: object): Snapshot => ({ 'shop.template.json': { Resources }, 'integ.json': {} });
  const queue = (QueueName: string) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName } });

  expect(differences(snapshot({ Q: queue('one') }), snapshot({ Q: queue('one') }))).toBe('');
  expect(differences(snapshot({ Q: queue('one') }), snapshot({ Q: queue('two') })))
    .toMatch(/^shop.template.json\n[^]*AWS::SQS::Queue Q replace\s[^]*QueueName \(requires replacement\)[^]*\[-\] one[^]*\[\+\] two/);
  expect(differences({ 'integ.json': { version: '1' } }, { 'integ.json': { version: '2' } })).toContain('version: 1 to 2');
  expect(differences({}, snapshot({ Q: queue('one') }))).toContain('[+] AWS::SQS::Queue Q');
});
