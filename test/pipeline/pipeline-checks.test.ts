import {
  App, aws_codebuild as codebuild, aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda,
  aws_s3 as s3, aws_secretsmanager as secretsmanager, Lazy, Stack, Validations,
} from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { smallestProps } from '../../scripts/programs';
import {
  Approval, ApprovalGate, BlueGreenFargatePipeline, BlueGreenFargatePipelineProps, BuildCache, BuildImage, BuildSteps,
  PipelineEnvironment, PipelineEnvironmentOptions, RegistryCredentials, RegistryLogin,
} from '../../src';
import { pipelineViolations } from '../../src/pipeline/private/pipeline-checks';
import { formatViolation, listViolations } from '../../src/private/violations';
import { problemsOf, withoutLink } from '../helpers/refusals';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

const RUNS = 500;

interface Props {
  readonly [prop: string]: unknown;
}

const outside = newStack();
const images = ecr.Repository.fromRepositoryName(outside, 'Images', 'images');
const logs = s3.Bucket.fromBucketName(outside, 'Logs', 'acme-logs');
const vpc = ec2.Vpc.fromVpcAttributes(outside, 'Network', {
  vpcId: 'vpc-1', availabilityZones: ['a', 'b'], publicSubnetIds: ['p1', 'p2'], privateSubnetIds: ['s1', 's2'],
});
const token = Lazy.string({ produce: () => 'later' });
const leads = iam.Role.fromRoleName(outside, 'Leads', 'leads');
const login = RegistryLogin.fromSecret(secretsmanager.Secret.fromSecretNameV2(outside, 'Login', 'login'));

/** Environments with these names, or with this one and options of a JavaScript caller. */
const named = (...names: unknown[]) => names.map((name) => new PipelineEnvironment(name as string));
const numbered = (count: number) => named(...Array.from({ length: count }, (_, index) => `e${index}`));
const production = (options: Props) => [new PipelineEnvironment('production', options as PipelineEnvironmentOptions)];

/** The violations of the smallest program with a change by a JavaScript caller. */
function violationsOf(change: Props, scope: Stack = outside): string[] {
  const props = { ...smallestProps(), ...change } as BlueGreenFargatePipelineProps;
  return listViolations(pipelineViolations(scope, 'P', props)).map((found) => withoutLink(formatViolation(found)));
}

test.each<Props>([
  {},
  { environmentSuffix: token },
  { vpc: undefined },
  { environments: named('a', 'b') },
  { environments: numbered(14) },
  { environments: numbered(15), vpc },
  { environments: [PipelineEnvironment.staging(), PipelineEnvironment.production()] },
  { environments: production({ approval: Approval.byEmail() }) },
  { environments: production({ approval: Approval.byEmail({ emails: ['x@example.com'], roles: [leads] }) }) },
  { approverEmails: [token] },
  { buildSteps: BuildSteps.image({ repository: images }), repository: images },
  { testSteps: BuildSteps.probe() },
  { testSteps: BuildSteps.commands(['npm test']) },
  { testSteps: BuildSteps.buildSpec(codebuild.BuildSpec.fromSourceFilename('ci/test.yml')) },
  { registryCredentials: login },
  { platform: {} },
  { platform: { buildImage: BuildImage.AMAZON_LINUX_2023 } },
  { platform: { buildImage: BuildImage.AMAZON_LINUX_2023_ARM64, cpuArchitecture: ecs.CpuArchitecture.ARM64 } },
  { platform: { bootstrapImage: ecs.ContainerImage.fromRegistry('acme/hello:1') } },
  { storage: { accessLogsBucket: logs } },
  { containerPort: 1, healthCheckPath: '/up' },
])('a pipeline takes %p (%#)', (change) => {
  expect(violationsOf(change)).toEqual([]);
});

const SOURCE = 'for example PipelineSource.connection({ connectionArn, repository })';
const ENVIRONMENT = 'for example new PipelineEnvironment("production")';
const TEST_STEPS = 'must try the image out, which is made before; '
  + 'use BuildSteps.probe, BuildSteps.commands or BuildSteps.buildSpec [BGP138]';
const abroad = lambda.Function.fromFunctionAttributes(outside, 'Abroad', {
  functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:gate',
  role: iam.Role.fromRoleName(outside, 'Gate', 'gate'),
});

