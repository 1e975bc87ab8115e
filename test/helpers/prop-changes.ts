import {
  aws_certificatemanager as acm, aws_cloudwatch as cloudwatch, aws_codebuild as codebuild, aws_codedeploy as codedeploy,
  aws_codepipeline as codepipeline, aws_codepipeline_actions as actions,
  aws_ecr as ecr, aws_ecs as ecs, aws_events as events, aws_iam as iam, aws_lambda as lambda, aws_logs as logs, aws_s3 as s3,
  aws_secretsmanager as secretsmanager, Duration, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { broughtNetwork, pipelineOfTheUser, sourceStage } from './programs';
import { CONNECTION_ARN, newStack, pipelineIn, SynthesisedTemplate, templateOf } from './synthesis';
import { arn } from '../../scripts/programs';
import {
  Approval, ApprovalGate, ApprovalGateProps, BlueGreenFargatePipelineProps, BuildCache, BuildImage, BuildReport, BuildSpecStepsOptions, BuildSteps,
  CachedBuildProject, CachedBuildProjectProps, CommandStepsOptions, ConnectionSourceOptions, DashboardDeployment, DeploymentHooks,
  EcsBlueGreenDeployment, EcsBlueGreenDeploymentProps, EmailApprovalOptions, EnvironmentOptions, HttpSmokeTestOptions, ImageStepsOptions,
  LoadBalancerOptions, PipelineAlarms, PipelineAlarmsProps, PipelineDashboard, PipelineDashboardProps, PipelineEnvironment,
  PipelineEnvironmentOptions, PipelineSource, PlatformOptions, ProbeStepsOptions, RegistryCacheOptions, RegistryCredentials, RegistryCredentialsProps,
  RegistryLogin, RetiringOptions, RollbackOptions, SecureArtifactBucket, SecureArtifactBucketProps, SmokeTest, StorageOptions, TaskOptions,
  TrafficShift, TrafficShiftOptions,
} from '../../src';

/** The values of one prop, one after another; a change of required props starts at the value of the base program. */
interface Values<T, K extends keyof T> {
  /** Props that the values need. They do not change. */
  readonly besides?: (scope: Construct) => Partial<T>;
  readonly values: readonly ((scope: Construct) => T[K])[];
}

/** Every key is required, so the compiler reports a prop that has no row yet. */
type Changes<T> = { readonly [K in keyof T]-?: Values<T, K> };
type State<T> = (scope: Construct) => Partial<T>;

/** A prop with its value before and after each of its changes. */
interface Row<T> {
  readonly prop: string;
  readonly states: readonly State<T>[];
}

/** The base program. */
const NOTHING = () => ({});

const to = <T, K extends keyof T>(...values: ((scope: Construct) => T[K])[]): Values<T, K> => ({ values });
const plain = <V>(...values: V[]): { values: (() => V)[] } => ({ values: values.map((value) => () => value) });

function rowsOf<T extends object>(changes: Changes<T>): Row<T>[] {
  return Object.entries(changes as { [prop: string]: Values<T, keyof T> }).map(([prop, { besides = NOTHING, values }]) => ({
    prop,
    states: [besides, ...values.map((value): State<T> => (scope) => ({ ...besides(scope), [prop]: value(scope) }) as Partial<T>)],
  }));
}

/** The rows of options that a prop holds, each of which changes alone. */
function within<T, O extends object>(prop: string, changes: Changes<O>, wrap: (options: Partial<O>) => Partial<T>): Row<T>[] {
  return rowsOf(changes).map((row) => ({
    prop: `${prop}.${row.prop}`,
    states: row.states.map((state): State<T> => (scope) => wrap(state(scope))),
  }));
}

const secret = (scope: Construct, id: string) => secretsmanager.Secret.fromSecretNameV2(scope, id, id.toLowerCase());
const images = (scope: Construct, id: string) => ecr.Repository.fromRepositoryName(scope, id, id.toLowerCase());
const bucket = (scope: Construct, id: string) => s3.Bucket.fromBucketName(scope, id, `acme-${id.toLowerCase()}`);
const role = (scope: Construct, id: string) => iam.Role.fromRoleName(scope, id, id.toLowerCase());
const handler = (scope: Construct, id: string) => lambda.Function.fromFunctionAttributes(scope, id, {
  functionArn: arn('lambda', `function:${id.toLowerCase()}`), role: role(scope, `${id}Role`), sameEnvironment: true,
});
const statement = (queue: string) => new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [arn('sqs', queue)] });
const certificate = (scope: Construct, id: string) => acm.Certificate.fromCertificateArn(scope, id, arn('acm', `certificate/${id.toLowerCase()}`));
const hook = () => to<DeploymentHooks, 'beforeInstall'>((scope) => handler(scope, 'Freeze'), (scope) => handler(scope, 'Thaw'));
const emails = () => plain(['leads@example.com'], ['leads@example.com', 'owners@example.com']);
const { ARM64 } = ecs.CpuArchitecture;

