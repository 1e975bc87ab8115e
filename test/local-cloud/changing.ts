import { aws, CHANGING, deploy, deployExpectingFailure, putTwice, refactor, stackState, versionsIn } from './cloud';

const BUCKETS = ['artifacts-second-000000000000-us-east-1', 'cache-build-second-000000000000-us-east-1'];
const second = (...context: string[]) => ['--app', CHANGING, '--suffix', 'second', ...context.flatMap((pair) => ['-c', pair])];

/** The state of the second deployment in the services. */
async function settings() {
  const { clusterArns } = await aws<{ clusterArns: string[] }>('ecs', 'list_clusters');
  const environments = clusterArns.flatMap((arn) => /cluster-(.+)-second$/.exec(arn)?.[1] ?? []).sort();
  const { services: [{ desiredCount }] } = await aws<{ services: { desiredCount: number }[] }>(
    'ecs', 'describe_services', { cluster: 'cluster-production-second', services: ['service-production-second'] },
  );
  const { taskDefinitionArns: [taskDefinition] } = await aws<{ taskDefinitionArns: string[] }>(
    'ecs', 'list_task_definitions', { familyPrefix: 'taskdef-production-second', status: 'ACTIVE' },
  );
  const { taskDefinition: { cpu } } = await aws<{ taskDefinition: { cpu: string } }>('ecs', 'describe_task_definition', { taskDefinition });
  const { MetricAlarms: [{ Threshold }] } = await aws<{ MetricAlarms: { Threshold: number }[] }>(
    'cloudwatch', 'describe_alarms', { AlarmNames: ['alarm-errors-blue-production-second'] },
  );
  const { Subscriptions } = await aws<{ Subscriptions: { Endpoint: string }[] }>(
    'sns', 'list_subscriptions_by_topic', { TopicArn: 'arn:aws:sns:us-east-1:000000000000:topic-alerts-second' },
  );
  return { environments, desiredCount, cpu, errorRate: Threshold, mails: Subscriptions.map(({ Endpoint }) => Endpoint) };
}

const BEFORE = { environments: ['production', 'staging'], desiredCount: 1, cpu: '256', errorRate: 5, mails: ['team@example.com'] };
const AFTER = { environments: ['dr', 'production', 'staging'], desiredCount: 3, cpu: '512', errorRate: 2, mails: ['other@example.com'] };
const CHANGES = ['cpu=512', 'taskCount=3', 'errorRate=2', 'environments=staging dr production', 'notificationEmail=other@example.com'];

describe('repeated runs of deploy:local', () => {
  test('deploy:local without changes changes nothing', async () => {
    const before = await stackState('storefront-local');

    expect(deploy()).toContain('storefront-local (no changes)');
    expect(await stackState('storefront-local')).toEqual(before);
  });

  test('deploy:local of another app with another suffix adds a second stack', async () => {
    const first = await stackState('storefront-local');
    deploy(...second());

    expect(await settings()).toEqual(BEFORE);
    expect(await stackState('changing-second')).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(await stackState('storefront-local')).toEqual(first);
  });

  test('deploy:local with changes applies them, and keeps the objects in the buckets', async () => {
    await putTwice(BUCKETS[0], 'pipeline/release.zip');
    await putTwice(BUCKETS[1], 'build/layers');
    const objects = await Promise.all(BUCKETS.map(versionsIn));
    expect(objects.map(({ length }) => length)).toEqual([2, 1]);

    deploy(...second(...CHANGES));

    expect(await settings()).toEqual(AFTER);
    expect(await stackState('changing-second')).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(await Promise.all(BUCKETS.map(versionsIn))).toEqual(objects);
  });
});

interface Listener {
  readonly ListenerArn: string;
  readonly Port: number;
  readonly Certificates?: { readonly CertificateArn: string }[];
  readonly DefaultActions: { readonly TargetGroupArn?: string }[];
}

/** The target groups of an environment, and where its two listeners send traffic. */
async function colours(environment: string) {
  const group = async (colour: string) => (await aws<{ TargetGroups: { TargetGroupArn: string }[] }>(
    'elbv2', 'describe_target_groups', { Names: [`tg-${colour}-${environment}-second`] },
  )).TargetGroups[0].TargetGroupArn;
  const [blue, green] = [await group('blue'), await group('green')];
  const { LoadBalancers: [{ LoadBalancerArn }] } = await aws<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
    'elbv2', 'describe_load_balancers', { Names: [`alb-${environment}-second`] },
  );
  const { Listeners } = await aws<{ Listeners: Listener[] }>('elbv2', 'describe_listeners', { LoadBalancerArn });
  const serving = Listeners.filter(({ DefaultActions: [{ TargetGroupArn }] }) => TargetGroupArn !== undefined).sort((a, b) => a.Port - b.Port);
  return {
    blue,
    green,
    arns: serving.map(({ ListenerArn }) => ListenerArn),
    listeners: serving.map(({ Port, Certificates = [], DefaultActions: [{ TargetGroupArn }] }) =>
      [Port, TargetGroupArn === blue ? 'blue' : 'green', ...Certificates.map(({ CertificateArn }) => CertificateArn.split('/')[1])]),
  };
}

