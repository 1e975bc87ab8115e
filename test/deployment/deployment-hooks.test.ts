import { aws_iam as iam, aws_lambda as lambda, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DeploymentHooks, SmokeTest } from '../../src';
import { deploymentIn } from '../helpers/deployments';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';
import { identityStatements, idOf, rendered } from '../helpers/templates';

function handlerIn(stack: Stack, id: string): lambda.Function {
  return new lambda.Function(stack, id, { code: lambda.Code.fromInline('exports.handler = async () => {};'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_24_X });
}

const EVERY: [keyof DeploymentHooks, string][] = [
  ['beforeInstall', 'BeforeInstall'], ['afterInstall', 'AfterInstall'], ['afterAllowTestTraffic', 'AfterAllowTestTraffic'],
  ['beforeAllowTraffic', 'BeforeAllowTraffic'], ['afterAllowTraffic', 'AfterAllowTraffic'],
];

describe.each(EVERY)('a function at %s', (prop, event) => {
  const stack = newStack();
  const handler = handlerIn(stack, 'Handler');
  const deployment = deploymentIn(stack, { hooks: { [prop]: handler } });
  const template = templateOf(stack);

  test('stands in the appspec', () => {
    expect(rendered(stack.resolve(deployment.releaseFiles['appspec-production.yaml'])).split('\n').slice(9))
      .toEqual(['Hooks:', `  - ${event}: "\${${idOf(stack.resolve(handler.functionArn))}.Arn}"`, '']);
  });

  test('is the one function that CodeDeploy may call', () => {
    const [[policy, { Resource }], ...others] = identityStatements(template).filter(([, { Action }]) => Action === 'lambda:InvokeFunction');

    expect(others).toEqual([]);
    expect(Resource).toEqual(stack.resolve(handler.functionArn));
    expect(template.Resources[policy].Properties.Roles.map(idOf)).toEqual([expect.stringMatching(/^ProductionCodeDeployRole/)]);
  });

  test('may report to this deployment group and may never terminate an instance', () => {
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^HandlerServiceRole') }],
      PolicyDocument: {
        Statement: [
          { Effect: 'Deny', Action: 'ec2:TerminateInstances', Resource: '*' },
          {
            Effect: 'Allow',
            Action: 'codedeploy:PutLifecycleEventHookExecutionStatus',
            Resource: {
              'Fn::Join': ['', Match.arrayWith([':deploymentgroup:application-production-dev/deployment-group-production-dev'].map(
                (end) => Match.stringLikeRegexp(`${end}$`)))],
            },
          },
        ],
      },
    });
  });
});

test('hooks and a smoke test stand beside each other, in the order of CodeDeploy', () => {
  const stack = newStack();

  const deployment = deploymentIn(stack, {
    hooks: { afterAllowTraffic: handlerIn(stack, 'Last'), beforeInstall: handlerIn(stack, 'First') }, smokeTest: SmokeTest.http({ path: '/' }),
  });

  expect(rendered(stack.resolve(deployment.releaseFiles['appspec-production.yaml'])).match(/(?<=- )[A-Z]\w+(?=: "\$)/g))
    .toEqual(['BeforeInstall', 'AfterAllowTestTraffic', 'AfterAllowTraffic']);
});

test('a function may know the deployment group and the load balancer that it is called for, and stand at several events', () => {
  const stack = newStack();
  const handler = handlerIn(stack, 'Handler');
  const deployment = deploymentIn(stack, { hooks: { afterInstall: handler, afterAllowTraffic: handler } });

  handler.addEnvironment('GROUP', deployment.deploymentGroup.deploymentGroupName);
  handler.addEnvironment('HOST', deployment.loadBalancer.loadBalancerDnsName);

  // Finds cycles.
  expect(() => Template.fromStack(stack)).not.toThrow();
  expect(identityStatements(templateOf(stack)).filter(([, { Action }]) => Action === 'codedeploy:PutLifecycleEventHookExecutionStatus')).toHaveLength(1);
});

test('an alias is called by its own name', () => {
  const stack = newStack();
  const alias = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: handlerIn(stack, 'Handler').currentVersion });

  deploymentIn(stack, { hooks: { afterInstall: alias } });

  expect(identityStatements(templateOf(stack)).filter(([, { Action }]) => Action === 'lambda:InvokeFunction').map(([, { Resource }]) => Resource))
    .toEqual([stack.resolve(alias.functionArn)]);
});

test('an environment of a pipeline takes hooks', () => {
  const stack = newStack();

  pipelineIn(stack, { environments: [{ name: 'production', hooks: { afterInstall: handlerIn(stack, 'Handler') } }] });

  expect(identityStatements(templateOf(stack)).filter(([, { Action }]) => Action === 'lambda:InvokeFunction')).toHaveLength(1);
});

const ARN = 'arn:aws:lambda:us-east-1:111111111111:function:gate';

test('an imported function with a role gets its permissions there', () => {
  const stack = newStack();
  const role = iam.Role.fromRoleName(stack, 'GateRole', 'gate');

  deploymentIn(stack, { hooks: { afterInstall: lambda.Function.fromFunctionAttributes(stack, 'Gate', { functionArn: ARN, role }) } });

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    Roles: ['gate'], PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'codedeploy:PutLifecycleEventHookExecutionStatus' })]) },
  });
});

