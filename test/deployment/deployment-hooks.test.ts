import { aws_iam as iam, aws_lambda as lambda, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { PipelineEnvironment, SmokeTest } from '../../src';
import { problemsOf, withoutLink } from '../helpers/refusals';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';
import { identityStatements, idOf, settingsOf } from '../helpers/templates';

function handlerIn(stack: Stack, id: string): lambda.Function {
  const code = lambda.Code.fromInline('exports.handler = async () => {};');
  return new lambda.Function(stack, id, { code, handler: 'index.handler', runtime: lambda.Runtime.NODEJS_24_X });
}

test.each([
  ['beforeInstall', 'BeforeInstall'],
  ['afterInstall', 'AfterInstall'],
  ['afterAllowTestTraffic', 'AfterAllowTestTraffic'],
  ['beforeAllowTraffic', 'BeforeAllowTraffic'],
  ['afterAllowTraffic', 'AfterAllowTraffic'],
])('the hook %s is in the release settings', (prop, event) => {
  const stack = newStack();
  const handler = handlerIn(stack, 'Handler');
  const deployment = deploymentIn(stack, { hooks: { [prop]: handler } });

  expect(settingsOf(deployment).hooks).toEqual({ [event]: `\${${idOf(stack.resolve(handler.functionArn))}.Arn}` });
});

test('hooks and a smoke test can be combined, in the order of CodeDeploy', () => {
  const stack = newStack();

  const deployment = deploymentIn(stack, {
    hooks: {
      afterAllowTraffic: handlerIn(stack, 'Last'),
      beforeInstall: handlerIn(stack, 'First'),
      smokeTest: SmokeTest.http({ path: '/' }),
    },
  });

  expect(Object.keys(settingsOf(deployment).hooks ?? {})).toEqual(['BeforeInstall', 'AfterAllowTestTraffic', 'AfterAllowTraffic']);
});

test('a hook function can refer to its deployment group and load balancer, and can serve several events', () => {
  const stack = newStack();
  const handler = handlerIn(stack, 'Handler');
  const deployment = deploymentIn(stack, { hooks: { afterInstall: handler, afterAllowTraffic: handler } });

  handler.addEnvironment('GROUP', deployment.deploymentGroup.deploymentGroupName);
  handler.addEnvironment('HOST', deployment.loadBalancer.loadBalancerDnsName);

  // Finds cycles.
  expect(() => Template.fromStack(stack)).not.toThrow();
  expect(identityStatements(templateOf(stack)).filter(([, { Action }]) => Action === 'codedeploy:PutLifecycleEventHookExecutionStatus')).toHaveLength(1);
});

test('an alias is invoked by its own name', () => {
  const stack = newStack();
  const alias = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: handlerIn(stack, 'Handler').currentVersion });

  deploymentIn(stack, { hooks: { afterInstall: alias } });

  expect(identityStatements(templateOf(stack)).filter(([, { Action }]) => Action === 'lambda:InvokeFunction').map(([, { Resource }]) => Resource))
    .toEqual([stack.resolve(alias.functionArn)]);
});

const ARN = 'arn:aws:lambda:us-east-1:111111111111:function:gate';

class RoleOfTheUser extends iam.Role {
  constructor(scope: Stack) {
    super(scope, 'GateRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  }

  public addToPrincipalPolicy(): iam.AddToPrincipalPolicyResult {
    return { statementAdded: false, policyDependable: this };
  }
}

/** A stack whose deployment has a hook with this role, and its violations. */
function withRole(roleIn: (stack: Stack) => iam.IRole) {
  const stack = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
  const role = roleIn(stack);
  const gate = lambda.Function.fromFunctionAttributes(stack, 'Gate', { functionArn: ARN, role });
  const message = "'hooks.afterInstall' must have a mutable role, "
    + `got "${role.node.path}": the library adds a Deny for ec2:TerminateInstances to every role that deploys; `
    + 'import the role without { mutable: false }, or pass the role itself, not a withoutPolicyUpdates() copy [BGP108]';
  return { make: () => deploymentIn(stack, { hooks: { afterInstall: gate } }), message };
}

test.each<[string, (stack: Stack) => iam.IRole]>([
  ['imported as immutable', (stack) => iam.Role.fromRoleName(stack, 'GateRole', 'gate', { mutable: false })],
  ['of another account', (stack) => iam.Role.fromRoleArn(stack, 'GateRole', 'arn:aws:iam::222222222222:role/gate')],
  ['whose policies must not be updated', (stack) => new RoleOfTheUser(stack).withoutPolicyUpdates()],
  ['that adds grants to resources instead', (stack) =>
    iam.Role.fromRoleName(stack, 'GateRole', 'gate', { mutable: false, addGrantsToResources: true })],
])('a hook is rejected, together with all other violations, for a role %s', (_, roleIn) => {
  const { make, message } = withRole(roleIn);

  expect(problemsOf(make)).toEqual([message]);
});

test('synthesis reports a hook whose role drops statements without the library knowing', () => {
  const { make, message } = withRole((stack) => new RoleOfTheUser(stack));

  expect(make().node.validate().map(withoutLink)).toContain(message);
});

test('a hook of another account is rejected', () => {
  const stack = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
  const gate = lambda.Function.fromFunctionAttributes(stack, 'Gate', {
    functionArn: ARN.replace('111111111111', '222222222222'), role: iam.Role.fromRoleName(stack, 'GateRole', 'gate'),
  });

  expect(problemsOf(() => pipelineIn(stack, { environments: [new PipelineEnvironment('live', { hooks: { afterInstall: gate } })] }))).toEqual([
    "'environments[0].hooks.afterInstall' must be in 111111111111, the stack's account, got a resource in 222222222222; "
    + 'use a resource in 111111111111 [BGP116]',
  ]);
});
