import {
  aws_cloudwatch as cloudwatch, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda, aws_secretsmanager as secretsmanager,
  aws_ssm as ssm, Duration, Lazy, Stack,
} from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { EcsBlueGreenDeployment, EcsBlueGreenDeploymentProps, SmokeTest, TrafficShift } from '../../src';
import { environmentProblems, sharedProblems } from '../../src/deployment/private/deployment-checks';
import { inWords } from '../../src/private/errors';
import { newStack } from '../helpers/synthesis';

const RUNS = 2000;

type Given = { [prop: string]: unknown };

const stack = newStack();
const token = Lazy.number({ produce: () => 2 });
const text = Lazy.string({ produce: () => 'later' });
const secret = ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'token'));
const role = iam.Role.fromRoleName(stack, 'GateRole', 'gate');
const gate = lambda.Function.fromFunctionAttributes(stack, 'Gate', { functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:gate', role, sameEnvironment: true });
const orphan = lambda.Function.fromFunctionArn(stack, 'Orphan', 'arn:aws:lambda:us-east-1:111111111111:function:orphan');
const inSteps = (minutes: number) => TrafficShift.linear({ percentage: 1, interval: Duration.minutes(minutes) });
const FIVE_HOOKS = { beforeInstall: gate, afterInstall: gate, afterAllowTestTraffic: gate, beforeAllowTraffic: gate, afterAllowTraffic: gate };

/** What is said about the options of an environment, in words; they are whatever a JavaScript caller hands over. */
function said(options: Given, at = ''): string[] {
  return environmentProblems(at, options, 2, { scope: stack }).flatMap((problem) => problem === undefined ? [] : [inWords(problem)]);
}

function saidOfAll(props: Given): string[] {
  return sharedProblems(props).flatMap((problem) => problem === undefined ? [] : [inWords(problem)]);
}

describe('an environment takes', () => {
  test.each<Given>([
    {},
    { cpu: undefined, containerSecrets: undefined, hooks: undefined },
    { cpu: token, memoryLimitMiB: 7 }, { cpu: 512, memoryLimitMiB: token },
    { taskCount: 1 }, { taskCount: 5000 }, { maxTaskCount: 5000 }, { maxTaskCount: 2 }, { taskCount: 3, maxTaskCount: 3 },
    { taskCount: token }, { taskCount: token, maxTaskCount: 1 }, { taskCount: 3, maxTaskCount: token },
    { containerEnvironment: {} }, { containerEnvironment: { 'LOG_LEVEL': '', 'spring.profiles-active': 'a=b', '1': text } }, { containerEnvironment: { [text]: 'x' } },
    { containerSecrets: { TOKEN: secret, PEPPER: ecs.Secret.fromSsmParameter(ssm.StringParameter.fromStringParameterName(stack, 'Pepper', 'pepper')) } },
    { containerEnvironment: { TOKENS: '3' }, containerSecrets: { TOKEN: secret } },
    { containerCommand: ['node', ''] }, { containerCommand: [text] },
    { taskPolicies: [] }, { taskPolicies: [new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['*'] })] },
    { publicLoadBalancer: true }, { publicLoadBalancer: false },
    { trafficShift: TrafficShift.allAtOnce() },
    { terminationWaitTime: Duration.minutes(2) }, { terminationWaitTime: Duration.days(2) }, { terminationWaitTime: Duration.seconds(180) },
    { terminationWaitTime: Duration.minutes(token) },
    { smokeTest: SmokeTest.http({ path: '/' }), hooks: { beforeInstall: gate, afterInstall: gate } },
    { rollbackErrorRate: 1 }, { rollbackErrorRate: 99 }, { rollbackMinimumRequests: 1 }, { rollbackMinimumRequests: 1_000_000 },
    { hooks: {} }, { hooks: { afterAllowTestTraffic: gate } }, { hooks: { beforeInstall: undefined } },
    { hooks: FIVE_HOOKS, trafficShift: TrafficShift.canary({ percentage: 50, interval: Duration.days(2) }), terminationWaitTime: Duration.days(2) },
    // 99 steps of 69 minutes, 5 hours of hooks and 69 minutes: 7200 minutes.
    { hooks: FIVE_HOOKS, trafficShift: inSteps(69), terminationWaitTime: Duration.minutes(69) },
    { smokeTest: SmokeTest.http({ path: '/', timeout: Duration.minutes(9) }), trafficShift: inSteps(72), terminationWaitTime: Duration.minutes(63) },
  ])('%#: %p', (options) => {
    expect(said(options)).toEqual([]);
  });
});