const SMOKE_TEST: Changes<HttpSmokeTestOptions> = {
  path: plain('/products', '/orders'),
  status: plain(206, 301),
  body: plain('In stock', 'Sold out'),
  host: plain('shop.example.com', 'store.example.com'),
  timeout: plain(Duration.minutes(2), Duration.minutes(3)),
};
const HOOKS: Changes<Omit<DeploymentHooks, 'smokeTest'>> = {
  beforeInstall: hook(),
  afterInstall: hook(),
  afterAllowTestTraffic: hook(),
  beforeAllowTraffic: hook(),
  afterAllowTraffic: hook(),
};
const LOAD_BALANCER: Changes<LoadBalancerOptions> = {
  internetFacing: plain(false),
  accessLogsBucket: to((scope) => bucket(scope, 'Logs'), (scope) => bucket(scope, 'OtherLogs')),
  testListenerCidrs: plain(['203.0.113.0/24'], ['198.51.100.7/32']),
};
const ROLLBACK: Changes<RollbackOptions> = {
  errorRate: plain(2, 9),
  minimumRequests: plain(5, 50),
  terminationWaitTime: plain(Duration.minutes(30), Duration.minutes(60)),
};
const TASKS: Changes<TaskOptions> = {
  command: plain(['node', 'server.js'], ['node', 'other.js']),
  policies: to(() => [statement('orders')], () => [statement('returns')]),
  guardDutyAgent: plain(true),
};
const RETIRING: Changes<RetiringOptions> = {
  secrets: to((scope) => [ecs.Secret.fromSecretsManager(secret(scope, 'OldToken'))]),
  repositories: to((scope) => [images(scope, 'Sidecars')]),
  functions: to((scope) => [handler(scope, 'Retired')]),
  statements: to(() => [statement('old')]),
  smokeTest: to(() => SmokeTest.http({ path: '/' })),
};
const SHIFT: Changes<TrafficShiftOptions> = {
  percentage: plain(25, 30),
  interval: plain(Duration.minutes(7), Duration.minutes(8)),
};
const ENVIRONMENT: Changes<Omit<EnvironmentOptions, 'hooks' | 'loadBalancer' | 'rollback' | 'tasks' | 'retiring'>> = {
  cpu: { besides: () => ({ memoryLimitMiB: 1024 }), ...plain(512) },
  memoryLimitMiB: plain(1024, 2048),
  taskCount: plain(3, 4),
  maxTaskCount: plain(6, 9),
  containerEnvironment: plain<{ [name: string]: string }>({ LOG_LEVEL: 'debug' }, { LOG_LEVEL: 'info', FLAVOUR: 'dark' }),
  containerSecrets: to(
    (scope) => ({ PASSWORD: ecs.Secret.fromSecretsManager(secret(scope, 'Orders')) }),
    (scope) => ({ TOKEN: ecs.Secret.fromSecretsManager(secret(scope, 'Token')) }),
  ),
  certificate: to((scope) => certificate(scope, 'First'), (scope) => certificate(scope, 'Second')),
  trafficShift: to(() => TrafficShift.allAtOnce(), () => TrafficShift.linear({ percentage: 20, interval: Duration.minutes(2) })),
};

/** Options of an environment, and those that they hold. */
const environmentRows: Row<EnvironmentOptions>[] = [
  ...rowsOf(ENVIRONMENT),
  ...within('trafficShift', SHIFT, (options) => ({ trafficShift: TrafficShift.canary({ percentage: 20, interval: Duration.minutes(5), ...options }) })),
  ...within('hooks', HOOKS, (hooks) => ({ hooks })),
  { prop: 'hooks.smokeTest', states: [NOTHING, () => ({ hooks: { smokeTest: SmokeTest.http({ path: '/' }) } })] },
  ...within('hooks.smokeTest', SMOKE_TEST, (options) => ({ hooks: { smokeTest: SmokeTest.http({ path: '/', ...options }) } })),
  ...within('loadBalancer', LOAD_BALANCER, (loadBalancer) => ({ loadBalancer })),
  ...within('rollback', ROLLBACK, (rollback) => ({ rollback })),
  ...within('tasks', TASKS, (tasks) => ({ tasks })),
  ...within('retiring', RETIRING, (retiring) => ({ retiring })),
];
const APPROVAL: Changes<EmailApprovalOptions> = {
  emails: emails(),
  roles: to((scope) => [role(scope, 'Leads')], (scope) => [role(scope, 'Owners')]),
};