test.each<[Props, ...string[]]>([
  [{ source: undefined }, `'source' is required; ${SOURCE} [BGP001]`],
  [{ source: { connectionArn: 'x' } },
    `'source' must be a PipelineSource, got {"connectionArn":"x"}; ${SOURCE} [BGP002]`],
  [{ environments: [] },
    '\'environments\' must be a list of at least one environment, got []; for example [new PipelineEnvironment("production")] [BGP132]'],
  [{ environments: { name: 'a', containerEnvironment: { PASSWORD: 'hunter2' } } },
    '\'environments\' must be a list, got an object; for example [new PipelineEnvironment("production")] [BGP002]'],
  [{ environments: [{ name: 'a', containerEnvironment: { PASSWORD: 'hunter2' } }] },
    `'environments[0]' must be a PipelineEnvironment, got an object; ${ENVIRONMENT} [BGP002]`],
  [{ environments: [undefined, ...named('a')] }, `'environments[0]' is required; ${ENVIRONMENT} [BGP001]`],
  [{ environments: named(undefined) }, '\'environments[0].name\' is required; for example "staging" [BGP001]'],
  [{ environments: named(token) },
    '\'environments[0].name\' must be known at synthesis, got a token; write the name out, for example "staging" [BGP003]'],
  [{ environments: named('a', 'b', 'a') },
    '\'environments[2].name\' must differ from the others, got "a" twice; give each environment a name of its own [BGP133]'],
  [{ environments: named('prod', 'Prod') },
    '\'environments[1].name\' must be lower-case letters and digits, starting with a letter, got "Prod"; '
    + 'for example "staging" [BGP006]',
    '\'environments[1].name\' must differ from the others, got "Prod" twice; give each environment a name of its own [BGP133]'],
  [{ environments: numbered(15) },
    "'environments' must be at most 14, which fill the 500 resources of a stack, got 15; "
    + 'spread them over several stacks [BGP134]'],
  [{ environments: numbered(16), vpc },
    "'environments' must be at most 15, which fill the 500 resources of a stack, got 16; "
    + 'spread them over several stacks [BGP134]'],
  [{ environments: named('production'), environmentSuffix: 'abcdefghijklm' },
    "'environmentSuffix' must be at most 12 characters beside the environment \"production\", got \"abcdefghijklm\" (13); "
    + '"tg-green-production-abcdefghijklm" would not fit into the 32 characters of its AWS name; shorten it [BGP007]'],
  [{ environments: production({ approval: ['leads@example.com'] }) },
    '\'environments[0].approval\' must be an Approval, got ["leads@example.com"]; '
    + 'for example Approval.byEmail({ emails: ["leads@example.com"] }) [BGP002]'],
  [{ environments: production({ cpu: 300 }) },
    "'environments[0].cpu' must be 256, 512, 1024, 2048, 4096, 8192 or 16384, got 300; "
    + 'for example 512 with a memoryLimitMiB of 1024 [BGP097]'],
  [{ environments: production({ maxTaskCount: 1 }) },
    "'environments[0].maxTaskCount' must be at least 'taskCount' (2), got 1; change one of the two [BGP092]"],
  [{ environments: production({ hooks: { afterInstall: abroad } }) },
    "'environments[0].hooks.afterInstall' must be in the region of the stack, us-east-1, got one in eu-west-1; "
    + 'use one from there [BGP116]'],
  [{ platform: 'ARM64' },
    '\'platform\' must be an object, got "ARM64"; for example { cpuArchitecture: CpuArchitecture.ARM64 } [BGP002]'],
  [{ platform: { buildImage: codebuild.LinuxBuildImage.STANDARD_7_0 } },
    "'platform.buildImage' must be a BuildImage, got a LinuxBuildImage; for example BuildImage.AMAZON_LINUX_2023 [BGP002]"],
  [{ platform: { buildImage: BuildImage.AMAZON_LINUX_2023, cpuArchitecture: ecs.CpuArchitecture.ARM64 } },
    "'platform.buildImage' must be made for the 'cpuArchitecture' of the tasks, ARM64, got one for the other; "
    + 'change one of the two [BGP135]'],
  [{ platform: { buildImage: BuildImage.AMAZON_LINUX_2023_ARM64 } },
    "'platform.buildImage' must be made for the 'cpuArchitecture' of the tasks, X86_64, got one for the other; "
    + 'change one of the two [BGP135]'],
  [{ platform: { cpuArchitecture: ecs.CpuArchitecture.of('RISCV') } },
    '\'platform.cpuArchitecture\' must be CpuArchitecture.X86_64 or CpuArchitecture.ARM64, got "RISCV"; '
    + 'for example CpuArchitecture.ARM64 [BGP012]'],
  [{ buildSteps: BuildCache.none() },
    "'buildSteps' must be a BuildSteps, got a BuildCache; for example BuildSteps.image() [BGP002]"],
  [{ buildSteps: BuildSteps.commands(['make']) },
    "'buildSteps' must make an image; use BuildSteps.image or BuildSteps.buildSpec [BGP070]"],
  [{ buildSteps: BuildSteps.buildSpec(codebuild.BuildSpec.fromObject({ phases: { build: { commands: ['export IMAGE_URI=x'] } } })) },
    "'buildSteps' must export the image by digest, and their buildspec does not; "
    + 'set IMAGE_URI and list it under env, exported-variables [BGP071]'],
  [{ buildSteps: BuildSteps.image({ repository: images }) },
    "'buildSteps' must push to the 'repository' of the pipeline, which the tasks pull from; "
    + 'leave it out of the steps, or give it to the pipeline, too [BGP137]'],
  [{ testSteps: BuildSteps.image() }, `'testSteps' ${TEST_STEPS}`],
  [{ testSteps: BuildSteps.release({ releaseFiles: {} }) }, `'testSteps' ${TEST_STEPS}`],
  [{ registryCredentials: secretsmanager.Secret.fromSecretNameV2(outside, 'Bare', 'login') },
    "'registryCredentials' must be a RegistryLogin, got the SecretBase at \"Storefront/Bare\"; "
    + 'for example RegistryLogin.fromSecret(secret) [BGP002]'],
  [{ storage: { accessLogsBucket: s3.Bucket.fromBucketAttributes(outside, 'LogsAbroad', { bucketName: 'acme-logs', region: 'eu-west-1' }) } },
    "'storage.accessLogsBucket' must be in the region of the stack, us-east-1, got one in eu-west-1; "
    + 'use one from there [BGP087]'],
  [{ helthCheckPath: '/up' }, "'helthCheckPath' must not be set: there is no such key; use 'healthCheckPath' [BGP151]"],
  [{ dockerfile: 'web/Dockerfile', platform: { cpuArchitectur: 'x' } },
    "'platform.cpuArchitectur' must not be set: there is no such key; use 'cpuArchitecture' [BGP151]"],
])('a pipeline refuses %p in words (%#)', (change, ...messages) => {
  expect(violationsOf(change)).toEqual(messages);
});

