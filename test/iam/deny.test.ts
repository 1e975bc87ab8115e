import { App, aws_cloudwatch as cloudwatch, aws_codepipeline as codepipeline, aws_ecr as ecr, aws_iam as iam, Stack } from 'aws-cdk-lib';
import { ApprovalGate, EcsBlueGreenDeployment, PipelineEnvironment, SmokeTest } from '../../src';
import { pipelineOfTheUser } from '../helpers/programs';
import { violationCodes } from '../helpers/refusals';
import { newStack, pipelineIn, resources, templateOf } from '../helpers/synthesis';
import { listOf, rendered, Statement } from '../helpers/templates';

const DENY = { Effect: 'Deny', Action: 'ec2:TerminateInstances', Resource: '*' };
const everything = new iam.PolicyStatement({ actions: ['ec2:*'], resources: ['*'] });
const administrator = iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess');

test('the deny stays in every role that deploys, whatever a user adds', () => {
  const stack = newStack();
  const shop = pipelineIn(stack, { environments: [new PipelineEnvironment('production', { hooks: { smokeTest: SmokeTest.http({ path: '/' }) } })] });
  const { deploymentGroup, smokeTestFunction } = shop.deployments.production;
  const actions = ['Test', 'DeployProduction'].flatMap((name) => shop.pipeline.stage(name).actions);
  const deploying = [
    shop.pipeline.role, deploymentGroup.role, smokeTestFunction?.role, shop.releaseProject.role,
    ...actions.filter(({ actionProperties: { actionName } }) => actionName !== 'Test').map(({ actionProperties }) => actionProperties.role),
  ] as iam.Role[];

  for (const role of deploying) {
    role.addToPrincipalPolicy(everything);
    role.addManagedPolicy(administrator);
    new iam.Policy(role, 'More', { statements: [everything] }).attachToRole(role);
    role.attachInlinePolicy(new iam.Policy(stack, `${role.node.addr}More`, { statements: [everything] }));
    iam.PermissionsBoundary.of(role).apply(administrator);
  }

  const template = templateOf(stack);
  expect(deploying).toHaveLength(7);
  for (const role of deploying) {
    const { Policies, ManagedPolicyArns } = template.Resources[stack.getLogicalId(role.node.defaultChild as iam.CfnRole)].Properties;

    expect(ManagedPolicyArns).toHaveLength(1);
    expect(Policies[0].PolicyDocument.Statement).toEqual([DENY]);
  }
});

test.each<[string, (role: iam.CfnRole) => void]>([
  ['other policies replace the deny', (role) => { role.policies = [{ policyName: 'Mine', policyDocument: new iam.PolicyDocument({ statements: [everything] }) }]; }],
  ['an override narrows the deny', (role) =>
    role.addPropertyOverride('Policies.0.PolicyDocument.Statement.0.Condition', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } })],
])('synthesis fails when %s', (_, take) => {
  const stack = newStack();
  const { deploymentGroup } = pipelineIn(stack).deployments.staging;

  take(deploymentGroup.role?.node.defaultChild as iam.CfnRole);

  expect(() => (stack.node.root as App).synth()).toThrow('[BGP150]');
});

describe("the user's own pipeline", () => {
  function deploymentsIn(stack: Stack, role?: iam.IRole): void {
    const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
    const pager: cloudwatch.IAlarmAction = { bind: () => ({ alarmActionArn: 'arn:aws:sns:us-east-1:111111111111:pager' }) };
    const release = new codepipeline.Artifact('Release');
    const pipeline = pipelineOfTheUser(stack, release, { role });
    for (const environmentName of ['staging', 'production']) {
      new ApprovalGate(stack, `Approve-${environmentName}`, { environmentSuffix: 'dev', environmentName, approverEmails: ['leads@example.com'] })
        .addToPipeline(pipeline);
      const deployment = new EcsBlueGreenDeployment(stack, environmentName, { environmentSuffix: 'dev', environmentName, repository });
      deployment.addToPipeline(pipeline, { release });
      deployment.rollbackAlarms.forEach((alarm) => alarm.addAlarmAction(pager));
    }
  }

  test.each<[string, (stack: Stack) => iam.IRole | undefined, RegExp]>([
    ['that CDK created for it', () => undefined, /^\$\{PipelineRole/],
    ['of the user', (stack) => new iam.Role(stack, 'Runner', { assumedBy: new iam.ServicePrincipal('codepipeline.amazonaws.com') }), /^\$\{Runner/],
    ['that is imported', (stack) => iam.Role.fromRoleName(stack, 'Runner', 'runner'), /^runner$/],
  ])("the role %s of the user's own pipeline gets the deny once", (_, make, name) => {
    const stack = newStack();

    deploymentsIn(stack, make(stack));

    const denied = Object.values(resources(templateOf(stack), 'AWS::IAM::Policy')).flatMap(({ Properties }) => {
      const denies = (Properties.PolicyDocument.Statement as Statement[]).filter(({ Effect }) => Effect === 'Deny');
      return denies.map((statement) => [listOf(Properties.Roles).map(rendered).join(), statement]);
    });
    expect(denied).toEqual([[expect.stringMatching(name), DENY]]);
  });

  test("an immutable role of the user's own pipeline fails", () => {
    const stack = newStack();
    const role = iam.Role.fromRoleName(stack, 'Runner', 'runner', { mutable: false });

    expect(violationCodes(() => deploymentsIn(stack, role))).toEqual(['BGP108']);
  });
});