const IMAGE_STEPS: Changes<Omit<ImageStepsOptions, 'repository'>> = {
  dockerfile: plain('Containerfile', 'app/Dockerfile'),
  context: plain('app', 'src'),
  target: plain('runtime', 'slim'),
  buildArgs: plain({ VERSION: '1' }, { VERSION: '2' }),
  buildSecrets: to((scope) => ({ npmrc: secret(scope, 'Npmrc') })),
  preBuildCommands: plain(['npm ci'], ['npm test']),
  postBuildCommands: plain(['docker image ls'], ['docker ps']),
  reports: to(() => [BuildReport.junit(['junit.xml'])], () => [BuildReport.clover(['clover.xml'])]),
  cache: to(() => BuildCache.registry(), () => BuildCache.none()),
  registryCredentials: to((scope) => RegistryLogin.fromSecret(secret(scope, 'Login'), { registry: 'ghcr.io' })),
  buildkitImage: plain('public.ecr.aws/acme/buildkit:1', 'public.ecr.aws/acme/buildkit:2'),
};
const PROBE_STEPS: Changes<Omit<ProbeStepsOptions, 'repository'>> = {
  port: plain(3000),
  path: plain('/up'),
  environment: plain({ LOG_LEVEL: 'debug' }),
  command: plain(['node', 'server.js']),
  startupTime: plain(Duration.minutes(5)),
};
const COMMAND_STEPS: Changes<Omit<CommandStepsOptions, 'repository'>> = {
  docker: plain(true),
  cachePaths: plain(['/root/.npm/**/*']),
  reports: to(() => [BuildReport.junit(['junit.xml'])]),
};
const OWN_SPEC = { version: '0.2', env: { 'exported-variables': ['IMAGE_DIGEST'] }, phases: { build: { commands: ['make'] } } };
const SPEC_STEPS: Changes<BuildSpecStepsOptions> = { docker: plain(true), cached: plain(true) };
const LAYERS: Changes<RegistryCacheOptions> = {
  repository: to((scope) => images(scope, 'Layers')),
  tag: plain('shop', 'store'),
};
const SOURCE: Changes<ConnectionSourceOptions> = {
  connectionArn: plain(CONNECTION_ARN.replace('6a5e', '7b6f')),
  repository: plain('acme/other'),
  branch: plain('release', 'next'),
};
const PLATFORM: Changes<PlatformOptions> = {
  cpuArchitecture: plain(ARM64),
  buildImage: to((scope) => BuildImage.fromEcrRepository(images(scope, 'Tools'), '2026-11'), (scope) => BuildImage.fromEcrRepository(images(scope, 'Tools'), '2026-12')),
  bootstrapImage: to(() => ecs.ContainerImage.fromRegistry('public.ecr.aws/acme/waiting:1')),
};
const STORAGE: Changes<StorageOptions> = {
  maxImageCount: plain(100, 9000),
  artifactExpiration: plain(Duration.days(37), Duration.days(180)),
  artifactWriters: to((scope) => [role(scope, 'Writer')]),
  accessLogsBucket: to((scope) => bucket(scope, 'Logs'), (scope) => bucket(scope, 'OtherLogs')),
};

type FacadeProps = BlueGreenFargatePipelineProps;
const source = (options: Partial<ConnectionSourceOptions> = {}) =>
  PipelineSource.connection({ connectionArn: CONNECTION_ARN, repository: 'acme/storefront', branch: 'main', ...options });
