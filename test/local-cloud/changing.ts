import { aws, CHANGING, deploy, deployInVain, putTwice, stackState, versionsIn } from './cloud';

const BUCKETS = ['artifacts-second-000000000000-us-east-1', 'cache-build-second-000000000000-us-east-1'];
const second = (...context: string[]) => ['--app', CHANGING, '--suffix', 'second', ...context.flatMap((pair) => ['-c', pair])];

/** What the services say of the second deployment. */
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

describe('deploy:local again', () => {
  test('without changes changes nothing', async () => {
    const before = await stackState('storefront-local');

    expect(deploy()).toContain('storefront-local (no changes)');
    expect(await stackState('storefront-local')).toEqual(before);
  });

  test('from another app and with another suffix deploys beside the first', async () => {
    const first = await stackState('storefront-local');
    deploy(...second());

    expect(await settings()).toEqual(BEFORE);
    expect(await stackState('changing-second')).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(await stackState('storefront-local')).toEqual(first);
  });

  test('with changes makes them, and keeps what is in the buckets', async () => {
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

describe('deploy:local of a change that fails', () => {
  test('goes back to what there was before, in every value and with every object', async () => {
    const objects = await Promise.all(BUCKETS.map(versionsIn));
    const output = deployInVain(...second('cpu=1024', 'taskCount=2', 'errorRate=9', 'environments=production qa', 'refusal=yes'));

    expect(output).toContain('refused on purpose');
    expect(output).toContain('deploy:local failed: cdk deploy failed (exit code 1)');
    expect(await stackState('changing-second')).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(await settings()).toEqual(AFTER);
    expect(await Promise.all(BUCKETS.map(versionsIn))).toEqual(objects);
  });

  test('is followed by one that succeeds, which takes two environments away', async () => {
    deploy(...second('environments=production'));

    expect(await settings()).toEqual({ ...BEFORE, environments: ['production'] });
    expect(Object.keys((await stackState('changing-second')).resources).join()).not.toMatch(/DeployStaging|DeployDr/);
  });
});