const SIZES = "'cpu' must be 256, 512, 1024, 2048, 4096, 8192 or 16384";

describe('an environment refuses', () => {
  test.each<[Given, string]>([
    [{ cpu: 300 }, `${SIZES}, got 300; for example 512 with a memoryLimitMiB of 1024 [BGP097]`],
    [{ cpu: 0 }, `${SIZES}, got 0; for example 512 with a memoryLimitMiB of 1024 [BGP097]`],
    [{ cpu: NaN }, `${SIZES}, got NaN; for example 512 with a memoryLimitMiB of 1024 [BGP097]`],
    [{ cpu: 32768, memoryLimitMiB: token }, `${SIZES}, got 32768; for example 512 with a memoryLimitMiB of 1024 [BGP097]`],
    [{ cpu: '256' }, "'cpu' must be a number, got \"256\"; for example 256 [BGP002]"],
    [{ cpu: null }, "'cpu' must be a number, got null; for example 256 [BGP002]"],
    [{ memoryLimitMiB: '512' }, "'memoryLimitMiB' must be a number, got \"512\"; for example 512 [BGP002]"],
    [{ cpu: 256, memoryLimitMiB: 4096 }, "'memoryLimitMiB' must be 512, 1024 or 2048 for 256 CPU units, got 4096; change one of the two [BGP098]"],
    [{ memoryLimitMiB: 511 }, "'memoryLimitMiB' must be 512, 1024 or 2048 for 256 CPU units, got 511; change one of the two [BGP098]"],
    [{ cpu: 512 }, "'memoryLimitMiB' must be from 1024 to 4096 in steps of 1024 for 512 CPU units, got 512; change one of the two [BGP098]"],
    [{ cpu: 8192, memoryLimitMiB: 17408 }, "'memoryLimitMiB' must be from 16384 to 61440 in steps of 4096 for 8192 CPU units, got 17408; change one of the two [BGP098]"],
    [{ taskCount: 0 }, "'taskCount' must be a whole number from 1 to 5000, got 0; for example 2 [BGP090]"],
    [{ taskCount: 5001 }, "'taskCount' must be a whole number from 1 to 5000, got 5001; for example 2 [BGP090]"],
    [{ taskCount: 1.5 }, "'taskCount' must be a whole number from 1 to 5000, got 1.5; for example 2 [BGP090]"],
    [{ taskCount: '2' }, "'taskCount' must be a number, got \"2\"; for example 2 [BGP002]"],
    [{ taskCount: null }, "'taskCount' must be a number, got null; for example 2 [BGP002]"],
    [{ maxTaskCount: 5001 }, "'maxTaskCount' must be a whole number from 1 to 5000, got 5001; for example 12 [BGP091]"],
    [{ maxTaskCount: 0 }, "'maxTaskCount' must be a whole number from 1 to 5000, got 0; for example 12 [BGP091]"],
    [{ taskCount: 3, maxTaskCount: 2 }, "'maxTaskCount' must be at least 'taskCount' (3), got 2; change one of the two [BGP092]"],
    [{ maxTaskCount: 1 }, "'maxTaskCount' must be at least 'taskCount' (2), got 1; change one of the two [BGP092]"],
    [{ taskCount: 0, maxTaskCount: -1 }, "'taskCount' must be a whole number from 1 to 5000, got 0; for example 2 [BGP090]|'maxTaskCount' must be a whole number from 1 to 5000, got -1; for example 12 [BGP091]"],
    [{ terminationWaitTime: Duration.minutes(2881) }, "'terminationWaitTime' must be whole minutes from 2 minutes to 2 days, got 2 days 1 minute; for example Duration.minutes(2) [BGP093]"],
    [{ terminationWaitTime: Duration.minutes(1) }, "'terminationWaitTime' must be whole minutes from 2 minutes to 2 days, got 1 minute; for example Duration.minutes(2) [BGP093]"],
    [{ terminationWaitTime: Duration.seconds(150) }, "'terminationWaitTime' must be whole minutes from 2 minutes to 2 days, got 2 minutes 30 seconds; for example Duration.minutes(2) [BGP093]"],
    [{ terminationWaitTime: Duration.hours(token) }, "'terminationWaitTime' must be in minutes when it is known at deployment only, got a token in hours; use Duration.minutes [BGP003]"],
    [{ terminationWaitTime: 10 }, "'terminationWaitTime' must be a Duration, got 10; for example Duration.minutes(2) [BGP002]"],
    [{ rollbackErrorRate: 0 }, "'rollbackErrorRate' must be a whole number from 1 to 99, got 0; for example 5 [BGP095]"],
    [{ rollbackErrorRate: 100 }, "'rollbackErrorRate' must be a whole number from 1 to 99, got 100; for example 5 [BGP095]"],
    [{ rollbackErrorRate: token }, "'rollbackErrorRate' must be known at synthesis, got a token; write it out, for example 5 [BGP003]"],
    [{ rollbackMinimumRequests: 0 }, "'rollbackMinimumRequests' must be a whole number from 1 to 1000000, got 0; for example 10 [BGP096]"],
    [{ rollbackMinimumRequests: 1_000_001 }, "'rollbackMinimumRequests' must be a whole number from 1 to 1000000, got 1000001; for example 10 [BGP096]"],
    [{ rollbackMinimumRequests: token }, "'rollbackMinimumRequests' must be known at synthesis, got a token; write it out, for example 10 [BGP003]"],
    [{ containerEnvironment: 'LOG_LEVEL=info' }, "'containerEnvironment' must be an object, got a text; for example { LOG_LEVEL: \"info\" } [BGP002]"],
    [{ containerEnvironment: { 'A=B': 'x' } }, "'containerEnvironment' must be by names of printable ASCII characters without spaces and \"=\", got \"A=B\"; for example \"LOG_LEVEL\" [BGP103]"],
    [{ containerEnvironment: { 'MY VAR': 'x' } }, "'containerEnvironment' must be by names of printable ASCII characters without spaces and \"=\", got \"MY VAR\"; for example \"LOG_LEVEL\" [BGP103]"],
    [{ containerEnvironment: { 'LEVEL\n': 'x' } }, "'containerEnvironment' must be by names of printable ASCII characters without spaces and \"=\", got \"LEVEL\\n\"; for example \"LOG_LEVEL\" [BGP103]"],
    [{ containerEnvironment: { '': 'x' } }, "'containerEnvironment' must be a non-empty text, got \"\"; for example \"LOG_LEVEL\" [BGP004]"],
    [{ containerEnvironment: { PORT: 8080 } }, "'containerEnvironment.PORT' must be a text; for example \"info\" [BGP002]"],
    [{ containerSecrets: ['hunter2'] }, '\'containerSecrets\' must be an object, got a list; for example { TOKEN: ecs.Secret.fromSecretsManager(secret) } [BGP002]'],
    [{ containerSecrets: { TOKEN: 'hunter2' } }, "'containerSecrets.TOKEN' must be an ecs.Secret; for example ecs.Secret.fromSecretsManager(secret) [BGP002]"],
    [{ containerSecrets: { TOKEN: null } }, "'containerSecrets.TOKEN' must be an ecs.Secret; for example ecs.Secret.fromSecretsManager(secret) [BGP002]"],
    [{ containerSecrets: { TOKEN: { arn: 'x' } } }, "'containerSecrets.TOKEN' must be an ecs.Secret; for example ecs.Secret.fromSecretsManager(secret) [BGP002]"],
    [{ containerSecrets: { 'A=B': secret } }, "'containerSecrets' must be by names of printable ASCII characters without spaces and \"=\", got \"A=B\"; for example \"LOG_LEVEL\" [BGP103]"],
    [{ containerEnvironment: { TOKEN: 'x' }, containerSecrets: { TOKEN: secret } }, "'containerSecrets.TOKEN' must not be in 'containerEnvironment', too; remove one of the two [BGP104]"],
    [{ containerCommand: [] }, "'containerCommand' must be a list of at least one word, got []; for example [\"node\", \"server.js\"]; or leave it out [BGP105]"],
    [{ containerCommand: 'node server.js' }, "'containerCommand' must be a list, got \"node server.js\"; for example [\"node\", \"server.js\"] [BGP002]"],
    [{ containerCommand: ['node', 3] }, "'containerCommand[1]' must be a text, got 3; for example \"server.js\" [BGP002]"],
    [{ containerCommand: Lazy.list({ produce: () => ['node'] }) }, "'containerCommand' must be a list whose length is known at synthesis, got a token; write it out, for example [\"node\", \"server.js\"] [BGP003]"],
    [{ taskPolicies: [new iam.PolicyStatement({ resources: ['*'] })] }, "'taskPolicies[0]' must be a whole statement of an identity policy; A PolicyStatement must specify at least one 'action' or 'notAction'. [BGP106]"],
    [{ taskPolicies: [{ Action: 's3:*' }] }, "'taskPolicies[0]' must be an iam.PolicyStatement, got {\"Action\":\"s3:*\"}; for example new iam.PolicyStatement({ actions: [\"sqs:SendMessage\"], resources: [queue.queueArn] }) [BGP002]"],
    [{ taskPolicies: [null] }, "'taskPolicies[0]' must be an iam.PolicyStatement, got null; for example new iam.PolicyStatement({ actions: [\"sqs:SendMessage\"], resources: [queue.queueArn] }) [BGP002]"],
    [{ publicLoadBalancer: 'no' }, "'publicLoadBalancer' must be true or false, got \"no\"; for example true [BGP002]"],
    [{ trafficShift: 'canary' }, "'trafficShift' must be a TrafficShift, got \"canary\"; for example TrafficShift.allAtOnce() [BGP002]"],
    [{ trafficShift: SmokeTest.http({ path: '/' }) }, "'trafficShift' must be a TrafficShift, got a SmokeTest; for example TrafficShift.allAtOnce() [BGP002]"],
    [{ smokeTest: TrafficShift.allAtOnce() }, "'smokeTest' must be a SmokeTest, got a TrafficShift; for example SmokeTest.http({ path: \"/healthz\" }) [BGP002]"],
    [{ smokeTest: null }, "'smokeTest' must be a SmokeTest, got null; for example SmokeTest.http({ path: \"/healthz\" }) [BGP002]"],
    [{ hooks: 'x' }, "'hooks' must be an object, got \"x\"; for example { afterAllowTraffic: announce } [BGP002]"],
    [{ hooks: null }, "'hooks' must be an object, got null; for example { afterAllowTraffic: announce } [BGP002]"],
    [{ hooks: { beforeInstall: null } }, "'hooks.beforeInstall' must be a lambda.IFunction, got null; for example new lambda.Function(this, \"Gate\", { … }) [BGP002]"],
    [{ hooks: { afterInstall: 'arn' } }, "'hooks.afterInstall' must be a lambda.IFunction, got \"arn\"; for example new lambda.Function(this, \"Gate\", { … }) [BGP002]"],
    [{ hooks: { afterInstall: role } }, "'hooks.afterInstall' must be a lambda.IFunction, got the Resource at \"Storefront/GateRole\"; for example new lambda.Function(this, \"Gate\", { … }) [BGP002]"],
    [{ hooks: { afterAllowTraffic: orphan } }, "'hooks.afterAllowTraffic' must have a role that can be allowed to report to CodeDeploy, got a function that was imported without one; "
      + 'import it with Function.fromFunctionAttributes({ functionArn, role }) [BGP115]'],
    [{ smokeTest: SmokeTest.http({ path: '/' }), hooks: { afterAllowTestTraffic: gate } },
      "'hooks.afterAllowTestTraffic' must not come with 'smokeTest': CodeDeploy calls one function at an event; remove one, or let your function ask the test listener itself [BGP114]"],
    [{ trafficShift: inSteps(69), hooks: FIVE_HOOKS, terminationWaitTime: Duration.minutes(70) },
      "'trafficShift' must be done within the 5 days of a pipeline action, with 'hooks', 'smokeTest' and 'terminationWaitTime', got 5 days 1 minute; shift faster, or wait less [BGP102]"],
    [{ trafficShift: inSteps(72), terminationWaitTime: Duration.minutes(63), smokeTest: SmokeTest.http({ path: '/', timeout: Duration.seconds(541) }) },
      "'trafficShift' must be done within the 5 days of a pipeline action, with 'hooks', 'smokeTest' and 'terminationWaitTime', got 5 days 1 minute; shift faster, or wait less [BGP102]"],
    // The ten minutes that old tasks are kept by default count, too.
    [{ trafficShift: TrafficShift.linear({ percentage: 25, interval: Duration.minutes(2397) }) },
      "'trafficShift' must be done within the 5 days of a pipeline action, with 'hooks', 'smokeTest' and 'terminationWaitTime', got 5 days 1 minute; shift faster, or wait less [BGP102]"],
  ])('%#: %p', (options, sentence) => {
    expect(said(options)).toEqual(sentence.split('|'));
  });

  test('with the path that leads to the value', () => {
    const wrong = {
      cpu: 1,
      taskCount: 0,
      maxTaskCount: 0,
      terminationWaitTime: 1,
      rollbackErrorRate: 0,
      rollbackMinimumRequests: 0,
      publicLoadBalancer: 1,
      smokeTest: 1,
      trafficShift: 1,
      containerCommand: 1,
      taskPolicies: 1,
      containerEnvironment: { A: 1 },
      containerSecrets: { A: 1 },
      hooks: { afterInstall: 1 },
      certificate: 1,
      loadBalancerLogsBucket: 1,
      testListenerCidrs: ['x'],
    };

    const sentences = said(wrong, 'environments[1].');

    expect(sentences.filter((sentence) => !sentence.startsWith("'environments[1]."))).toEqual([]);
    expect(Object.keys(wrong).filter((prop) => !sentences.some((sentence) => sentence.startsWith(`'environments[1].${prop}`)))).toEqual([]);
  });
});

