import {
  App, aws_certificatemanager as acm, aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions,
  aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda, aws_logs as logs, aws_s3 as s3,
  aws_secretsmanager as secretsmanager, Duration, Stack, Validations,
} from 'aws-cdk-lib';
import {
  Approval, ApprovalGate, BlueGreenFargatePipeline, BuildCache, BuildImage, BuildReport, BuildSteps,
  CachedBuildProject, DashboardDeployment, EcsBlueGreenDeployment, PipelineAlarms, PipelineDashboard,
  PipelineEnvironment, PipelineSource, RegistryCredentials, RegistryLogin, SecureArtifactBucket, SmokeTest,
  TrafficShift,
} from '@org/bluegreen-pipeline';

/*
 * A user's app that sets every prop of every construct. test/python/everything.py is the same in Python, line by line:
 * both must give the same template.
 */
const app = new App();
const stack = new Stack(app, 'Everything', { env: { region: 'us-east-1' } });

const vpc = new ec2.Vpc(stack, 'Network', { maxAzs: 3, natGateways: 1 });
const images = new ecr.Repository(stack, 'Images', { imageTagMutability: ecr.TagMutability.IMMUTABLE });
const layers = ecr.Repository.fromRepositoryName(stack, 'Layers', 'layers');
const tools = ecr.Repository.fromRepositoryName(stack, 'Tools', 'tools');
const cpuArchitecture = ecs.CpuArchitecture.ARM64;
const buildImage = BuildImage.fromEcrRepository(tools, '2026-11', { cpuArchitecture });
const bootstrapImage = ecs.ContainerImage.fromRegistry('public.ecr.aws/acme/waiting:1');
const logsBucket = s3.Bucket.fromBucketName(stack, 'Logs', 'acme-logs');
const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate',
  'arn:aws:acm:us-east-1:111111111111:certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c');
const database = secretsmanager.Secret.fromSecretCompleteArn(stack, 'Database',
  'arn:aws:secretsmanager:us-east-1:111111111111:secret:orders-AbCdEf');
const npmrc = secretsmanager.Secret.fromSecretNameV2(stack, 'Npmrc', 'npmrc');
const leads = iam.Role.fromRoleName(stack, 'Leads', 'leads');
const rotation = lambda.Function.fromFunctionAttributes(stack, 'Rotation', {
  functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:rotate-registry',
  sameEnvironment: true,
});
const reporter = iam.Role.fromRoleName(stack, 'Reporter', 'reporter');
const hook = (name: string) => lambda.Function.fromFunctionAttributes(stack, name, {
  functionArn: `arn:aws:lambda:us-east-1:111111111111:function:${name}`,
  role: reporter,
  sameEnvironment: true,
});
const orders = new iam.PolicyStatement({
  actions: ['sqs:SendMessage'],
  resources: ['arn:aws:sqs:us-east-1:111111111111:orders'],
});

const connectionArn = 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d';
const login = new RegistryCredentials(stack, 'Login', {
  environmentSuffix: 'shop',
  registry: 'ghcr.io',
  rotationFunction: rotation,
  rotationInterval: Duration.days(14),
});

