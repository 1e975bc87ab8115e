import {
  App, aws_cloudwatch as cloudwatch, aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_kms as kms,
  aws_lambda as lambda, aws_s3 as s3, aws_secretsmanager as secretsmanager, aws_ssm as ssm, Duration, Lazy, Stack,
} from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { EcsBlueGreenDeployment, EcsBlueGreenDeploymentProps, SmokeTest, TrafficShift } from '../../src';
import { environmentViolations, SHARED_FIELDS } from '../../src/deployment/deployment-checks';
import * as capacity from '../../src/deployment/private/capacity-checks';
import { containerEnvironment } from '../../src/deployment/private/container-checks';
import { Check, passes } from '../../src/private/validation';
import { isValid, listViolations, Violation } from '../../src/private/violations';
import { brokenRules, MANY_RUNS, problemsOf, refusal } from '../helpers/refusals';
import { newStack, SynthesisedTemplate } from '../helpers/synthesis';

type Values = { readonly [prop: string]: unknown };

/** What a deployment is refused for in a stack of its own; the props are whatever a JavaScript caller passes. */
function refusedFor(props: Values | ((stack: Stack) => Values), stack = newStack()): string[] {
  const values = typeof props === 'function' ? props(stack) : props;
  return problemsOf(() => deploymentIn(stack, values as Partial<EcsBlueGreenDeploymentProps>));
}

const number = Lazy.number({ produce: () => 2 });
const text = Lazy.string({ produce: () => 'later' });
const smokeTest = SmokeTest.http({ path: '/' });
const inSteps = (minutes: number) => TrafficShift.linear({ percentage: 1, interval: Duration.minutes(minutes) });

function secretIn(stack: Stack): ecs.Secret {
  return ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'token'));
}

function gateIn(stack: Stack, attributes: Partial<lambda.FunctionAttributes> = {}): lambda.IFunction {
  return lambda.Function.fromFunctionAttributes(stack, 'Gate', {
    functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:gate',
    role: iam.Role.fromRoleName(stack, 'GateRole', 'gate'),
    sameEnvironment: true,
    ...attributes,
  });
}

const fiveHooks = (gate: lambda.IFunction) => ({
  beforeInstall: gate,
  afterInstall: gate,
  afterAllowTestTraffic: gate,
  beforeAllowTraffic: gate,
  afterAllowTraffic: gate,
});

const CPU = "'cpu' must be 256, 512, 1024, 2048, 4096, 8192 or 16384";
const FIVE_DAYS = "'trafficShift' must be done within the 5 days of a pipeline action, with 'hooks' and "
  + "'rollback.terminationWaitTime', got 5 days 1 minute; shift faster, or wait less [BGP102]";

