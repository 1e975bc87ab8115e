import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import {
  App, aws_ec2 as ec2, aws_ecs as ecs, aws_iam as iam, aws_s3 as s3, CfnParameter, NestedStack, RemovalPolicy, Stack, Stage,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Storefront } from '../../bench/contestants/stock';
import { run } from '../../src/cli/run';
import { blueGreenService, cdklabs, native } from '../helpers/other-authors';
import { pipelineIn } from '../helpers/synthesis';

const env = { region: 'us-east-1' };

/** A pipeline in a nested stack, whose network and e-mail are its parent's. */
function nested(app: App): void {
  const stack = new Stack(app, 'Parent', { env });
  const vpc = new ec2.Vpc(stack, 'Network', { vpcName: 'parents', natGateways: 1 });
  const email = new CfnParameter(stack, 'Email', { default: 'parent@example.com' }).valueAsString;
  pipelineIn(new NestedStack(stack, 'Inner') as Stack, { vpc, notificationEmails: [email] });
}

/** A pipeline whose network another stack exports. */
function exported(app: App): void {
  const vpc = new ec2.Vpc(new Stack(app, 'Shared', { env }), 'Network', { vpcName: 'shared', natGateways: 1 });
  pipelineIn(new Stack(app, 'Shop', { env }), { vpc });
}

/** A stack with constructs that the commands do not know: parameters, conditions, mappings, and policies of other kinds. */
function strange(app: App): void {
  const stack = new Stack(app, 'Strange');
  stack.templateOptions.transforms = ['AWS::Serverless-2016-10-31'];
  const size = new CfnParameter(stack, 'Size', { type: 'Number' }).valueAsNumber;
  blueGreenService(stack, ecs.DeploymentControllerType.ECS).service.node.addDependency(size ? new Construct(stack, 'X') : stack);
  new iam.Role(stack, 'Admin', {
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess')],
    inlinePolicies: {
      all: new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: ['*'], resources: ['arn:${aws:username}'] })] }),
    },
  });
  new s3.CfnBucketPolicy(stack, 'Others', {
    bucket: 'theirs',
    policyDocument: { Statement: [{ Effect: 'Deny', NotPrincipal: { AWS: 'root' }, Action: 's3:*', Resource: 'arn:aws:s3:::theirs' }] },
  });
  new s3.Bucket(stack, 'Left', { removalPolicy: RemovalPolicy.DESTROY });
}

function assemblyOf(make: (app: App) => void): string {
  const app = new App();
  make(app);
  return app.synth().directory;
}

function printed(command: string, folder: string, stack?: string): string {
  return run(command, folder, stack).lines.join(' ').replace(/\s+/g, ' ');
}

