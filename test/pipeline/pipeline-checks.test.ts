import {
  aws_codebuild as codebuild, aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda,
  aws_s3 as s3, aws_secretsmanager as secretsmanager, Duration, Stack, Validations,
} from 'aws-cdk-lib';
import * as fc from 'fast-check';
import messages from './messages.json';
import { smallestProps } from '../../scripts/programs';
import {
  Approval, ApprovalGate, BlueGreenFargatePipeline, BlueGreenFargatePipelineProps, BuildCache, BuildImage, BuildSteps,
  PipelineEnvironment, PipelineEnvironmentOptions, RegistryCredentials, RegistryLogin,
} from '../../src';
import { pipelineViolations } from '../../src/pipeline/private/pipeline-checks';
import { listViolations } from '../../src/private/violations';
import { ownedBy } from '../helpers/inputs';
import { testMessages } from '../helpers/messages';
import { problemsOf } from '../helpers/refusals';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

interface Props {
  readonly [prop: string]: unknown;
}

const outside = newStack();
const images = ecr.Repository.fromRepositoryName(outside, 'Images', 'images');
const vpc = ec2.Vpc.fromVpcAttributes(outside, 'Network', {
  vpcId: 'vpc-1', availabilityZones: ['a', 'b'], publicSubnetIds: ['p1', 'p2'], privateSubnetIds: ['s1', 's2'],
});
const leads = iam.Role.fromRoleName(outside, 'Leads', 'leads');
const abroad = lambda.Function.fromFunctionAttributes(outside, 'Abroad', {
  functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:gate',
  role: iam.Role.fromRoleName(outside, 'Gate', 'gate'),
});

/** Environments with these names, or with this one and options of a JavaScript caller. */
const named = (...names: unknown[]) => names.map((name) => new PipelineEnvironment(name as string));
const numbered = (count: number) => named(...Array.from({ length: count }, (_, index) => `e${index}`));
const production = (options: Props) => [new PipelineEnvironment('production', options as PipelineEnvironmentOptions)];
const { commands, image, probe, release } = BuildSteps;
const inSource = codebuild.BuildSpec.fromSourceFilename('ci/test.yml');

/** The violations of the smallest program with a change by a JavaScript caller. */
function violationsOf(change: Props, scope: Stack = outside): string[] {
  const props = { ...smallestProps(), ...change } as BlueGreenFargatePipelineProps;
  return listViolations(pipelineViolations(scope, 'P', props)).map(({ code }) => code);
}

// Single values of each prop are in test/consumers/values.json.
test.each<Props>([
  { environments: numbered(10) },
  { environments: numbered(10), vpc },
  { storage: { maxImageCount: 100_000, artifactExpiration: Duration.days(37) } },
  { storage: { maxImageCount: undefined }, repository: images },
  { environments: [PipelineEnvironment.staging(), ...production({ approval: Approval.byEmail({ roles: [leads] }) })] },
  { buildSteps: image({ repository: images }), repository: images },
  { testSteps: probe() },
  { testSteps: commands(['npm test']) },
  { testSteps: BuildSteps.buildSpec(inSource) },
  { platform: { buildImage: BuildImage.AMAZON_LINUX_2023 } },
  { platform: { buildImage: BuildImage.AMAZON_LINUX_2023_ARM64, cpuArchitecture: ecs.CpuArchitecture.ARM64 } },
  { platform: { bootstrapImage: ecs.ContainerImage.fromRegistry('acme/hello:1') } },
])('a pipeline accepts %p (%#)', (change) => {
  expect(violationsOf(change)).toEqual([]);
});

/** Resources of the user that a pipeline changes. */
const place = newStack();
const { role, handler, bucket } = ownedBy(place);
const owned = {
  repository: new ecr.Repository(place, 'Images'),
  registryCredentials: RegistryLogin.fromSecret(new secretsmanager.Secret(place, 'Secret')),
  storage: { accessLogsBucket: bucket },
  environments: [new PipelineEnvironment('live', {
    hooks: { beforeInstall: handler },
    approval: Approval.byEmail({ roles: [role] }),
    loadBalancer: { accessLogsBucket: bucket },
  })],
};
const immutable = lambda.Function.fromFunctionAttributes(place, 'Immutable', {
  functionArn: handler.functionArn,
  role: iam.Role.fromRoleArn(place, 'Copy', handler.role!.roleArn, { mutable: false }),
});