/** The page of AWS, by hand: MiB for each number of CPU units. */
const gigabytes = (from: number, to: number, step = 1) => Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);
const OFFERED = new Map([
  [256, [512, 1024, 2048]], [512, gigabytes(1, 4)], [1024, gigabytes(2, 8)], [2048, gigabytes(4, 16)], [4096, gigabytes(8, 30)],
  [8192, gigabytes(16, 60, 4)], [16384, gigabytes(32, 120, 8)],
]);

test('every size that Fargate offers is taken, and none beside it', () => {
  for (const [cpu, memories] of OFFERED) {
    for (let memoryLimitMiB = 256; memoryLimitMiB <= 131072; memoryLimitMiB += 256) {
      expect([cpu, memoryLimitMiB, said({ cpu, memoryLimitMiB }).length === 0]).toEqual([cpu, memoryLimitMiB, memories.includes(memoryLimitMiB)]);
    }
  }
  const cpu = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(...OFFERED.keys()));
  const memory = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(...[...OFFERED.values()].flat()));
  fc.assert(fc.property(cpu, memory, (units, mebibytes) =>
    (said({ cpu: units, memoryLimitMiB: mebibytes }).length === 0) === (OFFERED.get(units)?.includes(mebibytes) ?? false)), { numRuns: RUNS });
});

