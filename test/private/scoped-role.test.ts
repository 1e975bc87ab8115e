import { readFileSync } from 'fs';
import { join } from 'path';
import { App, aws_iam as iam, aws_lambda as lambda } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ScopedRole, ScopedRoleProps } from '../../src/private/scoped-role';
import { newStack, pipelineIn } from '../helpers/synthesis';

const props: ScopedRoleProps = {
  environmentSuffix: 'dev',
  purpose: 'work',
  assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com'),
  description: 'Works',
};

const everything = new iam.PolicyStatement({ actions: ['ec2:*'], resources: ['*'] });

test('what is written by hand is in the role itself', () => {
  const stack = newStack();

  new ScopedRole(stack, 'Role', props).allow(['sns:Publish'], ['arn:aws:sns:us-east-1:111111111111:t'], { Bool: { 'aws:SecureTransport': 'true' } });

  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::IAM::Policy', 0);
  template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: 'role-work-dev-us-east-1',
    Policies: [{
      PolicyName: 'policy-work-dev',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{
          Effect: 'Allow', Action: 'sns:Publish', Resource: 'arn:aws:sns:us-east-1:111111111111:t', Condition: { Bool: { 'aws:SecureTransport': 'true' } },
        }],
      },
    }],
  });
});

test('a role without a permission has no policy', () => {
  const stack = newStack();

  new ScopedRole(stack, 'Role', props);

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Policies: Match.absent() });
});

test('while it is closed, grants and managed policies pass it by', () => {
  const stack = newStack();
  const role = new ScopedRole(stack, 'Role', props);

  const added = role.whileClosed(() => {
    role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AWSCodeDeployRoleForECS'));
    return [role.addToPolicy(everything), role.addToPrincipalPolicy(everything).statementAdded];
  });

  expect(added).toEqual([true, true]);
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::IAM::Policy', 0);
  template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
});

test('it opens again even if what was made meanwhile failed', () => {
  const stack = newStack();
  const role = new ScopedRole(stack, 'Role', props);

  expect(() => role.whileClosed(() => { throw new Error('no'); })).toThrow('no');
  role.addToPrincipalPolicy(everything);
  role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess'));

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyName: 'policy-work-grants-dev', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }] },
  });
  template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: [Match.anyValue()] });
});

test('with roles that somebody else makes, what they must be allowed is reported', () => {
  const stack = newStack();
  iam.Role.customizeRoles(stack);
  const role = new ScopedRole(stack, 'Role', { ...props, deploys: true });

  role.allow(['sns:Publish'], ['arn:aws:sns:us-east-1:111111111111:t']);
  role.addToPrincipalPolicy(everything);

  const assembly = (stack.node.root as App).synth();
  const report = JSON.parse(readFileSync(join(assembly.directory, 'iam-policy-report.json'), 'utf8'));
  expect(report.roles).toEqual([expect.objectContaining({
    roleConstructPath: 'Storefront/Role',
    identityPolicyStatements: expect.arrayContaining([
      { Effect: 'Deny', Action: 'ec2:TerminateInstances', Resource: '*' },
      { Effect: 'Allow', Action: 'sns:Publish', Resource: 'arn:aws:sns:us-east-1:111111111111:t' },
      { Effect: 'Allow', Action: 'ec2:*', Resource: '*' },
    ]),
  })]);
});

test('a role that deploys keeps its deny, whatever a user adds', () => {
  const stack = newStack();
  const role = new ScopedRole(stack, 'Role', { ...props, deploys: true });

  role.addToPrincipalPolicy(everything);

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
    Policies: [{
      PolicyName: 'policy-work-deny-dev',
      PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'ec2:TerminateInstances', Resource: '*' }] },
    }],
  });
});

test('with roles that somebody else makes, who may assume each is reported with its conditions, and the deny of a user\'s hook, too', () => {
  const stack = newStack();
  iam.Role.customizeRoles(stack);
  const handler = new lambda.Function(stack, 'Handler', {
    code: lambda.Code.fromInline('exports.handler = async () => {};'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_24_X,
  });
  pipelineIn(stack, { environments: [{ name: 'production', hooks: { afterAllowTraffic: handler } }] });

  const assembly = (stack.node.root as App).synth();
  const report = JSON.parse(readFileSync(join(assembly.directory, 'iam-policy-report.json'), 'utf8')) as
    { roles: { roleConstructPath: string; assumeRolePolicy: object[]; identityPolicyStatements: object[] }[] };
  const reported = (path: string) => report.roles.filter(({ roleConstructPath }) => roleConstructPath === `Storefront/${path}`);

  expect(reported('P/DeployProduction/CodeDeployRole').map(({ assumeRolePolicy }) => assumeRolePolicy)).toEqual([[{
    Action: 'sts:AssumeRole',
    Effect: 'Allow',
    Principal: { Service: 'codedeploy.amazonaws.com' },
    Condition: {
      StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
      ArnLike: {
        'aws:SourceArn': {
          'Fn::Join': [expect.anything(), expect.arrayContaining([
            ':deploymentgroup:application-production-dev/deployment-group-production-dev',
          ])],
        },
      },
    },
  }]]);
  const deny = { Effect: 'Deny', Action: 'ec2:TerminateInstances', Resource: '*' };
  for (const path of ['P/DeployProduction/CodeDeployRole', 'P/DeployProduction/ActionRole', 'P/PipelineRole', 'Handler/ServiceRole']) {
    expect(reported(path).map(({ identityPolicyStatements }) => identityPolicyStatements)).toEqual([expect.arrayContaining([deny])]);
  }
});