testMessages(messages, {
  'BlueGreenFargatePipeline': {
    stack: place,
    make: (props) => pipelineIn(place, { ...owned, ...props }),
    named: () => ({
      'a hook with an immutable role': {
        environments: production({ hooks: { beforeInstall: handler, afterInstall: immutable } }),
      },
      'an environment as an object': { environments: [{ name: 'a', containerEnvironment: { PASSWORD: 'hunter2' } }] },
      'environments as an object': { environments: { name: 'a', containerEnvironment: { PASSWORD: 'hunter2' } } },
      'an environment that is not there': { environments: [undefined, ...named('a')] },
      'an environment without a name': { environments: named(undefined) },
      'a name that differs in its case': { environments: named('prod', 'Prod') },
      'three environments with one name twice': { environments: named('a', 'b', 'a') },
      'eleven environments': { environments: numbered(11) },
      'a hook of another region': { environments: production({ hooks: { afterInstall: abroad } }) },
      'a network without public subnets': {
        vpc: ec2.Vpc.fromVpcAttributes(outside, 'Private', {
          vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['s1', 's2'],
        }),
        environments: production({}),
      },
      'a build image of the CDK': { platform: { buildImage: codebuild.LinuxBuildImage.STANDARD_7_0 } },
      'a build image for the other processor': {
        platform: { buildImage: BuildImage.AMAZON_LINUX_2023, cpuArchitecture: ecs.CpuArchitecture.ARM64 },
      },
      'a build image for ARM64': { platform: { buildImage: BuildImage.AMAZON_LINUX_2023_ARM64 } },
      'another processor': { platform: { cpuArchitecture: ecs.CpuArchitecture.of('RISCV') } },
      'a cache as steps': { buildSteps: BuildCache.none() },
      'commands that make the image': { buildSteps: commands(['make']) },
      'a buildspec that exports no image': {
        buildSteps: BuildSteps.buildSpec(codebuild.BuildSpec.fromObject({
          phases: { build: { commands: ['export IMAGE_DIGEST=x'] } },
        })),
      },
      'an image in another repository': { buildSteps: image({ repository: images }) },
      'an image as a test': { testSteps: image() },
      'a release as a test': { testSteps: release({ releaseSettings: {} }) },
      'a bare secret': { registryCredentials: secretsmanager.Secret.fromSecretNameV2(outside, 'Bare', 'login') },
      'access logs in another region': {
        storage: {
          accessLogsBucket: s3.Bucket.fromBucketAttributes(outside, 'LogsAbroad', {
            bucketName: 'acme-logs', region: 'eu-west-1',
          }),
        },
      },
    }),
  },
  'PipelineEnvironment': { make: (options) => new PipelineEnvironment('live', options) },
  'PipelineEnvironment.staging': { make: (options) => PipelineEnvironment.staging(options) },
  'PipelineEnvironment.production': { make: (options) => PipelineEnvironment.production(options) },
});

test('no name and no option of an environment makes a check throw an unexpected error', () => {
  const anything = fc.anything({
    withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true,
  });
  const option = fc.constantFrom('approval', 'cpu', 'hooks', 'rollback', 'loadBalancer', 'tasks');
  const environment = fc.tuple(anything, fc.dictionary(option, anything.filter((value) => typeof value !== 'object')))
    .map(([name, given]) => new PipelineEnvironment(name as string, given as PipelineEnvironmentOptions));

  fc.assert(fc.property(fc.array(fc.oneof(anything, environment)), (environments) =>
    Array.isArray(violationsOf({ environments }))), { numRuns: 500 });
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

test.each<[string, (stack: Stack) => unknown]>([
  ['another pipeline', (stack) => pipelineIn(stack, {}, 'First')],
  ['an approval gate', (stack) => new ApprovalGate(stack, 'Gate', {
    environmentSuffix: 'dev', environmentName: 'production', approverEmails: ['x@example.com'],
  })],
  ['credentials', (stack) => new RegistryCredentials(stack, 'Login', { environmentSuffix: 'dev' })],
])('the suffix of %s is rejected', (_, make) => {
  const stack = newStack();
  make(stack);

  expect(violationsOf({}, stack)).toEqual(['BGP008']);
});

test('the suffix of credentials can be reused by a pipeline that gets a login', () => {
  const stack = newStack();
  const { secret } = new RegistryCredentials(stack, 'Login', { environmentSuffix: 'dev' });

  expect(violationsOf({ registryCredentials: RegistryLogin.fromSecret(secret) }, stack)).toEqual([]);
});

describe('an environment with one task', () => {
  const warnings = (stack: Stack) => stack.node.findAll().flatMap(({ node }) => node.metadata)
    .filter(({ type, data }) => type === 'aws:cdk:warning' && String(data).includes('a single task'));
  const ONE = new PipelineEnvironment('live', { taskCount: 1 });

  test.each<[string, PipelineEnvironment[], number]>([
    ['causes a warning as the last one', [PipelineEnvironment.staging(), ONE], 1],
    ['causes no warning before the last one', [ONE, PipelineEnvironment.production()], 0],
  ])('an environment with one task %s', (_, environments, count) => {
    const stack = newStack();
    pipelineIn(stack, { environments });

    expect(warnings(stack)).toHaveLength(count);
  });

  test('the warning about one task can be acknowledged', () => {
    const stack = newStack();
    Validations.of(stack).acknowledge({
      id: '@org/bluegreen-pipeline:BlueGreenFargatePipeline.oneTask', reason: 'a shop for one',
    });
    pipelineIn(stack, { environments: [ONE] });
    templateOf(stack);

    expect(warnings(stack)).toEqual([]);
  });
});

describe('the environments of a pipeline', () => {
  const pipeline = pipelineIn(newStack(), { environments: named('qa', 'live') });

  test('the environments of a pipeline are found by their names', () => {
    expect(pipeline.deployment('live')).toBe(pipeline.deployments.live);
    expect(pipeline.approval('qa')).toBe(pipeline.approvals.qa);
  });

  test.each(['prod', '', 'toString', undefined])('the environments of a pipeline are listed for the unknown name %p', (name) => {
    const list = 'must be the name of an environment of this pipeline, got '
      + `${name === undefined ? 'undefined' : JSON.stringify(name)}; use one of "qa", "live" [BGP153]`;

    expect(problemsOf(() => pipeline.deployment(name as string))).toEqual([`'environmentName' ${list}`]);
    expect(problemsOf(() => pipeline.approval(name as string))).toEqual([`'environmentName' ${list}`]);
  });
});