/** Each rule of an environment, word for word. */
const REFUSED: [message: string, props: Values | ((stack: Stack) => Values)][] = [
  [`${CPU}, got 300; for example 512 with a memoryLimitMiB of 1024 [BGP097]`, { cpu: 300 }],
  [`${CPU}, got 32768; for example 512 with a memoryLimitMiB of 1024 [BGP097]`, { cpu: 32768, memoryLimitMiB: number }],
  ["'memoryLimitMiB' must be 512, 1024 or 2048 for 256 CPU units, got 4096; change one of the two [BGP098]",
    { memoryLimitMiB: 4096 }],
  ["'memoryLimitMiB' must be from 16384 to 61440 in steps of 4096 for 8192 CPU units, got 17408; "
    + 'change one of the two [BGP098]', { cpu: 8192, memoryLimitMiB: 17408 }],
  ["'taskCount' must be a whole number from 1 to 5000, got 0; for example 2 [BGP090]", { taskCount: 0 }],
  ["'maxTaskCount' must be a whole number from 1 to 5000, got 5001; for example 12 [BGP091]", { maxTaskCount: 5001 }],
  ["'maxTaskCount' must be at least 'taskCount' (3), got 2; change one of the two [BGP092]",
    { taskCount: 3, maxTaskCount: 2 }],
  ["'maxTaskCount' must be at least 'taskCount' (2), got 1; change one of the two [BGP092]", { maxTaskCount: 1 }],
  ["'rollback.terminationWaitTime' must be whole minutes from 2 minutes to 2 days, got 1 minute; "
    + 'for example Duration.minutes(2) [BGP093]', { rollback: { terminationWaitTime: Duration.minutes(1) } }],
  ["'rollback.terminationWaitTime' must be in minutes when it is known at deployment only, got a token in hours; "
    + 'use Duration.minutes [BGP003]', { rollback: { terminationWaitTime: Duration.hours(number) } }],
  ["'rollback.errorRate' must be a whole number from 1 to 99, got 100; for example 5 [BGP095]",
    { rollback: { errorRate: 100 } }],
  ["'rollback.errorRate' must be known at synthesis, got a token; write it out, for example 5 [BGP003]",
    { rollback: { errorRate: number } }],
  ["'rollback.minimumRequests' must be a whole number from 1 to 1000000, got 0; for example 10 [BGP096]",
    { rollback: { minimumRequests: 0 } }],
  ["'rollback.minimumRequests' must be known at synthesis, got a token; write it out, for example 10 [BGP003]",
    { rollback: { minimumRequests: number } }],
  ["'containerEnvironment' must be by names of printable ASCII characters without spaces and \"=\", got \"A=B\"; "
    + 'for example "LOG_LEVEL" [BGP103]', { containerEnvironment: { 'A=B': 'x' } }],
  ["'containerEnvironment' must be a non-empty text, got \"\"; for example \"LOG_LEVEL\" [BGP004]",
    { containerEnvironment: { '': 'x' } }],
  ["'containerEnvironment.PORT' must be a text; for example \"info\" [BGP002]", { containerEnvironment: { PORT: 8080 } }],
  ["'containerSecrets' must be an object, got a list; "
    + 'for example { TOKEN: ecs.Secret.fromSecretsManager(secret) } [BGP002]', { containerSecrets: ['hunter2'] }],
  ["'containerSecrets.TOKEN' must be an ecs.Secret; for example ecs.Secret.fromSecretsManager(secret) [BGP002]",
    (stack) => ({ containerSecrets: { TOKEN: secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'token') } })],
  ["'containerSecrets.TOKEN' must not be in 'containerEnvironment', too; remove one of the two [BGP104]",
    (stack) => ({ containerEnvironment: { TOKEN: 'x' }, containerSecrets: { TOKEN: secretIn(stack) } })],
  ["'tasks.command' must be a list of at least one word, got []; for example [\"node\", \"server.js\"]; "
    + 'or leave it out [BGP105]', { tasks: { command: [] } }],
  ["'tasks.command[1]' must be a text, got 3; for example \"server.js\" [BGP002]", { tasks: { command: ['node', 3] } }],
  ["'tasks.policies[0]' must be a whole statement of an identity policy; "
    + "A PolicyStatement must specify at least one 'action' or 'notAction'. [BGP106]",
  { tasks: { policies: [new iam.PolicyStatement({ resources: ['*'] })] } }],
  ["'tasks.policies[0]' must be an iam.PolicyStatement, got {\"Action\":\"s3:*\"}; for example "
    + 'new iam.PolicyStatement({ actions: ["sqs:SendMessage"], resources: [queue.queueArn] }) [BGP002]',
  { tasks: { policies: [{ Action: 's3:*' }] } }],
  ["'loadBalancer.accessLogsBucket' must not be encrypted with a KMS key: load balancers cannot write there; "
    + 'use BucketEncryption.S3_MANAGED [BGP128]',
  (stack) => ({ loadBalancer: { accessLogsBucket: new s3.Bucket(stack, 'Logs', { encryptionKey: new kms.Key(stack, 'Key') }) } })],
  ["'trafficShift' must be a TrafficShift, got a SmokeTest; for example TrafficShift.allAtOnce() [BGP002]",
    { trafficShift: smokeTest }],
  ["'hooks.smokeTest' must be a SmokeTest, got a TrafficShift; "
    + 'for example SmokeTest.http({ path: "/healthz" }) [BGP002]', { hooks: { smokeTest: TrafficShift.allAtOnce() } }],
  ["'hooks.afterInstall' must be a lambda.IFunction, got the ImportedRole at \"Storefront/GateRole\"; "
    + 'for example new lambda.Function(this, "Gate", { … }) [BGP002]',
  (stack) => ({ hooks: { afterInstall: iam.Role.fromRoleName(stack, 'GateRole', 'gate') } })],
  ["'hooks.afterAllowTestTraffic' must not come with 'hooks.smokeTest': CodeDeploy calls one function at an event; "
    + 'remove one, or let your function ask the test listener itself [BGP114]',
  (stack) => ({ hooks: { smokeTest, afterAllowTestTraffic: gateIn(stack) } })],
  ["'hooks.beforeAllowTraffic' must have a role that can be allowed to report to CodeDeploy, "
    + 'got a function that was imported without one; '
    + 'import it with Function.fromFunctionAttributes({ functionArn, role }) [BGP115]',
  (stack) => ({ hooks: { beforeAllowTraffic: gateIn(stack, { role: undefined }) } })],
  ["'hooks.afterInstall' must be in the region of the stack, us-east-1, got one in eu-west-1; use one from there [BGP116]",
    (stack) => ({
      hooks: { afterInstall: gateIn(stack, { functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:gate', sameEnvironment: false }) },
    })],
  [FIVE_DAYS, (stack) => ({
    trafficShift: inSteps(69), hooks: fiveHooks(gateIn(stack)), rollback: { terminationWaitTime: Duration.minutes(70) },
  })],
  [FIVE_DAYS, {
    trafficShift: inSteps(72),
    hooks: { smokeTest: SmokeTest.http({ path: '/', timeout: Duration.seconds(541) }) },
    rollback: { terminationWaitTime: Duration.minutes(63) },
  }],
  // The ten minutes that old tasks are kept by default count, too.
  [FIVE_DAYS, { hooks: {}, trafficShift: TrafficShift.linear({ percentage: 25, interval: Duration.minutes(2397) }) }],
  ["'environmentSuffix' must be at most 12 characters beside the environment \"production\", got \"abcdefghijklm\" (13); "
    + '"tg-green-production-abcdefghijklm" would not fit into the 32 characters of its AWS name; shorten it [BGP007]',
  { environmentSuffix: 'abcdefghijklm' }],
  ["'repository' is required; for example new ecr.Repository(this, 'Images') [BGP001]", { repository: undefined }],
  ["'containerPort' must be known at synthesis, got a token; write it out, for example 8080 [BGP003]",
    { containerPort: number }],
  ["'healthCheckPath' must be a path of at most 1024 printable ASCII characters that starts with \"/\", got \"healthz\"; "
    + 'for example "/healthz" [BGP018]', { healthCheckPath: 'healthz' }],
  ["'bootstrapImage' must be an ecs.ContainerImage, got \"nginx\"; "
    + 'for example ecs.ContainerImage.fromEcrRepository(repository, "1") [BGP002]', { bootstrapImage: 'nginx' }],
  ["'cpuArchitecture' must be CpuArchitecture.X86_64 or CpuArchitecture.ARM64, got \"RISCV\"; "
    + 'for example CpuArchitecture.ARM64 [BGP012]', { cpuArchitecture: ecs.CpuArchitecture.of('RISCV') }],
  ["'vpc' must be an ec2.IVpc, got {\"vpcId\":\"vpc-1\"}; for example new ec2.Vpc(this, \"Network\") [BGP002]",
    { vpc: { vpcId: 'vpc-1' } }],
];

/** What a user may have in the stack, and hand to the deployment beside what is wrong. */
function ownedIn(stack: Stack): Values {
  const gate = new lambda.Function(stack, 'Own', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = () => {};'),
  });
  new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Orders' })
    .createAlarm(stack, 'Orders', { threshold: 1, evaluationPeriods: 1 });
  return {
    vpc: new ec2.Vpc(stack, 'OwnNetwork', { maxAzs: 2 }),
    hooks: { afterInstall: gate },
    loadBalancer: { accessLogsBucket: new s3.Bucket(stack, 'OwnLogs'), testListenerCidrs: ['203.0.113.0/24'] },
  };
}

function synthesised(stack: Stack): SynthesisedTemplate {
  const assembly = (stack.node.root as App).synth({ force: true });
  return assembly.getStackArtifact(stack.artifactId).template as SynthesisedTemplate;
}

test.each(REFUSED)('a deployment is refused, and what the user owns is left as it was: %s', (message, wrong) => {
  const stack = newStack();
  const owned = ownedIn(stack);
  const values = typeof wrong === 'function' ? wrong(stack) : wrong;
  const before = synthesised(stack);

  expect(refusedFor({ ...owned, ...values }, stack)).toEqual([message]);
  expect(synthesised(stack)).toEqual(before);
});

test.each<Values | ((stack: Stack) => Values)>([
  { cpu: undefined, containerSecrets: undefined, hooks: undefined, rollback: undefined, loadBalancer: undefined },
  { cpu: number, memoryLimitMiB: 7 },
  { cpu: 512, memoryLimitMiB: number },
  { maxTaskCount: 2 },
  { taskCount: 3, maxTaskCount: 3 },
  { taskCount: number, maxTaskCount: 1 },
  { taskCount: 3, maxTaskCount: number },
  { containerEnvironment: { 'LOG_LEVEL': '', 'spring.profiles-active': 'a=b', '1': text, [text]: 'x' } },
  (stack) => ({
    containerEnvironment: { TOKENS: '3' },
    containerSecrets: {
      TOKEN: secretIn(stack),
      PEPPER: ecs.Secret.fromSsmParameter(ssm.StringParameter.fromStringParameterName(stack, 'Pepper', 'pepper')),
    },
  }),
  { tasks: { command: ['node', text], policies: [] } },
  { rollback: { terminationWaitTime: Duration.minutes(number) } },
  (stack) => ({ hooks: { smokeTest, beforeInstall: gateIn(stack), afterInstall: undefined } }),
  // 99 steps of 69 minutes, 5 hours of hooks and 69 minutes: 7200 minutes.
  (stack) => ({
    hooks: fiveHooks(gateIn(stack)), trafficShift: inSteps(69), rollback: { terminationWaitTime: Duration.minutes(69) },
  }),
  {
    hooks: { smokeTest: SmokeTest.http({ path: '/', timeout: Duration.minutes(9) }) },
    trafficShift: inSteps(72),
    rollback: { terminationWaitTime: Duration.minutes(63) },
  },
])('a deployment takes %#: %p', (props) => {
  expect(refusedFor(props)).toEqual([]);
});

test('a deployment is refused for everything at once, whatever its props are, and made once for a suffix', () => {
  const stack = newStack();
  deploymentIn(stack);

  expect(refusedFor({ environmentSuffix: 'X', cpu: 1, containerPort: 0, hooks: 1 })).toHaveLength(4);
  expect(problemsOf(() => new EcsBlueGreenDeployment(stack, 'Production', {
    environmentSuffix: 'dev', environmentName: 'production', repository: stack.node.findChild('Images') as ecr.Repository,
  }))).toEqual([
    expect.stringContaining('give the second construct an id of its own [BGP014]'),
    expect.stringContaining('already belongs to Storefront/Production; give the second one a suffix of its own [BGP008]'),
  ]);
  for (const [props, codes] of [[undefined, Array(3).fill('BGP001')], ['x', ['BGP002']], [[], ['BGP002']]]) {
    expect(brokenRules(() => new EcsBlueGreenDeployment(newStack(), 'Production', props as never))).toEqual(codes);
  }
});

const place = newStack();

/** What is wrong about the options of one environment. */
function violationsOf(options: unknown): Violation[] {
  return listViolations(environmentViolations('environments[1]', options, { scope: place }));
}

function said(options: unknown): string[] {
  return violationsOf(options).map(({ code, text: message }) => `${message} [${code}]`);
}

test.each<[string, (stack: Stack) => unknown, string]>([
  ['an environment', () => said({ taskCuont: 3 }), "'environments[1].taskCuont' must not be set: there is no such key; use 'taskCount'"],
  ['a load balancer', () => said({ loadBalancer: { internet_facing: false } }), "use 'internetFacing'"],
  ['a rollback', () => said({ rollback: { rate: 2 } }), "use 'errorRate'"],
  ['tasks', () => said({ tasks: { image: 'x' } }), "'environments[1].tasks.image' must not be set: there is no such key; remove it"],
  ['hooks', () => said({ hooks: { afterinstall: undefined } }), "use 'afterInstall'"],
  ['TrafficShift.canary', () => refusal(() => TrafficShift.canary({ percentage: 10, interval: Duration.minutes(1), wait: 1 } as never)), "'wait'"],
  ['TrafficShift.linear', () => refusal(() => TrafficShift.linear({ percentage: 10, interval: Duration.minutes(1), wait: 1 } as never)), "'wait'"],
  ['SmokeTest.http', () => refusal(() => SmokeTest.http({ path: '/', timeOut: 1 } as never)), "use 'timeout'"],
  ['a deployment', (stack) => refusedFor({ helthCheckPath: '/' }, stack), "'helthCheckPath' must not be set: there is no such key; use"],
])('%s refuses a key that it does not know', (_, refused, message) => {
  expect(String(refused(newStack()))).toMatch(new RegExp(`${message.replace(/[[\].]/g, '\\$&')}.* \\[BGP151\\]$`));
});

test('a deployment warns of a key that is no prop of it, unless a stack has it', () => {
  const stack = newStack();

  expect(refusedFor({ description: 'The shop', colour: 'red' }, stack)).toEqual([]);

  const warnings = stack.node.findAll().flatMap(({ node }) => node.metadata).map(({ data }) => String(data));
  expect(warnings.filter((warning) => warning.includes('BGP152')))
    .toEqual([expect.stringMatching(/^'colour' has no effect: EcsBlueGreenDeployment has no such prop; remove it/)]);
});

/** The page of AWS, by hand: MiB for each number of CPU units. */
const gigabytes = (from: number, to: number, step = 1) =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);
const OFFERED = new Map([
  [256, [512, 1024, 2048]],
  [512, gigabytes(1, 4)],
  [1024, gigabytes(2, 8)],
  [2048, gigabytes(4, 16)],
  [4096, gigabytes(8, 30)],
  [8192, gigabytes(16, 60, 4)],
  [16384, gigabytes(32, 120, 8)],
]);