test('the name of a variable is judged as by hand', () => {
  const fine = (name: string) => name !== '' && [...name].every((character) => character > ' ' && character <= '~' && character !== '=');

  fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-Za-z_=. -]{0,6}$/)), (name) =>
    (said({ containerEnvironment: Object.fromEntries([[name, 'x']]) }).length === 0) === (fine(name) || name === '__proto__')), { numRuns: RUNS });
});

test('the total of a deployment is judged as by hand', () => {
  const minutes = fc.integer({ min: 2, max: 2880 });
  const percentage = fc.integer({ min: 1, max: 99 });

  fc.assert(fc.property(percentage, minutes, minutes, fc.subarray(Object.keys(FIVE_HOOKS)), (percent, interval, wait, events) => {
    let shift = 0;
    for (let moved = percent; moved < 100; moved += percent) {
      shift += interval;
    }
    const options = {
      trafficShift: TrafficShift.linear({ percentage: percent, interval: Duration.minutes(interval) }),
      terminationWaitTime: Duration.minutes(wait),
      hooks: Object.fromEntries(events.map((event) => [event, gate])),
    };
    return (said(options).length === 0) === (shift + wait + 60 * events.length <= 7200);
  }), { numRuns: RUNS });
});

const PROPS = ['cpu', 'memoryLimitMiB', 'taskCount', 'maxTaskCount', 'containerEnvironment', 'containerSecrets', 'containerCommand', 'taskPolicies', 'certificate',
  'publicLoadBalancer', 'loadBalancerLogsBucket', 'trafficShift', 'terminationWaitTime', 'testListenerCidrs', 'smokeTest', 'hooks', 'rollbackErrorRate',
  'rollbackMinimumRequests'];
