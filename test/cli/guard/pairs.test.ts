import { join } from 'path';
import { App, aws_ec2 as ec2, aws_iam as iam, NestedStack, Stack } from 'aws-cdk-lib';
import { codesIn, guardedPair, isStopped } from './guarded';
import { PAIRS } from './pairs';
import { guardedPairs } from '../../../src/cli/guard/guard';
import { stackPolicy } from '../../../src/cli/guard/stack-policy';
import { readPairs } from '../../../src/cli/guard/templates';
import { Template } from '../../../src/cli/template';
import { pipelineIn } from '../../helpers/synthesis';

/** Pairs whose destructive part the stack policy denies; it allows each of the others. */
const STOPPED = [
  'the pipeline gets another construct id', 'a target group of ours gets another logical id', 'the login is removed',
  'stock: the network gets another range', 'stock: the port of the targets changes', 'stock: the load balancer becomes internal',
  'stock: the cluster gets a name', 'ECS itself: the service gets a name',
  'a secret gets another name', 'a secret gets another name and is generated in another way: the old one is deleted, not overwritten',
  'the logs of tasks are removed, which the container names', 'the logs of tasks are removed, which the container refers to',
  'the bucket of the artifacts of another region is removed', 'a cluster is removed',
  'a service is removed, and its tasks need no permission any more', 'a service is replaced, and its new tasks have other permissions',
  'stock: a replaced target group has no running tasks that a new health check fails',
];

test.each([...PAIRS])('%s', (title, make) => {
  const { before, after, codes } = make();
  const result = guardedPair(before, after);

  expect(codesIn(result)).toEqual([...codes].sort());
  expect(isStopped(result)).toBe(STOPPED.includes(title));
});

/** The code of the removal of a resource of each type: an interruption for users, or a loss. */
const REMOVED: readonly (readonly [type: string, code: string])[] = [
  ...[
    'ApiGatewayV2::VpcLink', 'CloudFront::Distribution', 'CodeDeploy::Application', 'CodeDeploy::DeploymentGroup', 'ECS::Cluster',
    'ECS::Service', 'ElasticLoadBalancingV2::ListenerRule', 'ElasticLoadBalancingV2::LoadBalancer', 'ElasticLoadBalancingV2::TargetGroup',
    'GlobalAccelerator::Accelerator', 'Route53::RecordSet', 'Route53::RecordSetGroup',
  ].map((type) => [`AWS::${type}`, 'service-deleted'] as const),
  ...[
    'Backup::BackupVault', 'Cognito::UserPool', 'DocDB::DBCluster', 'DynamoDB::GlobalTable', 'DynamoDB::Table', 'EC2::Volume',
    'ECR::PublicRepository', 'ECR::Repository', 'EFS::FileSystem', 'ElastiCache::CacheCluster', 'ElastiCache::ReplicationGroup',
    'ElastiCache::ServerlessCache', 'Elasticsearch::Domain', 'FSx::FileSystem', 'KMS::Key', 'Kinesis::Stream', 'Logs::LogGroup',
    'MSK::Cluster', 'MemoryDB::Cluster', 'Neptune::DBCluster', 'OpenSearchService::Domain', 'RDS::DBCluster', 'RDS::DBInstance',
    'Redshift::Cluster', 'S3::Bucket', 'SDB::Domain', 'SQS::Queue', 'SecretsManager::Secret', 'Timestream::Table',
  ].map((type) => [`AWS::${type}`, 'data-deleted'] as const),
  ['AWS::CodeConnections::Connection', 'connection-pending'],
  ['AWS::CodeStarConnections::Connection', 'connection-pending'],
  ['AWS::CodePipeline::Pipeline', 'executions-cancelled'],
];

test.each(REMOVED)('a removed %s is %s, unless it is retained', (Type, code) => {
  const template = (more?: object) => ({ Resources: { Other: { Type: 'AWS::SSM::Parameter' }, ...(more && { It: more }) } }) as never;

  // CloudFormation makes a snapshot of a database without a policy.
  expect(codesIn(guardedPair(template({ Type, DeletionPolicy: 'Delete' }), template()))).toEqual([code]);
  // A pipeline is a definition: it can be kept, but its executions end with the permissions of its role.
  expect(codesIn(guardedPair(template({ Type, DeletionPolicy: 'Retain' }), template()))).toEqual(code === 'executions-cancelled' ? [code] : []);
});

test('the guard lists as not known whether tags of a pipeline end its executions', () => {
  const { before, after } = PAIRS.get('stock: the pipeline gets a tag')!();

  expect(guardedPair(before, after).notKnown).toContainEqual(
    expect.stringMatching(/^pipeline .+: whether new tags end its executions in progress$/),
  );
  expect(guardedPair(after, after).notKnown.join()).not.toContain('tags');
});