const { staging, production } = PipelineEnvironment;
const FACADE: Changes<Omit<FacadeProps, 'source' | 'platform' | 'storage' | 'environments'>> = {
  environmentSuffix: plain('qa'),
  notificationEmails: emails(),
  approverEmails: emails(),
  vpc: to((scope) => broughtNetwork(scope)),
  containerPort: plain(3000, 9090),
  healthCheckPath: plain('/healthz', '/up'),
  repository: to((scope) => images(scope, 'Images'), (scope) => images(scope, 'OtherImages')),
  buildSteps: to(() => BuildSteps.buildSpec(codebuild.BuildSpec.fromObject(OWN_SPEC), { docker: true })),
  testSteps: to(() => BuildSteps.commands(['npm test']), () => BuildSteps.commands(['npm run e2e'])),
  registryCredentials: to((scope) => RegistryLogin.fromSecret(secret(scope, 'Login')), (scope) => RegistryLogin.fromSecret(secret(scope, 'OtherLogin'))),
  operatorRoles: to((scope) => [role(scope, 'Operators')], (scope) => [role(scope, 'OnCall')]),
};
const elsewhere = (scope: Construct) =>
  ecr.Repository.fromRepositoryArn(scope, 'Elsewhere', 'arn:aws:ecr:eu-west-1:111111111111:repository/images');
const elsewhereRow = { prop: 'repository (of another region)', states: [NOTHING, (scope: Construct) => ({ repository: elsewhere(scope) })] };
const facadeRows: Row<FacadeProps>[] = [
  ...rowsOf(FACADE),
  ...within('source', SOURCE, (options) => ({ source: source(options) })),
  { prop: 'environments (one added)', states: [NOTHING, () => ({ environments: [new PipelineEnvironment('qa'), staging(), production()] })] },
  { prop: 'environments (one removed)', states: [NOTHING, () => ({ environments: [production()] })] },
  { prop: 'environments (another order)', states: [NOTHING, () => ({ environments: [production(), staging()] })] },
  { prop: 'environments (another name)', states: [NOTHING, () => ({ environments: [staging(), new PipelineEnvironment('live')] })] },
  elsewhereRow,
  ...within('platform', PLATFORM, (platform) => ({ platform })),
  ...within('storage', STORAGE, (storage) => ({ storage })),
  ...within('buildSteps.image', IMAGE_STEPS, (options) => ({ buildSteps: BuildSteps.image(options) })),
  ...within('buildSteps.image.cache.registry', LAYERS, (options) => ({ buildSteps: BuildSteps.image({ cache: BuildCache.registry(options) }) })),
  {
    prop: 'registryCredentials.registry',
    states: [undefined, 'ghcr.io'].map((registry): State<FacadeProps> => (scope) => ({ registryCredentials: RegistryLogin.fromSecret(secret(scope, 'Login'), { registry }) })),
  },
  ...within('buildSteps.buildSpec', SPEC_STEPS, (options) => ({
    buildSteps: BuildSteps.buildSpec(codebuild.BuildSpec.fromObject(OWN_SPEC), options),
  })),
  ...within('testSteps.probe', PROBE_STEPS, (options) => ({ testSteps: BuildSteps.probe(options) })),
  ...within('testSteps.commands', COMMAND_STEPS, (options) => ({ testSteps: BuildSteps.commands(['npm test'], options) })),
];

const optionsRows: Row<PipelineEnvironmentOptions>[] = [
  ...environmentRows,
  ...within('approval', APPROVAL, (options) => ({ approval: Approval.byEmail(options) })),
];