test.each<[string, () => unknown, string]>([
  ['PipelineEnvironment', () => new PipelineEnvironment('live', { taskCuont: 3 } as PipelineEnvironmentOptions),
    "'taskCuont' must not be set: there is no such key; use 'taskCount' [BGP151]"],
  ['PipelineEnvironment.staging', () => PipelineEnvironment.staging({ rollback: { errorrate: 3 } } as PipelineEnvironmentOptions),
    "'rollback.errorrate' must not be set: there is no such key; use 'errorRate' [BGP151]"],
  ['PipelineEnvironment.production', () => PipelineEnvironment.production({ colour: 'blue' } as PipelineEnvironmentOptions),
    expect.stringMatching(/^'colour' must not be set: there is no such key; remove it, or use one of cpu, .+approval \[BGP151\]$/)],
])('%s refuses an unknown key', (_, make, message) => {
  expect(problemsOf(make)).toEqual([message]);
});

const PROPS = [
  'environmentSuffix', 'source', 'notificationEmails', 'approverEmails', 'environments', 'vpc', 'containerPort', 'healthCheckPath',
  'repository', 'buildSteps', 'testSteps', 'registryCredentials', 'platform', 'storage',
];

test('no value of any prop makes a check itself fail', () => {
  const anything = fc.anything({
    withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true,
  });
  const options = fc.dictionary(fc.constantFrom('approval', 'cpu', 'hooks', 'rollback', 'loadBalancer', 'tasks'), anything);
  const environment = fc.tuple(anything, options).map(([name, given]) => new PipelineEnvironment(
    name as string,
    Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value !== 'object')),
  ));

  fc.assert(fc.property(fc.constantFrom(...PROPS), anything, (prop, value) =>
    Array.isArray(violationsOf({ [prop]: value }))), { numRuns: RUNS });
  fc.assert(fc.property(fc.array(fc.oneof(anything, environment)), (environments) =>
    Array.isArray(violationsOf({ environments }))), { numRuns: RUNS });
});