const SHARED = ['repository', 'vpc', 'containerPort', 'healthCheckPath', 'cpuArchitecture', 'bootstrapImage'];

test('no value of any prop makes a check itself fail', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true });

  fc.assert(fc.property(fc.constantFrom(...PROPS), anything, (prop, value) => Array.isArray(said({ [prop]: value }))), { numRuns: RUNS });
  fc.assert(fc.property(fc.constantFrom(...SHARED), anything, (prop, value) => Array.isArray(saidOfAll({ [prop]: value }))), { numRuns: RUNS });
  fc.assert(fc.property(fc.dictionary(fc.constantFrom(...PROPS), anything), (options) => Array.isArray(said(options))), { numRuns: RUNS });
});

test('null is a wrong type everywhere, and undefined nowhere', () => {
  for (const prop of PROPS) {
    expect([prop, said({ [prop]: null }).length, said({ [prop]: undefined }).length]).toEqual([prop, 1, 0]);
  }
  for (const prop of SHARED) {
    expect([prop, saidOfAll({ [prop]: null }).length, saidOfAll({ [prop]: undefined }).length]).toEqual([prop, 1, 0]);
  }
});

describe('what environments share', () => {
  test.each<Given>([
    { containerPort: 1 }, { containerPort: 65535 }, { containerPort: 9000 }, { healthCheckPath: '/' }, { healthCheckPath: text },
    { cpuArchitecture: ecs.CpuArchitecture.ARM64 }, { bootstrapImage: ecs.ContainerImage.fromRegistry('x') },
    { repository: ecr.Repository.fromRepositoryName(stack, 'Good', 'good') },
  ])('may be %#: %p', (props) => {
    expect(saidOfAll(props)).toEqual([]);
  });

  test.each<[Given, string]>([
    [{ containerPort: 0 }, "'containerPort' must be a whole number from 1 to 65535, got 0; for example 8080 [BGP017]"],
    [{ containerPort: 65536 }, "'containerPort' must be a whole number from 1 to 65535, got 65536; for example 8080 [BGP017]"],
    [{ containerPort: token }, "'containerPort' must be known at synthesis, got a token; write it out, for example 8080 [BGP003]"],
    [{ containerPort: '8080' }, "'containerPort' must be a number, got \"8080\"; for example 8080 [BGP002]"],
    [{ healthCheckPath: 'healthz' }, '\'healthCheckPath\' must be a path of at most 1024 printable ASCII characters that starts with "/", got "healthz"; for example "/healthz" [BGP018]'],
    [{ repository: 'images' }, "'repository' must be an ecr.IRepository, got \"images\"; for example new ecr.Repository(this, \"Images\") [BGP002]"],
    [{ bootstrapImage: 'nginx' }, "'bootstrapImage' must be an ecs.ContainerImage, got \"nginx\"; for example ecs.ContainerImage.fromEcrRepository(repository, \"1\") [BGP002]"],
    [{ cpuArchitecture: ecs.CpuArchitecture.of('RISCV') }, '\'cpuArchitecture\' must be CpuArchitecture.X86_64 or CpuArchitecture.ARM64, got "RISCV"; for example CpuArchitecture.ARM64 [BGP012]'],
    [{ vpc: { vpcId: 'vpc-1' } }, "'vpc' must be an ec2.IVpc, got {\"vpcId\":\"vpc-1\"}; for example new ec2.Vpc(this, \"Network\") [BGP002]"],
  ])('may not be %#: %p', (props, sentence) => {
    expect(saidOfAll(props)).toEqual([sentence]);
  });
});