const DEPLOYMENT: Changes<Omit<EcsBlueGreenDeploymentProps, keyof EnvironmentOptions>> = {
  environmentSuffix: plain('qa'),
  environmentName: plain('other'),
  repository: to((scope) => images(scope, 'OtherImages')),
  vpc: to((scope) => broughtNetwork(scope)),
  containerPort: plain(3000, 9090),
  healthCheckPath: plain('/healthz', '/up'),
  cpuArchitecture: plain(ARM64),
  logRetention: plain(logs.RetentionDays.ONE_DAY, logs.RetentionDays.ONE_YEAR),
  bootstrapImage: to(() => ecs.ContainerImage.fromRegistry('public.ecr.aws/acme/waiting:1')),
};
const PROJECT: Changes<Omit<CachedBuildProjectProps, '_context'>> = {
  environmentSuffix: plain('qa'),
  steps: to(() => BuildSteps.commands(['npm run lint'])),
  purpose: plain('lint'),
  buildImage: to((scope) => BuildImage.fromEcrRepository(images(scope, 'Tools'), '2026-11')),
  cacheBucket: to((scope) => bucket(scope, 'Cache')),
  cacheExpiration: plain(Duration.days(1), Duration.days(3)),
  timeout: plain(Duration.minutes(20)),
  queuedTimeout: plain(Duration.minutes(10)),
  logRetention: plain(logs.RetentionDays.ONE_DAY, logs.RetentionDays.ONE_YEAR),
  environmentVariables: plain({ FLAVOUR: { value: 'dark' } }, { FLAVOUR: { value: 'light' } }),
};
const GATE: Changes<ApprovalGateProps> = {
  environmentSuffix: plain('qa'),
  environmentName: plain('other'),
  approverEmails: plain(['leads@example.com', 'owners@example.com']),
  approverRoles: to((scope) => [role(scope, 'Leads')], (scope) => [role(scope, 'Owners')]),
  message: plain('Publish?', 'Publish #{Source.CommitId}?'),
  timeout: plain(Duration.days(2), Duration.days(3)),
};
const BUCKET: Changes<SecureArtifactBucketProps> = {
  environmentSuffix: plain('qa'),
  expiration: plain(Duration.days(37), Duration.days(120)),
  noncurrentVersionExpiration: plain(Duration.days(1), Duration.days(30)),
  accessLogsBucket: to((scope) => bucket(scope, 'Logs')),
  accessLogsPrefix: { besides: (scope) => ({ accessLogsBucket: bucket(scope, 'Logs') }), ...plain('a/') },
};
const CREDENTIALS: Changes<RegistryCredentialsProps> = {
  environmentSuffix: plain('qa'),
  registry: plain('ghcr.io'),
  rotationFunction: to((scope) => handler(scope, 'Rotate')),
  rotationInterval: { besides: (scope) => ({ rotationFunction: handler(scope, 'Rotate') }), ...plain(Duration.days(14)) },
};
const projectOf = (scope: Construct) => codebuild.Project.fromProjectName(scope, 'Lint', 'lint');
const groupOf = (scope: Construct) => codedeploy.EcsDeploymentGroup.fromEcsDeploymentGroupAttributes(scope, 'Group', {
  application: codedeploy.EcsApplication.fromEcsApplicationName(scope, 'Application', 'application'), deploymentGroupName: 'group',
});
const otherPipeline = (scope: Construct) => codepipeline.Pipeline.fromPipelineArn(scope, 'Theirs', arn('codepipeline', 'theirs'));
const alarm = (scope: Construct) => cloudwatch.Alarm.fromAlarmArn(scope, 'Latency', arn('cloudwatch', 'alarm:latency'));
const ALARMS: Changes<PipelineAlarmsProps> = {
  environmentSuffix: plain('qa'),
  pipeline: to((scope) => otherPipeline(scope)),
  notificationEmails: emails(),
  projects: to((scope) => [projectOf(scope)]),
  deploymentGroups: to((scope) => [groupOf(scope)]),
  watchedRules: to((scope) => [events.Rule.fromEventRuleArn(scope, 'Rule', arn('events', 'rule/watched'))]),
};
const DASHBOARD: Changes<PipelineDashboardProps> = {
  environmentSuffix: plain('qa'),
  pipeline: to((scope) => otherPipeline(scope)),
  projects: to((scope) => [projectOf(scope)]),
  deployments: to(() => [new DashboardDeployment('live', 'DeployLive')]),
  alarms: to((scope) => [alarm(scope)]),
};

/** What is changed: a construct, the rows of its props, and a program that makes it next to a pipeline. */
interface Subject<T> {
  readonly construct: string;
  readonly rows: Row<T>[];
  readonly make: (stack: Stack, given: Construct, props: Partial<T>) => void;
}

const approvalStage = () => ({ stageName: 'Approve', actions: [new actions.ManualApprovalAction({ actionName: 'Approve' })] });

/** A pipeline of the user, which has the two stages that every pipeline needs. */
function theirPipeline(stack: Stack): codepipeline.Pipeline {
  const pipeline = pipelineOfTheUser(stack);
  pipeline.addStage(approvalStage());
  return pipeline;
}

const subject = <T>(construct: string, rows: Row<T>[], make: Subject<T>['make']): Subject<unknown> => ({ construct, rows, make }) as Subject<unknown>;
const environmentSuffix = 'dev';

