import {
  App, Aspects, aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_iam as iam, aws_kms as kms, aws_lambda as lambda, aws_s3 as s3,
  aws_secretsmanager as secretsmanager, aws_sns as sns, aws_sqs as sqs, Stack,
} from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { BlueGreenFargatePipeline, BuildSteps, CachedBuildProject, PipelineEnvironment, SmokeTest } from '../../src';
import { newStack, pipelineIn, SynthesisedTemplate } from '../helpers/synthesis';
import { idOf, listOf, Statement } from '../helpers/templates';

/** The role of an action in the pipeline, which can only be reached through its stage. */
function actionRole(pipeline: codepipeline.Pipeline, stageName: string): iam.Role {
  return pipeline.stage(stageName).actions[0].actionProperties.role as iam.Role;
}

/** A grantee of a user, and the role that must get the grant. */
interface Handle {
  readonly grantee: (shop: BlueGreenFargatePipeline) => iam.IGrantable;
  /** The prefix of the role name. */
  readonly role: string;
}

const HANDLES: { readonly [name: string]: Handle } = {
  'the task role': { grantee: (shop) => shop.deployments.production.taskRole, role: 'role-task-production' },
  'the task role of the task definition': { grantee: (shop) => shop.deployments.staging.taskDefinition.taskRole, role: 'role-task-staging' },
  'the execution role': { grantee: (shop) => shop.deployments.staging.taskDefinition.obtainExecutionRole(), role: 'role-execution-staging' },
  'the execution role of the service': {
    grantee: (shop) => shop.deployments.production.service.taskDefinition.executionRole as iam.IRole, role: 'role-execution-production',
  },
  'the build role': { grantee: (shop) => shop.buildProject.role, role: 'role-project-build' },
  'the build project': { grantee: (shop) => shop.buildProject.project, role: 'role-project-build' },
  'the test project': { grantee: (shop) => shop.testProject.project, role: 'role-project-test' },
  'the pipeline role': { grantee: (shop) => shop.pipeline.role, role: 'role-pipeline' },
  'the role of CodeDeploy': { grantee: (shop) => shop.deployments.staging.deploymentGroup.role as iam.IRole, role: 'role-codedeploy-staging' },
  'the smoke test': { grantee: (shop) => shop.deployments.production.smokeTestFunction as lambda.Function, role: 'role-smoke-production' },
  'the source action': { grantee: (shop) => actionRole(shop.pipeline, 'Source'), role: 'role-source' },
  'the build action': { grantee: (shop) => actionRole(shop.pipeline, 'Build'), role: 'role-start-build' },
  'the test action': { grantee: (shop) => actionRole(shop.pipeline, 'Test'), role: 'role-start-test' },
  'the approval action': { grantee: (shop) => actionRole(shop.pipeline, 'ApproveStaging'), role: 'role-approval-staging' },
  'the deploy action': { grantee: (shop) => actionRole(shop.pipeline, 'DeployProduction'), role: 'role-deploy-production' },
};

/** An action, and the logical id of what it is granted on. */
interface Granted {
  readonly action: string;
  readonly on: unknown;
}

/** The ways in which a user can grant, and the resulting permission of the role. */
const WAYS: { readonly [name: string]: (scope: Construct, role: iam.IRole) => Granted } = {
  'bucket.grantRead': (scope, role) => grantOn(new s3.Bucket(scope, 'Bucket'), 's3:GetObject*', (bucket) => bucket.grantRead(role)),
  'secret.grantRead': (scope, role) =>
    grantOn(new secretsmanager.Secret(scope, 'Secret'), 'secretsmanager:GetSecretValue', (secret) => secret.grantRead(role)),
  'key.grantDecrypt': (scope, role) => grantOn(new kms.Key(scope, 'Key'), 'kms:Decrypt', (key) => key.grantDecrypt(role)),
  'topic.grantPublish': (scope, role) => grantOn(new sns.Topic(scope, 'Topic'), 'sns:Publish', (topic) => topic.grantPublish(role)),
  'otherRole.grantAssumeRole': (scope, role) =>
    grantOn(new iam.Role(scope, 'Other', { assumedBy: new iam.AccountRootPrincipal() }), 'sts:AssumeRole', (other) => other.grantAssumeRole(role)),
  'Grant.addToPrincipal': (scope, role) => grantOn(new sqs.Queue(scope, 'Queue'), 'sqs:ReceiveMessage', (queue) =>
    iam.Grant.addToPrincipal({ grantee: role, actions: ['sqs:ReceiveMessage'], resourceArns: [queue.queueArn] }).assertSuccess()),
  'addToPrincipalPolicy': (scope, role) => grantOn(new sqs.Queue(scope, 'Direct'), 'sqs:SendMessage', (queue) =>
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }))),
  'attachInlinePolicy': (scope, role) => grantOn(new sqs.Queue(scope, 'Inline'), 'sqs:PurgeQueue', (queue) =>
    role.attachInlinePolicy(new iam.Policy(scope, 'Policy', {
      statements: [new iam.PolicyStatement({ actions: ['sqs:PurgeQueue'], resources: [queue.queueArn] })],
    }))),
};

