import {
  App, aws_codebuild as codebuild, aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda, aws_s3 as s3,
  aws_secretsmanager as secretsmanager, Lazy, Stack, Validations,
} from 'aws-cdk-lib';
import * as fc from 'fast-check';
import {
  ApprovalGate, BlueGreenFargatePipeline, BlueGreenFargatePipelineProps, BuildCache, BuildImage, BuildSteps, RegistryCredentials,
} from '../../src';
import { pipelineProblems } from '../../src/pipeline/private/pipeline-checks';
import { inWords } from '../../src/private/errors';
import { newStack, pipelineIn, smallestProps, templateOf } from '../helpers/synthesis';

const RUNS = 500;

type Given = { [prop: string]: unknown };

const outside = newStack();
const images = ecr.Repository.fromRepositoryName(outside, 'Images', 'images');
const vpc = ec2.Vpc.fromVpcAttributes(outside, 'Network', {
  vpcId: 'vpc-1', availabilityZones: ['a', 'b'], publicSubnetIds: ['p1', 'p2'], privateSubnetIds: ['s1', 's2'],
});
const text = Lazy.string({ produce: () => 'later' });
const named = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `e${index}` }));

/** What is said about the smallest program with a change; props are whatever a JavaScript caller hands over. */
function said(change: Given, scope: Stack = outside): string[] {
  return pipelineProblems(scope, 'P', { ...smallestProps(), ...change } as BlueGreenFargatePipelineProps).flatMap((problem) => problem === undefined ? [] : [inWords(problem)]);
}

describe('a pipeline takes', () => {
  test.each<Given>([
    {}, { environmentSuffix: text }, { vpc: undefined }, { environments: [{ name: 'a' }, { name: 'b' }] }, { environments: named(14) }, { environments: named(15), vpc },
    { approverEmails: [text] }, { environments: [{ name: 'a', approverEmails: ['x@example.com'], approverRoles: [iam.Role.fromRoleName(outside, 'Leads', 'leads')] }] },
    { environments: [{ name: 'a', approverRoles: [] }] },
    { dockerfile: 'web/Dockerfile', buildContext: 'web' }, { buildSteps: BuildSteps.image({ repository: images }), repository: images },
    { testSteps: BuildSteps.probe() }, { testSteps: BuildSteps.commands(['npm test']) }, { testSteps: BuildSteps.buildSpec(codebuild.BuildSpec.fromSourceFilename('ci/test.yml')) },
    { buildImage: BuildImage.AMAZON_LINUX_2023 }, { buildImage: BuildImage.AMAZON_LINUX_2023_ARM64, cpuArchitecture: ecs.CpuArchitecture.ARM64 },
    { registryCredentials: secretsmanager.Secret.fromSecretNameV2(outside, 'Login', 'login') }, { accessLogsBucket: s3.Bucket.fromBucketName(outside, 'Logs', 'acme-logs') },
    { bootstrapImage: ecs.ContainerImage.fromRegistry('acme/hello:1') }, { containerPort: 1, healthCheckPath: '/up' },
  ])('%#: %p', (change) => {
    expect(said(change)).toEqual([]);
  });
});

const ROLE = 'for example iam.Role.fromRoleName(this, \'Leads\', \'leads\')';