test('every size that Fargate offers is taken, and none beside it', () => {
  const judged = (cpu: number, memoryLimitMiB: number) => passes(capacity.cpu, cpu)
    && isValid(capacity.sizeViolation({ cpu, memoryLimitMiB }, (key) => key));
  for (const [cpu, memories] of OFFERED) {
    for (let memory = 256; memory <= 131072; memory += 256) {
      expect([cpu, memory, judged(cpu, memory)]).toEqual([cpu, memory, memories.includes(memory)]);
    }
  }
  const units = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(...OFFERED.keys()));
  const mebibytes = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(...[...OFFERED.values()].flat()));
  fc.assert(fc.property(units, mebibytes, (cpu, memory) =>
    judged(cpu, memory) === (OFFERED.get(cpu)?.includes(memory) ?? false)), { numRuns: MANY_RUNS });
});

test('the name of a variable is judged as by hand', () => {
  const valid = (name: string) => name !== '' && [...name].every((each) => each > ' ' && each <= '~' && each !== '=');
  const names = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-Za-z_=. -]{0,6}$/));

  fc.assert(fc.property(names, (name) =>
    passes(containerEnvironment, Object.fromEntries([[name, 'x']])) === valid(name)), { numRuns: MANY_RUNS });
});

test('the total of a deployment is judged as by hand', () => {
  const hooks = fiveHooks(gateIn(place));
  const minutes = fc.integer({ min: 2, max: 2880 });
  const percentages = fc.integer({ min: 1, max: 99 });

  fc.assert(fc.property(percentages, minutes, minutes, fc.subarray(Object.entries(hooks)), (percentage, interval, wait, some) => {
    let shift = 0;
    for (let moved = percentage; moved < 100; moved += percentage) {
      shift += interval;
    }
    const found = violationsOf({
      trafficShift: TrafficShift.linear({ percentage, interval: Duration.minutes(interval) }),
      rollback: { terminationWaitTime: Duration.minutes(wait) },
      hooks: Object.fromEntries(some),
    });
    return (found.length === 0) === (shift + wait + 60 * some.length <= 7200);
  }), { numRuns: MANY_RUNS });
});