describe('a deployment', () => {
  const made = (scope: Stack, props: Given) => new EcsBlueGreenDeployment(scope, 'Production', {
    environmentSuffix: 'dev', environmentName: 'production', repository: ecr.Repository.fromRepositoryName(stack, `Images${made.count++}`, 'images'), ...props,
  } as unknown as EcsBlueGreenDeploymentProps);
  made.count = 0;

  test.each<[Given, string]>([
    [{ environmentName: 'Production' }, '\'environmentName\' must be lower-case letters and digits, starting with a letter, got "Production"; for example "staging" [BGP006]'],
    [{ environmentSuffix: 'abcdefghijklm' }, "'environmentSuffix' must be at most 12 characters beside the environment \"production\", got \"abcdefghijklm\" (13); "
      + '"tg-green-production-abcdefghijklm" would not fit into the 32 characters of its AWS name; shorten it [BGP007]'],
    [{ repository: undefined }, "'repository' is required; for example new ecr.Repository(this, \"Images\") [BGP001]"],
    [{ logRetention: 13 }, "'logRetention' must be a number of days that CloudWatch Logs offers, got 13; for example RetentionDays.ONE_MONTH [BGP051]"],
    [{ logRetention: 'ONE_MONTH' }, "'logRetention' must be a logs.RetentionDays, got \"ONE_MONTH\"; for example RetentionDays.ONE_MONTH [BGP002]"],
    [{ containerPort: 0 }, "'containerPort' must be a whole number from 1 to 65535, got 0; for example 8080 [BGP017]"],
    [{ cpu: 300 }, `${SIZES}, got 300; for example 512 with a memoryLimitMiB of 1024 [BGP097]`],
  ])('is not made with %#: %p', (props, sentence) => {
    const own = newStack();

    expect(() => made(own, props)).toThrow(new RegExp(`^${escaped(`Storefront/Production (EcsBlueGreenDeployment): ${sentence}`)}\n`));
    expect(own.node.children).toEqual([]);
  });

  test('hears of all problems at once', () => {
    expect(() => made(newStack(), { environmentSuffix: 'X', cpu: 1, containerPort: 0, hooks: 1 })).toThrow('Storefront/Production (EcsBlueGreenDeployment) has 4 problems:');
  });

  test('keeps logs for each time that CloudWatch Logs offers, by the list of its API', () => {
    const offered = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];
    for (const logRetention of [...offered, 9999, token]) {
      expect(() => made(newStack(), { logRetention })).not.toThrow();
    }
    for (const logRetention of offered.flatMap((days) => [days + 1, -days]).filter((days) => !offered.includes(days))) {
      expect(() => made(newStack(), { logRetention })).toThrow('[BGP051]');
    }
  });

  test.each([undefined, null, 'x', 7, [], () => ({})])('is not made with %p for props', (props) => {
    expect(() => new EcsBlueGreenDeployment(newStack(), 'Production', props as unknown as EcsBlueGreenDeploymentProps)).toThrow(/^Storefront\/Production \(EcsBlueGreenDeployment\)/);
  });

  test.each([[undefined, 'Production'], [{}, 'Production'], [newStack(), ''], [newStack(), 3]])('is not made in %p as %p', (scope, id) => {
    expect(() => new EcsBlueGreenDeployment(scope as Stack, id as string, { environmentSuffix: 'dev', environmentName: 'production' } as EcsBlueGreenDeploymentProps))
      .toThrow(/EcsBlueGreenDeployment\) has 2 problems/);
  });

  test('is made once for a suffix, and the second one leaves nothing', () => {
    const own = newStack();
    made(own, {});

    expect(() => new EcsBlueGreenDeployment(own, 'Second', { environmentSuffix: 'dev', environmentName: 'production', repository: ecr.Repository.fromRepositoryName(stack, 'Again', 'images') }))
      .toThrow('"service-production-dev" already belongs to Storefront/Production; give the second one a suffix of its own [BGP008]');
    expect(own.node.tryFindChild('Second')).toBeUndefined();
  });

  test.each<[string, (scope: Stack) => unknown, string]>([
    ['nothing', () => undefined, "'alarm' is required; for example errors.createAlarm(this, \"Errors\", { … }) [BGP001]"],
    ['a name', () => 'slow', "'alarm' must be a cloudwatch.IAlarm, got \"slow\"; for example errors.createAlarm(this, \"Errors\", { … }) [BGP002]"],
    ['a composite alarm', (scope) => new cloudwatch.CompositeAlarm(scope, 'Any', { alarmRule: cloudwatch.AlarmRule.fromBoolean(true) }),
      "'alarm' must be a metric alarm: CodeDeploy does not watch a composite one; add the alarms that it is made of [BGP129]"],
  ])('is not rolled back by %s', (_, alarm, sentence) => {
    const own = newStack();
    const deployment = made(own, {});

    expect(() => deployment.addRollbackAlarm(alarm(own) as cloudwatch.IAlarm)).toThrow(`Storefront/Production (EcsBlueGreenDeployment): ${sentence}`);
  });

  test('is watched by six more alarms, and no seventh', () => {
    const own = newStack();
    const deployment = made(own, {});
    const alarm = (name: string) => cloudwatch.Alarm.fromAlarmArn(own, name, `arn:aws:cloudwatch:us-east-1:111111111111:alarm:${name}`);
    ['A', 'B', 'C', 'D', 'E', 'F'].forEach((name) => deployment.addRollbackAlarm(alarm(name)));

    expect(() => deployment.addRollbackAlarm(alarm('G'))).toThrow(
      "Storefront/Production (EcsBlueGreenDeployment): 'addRollbackAlarm' must not be called more than 6 times: CodeDeploy watches at most 10 alarms, "
      + 'of which the colours take four; watch the others yourself [BGP130]');
  });
});

function escaped(sentence: string): string {
  return sentence.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