test('null is a wrong value of every prop', () => {
  expect(PROPS.filter((prop) => violationsOf({ [prop]: null }).length !== 1)).toEqual([]);
});

test.each<[string, Props]>([
  ['environments', { environments: numbered(14) }],
  ['environments in a network of the user', { environments: numbered(15), vpc, repository: images }],
])('the greatest number of %s fits into a stack', (_, change) => {
  const stack = newStack();
  pipelineIn(stack, change);

  expect(Object.keys(templateOf(stack).Resources).length).toBeGreaterThan(460);
});

test('one error lists all violations, each once, and a refused pipeline leaves nothing in the tree', () => {
  const stack = newStack();
  const bare = ec2.Vpc.fromVpcAttributes(outside, 'Bare Network', {
    vpcId: 'vpc-1', availabilityZones: ['a', 'b'], publicSubnetIds: ['p1', 'p2'],
  });
  const bad = {
    ...smallestProps(),
    environmentSuffix: 'X',
    notificationEmails: ['x'],
    vpc: bare,
    containerPort: 0,
    environments: [new PipelineEnvironment('a', { cpu: 1 }), new PipelineEnvironment('b', { taskCount: 0 })],
  };

  const problems = problemsOf(() => new BlueGreenFargatePipeline(stack, 'P', bad));

  expect(problems.map((problem) => /^'([^']+)'.*\[(BGP\d+)\]$/.exec(problem)?.slice(1).join(' ')).sort()).toEqual([
    'containerPort BGP017', 'environmentSuffix BGP005', 'environments[0].cpu BGP097', 'environments[1].taskCount BGP090',
    'notificationEmails[0] BGP010', 'vpc BGP121',
  ]);
  expect(stack.node.children).toEqual([]);
});

test.each([undefined, null, 'x', 7, []])('%p is refused as props', (props) => {
  expect(() => new BlueGreenFargatePipeline(newStack(), 'P', props as unknown as BlueGreenFargatePipelineProps))
    .toThrow(/^Storefront\/P \(BlueGreenFargatePipeline\)/);
});

test.each([[undefined, 'P'], [new App(), 'P'], [newStack(), '']])('%p is refused as scope, or %p as id', (scope, id) => {
  expect(() => new BlueGreenFargatePipeline(scope as Stack, id, { ...smallestProps(), buildSteps: BuildSteps.image() }))
    .toThrow(/\[BGP0(13|04)\]/);
});

test('the suffix of a RegistryCredentials is taken, unless the pipeline gets a login', () => {
  const stack = newStack();
  const { secret } = new RegistryCredentials(stack, 'Login', { environmentSuffix: 'dev' });

  expect(violationsOf({}, stack)).toEqual([
    "'environmentSuffix' must differ for each use in one account and region, got \"dev\"; "
    + '"registry-credentials-dev" already belongs to Storefront/Login; give the second one a suffix of its own [BGP008]',
  ]);
  expect(violationsOf({ registryCredentials: RegistryLogin.fromSecret(secret) }, stack)).toEqual([]);
});

test.each<[string, (stack: Stack) => unknown]>([
  ['another pipeline', (stack) => pipelineIn(stack, {}, 'First')],
  ['an approval gate', (stack) => new ApprovalGate(stack, 'Gate', {
    environmentSuffix: 'dev', environmentName: 'production', approverEmails: ['x@example.com'],
  })],
])('the suffix of %s is refused before anything is created', (_, make) => {
  const stack = newStack();
  make(stack);

  expect(problemsOf(() => pipelineIn(stack))).toEqual([
    expect.stringMatching(/^'environmentSuffix' must differ for each use in one account and region/),
  ]);
  expect(stack.node.tryFindChild('P')).toBeUndefined();
});