function grantOn<T extends Construct>(resource: T, action: string, grant: (resource: T) => unknown): Granted {
  grant(resource);
  return { action, on: Stack.of(resource).resolve((resource.node.defaultChild as unknown as { readonly logicalId: string }).logicalId) };
}

/** The IDs of the roles whose name has this prefix; at least one. */
function roleIds(template: SynthesisedTemplate, name: string): string[] {
  const found = Object.entries(template.Resources)
    .filter(([, { Type, Properties }]) => Type === 'AWS::IAM::Role' && String(Properties.RoleName).startsWith(`${name}-`)).map(([id]) => id);
  expect(found).toHaveLength(1);
  return found;
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: Statement[] };
}

/** The permissions of a role, from inline and attached policies. */
function allowedTo(template: SynthesisedTemplate, role: string): Statement[] {
  const attached = Object.values(template.Resources)
    .filter(({ Type, Properties }) => Type === 'AWS::IAM::Policy' && listOf(Properties.Roles).some((holder) => idOf(holder) === role))
    .map(({ Properties }) => Properties as Policy);
  const policies = [...listOf(template.Resources[role].Properties.Policies as Policy[] | undefined), ...attached];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).filter(({ Effect }) => Effect === 'Allow');
}

function isAllowed(template: SynthesisedTemplate, role: string, action: string, on: unknown): boolean {
  return allowedTo(template, role).some(({ Action, Resource }) => listOf(Action).includes(action) && JSON.stringify(Resource).includes(`"${on}"`));
}

function synthesised(app: App, stack: Stack): SynthesisedTemplate {
  return app.synth().getStackArtifact(stack.artifactId).template as SynthesisedTemplate;
}

const ENVIRONMENTS = [
  PipelineEnvironment.staging(),
  PipelineEnvironment.production({ hooks: { smokeTest: SmokeTest.http({ path: '/' }) } }),
];

describe('a grant through a handle of a pipeline', () => {
  const stack = newStack();
  const shop = pipelineIn(stack, { environments: ENVIRONMENTS });
  const grants = Object.entries(HANDLES).map(([name, { grantee }]) => {
    const queue = new sqs.Queue(stack, `Queue for ${name}`);
    queue.grantSendMessages(grantee(shop));
    return [name, stack.resolve((queue.node.defaultChild as sqs.CfnQueue).logicalId) as string] as const;
  });
  // The allow list is closed when the app is synthesised, except for grants made during synthesis.
  Aspects.of(stack).add({
    visit: (node: IConstruct) => {
      if (node === shop.deployments.staging) {
        shop.deployments.staging.taskRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['sqs:ListQueues'], resources: ['*'] }));
      }
    },
  });
  const template = synthesised(stack.node.root as App, stack);

  test.each(grants)('a grant to %s is in a policy of its role, and of no other', (name, queue) => {
    const [role] = roleIds(template, HANDLES[name].role);

    expect(Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role').map(([id]) => id)
      .filter((id) => isAllowed(template, id, 'sqs:SendMessage', queue))).toEqual([role]);
  });

  test('a grant by an aspect at synthesis is in a policy of the role, too', () => {
    const [role] = roleIds(template, 'role-task-staging');

    expect(allowedTo(template, role).map(({ Action }) => Action)).toContain('sqs:ListQueues');
  });
});

describe.each(['the same stack', 'another stack'])('a grant of a resource in %s', (place) => {
  const stack = newStack();
  const app = stack.node.root as App;
  const shop = pipelineIn(stack, { environments: ENVIRONMENTS });
  const roles = [shop.deployments.production.taskRole, shop.buildProject.role];
  const grants = Object.entries(WAYS).map(([way, grant], number) => {
    // One stack for each way: some need the pipeline's stack, and some are needed by it.
    const other = place === 'the same stack' ? stack : new Stack(app, `Other${number}`, { env: { region: 'us-east-1' } });
    return { way, other, made: roles.map((role, index) => grant(new Construct(other, `Grant${number}-${index}`), role)) };
  });
  const template = synthesised(app, stack);

  test.each(grants)('a grant by $way reaches each role', ({ other, made }) => {
    for (const [index, name] of ['role-task-production', 'role-project-build'].entries()) {
      const { action, on } = made[index];
      const [role] = roleIds(template, name);
      const exported = new RegExp(`(Fn::ImportValue.*|")${on}`);
      // A policy that is made in the other stack names the role by what that stack imports.
      const statements = other === stack ? allowedTo(template, role) : [
        ...allowedTo(template, role),
        ...Object.values(synthesised(app, other).Resources).filter(({ Type, Properties }) => Type === 'AWS::IAM::Policy' && JSON.stringify(Properties.Roles).includes(role))
          .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]),
      ];
      expect(statements.filter(({ Action, Resource }) => listOf(Action).includes(action) && exported.test(JSON.stringify(Resource)))).toHaveLength(1);
    }
  });
});