test.each<[string, (app: App) => void, string[], string[]]>([
  ['a stack of stock L2s', (app) => new Storefront(app, 'Stock', 'dev'), [
    'Stock in us-east-1', 'Stages Source > Build > Test > ApproveStaging > DeployStaging > ApproveProduction > DeployProduction',
    'moves 10 % of the traffic, and the rest after 5 minutes', 'Idle, per month $113.78',
  ], [
    'why: not known', 'is allowed iam:PassRole on every role', 'deploys and has no Deny for ec2:TerminateInstances',
    'the managed policy arn:aws:iam::aws:policy/AWSCodeDeployRoleForECS is not known',
  ]],
  ['a deployment with @cdklabs/cdk-ecs-codedeploy', (app) => cdklabs(new Stack(app, 'Labs', { env })), [
    'no pipeline in this stack', 'CodeDeploy replaces its tasks', 'GET / every 30 s must answer 200',
    'A deployment rolls back automatically when it fails.', 'The old tasks are kept for 0 minutes',
  ], ['Labs-GroupServiceRole', 'MAY what the policy allows not known (by the AWS-managed policy AWSCodeDeployRoleForECS)', 'why: not known']],
  ['a blue/green service of ECS', (app) => native(new Stack(app, 'Native')), [
    'Native in <region>', 'ECS itself (BLUE_GREEN) replaces its tasks', 'users HTTP on port 80, open to everybody (0.0.0.0/0)',
    'The assembly does not fix a region', 'A deployment never rolls back automatically.',
  ], ['account <account>', 'MAY what the policy allows not known', 'why: not known']],
  ['a pipeline in a nested stack', nested, [
    'topic-alerts-dev goes to parent@example.com by e-mail', '2 subnets of parents, without public addresses',
    '1 x $0.045 an hour', 'Stages Source > Build',
  ], ['role-deploy-staging-dev-us-east-1', 'why: Deploy: starts the deployment and waits for it']],
  ['a network that another stack exports', exported, ['2 subnets of shared, without public addresses'], [
    'Permissions of Shop in us-east-1',
  ]],
  ['a pipeline in a stage', (app) => pipelineIn(new Stack(new Stage(app, 'Prod', { env }), 'Shop')), [
    'Prod-Shop in us-east-1', 'Stages Source > Build',
  ], ['Permissions of Prod-Shop', 'why: Deploy: starts the deployment']],
])('both commands read %s', (_, make, explained, permitted) => {
  const folder = assemblyOf(make);
  const [explain, permissions] = ['explain', 'permissions'].map((command) => printed(command, folder));

  expect(explained.filter((text) => !explain.includes(text)).map((text) => [text, explain])).toEqual([]);
  expect(permitted.filter((text) => !permissions.includes(text)).map((text) => [text, permissions])).toEqual([]);
  expect(explain + permissions).not.toMatch(/undefined|NaN|\[object|Fn::/);
});

describe('an app with several stacks', () => {
  const folder = assemblyOf((app) => {
    pipelineIn(new Stack(app, 'One', { env }));
    pipelineIn(new Stack(app, 'Two', { env, stackName: 'second' }), { environmentSuffix: 'two' });
    new s3.CfnBucket(new Stack(app, 'Plain'), 'Bucket');
    strange(app);
  });

  test('explain prints each stack with a pipeline, or the one that its path or name selects', () => {
    expect(run('explain', folder).data).toMatchObject([{ stack: 'One' }, { stack: 'second', path: 'Two' }, { stack: 'Strange' }]);
    expect(run('explain', folder, 'second').data).toMatchObject([{ stack: 'second' }]);
    expect(run('explain', folder, 'Two').data).toMatchObject([{ stack: 'second' }]);
  });

  test('a stack of the library has no finding, and a stack that cannot be destroyed or allows everything has one', () => {
    expect(['explain', 'permissions'].map((command) => run(command, folder, 'One').findings)).toEqual([0, 0]);
    expect(run('explain', folder, 'Strange').data).toMatchObject([{
      findings: ['Left… is deleted with the stack, and the deletion fails unless it is empty'],
    }]);
    expect(run('permissions', folder, 'Strange').data).toMatchObject([{
      findings: [expect.stringMatching(/^Strange-Admin.* is allowed every action$/), expect.stringContaining('iam:PassRole')],
    }]);
  });

  test('a statement with NotPrincipal is printed with the excepted principal', () => {
    expect(printed('permissions', folder, 'Strange')).toContain('everything but root');
  });

  test.each([
    ['explain', 'Plain', 'no stack has a pipeline or a blue/green deployment; read: Plain'],
    ['permissions', 'Plain', 'no stack has a role or a policy; read: Plain'],
    ['explain', 'Three', 'has no stack "Three"; its stacks are One, Two, Plain, Strange'],
  ])('%s of the stack %s fails with a one-sentence message', (command, stack, message) => {
    expect(() => run(command, folder, stack)).toThrow(message);
  });
});

describe('a folder that is not a cloud assembly', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bluegreen-cli-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each<[string, { [file: string]: string }, string]>([
    ['no manifest', {}, 'manifest.json cannot be read: ENOENT'],
    ['a manifest that is not JSON', { 'manifest.json': '{' }, 'manifest.json cannot be read: it is not JSON'],
    ['a manifest without artifacts', { 'manifest.json': '[]' }, 'is not the manifest of a cloud assembly'],
    ['no stack', { 'manifest.json': '{"artifacts":{}}' }, 'has no stack'],
    ['a missing template', { 'manifest.json': '{"artifacts":{"A":{"type":"aws:cloudformation:stack"}}}' },
      'A.template.json cannot be read: ENOENT'],
    ['a template without resources', {
      'manifest.json': '{"artifacts":{"A":{"type":"aws:cloudformation:stack"}}}', 'A.template.json': '{}',
    }, 'is not a CloudFormation template'],
  ])('a folder with %s fails with a one-sentence message', (name, files, message) => {
    const own = join(folder, name);
    mkdirSync(own);
    Object.entries(files).forEach(([file, content]) => writeFileSync(join(own, file), content));

    expect(() => run('explain', own)).toThrow(message);
  });
});
