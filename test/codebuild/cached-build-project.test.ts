import {
  aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_ecr as ecr, aws_logs as logs, aws_s3 as s3,
  aws_secretsmanager as secretsmanager, Duration,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  BuildCache, BuildImage, BuildSteps, CachedBuildProject, CachedBuildProjectProps, RegistryLogin,
} from '../../src';
import { DIGEST } from '../helpers/code-build';
import { allow, statementsOf } from '../helpers/steps';
import { newStack } from '../helpers/synthesis';

const minimal: CachedBuildProjectProps = { environmentSuffix: 'dev', steps: BuildSteps.commands(['npm test']) };

test('a project with minimal props is small, in an image from ECR, with a cache that expires', () => {
  const stack = newStack();

  new CachedBuildProject(stack, 'Build', minimal);

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::CodeBuild::Project', {
    Name: 'project-build-dev',
    Source: { Type: 'CODEPIPELINE' },
    Artifacts: { Type: 'CODEPIPELINE' },
    Environment: {
      ComputeType: 'BUILD_GENERAL1_SMALL',
      Image: 'public.ecr.aws/codebuild/amazonlinux-x86_64-standard:6.0',
      PrivilegedMode: false,
      Type: 'LINUX_CONTAINER',
    },
    Cache: { Type: 'S3', Location: { 'Fn::Join': ['/', [{ Ref: Match.stringLikeRegexp('BuildCache') }, 'build-dev']] } },
    LogsConfig: { CloudWatchLogs: { Status: 'ENABLED', GroupName: { Ref: Match.stringLikeRegexp('BuildLogs') } } },
    TimeoutInMinutes: 30,
    QueuedTimeoutInMinutes: 30,
  });
  template.hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Delete',
    Properties: {
      BucketName: { 'Fn::Join': ['', ['cache-build-dev-', { Ref: 'AWS::AccountId' }, '-us-east-1']] },
      VersioningConfiguration: Match.absent(),
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 7, Status: 'Enabled' })] },
    },
  });
  template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', Properties: { LogGroupName: 'logs-project-build-dev', RetentionInDays: 30 } });
});