/** Roles that drop what they are given: of a user who said so, and of one who could not know. */
const UNCHANGEABLE: [string, (stack: Stack) => iam.IRole][] = [
  ['imported as immutable', (stack) => iam.Role.fromRoleName(stack, 'GateRole', 'gate', { mutable: false })],
  ['of another account', (stack) => iam.Role.fromRoleArn(stack, 'GateRole', 'arn:aws:iam::222222222222:role/gate')],
  ['whose policies must not be updated', (stack) =>
    new iam.Role(stack, 'GateRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }).withoutPolicyUpdates()],
  ['that adds grants to resources instead', (stack) =>
    iam.Role.fromRoleName(stack, 'GateRole', 'gate', { mutable: false, addGrantsToResources: true })],
  ['of a class that says so itself', (stack) => new (class extends iam.Role {
    public addToPrincipalPolicy(): iam.AddToPrincipalPolicyResult {
      return { statementAdded: false, policyDependable: this };
    }
  })(stack, 'GateRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') })],
];

test.each(UNCHANGEABLE)('fails for a function with a role %s, which could not be kept from terminating instances', (_, roleIn) => {
  const stack = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
  const role = roleIn(stack);
  const gate = lambda.Function.fromFunctionAttributes(stack, 'Gate', { functionArn: ARN, role });

  expect(() => deploymentIn(stack, { hooks: { afterInstall: gate } })).toThrow(
    "Storefront/Production (EcsBlueGreenDeployment): 'hooks.afterInstall' must have a role that can be denied ec2:TerminateInstances, "
    + `as every role that deploys, got "${role.node.path}", which takes no statements; `
    + 'give it the role itself rather than a copy of it that cannot be changed, or import the role as mutable');
  expect(stack.node.tryFindChild('Production')).toBeUndefined();
});

test('fails for an imported function without a role, which could never report', () => {
  const stack = newStack();
  const gate = lambda.Function.fromFunctionArn(stack, 'Gate', ARN);

  expect(() => deploymentIn(stack, { hooks: { beforeAllowTraffic: gate } })).toThrow(
    "'hooks.beforeAllowTraffic' must have a role that can be allowed to report to CodeDeploy, got a function that was imported without one; "
    + 'import it with Function.fromFunctionAttributes({ functionArn, role })');
});

test.each([
  ['222222222222', 'us-east-1', 'account of the stack, 111111111111, got one in 222222222222'],
  ['111111111111', 'eu-west-1', 'region of the stack, us-east-1, got one in eu-west-1'],
])('fails for a function of account %s in %s', (account, region, sentence) => {
  const stack = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
  const role = iam.Role.fromRoleName(stack, 'GateRole', 'gate');
  const gate = lambda.Function.fromFunctionAttributes(stack, 'Gate', { functionArn: `arn:aws:lambda:${region}:${account}:function:gate`, role });

  expect(() => deploymentIn(stack, { hooks: { afterInstall: gate } })).toThrow(
    `'hooks.afterInstall' must be in the ${sentence}; use one from there [BGP116]`);
});

test('fails for a function beside the smoke test at its event, and names the environment of a pipeline', () => {
  const stack = newStack();

  expect(() => pipelineIn(stack, {
    environments: [{ name: 'production', smokeTest: SmokeTest.http({ path: '/' }), hooks: { afterAllowTestTraffic: handlerIn(stack, 'Handler') } }],
  })).toThrow("'environments[0].hooks.afterAllowTestTraffic' must not come with 'environments[0].smokeTest': CodeDeploy calls one function at an event");
});