test('a managed policy that a user adds is attached', () => {
  const stack = newStack();
  const shop = pipelineIn(stack);
  const policy = iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess');
  const roles = ['role-task-staging', 'role-project-test', 'role-pipeline', 'role-deploy-staging'];
  [shop.deployments.staging.taskRole, shop.testProject.role, shop.pipeline.role as iam.Role, actionRole(shop.pipeline, 'DeployStaging')]
    .forEach((role) => role.addManagedPolicy(policy));

  const template = synthesised(stack.node.root as App, stack);

  for (const name of roles) {
    expect(JSON.stringify(template.Resources[roleIds(template, name)[0]].Properties.ManagedPolicyArns)).toMatch(/ReadOnlyAccess/);
  }
});

test('a principal can be granted to pass or assume a role of the library', () => {
  const stack = newStack();
  const shop = pipelineIn(stack);
  const deployer = new iam.Role(stack, 'Deployer', { assumedBy: new iam.AccountRootPrincipal() });
  shop.deployments.staging.taskRole.grantPassRole(deployer);
  shop.buildProject.role.grant(deployer, 'iam:GetRole');

  const template = synthesised(stack.node.root as App, stack);

  const [{ Properties }] = Object.values(template.Resources).filter(({ Type, Properties: { Roles } }) => Type === 'AWS::IAM::Policy' && /Deployer/.test(JSON.stringify(Roles)));
  expect((Properties.PolicyDocument.Statement as Statement[]).map(({ Action, Resource }) => [Action, idOf(Resource)])).toEqual([
    ['iam:PassRole', ...roleIds(template, 'role-task-staging')], ['iam:GetRole', ...roleIds(template, 'role-project-build')],
  ]);
});

test('a grant to a project takes effect both before and after the project is added to a pipeline', () => {
  const stack = newStack();
  const { pipeline } = pipelineIn(stack);
  const lint = new CachedBuildProject(stack, 'Lint', { environmentSuffix: 'dev', purpose: 'lint', steps: BuildSteps.commands(['npm run lint']) });
  const statement = (action: string) => new iam.PolicyStatement({ actions: [action], resources: ['*'] });

  lint.project.addToRolePolicy(statement('sqs:SendMessage'));
  lint.addToPipeline(pipeline, { stageName: 'Lint', input: new codepipeline.Artifact('Source') });
  lint.project.addToRolePolicy(statement('sqs:ReceiveMessage'));
  actionRole(pipeline, 'Lint').addToPolicy(statement('sqs:PurgeQueue'));

  const template = synthesised(stack.node.root as App, stack);
  expect(allowedTo(template, roleIds(template, 'role-project-lint')[0]).map(({ Action }) => Action)).toEqual(
    expect.arrayContaining(['sqs:SendMessage', 'sqs:ReceiveMessage']));
  expect(allowedTo(template, roleIds(template, 'role-start-lint')[0]).map(({ Action }) => Action)).toContain('sqs:PurgeQueue');
});

test('a secret that the user passes as a variable of the build or of its stage may be read', () => {
  const stack = newStack();
  const [ofProject, ofStage] = ['OfProject', 'OfStage'].map((id) => new secretsmanager.Secret(stack, id));
  const variable = (secret: secretsmanager.ISecret) => ({ type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER, value: secret.secretArn });
  const shop = pipelineIn(stack);
  const lint = new CachedBuildProject(stack, 'Lint', {
    environmentSuffix: 'dev', purpose: 'lint', steps: BuildSteps.commands(['npm run lint']), environmentVariables: { TOKEN: variable(ofProject) },
  });
  lint.addToPipeline(shop.pipeline, { stageName: 'Lint', input: new codepipeline.Artifact('Source'), environmentVariables: { OTHER: variable(ofStage) } });

  const template = synthesised(stack.node.root as App, stack);

  const [role] = roleIds(template, 'role-project-lint');
  for (const secret of [ofProject, ofStage]) {
    expect(isAllowed(template, role, 'secretsmanager:GetSecretValue', stack.resolve((secret.node.defaultChild as secretsmanager.CfnSecret).logicalId))).toBe(true);
  }
});

test('a bucket of the user that is encrypted with a key works as the cache of a build', () => {
  const stack = newStack();
  const key = new kms.Key(stack, 'Key');
  new CachedBuildProject(stack, 'Lint', {
    environmentSuffix: 'dev', purpose: 'lint', steps: BuildSteps.commands(['npm run lint']), cacheBucket: new s3.Bucket(stack, 'Theirs', { encryptionKey: key }),
  });

  const template = synthesised(stack.node.root as App, stack);

  expect(allowedTo(template, roleIds(template, 'role-project-lint')[0]).filter(({ Action }) => /kms/.test(JSON.stringify(Action)))
    .map(({ Action, Resource }) => [Action, idOf(Resource)])).toEqual([[['kms:Decrypt', 'kms:GenerateDataKey'], stack.resolve((key.node.defaultChild as kms.CfnKey).logicalId)]]);
});