describe('an environment with one task', () => {
  const warnings = (stack: Stack) => stack.node.findAll().flatMap(({ node }) => node.metadata)
    .filter(({ type, data }) => type === 'aws:cdk:warning' && String(data).includes('one task'));
  const ONE = new PipelineEnvironment('live', { taskCount: 1 });

  test.each<[string, PipelineEnvironment[], number]>([
    ['is warned of as the last one', [PipelineEnvironment.staging(), ONE], 1],
    ['is no finding before the last one', [ONE, PipelineEnvironment.production()], 0],
  ])('%s', (_, environments, count) => {
    const stack = newStack();
    pipelineIn(stack, { environments });

    expect(warnings(stack)).toHaveLength(count);
  });

  test('can be acknowledged', () => {
    const stack = newStack();
    Validations.of(stack).acknowledge({
      id: '@org/bluegreen-pipeline:BlueGreenFargatePipeline.oneTask', reason: 'a shop for one',
    });
    pipelineIn(stack, { environments: [ONE] });
    templateOf(stack);

    expect(warnings(stack)).toEqual([]);
  });
});

/** Things of the user's that a pipeline would change, in a stack of their own. */
function ownedByUser(stack: Stack) {
  const hookRole = new iam.Role(stack, 'HookRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const hook = new lambda.Function(stack, 'Hook', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('0'), role: hookRole,
  });
  return {
    approver: new iam.Role(stack, 'Approver', { assumedBy: new iam.AccountRootPrincipal() }),
    bucket: new s3.Bucket(stack, 'Bucket'),
    hook,
    images: new ecr.Repository(stack, 'Images'),
    login: RegistryLogin.fromSecret(new secretsmanager.Secret(stack, 'Secret')),
  };
}

test.each<[string, Props]>([
  ['a wrong suffix', { environmentSuffix: 'Dev' }],
  ['a wrong address', { notificationEmails: ['nobody'] }],
  ['a wrong port', { containerPort: 0 }],
  ['an unknown key', { containerPorts: 80 }],
  ['steps that make no image', { buildSteps: BuildSteps.commands(['make']) }],
  ['a wrong processor', { platform: { buildImage: BuildImage.AMAZON_LINUX_2023_ARM64 } }],
  ['a wrong environment', { environments: named('Live') }],
  ['a hook with an immutable role', {}],
])('a pipeline that is refused for %s leaves roles, functions and buckets of the user as they were', (_, wrong) => {
  const owned = (refused: boolean) => {
    const stack = newStack();
    const { approver, bucket, hook, images: repository, login: registryCredentials } = ownedByUser(stack);
    const immutable = lambda.Function.fromFunctionAttributes(stack, 'Immutable', {
      functionArn: hook.functionArn, role: iam.Role.fromRoleArn(stack, 'Copy', hook.role!.roleArn, { mutable: false }),
    });
    const live = new PipelineEnvironment('live', {
      hooks: { beforeInstall: hook, ...(Object.keys(wrong).length === 0 && { afterInstall: immutable }) },
      approval: Approval.byEmail({ roles: [approver] }),
      loadBalancer: { accessLogsBucket: bucket },
    });
    const make = () => pipelineIn(stack, {
      repository, registryCredentials, storage: { accessLogsBucket: bucket }, environments: [live], ...wrong,
    });
    if (refused) {
      expect(problemsOf(make)).not.toEqual([]);
    }
    return templateOf(stack);
  };

  expect(owned(true)).toEqual(owned(false));
});

describe('the environments of a pipeline', () => {
  const pipeline = pipelineIn(newStack(), { environments: named('qa', 'live') });

  test('are found by their names', () => {
    expect(pipeline.deployment('live')).toBe(pipeline.deployments.live);
    expect(pipeline.approval('qa')).toBe(pipeline.approvals.qa);
  });

  test.each(['prod', '', 'toString', undefined])('are listed for the name %p', (name) => {
    const list = 'must be the name of an environment of this pipeline, got '
      + `${name === undefined ? 'undefined' : JSON.stringify(name)}; use one of "qa", "live" [BGP153]`;

    expect(problemsOf(() => pipeline.deployment(name as string))).toEqual([`'environmentName' ${list}`]);
    expect(problemsOf(() => pipeline.approval(name as string))).toEqual([`'environmentName' ${list}`]);
  });
});
