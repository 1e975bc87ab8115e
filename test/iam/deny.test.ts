import { App, aws_cloudwatch as cloudwatch, aws_codepipeline as codepipeline, aws_ecr as ecr, aws_iam as iam, aws_lambda as lambda, Stack } from 'aws-cdk-lib';
import { ApprovalGate, EcsBlueGreenDeployment, PipelineEnvironment, SmokeTest } from '../../src';
import { allPrograms } from '../helpers/programs';
import { newStack, pipelineIn, resources, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { listOf, rendered, Statement } from '../helpers/templates';

const DENY = { Effect: 'Deny', Action: 'ec2:TerminateInstances', Resource: '*' };

function isDeny({ Effect, Action, Resource, Condition }: Statement): boolean {
  return JSON.stringify({ Effect, Action, Resource, Condition }) === JSON.stringify(DENY);
}

/** The purposes of the roles that take part in a deployment, as their names say. */
const DEPLOYING = /^role-(codedeploy|deploy|pipeline|smoke)-/;

function denies(template: SynthesisedTemplate, id: string): Statement[] {
  const { Policies } = template.Resources[id].Properties;
  return listOf(Policies as { PolicyDocument: { Statement: Statement[] } }[] | undefined).flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter((statement) => JSON.stringify(statement.Action).includes('TerminateInstances'));
}

describe.each(allPrograms())('$name', ({ template, environmentNames }) => {
  test('every role that deploys, and no other of ours, holds the deny without a condition', () => {
    const roles = Object.entries(resources(template, 'AWS::IAM::Role'));
    const deploying = roles.filter(([, { Properties }]) => DEPLOYING.test(String(Properties.RoleName)));

    // One at least for each environment: that of CodeDeploy.
    expect(deploying.length).toBeGreaterThanOrEqual(environmentNames.length);
    for (const [id] of deploying) {
      expect([id, denies(template, id)]).toEqual([id, [DENY]]);
    }
    expect(roles.filter(([id]) => denies(template, id).length > 0)).toHaveLength(deploying.length);
  });
});

describe('whatever a user adds', () => {
  const everything = new iam.PolicyStatement({ actions: ['ec2:*'], resources: ['*'] });

  /** Every way to give a role more. */
  const WAYS: [string, (role: iam.Role) => void][] = [
    ['ec2:* on every resource', (role) => { role.addToPrincipalPolicy(everything); }],
    ['AdministratorAccess', (role) => role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess'))],
    ['a policy of its own', (role) => new iam.Policy(role, 'More', { statements: [everything] }).attachToRole(role)],
    ['an inline policy', (role) => role.attachInlinePolicy(new iam.Policy(Stack.of(role), `${role.node.addr}More`, { statements: [everything] }))],
    ['a boundary', (role) => iam.PermissionsBoundary.of(role).apply(iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess'))],
  ];

  test.each(WAYS)('the deny stays beside %s', (_, give) => {
    const stack = newStack();
    const shop = pipelineIn(stack, { environments: [new PipelineEnvironment('production', { hooks: { smokeTest: SmokeTest.http({ path: '/' }) } })] });
    const { deploymentGroup, smokeTestFunction } = shop.deployments.production;
    [shop.pipeline.role, deploymentGroup.role, smokeTestFunction?.role, shop.pipeline.stage('DeployProduction').actions[0].actionProperties.role]
      .forEach((role) => give(role as iam.Role));

    const template = templateOf(stack);

    const deploying = Object.entries(resources(template, 'AWS::IAM::Role')).filter(([, { Properties }]) => DEPLOYING.test(String(Properties.RoleName)));
    expect(deploying).toHaveLength(4);
    expect(deploying.map(([id]) => denies(template, id))).toEqual(deploying.map(() => [DENY]));
  });

  test.each<[string, (role: iam.CfnRole) => void]>([
    ['policies are put in place of it', (role) => { role.policies = [{ policyName: 'Mine', policyDocument: new iam.PolicyDocument({ statements: [everything] }) }]; }],
    ['an override drops all policies', (role) => role.addPropertyOverride('Policies', [])],
    ['an override narrows it', (role) =>
      role.addPropertyOverride('Policies.0.PolicyDocument.Statement.0.Condition', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } })],
  ])('synthesis fails when %s', (_, take) => {
    const stack = newStack();
    const { deploymentGroup } = pipelineIn(stack).deployments.staging;

    take(deploymentGroup.role?.node.defaultChild as iam.CfnRole);

    expect(() => (stack.node.root as App).synth()).toThrow(
      "[Storefront/P/DeployStaging/CodeDeployRole] 'Policies' must keep the deny of ec2:TerminateInstances, as those of every role that deploys, "
      + 'got an override without it; add policies with addToPrincipalPolicy or attachInlinePolicy, which leave it in place [BGP150]');
  });
});

describe('a pipeline that a user brings', () => {
  function deploymentsIn(stack: Stack, pipeline: codepipeline.Pipeline): void {
    const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
    const pager: cloudwatch.IAlarmAction = { bind: () => ({ alarmActionArn: 'arn:aws:sns:us-east-1:111111111111:pager' }) };
    pipeline.addStage({ stageName: 'Source', actions: [source()] });
    for (const environmentName of ['staging', 'production']) {
      new ApprovalGate(stack, `Approve-${environmentName}`, { environmentSuffix: 'dev', environmentName, approverEmails: ['leads@example.com'] })
        .addToPipeline(pipeline);
      const deployment = new EcsBlueGreenDeployment(stack, environmentName, { environmentSuffix: 'dev', environmentName, repository });
      deployment.addToPipeline(pipeline, { release: new codepipeline.Artifact('Release') });
      deployment.rollbackAlarms.forEach((alarm) => alarm.addAlarmAction(pager));
    }
  }

  function deniedRoles(template: SynthesisedTemplate): [string, number][] {
    return Object.values(resources(template, 'AWS::IAM::Policy')).map(({ Properties }): [string, number] => [
      listOf(Properties.Roles).map(rendered).join(), (Properties.PolicyDocument.Statement as Statement[]).filter(isDeny).length,
    ]).filter(([, count]) => count > 0);
  }

  test('gets the deny once on the role that CDK made for it', () => {
    const stack = newStack();

    deploymentsIn(stack, new codepipeline.Pipeline(stack, 'Theirs'));

    expect(deniedRoles(templateOf(stack))).toEqual([[expect.stringMatching(/^\$\{TheirsRole/), 1]]);
  });

  test('gets the deny on a role of the user, made or imported', () => {
    for (const [make, name] of [
      [(stack: Stack) => new iam.Role(stack, 'Runner', { assumedBy: new iam.ServicePrincipal('codepipeline.amazonaws.com') }), /^\$\{Runner/],
      [(stack: Stack) => iam.Role.fromRoleName(stack, 'Runner', 'runner'), /^runner$/],
    ] as [(stack: Stack) => iam.IRole, RegExp][]) {
      const stack = newStack();

      deploymentsIn(stack, new codepipeline.Pipeline(stack, 'Theirs', { role: make(stack) }));

      expect(deniedRoles(templateOf(stack))).toEqual([[expect.stringMatching(name), 1]]);
    }
  });

  test('fails with a role that cannot be changed', () => {
    const stack = newStack();
    const role = iam.Role.fromRoleName(stack, 'Runner', 'runner', { mutable: false });

    expect(() => deploymentsIn(stack, new codepipeline.Pipeline(stack, 'Theirs', { role }))).toThrow(
      "Storefront/staging (EcsBlueGreenDeployment): 'pipeline' must have a role that can be denied ec2:TerminateInstances, as every role that deploys, "
      + 'got "Storefront/Runner", which takes no statements; give it the role itself rather than a copy of it that cannot be changed, or import the role as mutable');
  });

  test('of this library has the deny in its role already', () => {
    const stack = newStack();

    pipelineIn(stack);

    expect(deniedRoles(templateOf(stack))).toEqual([]);
  });
});

test('a role that is shared by functions of a user at several events is denied once', () => {
  const stack = newStack();
  const role = new iam.Role(stack, 'Shared', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const [freeze, announce] = ['Freeze', 'Announce'].map((id) => new lambda.Function(stack, id, {
    code: lambda.Code.fromInline('exports.handler = async () => {};'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_24_X, role,
  }));

  pipelineIn(stack, { environments: [new PipelineEnvironment('production', { hooks: { beforeInstall: freeze, afterAllowTraffic: announce } })] });

  const statements = Object.values(resources(templateOf(stack), 'AWS::IAM::Policy')).filter(({ Properties }) => /Shared/.test(JSON.stringify(Properties.Roles)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
  expect(statements.filter(({ Effect }) => Effect === 'Deny')).toEqual([DENY]);
});

function source(): codepipeline.IAction {
  return {
    actionProperties: {
      actionName: 'Source',
      category: codepipeline.ActionCategory.SOURCE,
      provider: 'S3',
      outputs: [new codepipeline.Artifact('Release')],
      artifactBounds: { minInputs: 0, maxInputs: 0, minOutputs: 1, maxOutputs: 1 },
    },
    bind: () => ({}),
    onStateChange: () => { throw new Error('not asked for'); },
  };
}