const SUBJECTS: readonly Subject<unknown>[] = [
  subject<FacadeProps>('BlueGreenFargatePipeline', facadeRows, (stack, _, props) => pipelineIn(stack, { source: source(), ...props })),
  // One environment is the first one, whose settings the test stage uses, and the last one, which serves the users.
  subject<PipelineEnvironmentOptions>('PipelineEnvironment', optionsRows, (stack, _, options) =>
    pipelineIn(stack, { environments: [production(options)] })),
  subject<EcsBlueGreenDeploymentProps>('EcsBlueGreenDeployment', [...environmentRows, ...rowsOf(DEPLOYMENT), elsewhereRow] as Row<EcsBlueGreenDeploymentProps>[],
    (stack, given, props) => {
      const deployment = new EcsBlueGreenDeployment(stack, 'Live', { environmentSuffix, environmentName: 'live', repository: images(given, 'Images'), ...props });
      const release = new codepipeline.Artifact('Source');
      const pipeline = pipelineOfTheUser(stack, release);
      new ApprovalGate(stack, 'Gate', { environmentSuffix, environmentName: 'live', approverEmails: ['leads@example.com'] }).addToPipeline(pipeline);
      deployment.addToPipeline(pipeline, { release });
      const alarms = new PipelineAlarms(stack, 'Alarms', { environmentSuffix, pipeline, notificationEmails: ['team@example.com'] });
      deployment.rollbackAlarms.forEach((each) => alarms.notifyOn(each));
    }),
  subject<CachedBuildProjectProps>('CachedBuildProject', rowsOf(PROJECT) as Row<CachedBuildProjectProps>[], (stack, _, props) => {
    const input = new codepipeline.Artifact('Source');
    const project = new CachedBuildProject(stack, 'Build', { environmentSuffix, steps: BuildSteps.commands(['npm test']), ...props });
    project.addToPipeline(pipelineOfTheUser(stack, input), { stageName: 'Test', input });
  }),
  subject<ApprovalGateProps>('ApprovalGate', rowsOf(GATE), (stack, _, props) =>
    new ApprovalGate(stack, 'Gate', { environmentSuffix, environmentName: 'live', approverEmails: ['leads@example.com'], ...props })
      .addToPipeline(pipelineOfTheUser(stack))),
  subject<SecureArtifactBucketProps>('SecureArtifactBucket', rowsOf(BUCKET), (stack, _, props) => {
    const { bucket: artifactBucket } = new SecureArtifactBucket(stack, 'Artifacts', { environmentSuffix, ...props });
    new codepipeline.Pipeline(stack, 'Pipeline', { artifactBucket, stages: [sourceStage(stack), approvalStage()], pipelineType: codepipeline.PipelineType.V2 });
  }),
  subject<RegistryCredentialsProps>('RegistryCredentials', rowsOf(CREDENTIALS), (stack, _, props) => {
    const { secret: created } = new RegistryCredentials(stack, 'Credentials', { environmentSuffix, ...props });
    pipelineIn(stack, { registryCredentials: RegistryLogin.fromSecret(created, { registry: props.registry }) });
  }),
  subject<PipelineAlarmsProps>('PipelineAlarms', rowsOf(ALARMS) as Row<PipelineAlarmsProps>[], (stack, _, props) =>
    new PipelineAlarms(stack, 'Alarms', { environmentSuffix, pipeline: theirPipeline(stack), notificationEmails: ['team@example.com'], ...props })),
  subject<PipelineDashboardProps>('PipelineDashboard', rowsOf(DASHBOARD), (stack, _, props) =>
    new PipelineDashboard(stack, 'Dashboard', { environmentSuffix, pipeline: theirPipeline(stack), ...props })),
];

function templateWith({ make }: Subject<unknown>, state: State<unknown>): SynthesisedTemplate {
  const stack = newStack();
  const given = new Construct(stack, 'Given');
  make(stack, given, state(given));
  return templateOf(stack);
}

/** A prop that is changed, and the templates before and after each change. */
export interface PropChange {
  readonly construct: string;
  readonly prop: string;
  readonly templates: () => SynthesisedTemplate[];
}

/** Every prop with a change of its value. A test synthesises only the templates that it asks for. */
export const PROP_CHANGES: readonly PropChange[] = SUBJECTS.flatMap((each) => {
  let base: SynthesisedTemplate | undefined;
  const templateAt = (state: State<unknown>) => (state === NOTHING ? base ??= templateWith(each, state) : templateWith(each, state));
  return each.rows.map(({ prop, states }) => ({ construct: each.construct, prop, templates: () => states.map(templateAt) }));
});
