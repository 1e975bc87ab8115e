import { paginateListStackResources, paginateListStacks } from '@aws-sdk/client-cloudformation';
import { paginateDescribeAlarms, paginateListDashboards } from '@aws-sdk/client-cloudwatch';
import { DeleteLogGroupCommand, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { paginateListApplications } from '@aws-sdk/client-codedeploy';
import { paginateListPipelines } from '@aws-sdk/client-codepipeline';
import { DeregisterTaskDefinitionCommand, paginateListClusters, paginateListTaskDefinitions } from '@aws-sdk/client-ecs';
import { paginateListFunctions } from '@aws-sdk/client-lambda';
import { paginateListBuckets } from '@aws-sdk/client-s3';
import { Account } from './account';
import { stackNames } from './app';

/** Something that a run left in the account. */
export interface Leftover {
  readonly kind: string;
  readonly name: string;
  /** Why it may be there: the README's "Teardown" says so, or the test itself made it. Anything else should be gone. */
  readonly expected?: string;
}

/**
 * What two destroyed stacks left behind. CloudFormation's record says of each resource whether it was deleted; that covers EC2,
 * too, since a network with an address or an interface in it cannot be deleted. Services make things of their own beside it
 * (log groups, revisions, alarms of a scaling policy), so their lists are searched for the suffix, which is this run's alone.
 */
export async function leftovers(account: Account, suffix: string): Promise<Leftover[]> {
  const found = [...await undeleted(account, suffix), ...await named(account, suffix)];
  return found.map(({ kind, name }) => ({ kind, name, expected: EXPECTED.find((one) => one.kind === kind && one.name(suffix).test(name))?.why }));
}

const LOG_GROUP = 'log group';
const TASK_DEFINITION = 'task definition';

const EXPECTED = [
  {
    kind: LOG_GROUP,
    name: (suffix: string) => new RegExp(`^/aws/lambda/storefront-${suffix}-CustomS3AutoDelete`),
    why: "Lambda made it for CDK's function that empties buckets",
  },
  {
    kind: TASK_DEFINITION,
    name: (suffix: string) => new RegExp(`/task-(staging|production)-${suffix}:\\d+$`),
    why: 'a release registered it',
  },
  {
    kind: LOG_GROUP,
    name: (suffix: string) => new RegExp(`^/aws/lambda/assertions-${suffix}-SingletonFunction`),
    why: 'Lambda made it for the functions of this test',
  },
];

async function undeleted({ cloudFormation }: Account, suffix: string): Promise<Leftover[]> {
  const stacks = stackNames(suffix);
  const found: Leftover[] = [];
  const seen = new Set<string>();
  for await (const { StackSummaries = [] } of paginateListStacks({ client: cloudFormation }, {})) {
    for (const { StackName = '', StackId, StackStatus } of StackSummaries.filter((stack) => stacks.includes(stack.StackName ?? ''))) {
      seen.add(StackName);
      if (StackStatus !== 'DELETE_COMPLETE') {
        found.push({ kind: 'stack', name: `${StackName} (${StackStatus})` });
      }
      // By its id, since the name of a deleted stack is free again.
      for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client: cloudFormation }, { StackName: StackId })) {
        found.push(...StackResourceSummaries
          // What never came to be has no id.
          .filter(({ ResourceStatus, PhysicalResourceId }) => ResourceStatus !== 'DELETE_COMPLETE' && PhysicalResourceId)
          .map((resource) => ({ kind: `${resource.ResourceType}`, name: `${resource.PhysicalResourceId} (${resource.ResourceStatus})` })));
      }
    }
  }
  if (!seen.has(stacks[0])) {
    throw new Error(`CloudFormation knows of no stack ${stacks[0]} in the last 90 days: nothing was checked; is the suffix right?`);
  }
  return found;
}

type Names = (string | undefined)[] | undefined;

/** What the services list themselves, by name or ARN. */
async function named({ cloudWatch, codeDeploy, codePipeline, ecs, lambda, logs, s3 }: Account, suffix: string): Promise<Leftover[]> {
  const lists: [string, AsyncIterable<Names>][] = [
    [LOG_GROUP, namesIn(paginateDescribeLogGroups({ client: logs }, {}), ({ logGroups }) => logGroups?.map((one) => one.logGroupName))],
    [TASK_DEFINITION, namesIn(paginateListTaskDefinitions({ client: ecs }, { status: 'ACTIVE' }), (page) => page.taskDefinitionArns)],
    ['cluster', namesIn(paginateListClusters({ client: ecs }, {}), (page) => page.clusterArns)],
    ['pipeline', namesIn(paginateListPipelines({ client: codePipeline }, {}), ({ pipelines }) => pipelines?.map((one) => one.name))],
    ['CodeDeploy application', namesIn(paginateListApplications({ client: codeDeploy }, {}), (page) => page.applications)],
    ['alarm', namesIn(paginateDescribeAlarms({ client: cloudWatch }, {}), ({ MetricAlarms }) => MetricAlarms?.map((one) => one.AlarmName))],
    ['dashboard', namesIn(paginateListDashboards({ client: cloudWatch }, {}), (page) => page.DashboardEntries?.map((one) => one.DashboardName))],
    ['function', namesIn(paginateListFunctions({ client: lambda }, {}), ({ Functions }) => Functions?.map((one) => one.FunctionName))],
    ['bucket', namesIn(paginateListBuckets({ client: s3 }, {}), ({ Buckets }) => Buckets?.map((one) => one.Name))],
  ];
  const found: Leftover[] = [];
  for (const [kind, pages] of lists) {
    for await (const names of pages) {
      found.push(...(names ?? []).filter((name) => name?.includes(suffix)).map((name) => ({ kind, name: String(name) })));
    }
  }
  return found;
}

async function* namesIn<Page>(pages: AsyncIterable<Page>, of: (page: Page) => Names): AsyncIterable<Names> {
  for await (const page of pages) {
    yield of(page);
  }
}

/** A test leaves nothing at all, so it removes what a user would leave. */
export async function removeExpected({ ecs, logs }: Account, found: Leftover[]): Promise<void> {
  for (const { kind, name } of found.filter(({ expected }) => expected !== undefined)) {
    await (kind === LOG_GROUP
      ? logs.send(new DeleteLogGroupCommand({ logGroupName: name }))
      : ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: name })));
  }
}