test('the guard lists as not known what a permissions boundary denies', () => {
  const { before, after } = PAIRS.get('a role gets a permissions boundary')!();

  expect(guardedPair(before, after).notKnown).toContainEqual(expect.stringContaining('permissions boundaries are not known, in Reader'));
});

test('a template has no finding against itself', () => {
  const { before } = [...PAIRS.values()][0]();
  const { findings, differences, access } = guardedPair(before, before);

  expect([findings, differences.changes, access]).toEqual([[], [], []]);
});

describe('of an app with several stacks', () => {
  const assemblyOf = (make: (app: App) => void) => {
    const app = new App({ treeMetadata: false });
    make(app);
    return app.synth().directory;
  };
  const env = { region: 'us-east-1' };
  const split = (cidr: string, isUsed = true) => assemblyOf((app) => {
    const shared = new Stack(app, 'Shared', { env });
    const vpc = new ec2.Vpc(shared, 'Network', { ipAddresses: ec2.IpAddresses.cidr(cidr), natGateways: 1 });
    pipelineIn(new Stack(app, 'Shop', { env }), isUsed ? { vpc } : {});
  });

  test('the network that one stack exports must not be replaced while another one imports it', () => {
    const { pairs, unpaired } = readPairs(split('10.0.0.0/16'), split('10.1.0.0/16'));
    const found = guardedPairs(pairs).map((one, index) => [pairs[index].path, codesIn(one)]);

    expect(unpaired).toEqual([]);
    expect(found).toEqual([['Shared', ['export-in-use']], ['Shop', ['name-taken', 'service-rejected']]]);
  });

  test('a stack imports a name that a function makes', () => {
    const read = (Outputs: object) => new Template({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } }, Outputs: { ...Outputs } }, { stackName: 'Shared' });
    const output = (Value: unknown) => ({ Topic: { Value, Export: { Name: { 'Fn::Sub': '${AWS::StackName}-Topic' } } } });
    const importer = (stack: string) => new Template({
      Parameters: { Shared: { Type: 'String', Default: stack } },
      Resources: { Reader: { Type: 'AWS::SSM::Parameter', Properties: { Value: { 'Fn::ImportValue': { 'Fn::Sub': '${Shared}-Topic' } } } } },
    }, { stackName: 'Shop' });
    const found = (after: object, stack = 'Shared') =>
      codesIn(guardedPairs([{ path: 'Shared', before: read(output('a')), after: read(after), importers: [importer(stack)] }])[0]);

    expect(found(output('a'))).toEqual([]);
    expect(found(output('b'))).toEqual(['export-in-use']);
    expect(found({})).toEqual(['export-in-use']);
    expect(found({}, 'Other')).toEqual([]);
  });

  test('the exports must stay until no stack imports them', () => {
    const { pairs } = readPairs(split('10.0.0.0/16'), split('10.0.0.0/16', false));

    expect(codesIn(guardedPairs(pairs)[0])).toEqual(['export-in-use']);
  });

  test('a pipeline in a nested stack is compared with its parent', () => {
    const nested = (containerPort: number) => assemblyOf((app) => {
      pipelineIn(new NestedStack(new Stack(app, 'Parent', { env }), 'Inner') as Stack, { containerPort });
    });
    const { pairs } = readPairs(nested(8080), nested(9090));

    expect(codesIn(guardedPairs(pairs)[0])).toEqual(['name-taken', 'port-closed', 'service-rejected']);

    // A stack policy is of one stack: it cannot name what a nested stack contains.
    expect(stackPolicy(pairs[0].before).Statement.slice(1).map(({ Resource }) => Resource)).toEqual([[expect.stringMatching(/^LogicalResourceId\/Inner/)]]);

    const [alone] = guardedPairs(readPairs(join(nested(8080), 'Parent.template.json'), nested(9090)).pairs);
    expect(codesIn(alone)).toEqual([]);
    expect(alone.notKnown).toContainEqual(expect.stringMatching(/^the nested stack Inner.+ was not read$/));
  });

  test('stacks that only one assembly has are named', () => {
    const one = (name: string) => assemblyOf((app) => {
      new iam.Role(new Stack(app, 'Kept', { env }), 'Role', { assumedBy: new iam.AccountRootPrincipal() });
      new iam.Role(new Stack(app, name, { env }), 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    });
    const { pairs, unpaired } = readPairs(one('Old'), one('New'));

    expect(pairs.map(({ path }) => path)).toEqual(['Kept']);
    expect(unpaired).toEqual(['New is a new stack', 'Old is not in the new assembly: "cdk deploy" leaves the deployed stack as it is']);
  });
});