const shop = new BlueGreenFargatePipeline(stack, 'Shop', {
  environmentSuffix: 'shop',
  source: PipelineSource.connection({ connectionArn, repository: 'acme/storefront', branch: 'release/2026' }),
  notificationEmails: ['team@example.com'],
  approverEmails: ['leads@example.com', 'owners@example.com'],
  vpc,
  repository: images,
  containerPort: 3000,
  healthCheckPath: '/healthz',
  buildSteps: BuildSteps.image({
    target: 'runtime',
    buildArgs: { VERSION: 'unknown' },
    buildSecrets: { npmrc },
    preBuildCommands: ['npm ci', 'npm test', 'export BUILD_ARG_VERSION="$(cat VERSION)"'],
    postBuildCommands: ['docker run --rm "$IMAGE_URI" node --check server.js'],
    reports: [BuildReport.junit(['reports/junit.xml']), BuildReport.clover(['coverage/clover.xml'])],
    cache: BuildCache.registry({ repository: layers, tag: 'shop' }),
  }),
  testSteps: BuildSteps.commands(['docker run --rm --volume "$PWD/reports:/reports" "$IMAGE_URI" npm run test:contract'], {
    repository: images,
    docker: true,
    cachePaths: ['/root/.npm/**/*'],
    reports: [BuildReport.cucumber(['reports/contract.json'])],
  }),
  registryCredentials: RegistryLogin.fromSecret(login.secret, { registry: 'ghcr.io' }),
  environments: [
    new PipelineEnvironment('qa', {
      containerEnvironment: { LOG_LEVEL: 'debug' },
      trafficShift: TrafficShift.allAtOnce(),
      hooks: {
        smokeTest: SmokeTest.http({
          path: '/products', status: 206, body: 'In stock', host: 'shop.example.com', timeout: Duration.minutes(3),
        }),
      },
      loadBalancer: { testListenerCidrs: ['203.0.113.0/24', '198.51.100.7/32'] },
      rollback: { minimumRequests: 5 },
    }),
    PipelineEnvironment.staging({
      certificate,
      trafficShift: TrafficShift.linear({ percentage: 20, interval: Duration.minutes(2) }),
      loadBalancer: { internetFacing: false },
      retiring: {
        secrets: [ecs.Secret.fromSecretsManager(database, 'token')],
        repositories: [images],
        functions: [hook('warn')],
        statements: [orders],
        smokeTest: SmokeTest.http({ path: '/' }),
      },
    }),
    PipelineEnvironment.production({
      cpu: 1024,
      memoryLimitMiB: 2048,
      taskCount: 3,
      maxTaskCount: 9,
      containerSecrets: { DB_PASSWORD: ecs.Secret.fromSecretsManager(database, 'password') },
      trafficShift: TrafficShift.canary({ percentage: 25, interval: Duration.minutes(7) }),
      approval: Approval.byEmail({ emails: ['cto@example.com'], roles: [leads] }),
      hooks: {
        beforeInstall: hook('freeze'),
        afterInstall: hook('warm'),
        afterAllowTestTraffic: hook('try'),
        beforeAllowTraffic: hook('ask'),
        afterAllowTraffic: hook('announce'),
      },
      loadBalancer: { accessLogsBucket: logsBucket },
      rollback: { errorRate: 2, terminationWaitTime: Duration.minutes(30) },
      tasks: { command: ['node', 'server.js'], policies: [orders], guardDutyAgent: true },
    }),
  ],
  platform: { cpuArchitecture, buildImage, bootstrapImage },
  // 'maxImageCount' is rejected with a repository of the user.
  storage: { accessLogsBucket: logsBucket, artifactExpiration: Duration.days(180), artifactWriters: [leads] },
  operatorRoles: [leads],
});
const latency = shop.deployment('production').loadBalancer.metrics.targetResponseTime().createAlarm(stack, 'Latency', { threshold: 1, evaluationPeriods: 3 });
shop.deployment('production').addRollbackAlarm(latency);
shop.alarms.notifyOn(latency);

