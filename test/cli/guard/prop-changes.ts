import {
  aws_certificatemanager as acm, aws_cloudwatch as cloudwatch, aws_codebuild as codebuild, aws_codedeploy as codedeploy,
  aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_events as events,
  aws_iam as iam, aws_lambda as lambda, aws_logs as logs, aws_s3 as s3, aws_secretsmanager as secretsmanager, Duration, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  Approval, ApprovalGate, ApprovalGateProps, BlueGreenFargatePipelineProps, BuildImage, BuildSteps, CachedBuildProject,
  CachedBuildProjectProps, DashboardDeployment, DeploymentHooks, EcsBlueGreenDeployment, EcsBlueGreenDeploymentProps, EnvironmentOptions,
  LoadBalancerOptions, PipelineAlarms, PipelineAlarmsProps, PipelineDashboard, PipelineDashboardProps, PipelineEnvironment,
  PipelineEnvironmentOptions, PipelineSource, PlatformOptions, RegistryCredentials, RegistryCredentialsProps, RegistryLogin, RetiringOptions,
  RollbackOptions, SecureArtifactBucket, SecureArtifactBucketProps, SmokeTest, StorageOptions, TaskOptions, TrafficShift,
} from '../../../src';
import { CONNECTION_ARN, newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../../helpers/synthesis';

/** Templates before and after a change of one prop. */
export interface PropChange {
  readonly before: SynthesisedTemplate;
  readonly after: SynthesisedTemplate;
}

/** `also` are props that go with the one that changes, in both programs. */
type Change<T> = { readonly from?: (given: Construct) => T; readonly to: (given: Construct) => T; readonly also?: (given: Construct) => object };
type Changes<T> = { readonly [K in keyof T]-?: Change<T[K]> };

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:111111111111:${resource}`;
const always = <T>(value: T) => () => value;

const role = (scope: Construct) => iam.Role.fromRoleName(scope, 'Leads', 'leads');
const hook = (scope: Construct) => lambda.Function.fromFunctionAttributes(scope, 'Hook', {
  functionArn: arn('lambda', 'function:hook'), role: iam.Role.fromRoleName(scope, 'HookRole', 'hook'), sameEnvironment: true,
});
const bucket = (scope: Construct) => s3.Bucket.fromBucketName(scope, 'Logs', 'acme-logs');
const secret = (name: string) => (scope: Construct) => secretsmanager.Secret.fromSecretNameV2(scope, name, name);
const images = (scope: Construct) => new ecr.Repository(scope, 'Images', { imageTagMutability: ecr.TagMutability.IMMUTABLE });
const statement = () => new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [arn('sqs', 'orders')] });

const HOOKS: Changes<DeploymentHooks> = {
  beforeInstall: { to: hook },
  afterInstall: { to: hook },
  afterAllowTestTraffic: { to: hook },
  beforeAllowTraffic: { to: hook },
  afterAllowTraffic: { to: hook },
  smokeTest: { to: () => SmokeTest.http({ path: '/ready' }) },
};
const LOAD_BALANCER: Changes<LoadBalancerOptions> = {
  internetFacing: { to: always(false) },
  accessLogsBucket: { to: bucket },
  testListenerCidrs: { from: always(['203.0.113.0/24', '198.51.100.7/32']), to: always(['198.51.100.7/32']) },
};
const ROLLBACK: Changes<RollbackOptions> = {
  errorRate: { to: always(20) },
  minimumRequests: { to: always(100) },
  terminationWaitTime: { to: always(Duration.minutes(30)) },
};
const TASKS: Changes<TaskOptions> = {
  command: { to: always(['node', 'server.js']) },
  policies: { to: () => [statement()] },
  guardDutyAgent: { to: always(true) },
};
const RETIRING: Changes<RetiringOptions> = {
  secrets: { to: (scope) => [ecs.Secret.fromSecretsManager(secret('old-token')(scope))] },
  repositories: { to: (scope) => [ecr.Repository.fromRepositoryName(scope, 'Sidecars', 'sidecars')] },
  functions: { to: (scope) => [hook(scope)] },
  statements: { to: () => [statement()] },
  smokeTest: { to: () => SmokeTest.http({ path: '/' }) },
};

type Nested = 'hooks' | 'loadBalancer' | 'rollback' | 'tasks' | 'retiring';
const ENVIRONMENT: Changes<Omit<PipelineEnvironmentOptions, Nested>> = {
  cpu: { from: always(256), to: always(512), also: always({ memoryLimitMiB: 1024 }) },
  memoryLimitMiB: { from: always(512), to: always(1024), also: always({ cpu: 256 }) },
  taskCount: { to: always(3) },
  maxTaskCount: { to: always(6) },
  containerEnvironment: { from: always({ LEVEL: 'info' }), to: always({ LEVEL: 'debug', REGION: 'eu' }) },
  containerSecrets: { to: (scope) => ({ TOKEN: ecs.Secret.fromSecretsManager(secret('token')(scope)) }) },
  certificate: {
    from: (scope) => acm.Certificate.fromCertificateArn(scope, 'Certificate', arn('acm', 'certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c')),
    to: (scope) => acm.Certificate.fromCertificateArn(scope, 'Certificate', arn('acm', 'certificate/1f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c')),
  },
  trafficShift: { to: () => TrafficShift.linear({ percentage: 20, interval: Duration.minutes(2) }) },
  approval: { to: () => Approval.byEmail({ emails: ['cto@example.com'] }) },
};

const FACADE: Changes<Omit<BlueGreenFargatePipelineProps, 'platform' | 'storage'>> = {
  environmentSuffix: { to: always('new') },
  source: { to: () => PipelineSource.connection({ connectionArn: CONNECTION_ARN, repository: 'acme/storefront', branch: 'next' }) },
  notificationEmails: { to: always(['team@example.com', 'oncall@example.com']) },
  approverEmails: { to: always(['leads@example.com']) },
  environments: { to: () => [PipelineEnvironment.staging(), PipelineEnvironment.production()] },
  vpc: { to: (scope) => new ec2.Vpc(scope, 'Network', { maxAzs: 2, natGateways: 1 }) },
  containerPort: { to: always(9090) },
  healthCheckPath: { to: always('/ready') },
  repository: { to: images },
  buildSteps: { to: () => BuildSteps.image({ target: 'runtime' }) },
  testSteps: { to: () => BuildSteps.commands(['npm test']) },
  registryCredentials: { to: (scope) => RegistryLogin.fromSecret(secret('login')(scope), { registry: 'ghcr.io' }) },
  operatorRoles: { to: (scope) => [role(scope)] },
};
const PLATFORM: Changes<PlatformOptions> = {
  cpuArchitecture: { to: always(ecs.CpuArchitecture.ARM64) },
  buildImage: { to: (scope) => BuildImage.fromEcrRepository(ecr.Repository.fromRepositoryName(scope, 'Tools', 'tools'), '2026-11') },
  bootstrapImage: { to: () => ecs.ContainerImage.fromRegistry('acme/waiting:1') },
};
const STORAGE: Changes<StorageOptions> = {
  maxImageCount: { to: always(100) },
  artifactExpiration: { to: always(Duration.days(60)) },
  artifactWriters: { to: (scope) => [role(scope)] },
  accessLogsBucket: { to: bucket },
};

/** Constructs of the library in a pipeline of the user, and what differs from it. */
interface Standalone {
  readonly credentials?: Partial<RegistryCredentialsProps>;
  readonly bucket?: Partial<SecureArtifactBucketProps>;
  readonly deployment?: Partial<EcsBlueGreenDeploymentProps>;
  readonly project?: Partial<CachedBuildProjectProps>;
  readonly gate?: Partial<ApprovalGateProps>;
  readonly alarms?: Partial<PipelineAlarmsProps>;
  readonly dashboard?: Partial<PipelineDashboardProps>;
}

function standalone(stack: Stack, differing: Standalone): void {
  const environmentSuffix = 'own';
  const repository = new ecr.Repository(stack, 'Repository', { imageTagMutability: ecr.TagMutability.IMMUTABLE });
  new RegistryCredentials(stack, 'Login', { environmentSuffix, ...differing.credentials });
  const { bucket: artifactBucket } = new SecureArtifactBucket(stack, 'Artifacts', { environmentSuffix, ...differing.bucket });
  const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { artifactBucket, pipelineType: codepipeline.PipelineType.V2 });
  const [input, release] = ['Source', 'Release'].map((name) => new codepipeline.Artifact(name));
  const deployment = new EcsBlueGreenDeployment(stack, 'Live', { environmentSuffix, environmentName: 'live', repository, ...differing.deployment });
  const build = new CachedBuildProject(stack, 'Build', { environmentSuffix, steps: BuildSteps.image({ repository }), ...differing.project });
  const releases = new CachedBuildProject(stack, 'Releases', {
    environmentSuffix, purpose: 'release', steps: BuildSteps.release({ repository, releaseSettings: deployment.releaseSettings }),
  });
  const gate = new ApprovalGate(stack, 'Gate', { environmentSuffix, environmentName: 'live', approverEmails: ['leads@example.com'], ...differing.gate });
  pipeline.addStage({
    stageName: 'Source',
    actions: [new actions.CodeStarConnectionsSourceAction({ actionName: 'Code', connectionArn: CONNECTION_ARN, owner: 'acme', repo: 'own', output: input })],
  });
  build.addToPipeline(pipeline, { stageName: 'Build', input });
  gate.addToPipeline(pipeline);
  releases.addToPipeline(pipeline, { stageName: 'Release', input, output: release, imageDigest: '#{Build.IMAGE_DIGEST}' });
  deployment.addToPipeline(pipeline, { release });
  new PipelineDashboard(stack, 'Dashboard', { environmentSuffix, pipeline, ...differing.dashboard });
  const alarms = new PipelineAlarms(stack, 'Alarms', { environmentSuffix, pipeline, notificationEmails: ['team@example.com'], ...differing.alarms });
  [...deployment.rollbackAlarms, ...deployment.outageAlarms].forEach((alarm) => alarms.notifyOn(alarm));
}

const another = always('another');
const pipelineOf = (scope: Construct) => codepipeline.Pipeline.fromPipelineArn(scope, 'Other', arn('codepipeline', 'other'));
const project = (scope: Construct) => codebuild.Project.fromProjectName(scope, 'Tests', 'tests');
const rotate = (scope: Construct) => lambda.Function.fromFunctionAttributes(scope, 'Rotation', { functionArn: arn('lambda', 'function:rotate'), sameEnvironment: true });
const CREDENTIALS: Changes<RegistryCredentialsProps> = {
  environmentSuffix: { to: another },
  registry: { to: always('ghcr.io') },
  rotationFunction: { to: rotate },
  rotationInterval: { from: always(Duration.days(30)), to: always(Duration.days(14)), also: (scope) => ({ rotationFunction: rotate(scope) }) },
};
const BUCKET: Changes<SecureArtifactBucketProps> = {
  environmentSuffix: { to: another },
  expiration: { from: always(Duration.days(300)), to: always(Duration.days(120)) },
  noncurrentVersionExpiration: { to: always(Duration.days(30)) },
  accessLogsBucket: { to: bucket },
  accessLogsPrefix: { from: always('old/'), to: always('new/'), also: (scope) => ({ accessLogsBucket: bucket(scope) }) },
};
const DEPLOYMENT: Changes<Omit<EcsBlueGreenDeploymentProps, keyof EnvironmentOptions>> = {
  environmentSuffix: { to: another },
  environmentName: { to: another },
  repository: { to: images },
  vpc: FACADE.vpc,
  containerPort: FACADE.containerPort,
  healthCheckPath: FACADE.healthCheckPath,
  cpuArchitecture: PLATFORM.cpuArchitecture,
  bootstrapImage: PLATFORM.bootstrapImage,
  logRetention: { to: always(logs.RetentionDays.ONE_WEEK) },
};
const PROJECT: Changes<Omit<CachedBuildProjectProps, '_context'>> = {
  environmentSuffix: { to: another },
  steps: { to: (scope) => BuildSteps.image({ repository: ecr.Repository.fromRepositoryName(scope, 'Elsewhere', 'elsewhere') }) },
  purpose: { to: another },
  buildImage: { to: () => BuildImage.AMAZON_LINUX_2023_ARM64 },
  cacheBucket: { to: (scope) => s3.Bucket.fromBucketName(scope, 'Cache', 'acme-cache') },
  cacheExpiration: { to: always(Duration.days(3)) },
  timeout: { to: always(Duration.minutes(20)) },
  queuedTimeout: { to: always(Duration.minutes(10)) },
  logRetention: { to: always(logs.RetentionDays.ONE_WEEK) },
  environmentVariables: { to: always({ FLAVOUR: { value: 'vanilla' } }) },
};
const GATE: Changes<ApprovalGateProps> = {
  environmentSuffix: { to: another },
  environmentName: { to: another },
  approverEmails: { to: always(['cto@example.com']) },
  approverRoles: { to: (scope) => [role(scope)] },
  message: { to: always('Publish #{Source.CommitId}?') },
  timeout: { to: always(Duration.days(2)) },
};
const ALARMS: Changes<PipelineAlarmsProps> = {
  environmentSuffix: { to: another },
  pipeline: { to: pipelineOf },
  notificationEmails: { to: always(['oncall@example.com']) },
  projects: { to: (scope) => [project(scope)] },
  deploymentGroups: {
    to: (scope) => [codedeploy.EcsDeploymentGroup.fromEcsDeploymentGroupAttributes(scope, 'Group', {
      application: codedeploy.EcsApplication.fromEcsApplicationName(scope, 'Application', 'other'), deploymentGroupName: 'other',
    })],
  },
  watchedRules: { to: (scope) => [events.Rule.fromEventRuleArn(scope, 'Rule', arn('events', 'rule/other'))] },
};
const DASHBOARD: Changes<PipelineDashboardProps> = {
  environmentSuffix: { to: another },
  pipeline: { to: pipelineOf },
  projects: { to: (scope) => [project(scope)] },
  deployments: { to: () => [new DashboardDeployment('live', 'DeployLive')] },
  alarms: { to: (scope) => [cloudwatch.Alarm.fromAlarmArn(scope, 'Alarm', arn('cloudwatch', 'alarm:other'))] },
};

type Program<T> = (props: Partial<T>, stack: Stack) => void;

/** Programs without a prop, which many rows begin with. */
const unchanged = new Map<unknown, SynthesisedTemplate>();

function templateWith(make: (given: Construct, stack: Stack) => void): SynthesisedTemplate {
  const stack = newStack();
  make(new Construct(stack, 'Given'), stack);
  return templateOf(stack);
}

function rows<T>(owner: string, changes: Changes<T>, program: Program<T>): [string, () => PropChange][] {
  const without = () => unchanged.get(program) ?? unchanged.set(program, templateWith((_, stack) => program({}, stack))).get(program)!;
  return Object.entries<Change<unknown>>(changes).map(([prop, { from, to, also }]) => {
    const made = (value: (given: Construct) => unknown) => templateWith((given, stack) => {
      program({ ...also?.(given), [prop]: value(given) } as Partial<T>, stack);
    });
    let pair: PropChange | undefined;
    return [`${owner}.${prop}`, () => (pair ??= { before: from ? made(from) : without(), after: made(to) })];
  });
}

/** The smallest pipeline that has everything: one environment. */
const facade: Program<BlueGreenFargatePipelineProps> = (props, stack) => {
  pipelineIn(stack, { environments: [PipelineEnvironment.production()], ...props });
};
const environment = (options: PipelineEnvironmentOptions, stack: Stack) => facade({ environments: [PipelineEnvironment.production(options)] }, stack);
const nested = <T>(make: (options: Partial<T>) => PipelineEnvironmentOptions): Program<T> => (options, stack) =>
  environment(Object.keys(options).length === 0 ? {} : make(options), stack);

export const PROP_CHANGES: ReadonlyMap<string, () => PropChange> = new Map([
  ...rows('BlueGreenFargatePipeline', FACADE, facade),
  ...rows<PlatformOptions>('PlatformOptions', PLATFORM, (platform, stack) => facade({ platform }, stack)),
  ...rows<StorageOptions>('StorageOptions', STORAGE, (storage, stack) => facade({ storage }, stack)),
  ...rows<PipelineEnvironmentOptions>('PipelineEnvironment', ENVIRONMENT as Changes<PipelineEnvironmentOptions>, environment),
  ...rows<DeploymentHooks>('DeploymentHooks', HOOKS, nested((hooks) => ({ hooks }))),
  ...rows<LoadBalancerOptions>('LoadBalancerOptions', LOAD_BALANCER, nested((loadBalancer) => ({ loadBalancer }))),
  ...rows<RollbackOptions>('RollbackOptions', ROLLBACK, nested((rollback) => ({ rollback }))),
  ...rows<TaskOptions>('TaskOptions', TASKS, nested((tasks) => ({ tasks }))),
  ...rows<RetiringOptions>('RetiringOptions', RETIRING, nested((retiring) => ({ retiring }))),
  ...rows<RegistryCredentialsProps>('RegistryCredentials', CREDENTIALS, (credentials, stack) => standalone(stack, { credentials })),
  ...rows<SecureArtifactBucketProps>('SecureArtifactBucket', BUCKET, (own, stack) => standalone(stack, { bucket: own })),
  ...rows<EcsBlueGreenDeploymentProps>('EcsBlueGreenDeployment', DEPLOYMENT as Changes<EcsBlueGreenDeploymentProps>, (deployment, stack) => standalone(stack, { deployment })),
  ...rows<CachedBuildProjectProps>('CachedBuildProject', PROJECT as Changes<CachedBuildProjectProps>, (own, stack) => standalone(stack, { project: own })),
  ...rows<ApprovalGateProps>('ApprovalGate', GATE, (gate, stack) => standalone(stack, { gate })),
  ...rows<PipelineAlarmsProps>('PipelineAlarms', ALARMS, (alarms, stack) => standalone(stack, { alarms })),
  ...rows<PipelineDashboardProps>('PipelineDashboard', DASHBOARD, (dashboard, stack) => standalone(stack, { dashboard })),
]);