const OPTIONS = [
  'cpu', 'memoryLimitMiB', 'taskCount', 'maxTaskCount', 'containerEnvironment', 'containerSecrets', 'certificate',
  'trafficShift', 'hooks', 'loadBalancer', 'rollback', 'tasks',
];
const GROUPS: [group: string, keys: string[]][] = [
  ['loadBalancer', ['internetFacing', 'accessLogsBucket', 'testListenerCidrs']],
  ['rollback', ['errorRate', 'minimumRequests', 'terminationWaitTime']],
  ['tasks', ['command', 'policies']],
  ['hooks', ['beforeInstall', 'smokeTest']],
];

/** How many problems a value of each option is, alone or in its group. */
function judge(value: unknown): { readonly [path: string]: number } {
  const shared = Object.entries(SHARED_FIELDS as unknown as { readonly [prop: string]: Check })
    .map(([prop, check]) => [prop, listViolations(check(prop, value)).length]);
  const alone = OPTIONS.map((prop) => [prop, violationsOf({ [prop]: value }).length]);
  const grouped = GROUPS.flatMap(([group, keys]) =>
    keys.map((key) => [`${group}.${key}`, violationsOf({ [group]: { [key]: value } }).length]));
  return Object.fromEntries([...shared, ...alone, ...grouped]) as { [path: string]: number };
}

