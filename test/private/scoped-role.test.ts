import { readFileSync } from 'fs';
import { join } from 'path';
import { App, aws_iam as iam, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { PipelineEnvironment } from '../../src';
import { Names } from '../../src/private/names';
import { denyTermination, ScopedRole, ScopedRoleProps } from '../../src/private/scoped-role';
import { mutableRole } from '../../src/private/user-roles';
import { listViolations } from '../../src/private/violations';
import { ownedBy, refusedIn } from '../helpers/inputs';
import { newStack, pipelineIn } from '../helpers/synthesis';

const everything = new iam.PolicyStatement({ actions: ['ec2:*'], resources: ['*'] });
const readOnly = iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess');
const DENY = { Effect: 'Deny', Action: 'ec2:TerminateInstances', Resource: '*' };
const TOPIC = 'arn:aws:sns:us-east-1:111111111111:t';

interface ReportedRole {
  readonly roleConstructPath: string;
  readonly assumeRolePolicy: object[];
  readonly identityPolicyStatements: object[];
}

function roleIn(stack: Stack, props: Partial<ScopedRoleProps> = {}): ScopedRole {
  return new ScopedRole(stack, 'Role', {
    names: new Names(stack, { environmentSuffix: 'dev' }),
    purpose: 'work',
    assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com'),
    description: 'Works',
    ...props,
  });
}

test('a scoped role that deploys keeps its permissions and its deny inline, whatever a user adds', () => {
  const stack = newStack();
  const role = roleIn(stack, { deploys: true });

  role.allow(['sns:Publish'], [TOPIC], { Bool: { 'aws:SecureTransport': 'true' } });
  role.addToPrincipalPolicy(everything);

  const allow = { Effect: 'Allow', Action: 'sns:Publish', Resource: TOPIC, Condition: { Bool: { 'aws:SecureTransport': 'true' } } };
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
    RoleName: 'role-work-dev-us-east-1',
    Policies: [
      { PolicyName: 'policy-work-deny-dev', PolicyDocument: { Version: '2012-10-17', Statement: [DENY] } },
      { PolicyName: 'policy-work-dev', PolicyDocument: { Version: '2012-10-17', Statement: [allow] } },
    ],
  });
});

test('a scoped role ignores grants and managed policies of CDK, and accepts those that it is set to allow', () => {
  const stack = newStack();
  const role = roleIn(stack);

  const added = role.ignoringGrants(() => {
    role.addManagedPolicy(readOnly);
    return [role.addToPolicy(everything), role.addToPrincipalPolicy(everything).statementAdded];
  });
  role.allowingOnly(['sns:Publish'], () => role.addToPrincipalPolicy(
    new iam.PolicyStatement({ actions: ['sns:Publish', 'sns:Subscribe'], resources: [TOPIC] })));

  expect(added).toEqual([true, true]);
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sns:Publish', Resource: TOPIC }] },
  });
  template.hasResourceProperties('AWS::IAM::Role', { Policies: Match.absent(), ManagedPolicyArns: Match.absent() });
});

test('a scoped role accepts grants again after an error', () => {
  const stack = newStack();
  const role = roleIn(stack);

  expect(() => role.ignoringGrants(() => { throw new Error('no'); })).toThrow('no');
  role.addToPrincipalPolicy(everything);
  role.addManagedPolicy(readOnly);

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyName: 'policy-work-grants-dev',
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }] },
  });
  template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: [Match.anyValue()] });
});

