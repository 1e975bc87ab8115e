import { inspect } from 'util';
import {
  aws_certificatemanager as acm, aws_codebuild as codebuild, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda, aws_s3 as s3,
  aws_secretsmanager as secretsmanager, Duration,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { CONNECTION_ARN, newStack } from './synthesis';
import { userNetwork } from '../../scripts/programs';
import {
  Approval, BlueGreenFargatePipelineProps, BuildCache, BuildImage, BuildReport, BuildSteps, DeploymentHooks, EmailApprovalOptions,
  LoadBalancerOptions, PipelineEnvironment, PipelineEnvironmentOptions, PipelineSource, PlatformOptions, RegistryLogin, RetiringOptions,
  RollbackOptions, SmokeTest, StorageOptions, TaskOptions, TrafficShift,
} from '../../src';

/** Creates a value next to a pipeline: props contain constructs, and two stacks of one app need two of them. */
type Recipe<T> = (scope: Construct) => T;
type Recipes<T> = { readonly [K in keyof T]-?: fc.Arbitrary<Recipe<T[K]>> };

/** Props, and the facts that the guarantees need about them. */
export interface RandomProps {
  readonly suffix: string;
  readonly environmentNames: string[];
  readonly make: Recipe<BlueGreenFargatePipelineProps>;
}

const plain = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<Recipe<T>> => values.map((value) => () => value);
const made = <T>(...recipes: Recipe<T>[]): fc.Arbitrary<Recipe<T>> => fc.constantFrom(...recipes);

/** The combined result of the recipes of some keys; any of them may be omitted. */
function together<T extends object>(recipes: Recipes<T>): fc.Arbitrary<Recipe<Partial<T>>> {
  return fc.record(recipes as { [key: string]: fc.Arbitrary<Recipe<unknown>> }, { requiredKeys: [] }).map((chosen) => (scope) => {
    const entries = Object.entries(chosen) as [string, Recipe<unknown>][];
    return Object.fromEntries(entries.map(([key, recipe]) => [key, recipe(scope)])) as Partial<T>;
  });
}

/** One group of recipes or another, for props that cannot be combined. */
function merged<T extends object>(...groups: fc.Arbitrary<Recipe<Partial<T>>>[]): fc.Arbitrary<Recipe<Partial<T>>> {
  return fc.tuple(...groups).map((chosen) => (scope) => Object.assign({}, ...chosen.map((recipe) => recipe(scope))) as Partial<T>);
}

const arn = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:111111111111:${resource}`;
const text = (pattern: RegExp): fc.Arbitrary<string> => fc.stringMatching(pattern);
const environmentVariable = text(/^[A-Z][A-Z0-9_]{0,9}$/);

/** Grammar of RFC 5321 within what SNS takes. */
const email = fc.tuple(text(/^[a-z0-9]{1,8}([.+_-][a-z0-9]{1,4})?$/), text(/^[a-z0-9]{1,8}(-[a-z0-9]{1,3})?\.(com|example|co)$/)).map((parts) => parts.join('@'));
const emails = fc.uniqueArray(email, { minLength: 1, maxLength: 3 });

/** The first or last rows of the Fargate table. */
const sizes = fc.constantFrom(
  [256, 512], [256, 2048], [512, 1024], [512, 4096], [1024, 2048], [1024, 8192], [2048, 16_384], [4096, 30_720], [8192, 16_384], [16_384, 122_880]);
const counts = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 }));
const minutes = (min: number, max: number): fc.Arbitrary<Duration> => fc.integer({ min, max }).map((amount) => Duration.minutes(amount));
const steps = fc.record({ percentage: fc.integer({ min: 10, max: 99 }), interval: minutes(1, 9) });
const path = text(/^\/[a-z0-9/_.~-]{0,12}(\?[a-z]=[a-z0-9%]{0,5})?$/);

const hook = (name: string): Recipe<lambda.IFunction> => (scope) => lambda.Function.fromFunctionAttributes(scope, name, {
  functionArn: arn('lambda', `function:${name}`), role: iam.Role.fromRoleName(scope, `${name}Role`, name), sameEnvironment: true,
});
const smokeTest = fc.record({
  path,
  status: fc.integer({ min: 200, max: 599 }),
  body: text(/^[!-~][ -~]{0,19}$/),
  host: text(/^[a-z]{1,9}\.example\.com$/),
  timeout: fc.integer({ min: 30, max: 300 }).map((amount) => Duration.seconds(amount)),
}, { requiredKeys: ['path'] });

const hooks = together<Omit<DeploymentHooks, 'afterAllowTestTraffic'>>({
  smokeTest: plain(smokeTest.map((options) => SmokeTest.http(options))),
  beforeInstall: made(hook('BeforeInstall')),
  afterInstall: made(hook('AfterInstall')),
  beforeAllowTraffic: made(hook('BeforeAllowTraffic')),
  afterAllowTraffic: made(hook('AfterAllowTraffic')),
});

/** Every option of an environment except its name, by prop, so that a new one cannot be forgotten. */
const OPTIONS: Recipes<Omit<PipelineEnvironmentOptions, 'cpu' | 'memoryLimitMiB' | 'taskCount' | 'maxTaskCount' | 'hooks'>> = {
  containerEnvironment: plain(fc.dictionary(environmentVariable, fc.string(), { maxKeys: 3 })),
  containerSecrets: made((scope) => ({ PASSWORD: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(scope, 'Database', 'orders')) })),
  tasks: together<TaskOptions>({
    command: plain(fc.array(text(/^[ -~]{1,12}$/), { minLength: 1, maxLength: 3 })),
    policies: made(() => [new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [arn('sqs', 'orders')] })]),
    guardDutyAgent: plain(fc.boolean()),
  }),
  certificate: made((scope) => acm.Certificate.fromCertificateArn(scope, 'Certificate', arn('acm', 'certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c'))),
  loadBalancer: together<LoadBalancerOptions>({
    internetFacing: plain(fc.boolean()),
    accessLogsBucket: made((scope) => s3.Bucket.fromBucketName(scope, 'LoadBalancerLogs', 'acme-alb-logs')),
    testListenerCidrs: plain(fc.uniqueArray(fc.ipV4().map((address) => `${address}/32`), { maxLength: 2 })),
  }),
  retiring: together<Omit<RetiringOptions, 'smokeTest'>>({
    secrets: made((scope) => [ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(scope, 'OldToken', 'old-token'))]),
    repositories: made((scope) => [ecr.Repository.fromRepositoryName(scope, 'Sidecars', 'sidecars')]),
    functions: made((scope) => [hook('Retired')(scope)]),
    statements: made(() => [new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [arn('sqs', 'returns')] })]),
  }),
  trafficShift: plain(fc.oneof(
    fc.constant(TrafficShift.allAtOnce()), steps.map((props) => TrafficShift.canary(props)), steps.map((props) => TrafficShift.linear(props)))),
  rollback: together<RollbackOptions>({
    errorRate: plain(fc.integer({ min: 1, max: 99 })),
    minimumRequests: plain(fc.integer({ min: 1, max: 1_000_000 })),
    terminationWaitTime: plain(fc.oneof(minutes(0, 5), minutes(600, 2880))),
  }),
  approval: together<EmailApprovalOptions>({
    emails: plain(emails),
    roles: made((scope) => [iam.Role.fromRoleName(scope, 'Leads', 'leads')]),
  }).map((recipe) => (scope) => Approval.byEmail(recipe(scope))),
};

const nothing = fc.constant<Recipe<object>>(() => ({}));

function environment(name: string): fc.Arbitrary<Recipe<PipelineEnvironment>> {
  return merged<PipelineEnvironmentOptions>(
    together(OPTIONS),
    fc.oneof(nothing, sizes.map(([cpu, memoryLimitMiB]) => () => ({ cpu, memoryLimitMiB }))),
    fc.oneof(nothing, made(() => ({ maxTaskCount: 4 })), counts.map(([taskCount, more]) => () => ({ taskCount, maxTaskCount: taskCount + more }))),
    fc.oneof(
      nothing,
      together<{ hooks: DeploymentHooks }>({ hooks }),
      made((scope) => ({ hooks: { afterAllowTestTraffic: hook('AfterAllowTestTraffic')(scope) } })),
      plain(smokeTest.map((options) => ({ retiring: { smokeTest: SmokeTest.http(options) } }))),
    ),
  ).map((recipe) => (scope) => new PipelineEnvironment(name, recipe(new Construct(scope, name))));
}

const branch = text(/^[a-z]{1,8}(\/[a-z0-9._]{1,8}[a-z])?$/).filter((name) => !/\.\.|\/\.|\.lock$/.test(name));
const repositoryName = text(/^[a-z0-9]{1,8}(\/[a-z0-9_-]{1,8}){1,3}$/);
const imageSteps = fc.record({
  target: text(/^[a-z]{1,8}$/),
  context: text(/^[a-z]{1,6}(\/[a-z]{1,6}){0,2}$/),
  dockerfile: text(/^[a-z]{1,8}\/Dockerfile$/),
  buildArgs: fc.dictionary(environmentVariable, fc.string(), { maxKeys: 2 }),
  preBuildCommands: fc.array(text(/^[ -~]*[a-z]$/), { minLength: 1, maxLength: 2 }),
  reports: fc.constant<BuildReport[]>([BuildReport.junit(['reports/*.xml'])]),
  cache: fc.constantFrom(BuildCache.s3(), BuildCache.registry(), BuildCache.none()),
}, { requiredKeys: [] });
const ownSpec = codebuild.BuildSpec.fromObject({ version: '0.2', env: { 'exported-variables': ['IMAGE_DIGEST'] }, phases: { build: { commands: ['make'] } } });


type Props = BlueGreenFargatePipelineProps;

/** The props of the first tasks, except the CPU architecture, which must not change once they run. */
const FROZEN: Recipes<Pick<Props, 'containerPort'>> = {
  containerPort: plain(fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constantFrom(1, 80, 65_535))),
};

/** Everything else that a pipeline may be given beside what is made apart, because it only goes together. */
const PIPELINE: Recipes<Omit<Props, 'containerPort' | 'environmentSuffix' | 'environments' | 'platform' | 'buildSteps' | 'repository' | 'storage'>> = {
  source: plain(fc.record({ repository: repositoryName, branch }, { requiredKeys: ['repository'] })
    .map((props) => PipelineSource.connection({ connectionArn: CONNECTION_ARN, ...props }))),
  notificationEmails: plain(emails),
  approverEmails: plain(emails),
  vpc: made((scope) => userNetwork(scope)),
  healthCheckPath: plain(path),
  testSteps: plain(fc.array(text(/^[ -~]*[a-z]$/), { minLength: 1, maxLength: 3 }).map((commands) => BuildSteps.commands(commands))),
  operatorRoles: made((scope) => [iam.Role.fromRoleName(scope, 'Operators', 'operators')]),
  registryCredentials: made((scope) => RegistryLogin.fromSecret(secretsmanager.Secret.fromSecretNameV2(scope, 'Login', 'login'))),
};

const STORAGE: Recipes<Omit<StorageOptions, 'maxImageCount'>> = {
  artifactExpiration: plain(fc.integer({ min: 37, max: 3650 }).map((days) => Duration.days(days))),
  accessLogsBucket: made((scope) => s3.Bucket.fromBucketName(scope, 'AccessLogs', 'acme-access-logs')),
  artifactWriters: made((scope) => [iam.Role.fromRoleName(scope, 'Writer', 'writer')]),
};
const maxImageCount = plain(fc.oneof(fc.integer({ min: 100, max: 100_000 }), fc.constantFrom(100, 100_000)));
/** A repository of the user has its own lifecycle rules. */
const stores: fc.Arbitrary<Recipe<Partial<Props>>> = fc.oneof(
  together<Pick<Props, 'storage'>>({ storage: together<StorageOptions>({ ...STORAGE, maxImageCount }) }),
  together<Pick<Props, 'repository' | 'storage'>>({
    repository: made((scope) => ecr.Repository.fromRepositoryName(scope, 'Images', 'images')),
    storage: together<StorageOptions>({ ...STORAGE, maxImageCount: plain(fc.constant(undefined)) }),
  }),
);

const { ARM64, X86_64 } = ecs.CpuArchitecture;
const tools = (scope: Construct) => ecr.Repository.fromRepositoryName(scope, 'Tools', 'tools');
const ownImage = (scope: Construct, cpuArchitecture?: ecs.CpuArchitecture) =>
  BuildImage.fromEcrRepository(tools(scope), '2026-11', { cpuArchitecture });
const x86 = made<PlatformOptions>(
  () => ({}),
  () => ({ cpuArchitecture: X86_64, buildImage: BuildImage.AMAZON_LINUX_2023 }),
  (scope) => ({ buildImage: ownImage(scope) }),
);
const arm = made<PlatformOptions>(
  () => ({ cpuArchitecture: ARM64 }),
  (scope) => ({ cpuArchitecture: ARM64, buildImage: ownImage(scope, ARM64) }),
);
const bootstrapImage = made<PlatformOptions>(
  () => ({}),
  () => ({ bootstrapImage: ecs.ContainerImage.fromRegistry('public.ecr.aws/acme/waiting:1') }),
);
const platform = (...options: fc.Arbitrary<Recipe<PlatformOptions>>[]): fc.Arbitrary<Recipe<Partial<Props>>> =>
  merged<PlatformOptions>(...options).map((recipe) => (scope) => ({ platform: recipe(scope) }));
const builds: fc.Arbitrary<Recipe<Partial<Props>>> = fc.oneof(
  imageSteps.map((options) => () => ({ buildSteps: BuildSteps.image(options) })),
  made(() => ({ buildSteps: BuildSteps.buildSpec(ownSpec, { docker: true }) })),
  nothing,
);

function environments(names: string[]): fc.Arbitrary<Recipe<Partial<Props>>> {
  return fc.tuple(...names.map(environment)).map((recipes) => (scope) => ({ environments: recipes.map((recipe) => recipe(scope)) }));
}

/** Props of the smallest program that do not change its frozen task definitions. */
export const unfrozenProps = merged<Props>(together(PIPELINE), stores, platform(x86), builds, environments(['staging', 'production']));

/** Suffix and environments of at most 22 characters together, the limit from the name of a target group. */
export const suffixes = text(/^[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?$/);
const environmentNames = fc.uniqueArray(text(/^[a-z][a-z0-9]{0,8}$/), { minLength: 1, maxLength: 3 });

/** Props that a pipeline accepts, with everything that there is left out or given. */
export const acceptedProps: fc.Arbitrary<RandomProps> = fc.tuple(suffixes, fc.option(environmentNames, { nil: undefined })).chain(([suffix, names]) =>
  merged<BlueGreenFargatePipelineProps>(
    fc.tuple(PIPELINE.source, PIPELINE.notificationEmails).map(([source, notificationEmails]) => (scope) =>
      ({ source: source(scope), notificationEmails: notificationEmails(scope) })),
    together(PIPELINE),
    stores,
    together(FROZEN),
    platform(fc.oneof(x86, arm), bootstrapImage),
    builds,
    names === undefined ? nothing : environments(names),
  ).map((recipe) => ({
    suffix,
    environmentNames: names ?? ['staging', 'production'],
    make: (scope: Construct) => ({ ...recipe(scope), environmentSuffix: suffix }) as BlueGreenFargatePipelineProps,
  }))).map((props) => ({
  ...props,
  // The format of a counterexample.
  [fc.toStringMethod]: () => inspect(props.make(new Construct(newStack(), 'Given')), { depth: 3 }),
}));
