import { paginateListStackResources, paginateListStacks } from '@aws-sdk/client-cloudformation';
import { paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { DeleteLogGroupCommand, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { DeregisterTaskDefinitionCommand, paginateListTaskDefinitions } from '@aws-sdk/client-ecs';
import { Account, listAll } from './account';
import { stackNames } from './app';

/** A resource that a run left in the account. */
export interface Leftover {
  readonly kind: string;
  readonly name: string;
  /** The reason why it is expected, from docs/teardown.md or from the test itself. Any other resource should be deleted. */
  readonly expected?: string;
}

const LOG_GROUP = 'log group';
const TASK_DEFINITION = 'task definition';

/** The expected leftovers of a run: kind, pattern of the name, and reason. */
const EXPECTED = (suffix: string): [kind: string, name: string, why: string][] => [
  [LOG_GROUP, `^/aws/lambda/storefront-${suffix}-CustomS3AutoDelete`, "Lambda made it for CDK's function that empties buckets"],
  [TASK_DEFINITION, `/task-(staging|production)-${suffix}:\\d+$`, 'a release registered it'],
  [LOG_GROUP, `^/aws/lambda/assertions-${suffix}-SingletonFunction`, 'Lambda made it for the functions of this test'],
];

/**
 * Lists the resources that remain after two stacks were destroyed. CloudFormation's record says of each resource whether it was deleted; that covers EC2,
 * too, since a network with an address or an interface in it cannot be deleted. Services make things of their own beside it
 * (log groups, revisions, alarms of a scaling policy): these are searched for the suffix, which is this run's alone.
 */
export async function leftovers(account: Account, suffix: string): Promise<Leftover[]> {
  const found = [...await undeleted(account, suffix), ...await createdByServices(account, suffix)];
  return found.map(({ kind, name }) => {
    const [, , expected] = EXPECTED(suffix).find(([one, pattern]) => one === kind && new RegExp(pattern).test(name)) ?? [];
    return { kind, name, expected };
  });
}

async function undeleted({ cloudFormation: client }: Account, suffix: string): Promise<Leftover[]> {
  const names = stackNames(suffix);
  const stacks = (await listAll(paginateListStacks({ client }, {}), (page) => page.StackSummaries))
    .filter(({ StackName = '' }) => names.includes(StackName));
  if (!stacks.some(({ StackName }) => StackName === names[0])) {
    throw new Error(`CloudFormation lists no stack ${names[0]} of the last 90 days, so nothing was checked; is the suffix correct?`);
  }
  const found: Leftover[] = [];
  for (const { StackName, StackId, StackStatus } of stacks) {
    if (StackStatus !== 'DELETE_COMPLETE') {
      found.push({ kind: 'stack', name: `${StackName} (${StackStatus})` });
    }
    // By its ID, because the name of a deleted stack can be reused.
    const resources = await listAll(paginateListStackResources({ client }, { StackName: StackId }), (page) => page.StackResourceSummaries);
    for (const { ResourceType, PhysicalResourceId, ResourceStatus } of resources) {
      // A resource that was never created has no ID.
      if (ResourceStatus !== 'DELETE_COMPLETE' && PhysicalResourceId) {
        found.push({ kind: String(ResourceType), name: `${PhysicalResourceId} (${ResourceStatus})` });
      }
    }
  }
  return found;
}

/** The resources that services create themselves, by name or ARN. */
async function createdByServices({ cloudWatch, ecs, logs }: Account, suffix: string): Promise<Leftover[]> {
  const groups = await listAll(paginateDescribeLogGroups({ client: logs }, {}), (page) => page.logGroups);
  const revisions = await listAll(paginateListTaskDefinitions({ client: ecs }, { status: 'ACTIVE' }), (page) => page.taskDefinitionArns);
  const alarms = await listAll(paginateDescribeAlarms({ client: cloudWatch }, {}), (page) => page.MetricAlarms);
  return [
    ...groups.map(({ logGroupName }) => ({ kind: LOG_GROUP, name: String(logGroupName) })),
    ...revisions.map((name) => ({ kind: TASK_DEFINITION, name })),
    ...alarms.map(({ AlarmName }) => ({ kind: 'alarm', name: String(AlarmName) })),
  ].filter(({ name }) => name.includes(suffix));
}

/** The test leaves nothing behind, so it also removes what a user would keep. */
export async function removeExpected({ ecs, logs }: Account, found: Leftover[]): Promise<void> {
  for (const { kind, name } of found.filter(({ expected }) => expected !== undefined)) {
    await (kind === LOG_GROUP
      ? logs.send(new DeleteLogGroupCommand({ logGroupName: name }))
      : ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: name })));
  }
}