test('customizeRoles reports the trust, the permissions and the deny of every role that deploys', () => {
  const stack = newStack();
  iam.Role.customizeRoles(stack);
  const { handler } = ownedBy(stack);
  const { pipeline } = pipelineIn(stack, { environments: [new PipelineEnvironment('production', { hooks: { afterAllowTraffic: handler } })] });
  pipeline.role.addToPrincipalPolicy(everything);

  const { directory } = (stack.node.root as App).synth();
  const { roles } = JSON.parse(readFileSync(join(directory, 'iam-policy-report.json'), 'utf8')) as { roles: ReportedRole[] };
  const [codeDeploy, action, own, hook] = [
    'P/DeployProduction/CodeDeployRole', 'P/DeployProduction/ActionRole', 'P/PipelineRole', 'Handler/ServiceRole',
  ].map((path) => roles.find(({ roleConstructPath }) => roleConstructPath === `Storefront/${path}`));

  expect(codeDeploy?.assumeRolePolicy).toEqual([expect.objectContaining({
    Principal: { Service: 'codedeploy.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } }, ArnLike: expect.anything() },
  })]);
  expect([codeDeploy, action, own, hook].map((role) => role?.identityPolicyStatements))
    .toEqual(Array(4).fill(expect.arrayContaining([DENY])));
  expect(own?.identityPolicyStatements).toEqual(expect.arrayContaining([
    { Effect: 'Allow', Action: 'ec2:*', Resource: '*' },
    expect.objectContaining({ Effect: 'Allow', Action: ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'] }),
  ]));
});

const userRole = (stack: Stack) => new iam.Role(stack, 'User', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
const imported = (stack: Stack, account: string, options: iam.FromRoleArnOptions = {}) =>
  iam.Role.fromRoleArn(stack, 'Imported', `arn:aws:iam::${account}:role/hook`, options);

test('a role of the user gets the deny of termination once, and a scoped role that deploys does not get it again', () => {
  const stack = newStack();
  const role = userRole(stack);

  denyTermination(stack, 'hooks', role);
  denyTermination(stack, 'hooks', role);
  denyTermination(stack, 'hooks', roleIn(stack, { deploys: true }));

  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::IAM::Policy', 1);
  template.hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: [DENY] } });
});

test('a mutable role is checked without a change', () => {
  const stack = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
  const roles = [userRole(stack), imported(stack, '111111111111'), undefined];
  const before = stack.node.findAll().length;

  expect(roles.map((role) => mutableRole('hooks', role))).toEqual([undefined, undefined, undefined]);
  expect(stack.node.findAll()).toHaveLength(before);
});

test.each<[string, (stack: Stack) => iam.IRole]>([
  ['withoutPolicyUpdates()', (stack) => userRole(stack).withoutPolicyUpdates()],
  ['{ mutable: false }', (stack) => imported(stack, '111111111111', { mutable: false })],
  ['another account', (stack) => imported(stack, '222222222222')],
])('a role of %s is rejected and leaves nothing in the template', (_, make) => {
  const stack = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
  const role = make(stack);

  expect(listViolations(mutableRole('hooks', role))).toEqual([{
    code: 'BGP108',
    text: "'hooks' must have a mutable role, "
      + `got "${role.node.path}": the library adds a Deny for ec2:TerminateInstances to every role that deploys; `
      + 'import the role without { mutable: false }, or pass the role itself, not a withoutPolicyUpdates() copy',
  }]);
  const { handler } = ownedBy(stack);
  Object.defineProperty(handler, 'role', { value: role });
  expect(refusedIn(stack, () => pipelineIn(stack, { environments: [new PipelineEnvironment('live', { hooks: { beforeInstall: handler } })] })))
    .toEqual([expect.stringContaining('[BGP108]')]);
});

test('a role class of the user that drops statements makes synthesis fail', () => {
  class DroppingRole extends iam.Role {
    public addToPrincipalPolicy(): iam.AddToPrincipalPolicyResult {
      return { statementAdded: false };
    }
  }
  const stack = newStack();
  const role = new DroppingRole(stack, 'User', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });

  expect(mutableRole('hooks', role)).toBeUndefined();
  denyTermination(stack, 'hooks', role);

  expect(stack.node.validate()).toEqual([expect.stringMatching(/^'hooks' must have a mutable role, .* \[BGP108\] https/)]);
});