describe('a pipeline refuses', () => {
  test.each<[Given, string]>([
    [{ environmentSuffix: undefined }, "'environmentSuffix' is required; for example \"dev\" [BGP001]"],
    [{ environmentSuffix: 7 }, "'environmentSuffix' must be a text, got 7; for example \"dev\" [BGP002]"],
    [{ environmentSuffix: 'two--hyphens' }, "'environmentSuffix' must be lower-case letters, digits and single hyphens, starting with a letter and not ending in a hyphen, "
      + 'got "two--hyphens"; for example "dev" [BGP005]'],
    [{ source: undefined }, "'source' is required; for example PipelineSource.connection({ connectionArn, repository }) [BGP001]"],
    [{ source: 'acme/storefront' }, '\'source\' must be a PipelineSource, got "acme/storefront"; for example PipelineSource.connection({ connectionArn, repository }) [BGP002]'],
    [{ source: { connectionArn: 'x' } }, '\'source\' must be a PipelineSource, got {"connectionArn":"x"}; for example PipelineSource.connection({ connectionArn, repository }) [BGP002]'],
    [{ notificationEmails: 'team@example.com' }, '\'notificationEmails\' must be a list, got "team@example.com"; for example ["team@example.com"] [BGP002]'],
    [{ notificationEmails: [] }, '\'notificationEmails\' must be a list of at least one e-mail address, got []; for example ["team@example.com"] [BGP009]'],
    [{ notificationEmails: ['team@example'] }, '\'notificationEmails[0]\' must be an e-mail address, got "team@example"; for example "team@example.com" [BGP010]'],
    [{ approverEmails: [] }, '\'approverEmails\' must be a list of at least one e-mail address, got []; for example ["team@example.com"] [BGP009]'],
    [{ approverEmails: null }, '\'approverEmails\' is required; for example ["team@example.com"] [BGP001]'],
    [{ environments: [] }, '\'environments\' must be a list of at least one environment, got []; for example [{ name: "production" }] [BGP132]'],
    [{ environments: null }, '\'environments\' must be a list, got null; for example [{ name: "production" }] [BGP002]'],
    [{ environments: { name: 'a', containerEnvironment: { PASSWORD: 'hunter2' } } }, '\'environments\' must be a list, got an object; for example [{ name: "production" }] [BGP002]'],
    [{ environments: ['production'] }, '\'environments[0]\' must be an object, got "production"; for example { name: "production" } [BGP002]'],
    [{ environments: [{}] }, '\'environments[0].name\' is required; for example "staging" [BGP001]'],
    [{ environments: [{ name: 'a' }, {}] }, '\'environments[1].name\' is required; for example "staging" [BGP001]'],
    [{ environments: [null, { name: 'a' }] }, '\'environments[0]\' must be an object, got null; for example { name: "production" } [BGP002]'],
    [{ environments: [{ name: text }] }, '\'environments[0].name\' must be known at synthesis, got a token; write the name out, for example "staging" [BGP003]'],
    [{ environments: [{ name: 'a' }, { name: 'b' }, { name: 'a' }] }, '\'environments[2].name\' must differ from the others, got "a" twice; give each environment a name of its own [BGP133]'],
    [{ environments: [{ name: 'prod' }, { name: 'Prod' }] },
      '\'environments[1].name\' must be lower-case letters and digits, starting with a letter, got "Prod"; for example "staging" [BGP006]'
      + '|\'environments[1].name\' must differ from the others, got "Prod" twice; give each environment a name of its own [BGP133]'],
    [{ environments: named(15) }, "'environments' must be at most 14, which fill the 500 resources of a stack, got 15; spread them over several stacks [BGP134]"],
    [{ environments: named(16), vpc }, "'environments' must be at most 15, which fill the 500 resources of a stack, got 16; spread them over several stacks [BGP134]"],
    [{ environments: [{ name: 'production' }], environmentSuffix: 'abcdefghijklm' },
      "'environmentSuffix' must be at most 12 characters beside the environment \"production\", got \"abcdefghijklm\" (13); "
      + '"tg-green-production-abcdefghijklm" would not fit into the 32 characters of its AWS name; shorten it [BGP007]'],
    [{ environments: [{ name: 'production', approverEmails: ['x'] }] }, '\'environments[0].approverEmails[0]\' must be an e-mail address, got "x"; for example "team@example.com" [BGP010]'],
    [{ environments: [{ name: 'production', approverRoles: 'leads' }] }, '\'environments[0].approverRoles\' must be a list, got "leads"; for example [iam.Role.fromRoleName(this, \'Leads\', \'leads\')] [BGP002]'],
    [{ environments: [{ name: 'production', approverRoles: ['leads'] }] }, `'environments[0].approverRoles[0]' must be an iam.IRole, got "leads"; ${ROLE} [BGP002]`],
    [{ environments: [{ name: 'production', approverRoles: [undefined] }] }, `'environments[0].approverRoles[0]' is required; ${ROLE} [BGP001]`],
    [{ environments: [{ name: 'production', cpu: 300 }] }, "'environments[0].cpu' must be 256, 512, 1024, 2048, 4096, 8192 or 16384, got 300; for example 512 with a memoryLimitMiB of 1024 [BGP097]"],
    [{ environments: [{ name: 'a', maxTaskCount: 1 }, { name: 'b', maxTaskCount: 1 }] }, "'environments[1].maxTaskCount' must be at least 'taskCount' (2), got 1; change one of the two [BGP092]"],
    [{ environments: [{ name: 'a', hooks: { afterInstall: lambda.Function.fromFunctionAttributes(outside, 'Foreign', { functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:gate', role: iam.Role.fromRoleName(outside, 'Gate', 'gate') }) } }] },
      "'environments[0].hooks.afterInstall' must be in the region of the stack, us-east-1, got one in eu-west-1; use one from there [BGP116]"],
    [{ containerPort: 0 }, "'containerPort' must be a whole number from 1 to 65535, got 0; for example 8080 [BGP017]"],
    [{ vpc: 'vpc-1' }, "'vpc' must be an ec2.IVpc, got \"vpc-1\"; for example new ec2.Vpc(this, \"Network\") [BGP002]"],
    [{ buildImage: 'amazonlinux' }, "'buildImage' must be a BuildImage, got \"amazonlinux\"; for example BuildImage.AMAZON_LINUX_2023 [BGP002]"],
    [{ buildImage: codebuild.LinuxBuildImage.STANDARD_7_0 }, "'buildImage' must be a BuildImage, got a LinuxBuildImage; for example BuildImage.AMAZON_LINUX_2023 [BGP002]"],
    [{ buildImage: BuildImage.AMAZON_LINUX_2023, cpuArchitecture: ecs.CpuArchitecture.ARM64 },
      "'buildImage' must be made for the 'cpuArchitecture' of the tasks, ARM64, got one for the other; change one of the two [BGP135]"],
    [{ buildImage: BuildImage.AMAZON_LINUX_2023_ARM64 }, "'buildImage' must be made for the 'cpuArchitecture' of the tasks, X86_64, got one for the other; change one of the two [BGP135]"],
    [{ buildSteps: ['npm ci'] }, "'buildSteps' must be BuildSteps, got [\"npm ci\"]; for example BuildSteps.image() [BGP002]"],
    [{ buildSteps: BuildCache.none() }, "'buildSteps' must be BuildSteps, got a BuildCache; for example BuildSteps.image() [BGP002]"],
    [{ testSteps: 'npm test' }, "'testSteps' must be BuildSteps, got \"npm test\"; for example BuildSteps.probe() [BGP002]"],
    [{ testSteps: BuildSteps.image() }, "'testSteps' must try the image out, which is made before; use BuildSteps.probe, BuildSteps.commands or BuildSteps.buildSpec [BGP138]"],
    [{ testSteps: BuildSteps.release({ releaseFiles: {} }) }, "'testSteps' must try the image out, which is made before; use BuildSteps.probe, BuildSteps.commands or BuildSteps.buildSpec [BGP138]"],
    [{ buildSteps: BuildSteps.image(), dockerfile: 'Dockerfile' }, "'dockerfile' must not come with 'buildSteps', which say themselves what is built; give it to BuildSteps.image, or remove one of the two [BGP136]"],
    [{ buildSteps: BuildSteps.image(), buildContext: 'web' }, "'buildContext' must not come with 'buildSteps', which say themselves what is built; give it to BuildSteps.image, or remove one of the two [BGP136]"],
    [{ buildSteps: BuildSteps.image({ repository: images }) }, "'buildSteps' must push to the 'repository' of the pipeline, which the tasks pull from; leave it out of the steps, or give it to the pipeline, too [BGP137]"],
    [{ dockerfile: '../Dockerfile' }, "'dockerfile' must be a path within the source, relative to its root, got \"../Dockerfile\"; for example \"Dockerfile\" [BGP030]"],
    [{ buildContext: '/web' }, "'buildContext' must be a path within the source, relative to its root, got \"/web\"; for example \"web\" [BGP030]"],
    [{ registryCredentials: 'login' }, "'registryCredentials' must be a secretsmanager.ISecret, got \"login\"; for example new secretsmanager.Secret(this, \"Login\") [BGP002]"],
    [{ accessLogsBucket: 'acme-logs' }, "'accessLogsBucket' must be an s3.IBucket, got \"acme-logs\"; for example s3.Bucket.fromBucketName(this, 'Logs', 'acme-access-logs') [BGP002]"],
    [{ accessLogsBucket: s3.Bucket.fromBucketAttributes(outside, 'LogsAbroad', { bucketName: 'acme-logs', region: 'eu-west-1' }) },
      "'accessLogsBucket' must be in the region of the stack, us-east-1, got one in eu-west-1; use one from there [BGP087]"],
  ])('%#: %p', (change, sentences) => {
    expect(said(change)).toEqual(sentences.split('|'));
  });
});

const PROPS = ['environmentSuffix', 'source', 'notificationEmails', 'approverEmails', 'environments', 'vpc', 'containerPort', 'healthCheckPath', 'repository', 'dockerfile',
  'buildContext', 'buildSteps', 'buildImage', 'cpuArchitecture', 'testSteps', 'registryCredentials', 'bootstrapImage', 'accessLogsBucket'];

test('no value of any prop makes a check itself fail', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true });
  const environment = fc.dictionary(fc.constantFrom('name', 'approverEmails', 'approverRoles', 'cpu', 'hooks'), anything);

  fc.assert(fc.property(fc.constantFrom(...PROPS), anything, (prop, value) => Array.isArray(said({ [prop]: value }))), { numRuns: RUNS });
  fc.assert(fc.property(fc.array(fc.oneof(anything, environment)), (environments) => Array.isArray(said({ environments }))), { numRuns: RUNS });
});

test('null is a wrong value of every prop', () => {
  expect(PROPS.filter((prop) => said({ [prop]: null }).length !== 1)).toEqual([]);
});

test.each<[string, Given]>([
  ['environments', { environments: named(14) }], ['environments in a network of theirs', { environments: named(15), vpc, repository: images }],
])('as many %s as are taken fit into a stack', (_, change) => {
  const stack = newStack();
  pipelineIn(stack, change);

  expect(Object.keys(templateOf(stack).Resources).length).toBeGreaterThan(460);
});

test('all problems are told once, together, and nothing is left behind', () => {
  const stack = newStack();
  const bad = { ...smallestProps(), environmentSuffix: 'X', notificationEmails: ['x'], containerPort: 0, environments: [{ name: 'a', cpu: 1 }, { name: 'b', taskCount: 0 }] };

  expect(() => new BlueGreenFargatePipeline(stack, 'P', bad)).toThrow(new Error([
    'Storefront/P (BlueGreenFargatePipeline) has 5 problems:',
    "  - 'environmentSuffix' must be lower-case letters, digits and single hyphens, starting with a letter and not ending in a hyphen, got \"X\"; for example \"dev\" [BGP005]",
    "  - 'notificationEmails[0]' must be an e-mail address, got \"x\"; for example \"team@example.com\" [BGP010]",
    "  - 'containerPort' must be a whole number from 1 to 65535, got 0; for example 8080 [BGP017]",
    "  - 'environments[0].cpu' must be 256, 512, 1024, 2048, 4096, 8192 or 16384, got 1; for example 512 with a memoryLimitMiB of 1024 [BGP097]",
    "  - 'environments[1].taskCount' must be a whole number from 1 to 5000, got 0; for example 2 [BGP090]",
    'Codes are explained in https://github.com/org/bluegreen-pipeline/blob/main/docs/errors.md',
  ].join('\n')));
  expect(stack.node.children).toEqual([]);
});

test('what several environments share is wrong once', () => {
  expect(() => pipelineIn(newStack(), { vpc: ec2.Vpc.fromVpcAttributes(outside, 'Bare', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], publicSubnetIds: ['p1', 'p2'] }) }))
    .toThrow("Storefront/P (BlueGreenFargatePipeline): 'vpc' must have private subnets for the tasks; add some, with a way out [BGP121]\n");
});

test.each([undefined, null, 'x', 7, []])('%p for props is refused', (props) => {
  expect(() => new BlueGreenFargatePipeline(newStack(), 'P', props as unknown as BlueGreenFargatePipelineProps)).toThrow(/^Storefront\/P \(BlueGreenFargatePipeline\)/);
});

test.each([[undefined, 'P'], [new App(), 'P'], [newStack(), '']])('%p as the scope and %p as the id are refused', (scope, id) => {
  expect(() => new BlueGreenFargatePipeline(scope as Stack, id, { ...smallestProps(), buildSteps: BuildSteps.image() })).toThrow(/\[BGP0(13|04)\]/);
});

test('the suffix of a login alone is taken, unless the pipeline gets one', () => {
  const stack = newStack();
  const { secret } = new RegistryCredentials(stack, 'Login', { environmentSuffix: 'dev' });

  expect(said({}, stack)).toEqual([
    "'environmentSuffix' must differ for each use in one account and region, got \"dev\"; "
    + '"registry-credentials-dev" already belongs to Storefront/Login; give the second one a suffix of its own [BGP008]',
  ]);
  expect(said({ registryCredentials: secret }, stack)).toEqual([]);
});

test.each<[string, (stack: Stack) => unknown]>([
  ['another pipeline', (stack) => pipelineIn(stack, {}, 'First')],
  ['an approval alone', (stack) => new ApprovalGate(stack, 'Gate', { environmentSuffix: 'dev', environmentName: 'production', approverEmails: ['x@example.com'] })],
])('a suffix that %s has is refused before anything is made', (_, make) => {
  const stack = newStack();
  make(stack);

  expect(() => pipelineIn(stack)).toThrow(/^Storefront\/P \(BlueGreenFargatePipeline\): 'environmentSuffix' must differ for each use in one account and region/);
  expect(stack.node.tryFindChild('P')).toBeUndefined();
});

describe('one task in the last environment', () => {
  const warnings = (stack: Stack) => stack.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type, data }) =>
    type === 'aws:cdk:warning' && String(data).includes('one task')).map(({ data }) => String(data));

  test('brings a warning', () => {
    const stack = newStack();
    pipelineIn(stack, { environments: [{ name: 'staging' }, { name: 'live', taskCount: 1 }] });

    expect(warnings(stack)).toEqual([expect.stringContaining(
      "live runs one task: users wait while it is replaced; give its environment a 'taskCount' of 2 or more [BGP118]")]);
  });

  test('brings none before the last, or with two tasks', () => {
    const stack = newStack();
    pipelineIn(stack, { environments: [{ name: 'staging', taskCount: 1 }, { name: 'live', taskCount: 2 }] });

    expect(warnings(stack)).toEqual([]);
  });

  test('may be acknowledged', () => {
    const stack = newStack();
    Validations.of(stack).acknowledge({ id: '@org/bluegreen-pipeline:BlueGreenFargatePipeline.oneTask', reason: 'a shop for one' });
    pipelineIn(stack, { environments: [{ name: 'live', taskCount: 1 }] });
    templateOf(stack);

    expect(warnings(stack)).toEqual([]);
  });
});

test('a hook whose role cannot be denied anything is refused before anything is made', () => {
  const stack = newStack();
  const role = iam.Role.fromRoleName(stack, 'GateRole', 'gate', { mutable: false });
  const gate = lambda.Function.fromFunctionAttributes(stack, 'Gate', { functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:gate', role });
  const before = stack.node.findAll().length;

  expect(() => pipelineIn(stack, { environments: [{ name: 'qa' }, { name: 'live', hooks: { afterInstall: gate } }] })).toThrow(
    "Storefront/P (BlueGreenFargatePipeline): 'environments[1].hooks.afterInstall' must have a role that can be denied ec2:TerminateInstances, "
    + 'as every role that deploys, got "Storefront/GateRole", which takes no statements; '
    + 'give it the role itself rather than a copy of it that cannot be changed, or import the role as mutable [BGP108]');
  expect(stack.node.findAll()).toHaveLength(before);
});