test('null is a wrong type everywhere, undefined nowhere, and no value makes a check itself fail', () => {
  expect(new Set(Object.values(judge(null)))).toEqual(new Set([1]));
  expect(new Set(Object.values(judge(undefined)))).toEqual(new Set([0]));
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true });
  fc.assert(fc.property(anything, (value) => Object.keys(judge(value)).length === 28), { numRuns: 20 });
  fc.assert(fc.property(fc.dictionary(fc.constantFrom(...OPTIONS), anything), (options) => Array.isArray(violationsOf(options))), { numRuns: 200 });
  fc.assert(fc.property(fc.anything(), (options) => [TrafficShift.canary, TrafficShift.linear, SmokeTest.http].every((make) =>
    brokenRules(() => make(options as never)).length > 0)), { numRuns: 200 });
});

test.each<[string, (stack: Stack) => unknown, string]>([
  ['nothing', () => undefined, "'alarm' is required; for example errors.createAlarm(this, \"Errors\", { … }) [BGP001]"],
  ['a name', () => 'slow', "'alarm' must be a cloudwatch.IAlarm, got \"slow\"; for example errors.createAlarm(this, \"Errors\", { … }) [BGP002]"],
  ['a composite alarm', (stack) => new cloudwatch.CompositeAlarm(stack, 'Any', { alarmRule: cloudwatch.AlarmRule.fromBoolean(true) }),
    "'alarm' must be a metric alarm: CodeDeploy does not watch a composite one; add the alarms that it is made of [BGP129]"],
])('a deployment is not rolled back by %s', (_, alarm, message) => {
  const stack = newStack();
  const deployment = deploymentIn(stack);

  expect(problemsOf(() => deployment.addRollbackAlarm(alarm(stack) as cloudwatch.IAlarm))).toEqual([message]);
});

test('a deployment is watched by six more alarms, and no seventh', () => {
  const stack = newStack();
  const deployment = deploymentIn(stack);
  const add = (name: string) => deployment.addRollbackAlarm(
    cloudwatch.Alarm.fromAlarmArn(stack, name, `arn:aws:cloudwatch:us-east-1:111111111111:alarm:${name}`));
  ['A', 'B', 'C', 'D', 'E', 'F'].forEach(add);

  expect(problemsOf(() => add('G'))).toEqual(["'addRollbackAlarm' must not be called more than 6 times: "
    + 'CodeDeploy watches at most 10 alarms, of which the colours take four; watch the others yourself [BGP130]']);
});