test('the role of a project may write its log and use its part of the cache, and nothing else', () => {
  const stack = newStack();

  const { logGroup, cacheBucket } = new CachedBuildProject(stack, 'Build', minimal);

  Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  expect(statementsOf(stack, 'role-project-build-dev-us-east-1')).toEqual(stack.resolve([
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
    allow(['s3:GetBucketAcl', 's3:GetBucketLocation'], cacheBucket?.bucketArn),
    allow(['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], cacheBucket?.arnForObjects('build-dev/*')),
  ]));
});

test('steps without anything to cache get no cache bucket', () => {
  const stack = newStack();

  const project = new CachedBuildProject(stack, 'Build', { ...minimal, steps: BuildSteps.commands(['true'], { cachePaths: [] }) });

  expect(project.cacheBucket).toBeUndefined();
  Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 0);
});

test('a project with all props uses the resources that the user passes', () => {
  const stack = newStack();
  const cache = s3.Bucket.fromBucketName(stack, 'Cache', 'acme-cache');
  const tools = ecr.Repository.fromRepositoryName(stack, 'Tools', 'tools');
  const token = secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'token');

  new CachedBuildProject(stack, 'Build', {
    ...minimal,
    purpose: 'lint',
    buildImage: BuildImage.fromEcrRepository(tools, DIGEST),
    cacheBucket: cache,
    timeout: Duration.hours(1),
    queuedTimeout: Duration.minutes(5),
    logRetention: logs.RetentionDays.ONE_WEEK,
    environmentVariables: { TOKEN: { type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER, value: token.secretArn } },
  });

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::CodeBuild::Project', {
    Name: 'project-lint-dev',
    Environment: {
      Image: { 'Fn::Join': ['', Match.arrayWith([`/tools@${DIGEST}`])] },
      ImagePullCredentialsType: 'SERVICE_ROLE',
      EnvironmentVariables: [Match.objectLike({ Name: 'TOKEN', Type: 'SECRETS_MANAGER' })],
    },
    Cache: { Location: 'acme-cache/lint-dev' },
    TimeoutInMinutes: 60,
    QueuedTimeoutInMinutes: 5,
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: 'logs-project-lint-dev', RetentionInDays: 7 });
  expect(statementsOf(stack, 'role-project-lint-dev-us-east-1')).toContainEqual(stack.resolve(allow(
    ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], tools.repositoryArn,
  )));
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyName: 'policy-project-lint-grants-dev',
    PolicyDocument: { Statement: [Match.objectLike({ Action: 'secretsmanager:GetSecretValue' })] },
  });
});

test('credentials that are imported by name can be read, whatever the six-character suffix of their ARN', () => {
  const stack = newStack();
  const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
  const registryCredentials = RegistryLogin.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Login', 'docker/login'));

  new CachedBuildProject(stack, 'Build', { ...minimal, steps: BuildSteps.image({ repository, registryCredentials }) });

  const [{ Resource }] = statementsOf(stack, 'role-project-build-dev-us-east-1').slice(-1);
  expect(JSON.stringify(Resource)).toContain(':secret:docker/login-??????');
});

test('a login sets build variables for its registry and for the values in its secret', () => {
  const stack = newStack();
  const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
  const secret = new secretsmanager.Secret(stack, 'Login');
  const registryCredentials = RegistryLogin.fromSecret(secret, { registry: 'ghcr.io' });
  const steps = BuildSteps.image({ repository, registryCredentials, cache: BuildCache.none() });

  new CachedBuildProject(stack, 'Build', { ...minimal, steps });

  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CodeBuild::Project'));
  expect(Properties.Environment.EnvironmentVariables).toEqual(stack.resolve([
    { Name: 'REGISTRY_PASSWORD', Type: 'SECRETS_MANAGER', Value: `${secret.secretArn}:password` },
    { Name: 'REGISTRY_SERVER', Type: 'PLAINTEXT', Value: 'ghcr.io' },
    { Name: 'REGISTRY_LOGIN_ARN', Type: 'PLAINTEXT', Value: secret.secretArn },
  ]));
});

test('a grant on the project takes effect', () => {
  const stack = newStack();
  const build = new CachedBuildProject(stack, 'Build', minimal);

  s3.Bucket.fromBucketName(stack, 'Reports', 'acme-reports').grantPut(build.project);

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyName: 'policy-project-build-grants-dev',
    PolicyDocument: { Statement: [Match.objectLike({ Action: Match.arrayWith(['s3:PutObject']) })] },
    Roles: [{ Ref: Match.stringLikeRegexp('BuildRole') }],
  });
});

test("a stage may read the artifacts of the user's pipeline, and may write them only if it has an output", () => {
  const stack = newStack();
  const source = new codepipeline.Artifact('Source');
  const output = new codepipeline.Artifact('Out');
  const code = s3.Bucket.fromBucketName(stack, 'Code', 'acme-code');
  const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
  const fetch = new actions.S3SourceAction({ actionName: 'Source', bucket: code, bucketKey: 'code.zip', output: source });
  pipeline.addStage({ stageName: 'Source', actions: [fetch] });

  const build = new CachedBuildProject(stack, 'Build', { ...minimal, steps: BuildSteps.buildSpec(codebuild.BuildSpec.fromSourceFilename('a')) });
  build.addToPipeline(pipeline, { stageName: 'Build', input: source, output });
  const lint = new CachedBuildProject(stack, 'Lint', { ...minimal, purpose: 'lint', cacheBucket: code });
  lint.addToPipeline(pipeline, { stageName: 'Lint', input: source });

  const lastActions = (role: string, count: number) => statementsOf(stack, role).slice(-count).map(({ Action }) => Action);
  // A pipeline that CDK creates without feature flags has a key: reading and writing its artifacts needs permissions for it.
  expect(lastActions('role-project-build-dev-us-east-1', 2)).toEqual([
    ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], ['kms:Decrypt', 'kms:GenerateDataKey'],
  ]);
  expect(lastActions('role-project-lint-dev-us-east-1', 2)).toEqual([
    ['s3:GetObject', 's3:GetObjectVersion'], 'kms:Decrypt',
  ]);
  expect(lastActions('role-start-lint-dev-us-east-1', 1)).toEqual([
    ['codebuild:BatchGetBuilds', 'codebuild:StartBuild', 'codebuild:StopBuild'],
  ]);
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'));
  expect(JSON.stringify(Properties.Stages).match(/"Category":"\w+"/g)).toEqual([
    '"Category":"Source"', '"Category":"Build"', '"Category":"Test"',
  ]);
});
