import { leftovers, removeExpected } from '../../../scripts/integ/leftovers';
import { accountThat, Answers } from '../../helpers/answering-account';

const SUFFIX = 'itm4x7q2ab';
const REVISION = `arn:aws:ecs:us-east-1:111111111111:task-definition/task-production-${SUFFIX}:3`;

/** The account after a destroy, as docs/teardown.md describes it. */
const DESTROYED: Answers = {
  ListStacks: {
    StackSummaries: [
      { StackName: 'somebody-elses', StackStatus: 'CREATE_COMPLETE' },
      { StackName: `storefront-${SUFFIX}`, StackId: 'id-of-storefront', StackStatus: 'DELETE_COMPLETE' },
      { StackName: `assertions-${SUFFIX}`, StackId: 'id-of-assertions', StackStatus: 'DELETE_COMPLETE' },
    ],
  },
  ListStackResources: { StackResourceSummaries: [{ ResourceType: 'AWS::EC2::VPC', PhysicalResourceId: 'vpc-1', ResourceStatus: 'DELETE_COMPLETE' }] },
  DescribeLogGroups: {
    logGroups: [
      { logGroupName: '/aws/lambda/somebody-elses' },
      { logGroupName: `/aws/lambda/storefront-${SUFFIX}-CustomS3AutoDeleteObjectsCustomRes-1` },
      { logGroupName: `/aws/lambda/assertions-${SUFFIX}-SingletonFunction1488541a7b-2` },
    ],
  },
  ListTaskDefinitions: { taskDefinitionArns: ['arn:aws:ecs:us-east-1:111111111111:task-definition/task-production-dev:3', REVISION] },
};

const unexpectedIn = async (answers: Answers) => (await leftovers(accountThat({ ...DESTROYED, ...answers }).account, SUFFIX))
  .filter(({ expected }) => expected === undefined).map(({ kind, name }) => `${kind} ${name}`);

test('the leftovers of docs/teardown.md are expected, and resources of others are ignored', async () => {
  const found = await leftovers(accountThat(DESTROYED).account, SUFFIX);

  expect(found.map(({ name, expected }) => [name, expected])).toEqual([
    [`/aws/lambda/storefront-${SUFFIX}-CustomS3AutoDeleteObjectsCustomRes-1`, "Lambda made it for CDK's function that empties buckets"],
    [`/aws/lambda/assertions-${SUFFIX}-SingletonFunction1488541a7b-2`, 'Lambda made it for the functions of this test'],
    [REVISION, 'a release registered it'],
  ]);
});

test.each<[string, Answers]>([
  [`stack storefront-${SUFFIX} (DELETE_FAILED)`, {
    ListStacks: { StackSummaries: [{ StackName: `storefront-${SUFFIX}`, StackId: 'id', StackStatus: 'DELETE_FAILED' }] },
  }],
  ['AWS::S3::Bucket artifacts (DELETE_SKIPPED)', {
    ListStackResources: ({ StackName }) => ({
      StackResourceSummaries: StackName === 'id-of-storefront'
        ? [{ ResourceType: 'AWS::S3::Bucket', PhysicalResourceId: 'artifacts', ResourceStatus: 'DELETE_SKIPPED' }] : [],
    }),
  }],
  [`log group /aws/ecs/containerinsights/cluster-staging-${SUFFIX}/performance`, {
    DescribeLogGroups: { logGroups: [{ logGroupName: `/aws/ecs/containerinsights/cluster-staging-${SUFFIX}/performance` }] },
  }],
  [`log group /aws/lambda/storefront-${SUFFIX}-Users`, { DescribeLogGroups: { logGroups: [{ logGroupName: `/aws/lambda/storefront-${SUFFIX}-Users` }] } }],
  [`task definition arn:aws:ecs:us-east-1:111111111111:task-definition/taskdef-staging-${SUFFIX}:1`, {
    ListTaskDefinitions: { taskDefinitionArns: [`arn:aws:ecs:us-east-1:111111111111:task-definition/taskdef-staging-${SUFFIX}:1`] },
  }],
  [`alarm TargetTracking-service/cluster-production-${SUFFIX}`, {
    DescribeAlarms: { MetricAlarms: [{ AlarmName: `TargetTracking-service/cluster-production-${SUFFIX}` }] },
  }],
])('%s is not expected', async (leftover, answers) => {
  expect(await unexpectedIn(answers)).toEqual([leftover]);
});

test('a resource that was never created is not a leftover', async () => {
  expect(await unexpectedIn({ ListStackResources: { StackResourceSummaries: [{ ResourceType: 'AWS::EC2::VPC', ResourceStatus: 'CREATE_FAILED' }] } })).toEqual([]);
});

test('a wrong suffix checks nothing, and reports that', async () => {
  await expect(leftovers(accountThat(DESTROYED).account, 'itother123')).rejects.toThrow('lists no stack storefront-itother123');
});

test('the script removes the expected leftovers and nothing else', async () => {
  const { account, asked } = accountThat({
    ...DESTROYED,
    DescribeAlarms: { MetricAlarms: [{ AlarmName: `TargetTracking-${SUFFIX}` }] },
  });

  await removeExpected(account, await leftovers(account, SUFFIX));

  expect(asked).toEqual([
    ['DeleteLogGroup', { logGroupName: `/aws/lambda/storefront-${SUFFIX}-CustomS3AutoDeleteObjectsCustomRes-1` }],
    ['DeleteLogGroup', { logGroupName: `/aws/lambda/assertions-${SUFFIX}-SingletonFunction1488541a7b-2` }],
    ['DeregisterTaskDefinition', { taskDefinition: REVISION }],
  ]);
});