/** The tag of the stack on load balancers, target groups or listeners. */
async function teamsOf(ResourceArns: string[]): Promise<(string | undefined)[]> {
  const { TagDescriptions } = await aws<{ TagDescriptions: { Tags: { Key: string; Value: string }[] }[] }>('elbv2', 'describe_tags', { ResourceArns });
  return TagDescriptions.map(({ Tags }) => Tags.find(({ Key }) => Key === 'team')?.Value);
}

/** Makes the CodeDeploy calls of a release. With `half`, production traffic has not shifted yet. */
async function release(environment: string, to: 'blue' | 'green', half = false) {
  const service = { cluster: `cluster-${environment}-second`, service: `service-${environment}-second` };
  const found = await colours(environment);
  const { services: [{ taskSets }] } = await aws<{ services: { taskSets: { id: string }[] }[] }>(
    'ecs', 'describe_services', { cluster: service.cluster, services: [service.service] },
  );
  const { taskSet } = await aws<{ taskSet: { id: string } }>(
    'ecs', 'create_task_set', { ...service, taskDefinition: 'task:2', externalId: 'd-0123', loadBalancers: [{ targetGroupArn: found[to] }] },
  );
  for (const ListenerArn of half ? found.arns.slice(1) : found.arns) {
    await aws('elbv2', 'modify_listener', { ListenerArn, DefaultActions: [{ Type: 'forward', TargetGroupArn: found[to] }] });
  }
  if (!half) {
    await aws('ecs', 'update_service_primary_task_set', { ...service, primaryTaskSet: taskSet.id });
    await aws('ecs', 'delete_task_set', { ...service, taskSet: taskSets[0].id });
  }
  return async () => aws('ecs', 'delete_task_set', { ...service, taskSet: taskSet.id });
}

describe('a failed change with deploy:local', () => {
  test('a failed change restores the previous state, in every value and with every object', async () => {
    const objects = await Promise.all(BUCKETS.map(versionsIn));
    const output = deployExpectingFailure(...second('cpu=1024', 'taskCount=2', 'errorRate=9', 'environments=production qa', 'refusal=yes'));

    expect(output).toContain('refused on purpose');
    expect(output).toContain('deploy:local failed: cdk deploy failed (exit code 1)');
    expect(await stackState('changing-second')).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(await settings()).toEqual(AFTER);
    expect(await Promise.all(BUCKETS.map(versionsIn))).toEqual(objects);
  });

  test('a failed change can be followed by one that succeeds and removes two environments', async () => {
    deploy(...second('environments=production'));

    expect(await settings()).toEqual({ ...BEFORE, environments: ['production'] });
    expect(Object.keys((await stackState('changing-second')).resources).join()).not.toMatch(/DeployStaging|DeployDr/);
  });
});

describe('a listener change with deploy:local', () => {
  test('a listener change keeps the live colour', async () => {
    const environments = 'environments=staging production';
    deploy(...second(environments));
    await release('production', 'green');
    expect((await colours('staging')).listeners).toEqual([[80, 'blue'], [9000, 'green']]);
    expect((await colours('production')).listeners).toEqual([[80, 'green'], [9000, 'green']]);

    deploy(...second(environments, 'certificate=first', 'team=web'));
    const production = await colours('production');
    expect((await colours('staging')).listeners).toEqual([[443, 'blue', 'first'], [9000, 'green', 'first']]);
    expect(production.listeners).toEqual([[443, 'green', 'first'], [9000, 'green', 'first']]);
    expect(await teamsOf(production.arns)).toEqual(['web', 'web']);

    await release('production', 'blue');
    await release('staging', 'green');
    deploy(...second(environments, 'certificate=other', 'team=web'));
    expect((await colours('staging')).listeners).toEqual([[443, 'green', 'other'], [9000, 'green', 'other']]);
    expect((await colours('production')).listeners).toEqual([[443, 'blue', 'other'], [9000, 'blue', 'other']]);
  });

  test('a listener change is rejected while a release moves traffic', async () => {
    const stop = await release('production', 'green', true);
    const output = deployExpectingFailure(...second('environments=staging production', 'certificate=third', 'team=web'));

    expect(output).toContain('The listeners of production cannot change while CodeDeploy shifts traffic: wait until the deployment succeeds');
    expect((await colours('production')).listeners).toEqual([[443, 'blue', 'other'], [9000, 'green', 'other']]);
    await stop();
  });
});

test('cdk refactor maps everything when the pipeline gets another id, and rejects another name of an environment', async () => {
  const deployed = ['certificate=other', 'team=web'];
  const { resources } = await stackState('changing-second');
  const moved = await refactor(...second('environments=staging production', ...deployed, 'id=Shop'));
  const rows = moved.match(/^│ \w+::.+ changing-second\/Pipeline\/.+ changing-second\/Shop\//gm);

  // The function that empties buckets, with its role, has a place outside of the pipeline; CDK::Metadata is no construct of the app.
  expect(rows).toHaveLength(Object.keys(resources).length - 3);
  expect(await refactor(...second('environments=staging live', ...deployed))).toContain('A refactor operation cannot add, remove or update resources.');
});