// The constructs on their own, in a pipeline of the user.
const artifacts = new SecureArtifactBucket(stack, 'Artifacts', {
  environmentSuffix: 'modules',
  accessLogsBucket: logsBucket,
  accessLogsPrefix: 'artifacts/',
  expiration: Duration.days(120),
  noncurrentVersionExpiration: Duration.days(30),
});
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', {
  artifactBucket: artifacts.bucket,
  pipelineType: codepipeline.PipelineType.V2,
});
const source = new codepipeline.Artifact('Source');
const linted = new codepipeline.Artifact('Linted');
const approved = new codepipeline.Artifact('Approved');
const deployment = new EcsBlueGreenDeployment(stack, 'Live', {
  environmentSuffix: 'modules',
  environmentName: 'live',
  repository: images,
  vpc,
  containerPort: 9090,
  healthCheckPath: '/up',
  cpuArchitecture,
  bootstrapImage,
  logRetention: logs.RetentionDays.ONE_YEAR,
});
const build = new CachedBuildProject(stack, 'Build', {
  environmentSuffix: 'modules',
  steps: BuildSteps.image({
    repository: images,
    dockerfile: 'Containerfile',
    context: 'src',
    buildkitImage: 'public.ecr.aws/acme/buildkit:1',
    registryCredentials: RegistryLogin.fromSecret(login.secret, { registry: 'ghcr.io' }),
  }),
  buildImage,
  cacheExpiration: Duration.days(3),
  environmentVariables: { FLAVOUR: { value: '/modules/flavour', type: codebuild.BuildEnvironmentVariableType.PARAMETER_STORE } },
  logRetention: logs.RetentionDays.THREE_MONTHS,
  timeout: Duration.minutes(20),
  queuedTimeout: Duration.minutes(10),
});
const probe = new CachedBuildProject(stack, 'Probe', {
  environmentSuffix: 'modules',
  purpose: 'probe',
  buildImage: BuildImage.AMAZON_LINUX_2023_ARM64,
  steps: BuildSteps.probe({
    repository: images,
    port: 9090,
    path: '/up',
    command: ['node', 'server.js'],
    environment: { LOG_LEVEL: 'debug' },
    startupTime: Duration.minutes(5),
  }),
});
const approval = new CachedBuildProject(stack, 'Approval', {
  environmentSuffix: 'modules',
  purpose: 'approval',
  steps: BuildSteps.release({ repository: images, releaseSettings: deployment.releaseSettings }),
});
const lint = new CachedBuildProject(stack, 'Lint', {
  environmentSuffix: 'modules',
  purpose: 'lint',
  steps: BuildSteps.buildSpec(codebuild.BuildSpec.fromSourceFilename('ci/buildspec.yml'), { docker: true, cached: true }),
  cacheBucket: build.cacheBucket,
});
const gate = new ApprovalGate(stack, 'Gate', {
  environmentSuffix: 'modules',
  environmentName: 'live',
  approverEmails: ['leads@example.com'],
  approverRoles: [leads],
  message: 'Publish #{Source.CommitId}?',
  timeout: Duration.days(2),
});

pipeline.addStage({
  stageName: 'Source',
  actions: [
    new actions.CodeStarConnectionsSourceAction({ actionName: 'Code', connectionArn, owner: 'acme', repo: 'modules', output: source }),
  ],
});
lint.addToPipeline(pipeline, { stageName: 'Lint', input: source, output: linted });
build.addToPipeline(pipeline, { stageName: 'Build', input: source });
const imageDigest = '#{Build.IMAGE_DIGEST}';
probe.addToPipeline(pipeline, { stageName: 'Probe', input: source, extraInputs: [linted], imageDigest });
gate.addToPipeline(pipeline);
approval.addToPipeline(pipeline, {
  stageName: 'Approved',
  input: source,
  output: approved,
  imageDigest,
  environmentVariables: { COMMIT: { value: '#{Source.CommitId}' } },
});
deployment.addToPipeline(pipeline, { release: approved });

const environmentAlarms = [...deployment.rollbackAlarms, ...deployment.outageAlarms];
const dashboard = new PipelineDashboard(stack, 'Dashboard', {
  environmentSuffix: 'modules',
  pipeline,
  projects: [build.project],
  deployments: [new DashboardDeployment('live', deployment.stageName)],
  alarms: environmentAlarms,
});
const alarms = new PipelineAlarms(stack, 'Alarms', {
  environmentSuffix: 'modules',
  pipeline,
  notificationEmails: ['oncall@example.com'],
  projects: [build.project, probe.project, lint.project, approval.project],
  deploymentGroups: [deployment.deploymentGroup],
  watchedRules: dashboard.rules,
});
environmentAlarms.forEach((alarm) => alarms.notifyOn(alarm));
alarms.undeliveredAlarms.forEach((alarm) => dashboard.addAlarm(alarm));

Validations.of(stack).acknowledge({
  id: '@org/bluegreen-pipeline:EcsBlueGreenDeployment.http',
  reason: 'this program shows environments without a certificate, too',
});

app.synth();
