import {
  aws_cloudwatch as cloudwatch, aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_kms as kms,
  aws_lambda as lambda, aws_s3 as s3, aws_secretsmanager as secretsmanager, aws_ssm as ssm, Duration, Lazy,
} from 'aws-cdk-lib';
import * as fc from 'fast-check';
import messages from './messages.json';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { EcsBlueGreenDeployment, SmokeTest, TrafficShift } from '../../src';
import { environmentViolations } from '../../src/deployment/deployment-checks';
import * as capacity from '../../src/deployment/private/capacity-checks';
import { containerEnvironment } from '../../src/deployment/private/container-checks';
import { passes } from '../../src/private/validation';
import { isValid } from '../../src/private/violations';
import { ownedBy, testStruct } from '../helpers/inputs';
import { testMessages } from '../helpers/messages';
import { violationCodes, MANY_RUNS, problemsOf } from '../helpers/refusals';
import { newStack } from '../helpers/synthesis';

const number = Lazy.number({ produce: () => 2 });
const text = Lazy.string({ produce: () => 'later' });
const smokeTest = SmokeTest.http({ path: '/' });
const inSteps = (minutes: number) => TrafficShift.linear({ percentage: 1, interval: Duration.minutes(minutes) });

const stack = newStack();
const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
const token = secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'token');
const gate = gateIn('Gate');

function gateIn(id: string, attributes: Partial<lambda.FunctionAttributes> = {}): lambda.IFunction {
  return lambda.Function.fromFunctionAttributes(stack, id, {
    functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:gate',
    role: iam.Role.fromRoleName(stack, `${id}Role`, 'gate'),
    sameEnvironment: true,
    ...attributes,
  });
}

const fiveHooks = {
  beforeInstall: gate,
  afterInstall: gate,
  afterAllowTestTraffic: gate,
  beforeAllowTraffic: gate,
  afterAllowTraffic: gate,
};

const { handler, bucket } = ownedBy(stack);
/** The resources that a user may have in the stack, and pass together with an invalid value. */
const owned = {
  vpc: new ec2.Vpc(stack, 'OwnNetwork', { maxAzs: 2 }),
  hooks: { afterInstall: handler },
  loadBalancer: { accessLogsBucket: bucket, testListenerCidrs: ['203.0.113.0/24'] },
};
const required = { environmentSuffix: 'dev', environmentName: 'production', repository };

testMessages(messages, {
  EcsBlueGreenDeployment: {
    stack,
    make: (props) => new EcsBlueGreenDeployment(stack, 'Production', { ...required, ...owned, ...props }),
    named: () => ({
      'a secret that is none of ECS': { containerSecrets: { TOKEN: token } },
      'a secret with the name of a variable': {
        containerEnvironment: { TOKEN: 'x' }, containerSecrets: { TOKEN: ecs.Secret.fromSecretsManager(token) },
      },
      'a policy without actions': { tasks: { policies: [new iam.PolicyStatement({ resources: ['*'] })] } },
      'a bucket with a key': {
        loadBalancer: {
          accessLogsBucket: new s3.Bucket(stack, 'Encrypted', { encryptionKey: new kms.Key(stack, 'Key') }),
        },
      },
      'a smoke test as traffic shift': { trafficShift: smokeTest },
      'a traffic shift as smoke test': { hooks: { smokeTest: TrafficShift.allAtOnce() } },
      'a role as hook': { hooks: { afterInstall: gate.role } },
      'two hooks at one event': { hooks: { smokeTest, afterAllowTestTraffic: gate } },
      'a hook without a role': { hooks: { beforeAllowTraffic: gateIn('NoRole', { role: undefined }) } },
      'a hook of another region': {
        hooks: {
          afterInstall: gateIn('Far', {
            functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:gate', sameEnvironment: false,
          }),
        },
      },
      'waiting in hours': { rollback: { terminationWaitTime: Duration.hours(number) } },
      'five days with hooks': {
        trafficShift: inSteps(69), hooks: fiveHooks, rollback: { terminationWaitTime: Duration.minutes(70) },
      },
      'five days with a smoke test': {
        trafficShift: inSteps(72),
        hooks: { smokeTest: SmokeTest.http({ path: '/', timeout: Duration.seconds(541) }) },
        rollback: { terminationWaitTime: Duration.minutes(63) },
      },
      // The ten minutes that old tasks are kept by default count, too.
      'five days by default': {
        hooks: {}, trafficShift: TrafficShift.linear({ percentage: 25, interval: Duration.minutes(2397) }),
      },
      'another processor': { cpuArchitecture: ecs.CpuArchitecture.of('RISCV') },
    }),
  },
});

/** Returns true if an environment accepts these options. */
const takes = (options: unknown) => isValid(environmentViolations('environments[1]', options, { scope: stack }));

test.each<object>([
  { cpu: number, memoryLimitMiB: 7 },
  { cpu: 512, memoryLimitMiB: number },
  { maxTaskCount: 2 },
  { taskCount: 3, maxTaskCount: 3 },
  { taskCount: number, maxTaskCount: 1 },
  { taskCount: 3, maxTaskCount: number },
  { containerEnvironment: { 'LOG_LEVEL': '', 'spring.profiles-active': 'a=b', '1': text, [text]: 'x' } },
  {
    containerEnvironment: { TOKENS: '3' },
    containerSecrets: {
      TOKEN: ecs.Secret.fromSecretsManager(token),
      PEPPER: ecs.Secret.fromSsmParameter(ssm.StringParameter.fromStringParameterName(stack, 'Pepper', 'pepper')),
    },
  },
  { tasks: { command: ['node', text], policies: [] } },
  { rollback: { terminationWaitTime: Duration.minutes(number) } },
  { hooks: { smokeTest, beforeInstall: gate, afterInstall: undefined } },
  // 99 steps of 69 minutes, 5 hours of hooks and 69 minutes: 7200 minutes.
  { hooks: fiveHooks, trafficShift: inSteps(69), rollback: { terminationWaitTime: Duration.minutes(69) } },
  {
    hooks: { smokeTest: SmokeTest.http({ path: '/', timeout: Duration.minutes(9) }) },
    trafficShift: inSteps(72),
    rollback: { terminationWaitTime: Duration.minutes(63) },
  },
])('an environment accepts the options %#', (options) => {
  expect(takes(options)).toBe(true);
});

testStruct({
  what: 'EcsBlueGreenDeployment',
  key: 'helthCheckPath',
  closest: 'healthCheckPath',
  claims: 'service-production-dev',
  make: (scope, extra, id) => new EcsBlueGreenDeployment(scope, id, { ...required, ...extra }),
});

test('all violations of a deployment are reported together, whatever its props are', () => {
  const made = (props: unknown, id = 'Other') =>
    violationCodes(() => new EcsBlueGreenDeployment(stack, id, props as typeof required));

  expect(made({ ...required, cpu: 1, containerPort: 0, hooks: 1 }, 'Gate'))
    .toEqual(['BGP014', 'BGP097', 'BGP002', 'BGP017']);
  expect([undefined, 'x', []].map((props) => made(props))).toEqual([Array(3).fill('BGP001'), ['BGP002'], ['BGP002']]);
});

/** The table of AWS, copied by hand: MiB for each number of CPU units. */
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

test('every Fargate size is accepted, and no other', () => {
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

test('the check of variable names agrees with a check by character', () => {
  const valid = (name: string) => name !== '' && [...name].every((each) => each > ' ' && each <= '~' && each !== '=');
  const names = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-Za-z_=. -]{0,6}$/));

  fc.assert(fc.property(names, (name) =>
    passes(containerEnvironment, Object.fromEntries([[name, 'x']])) === valid(name)), { numRuns: MANY_RUNS });
});

test('the check of the deployment total agrees with a sum by hand', () => {
  const minutes = fc.integer({ min: 2, max: 2880 });
  const percentages = fc.integer({ min: 1, max: 99 });
  const hooks = fc.subarray(Object.entries(fiveHooks));

  fc.assert(fc.property(percentages, minutes, minutes, hooks, (percentage, interval, wait, some) => {
    let shift = 0;
    for (let moved = percentage; moved < 100; moved += percentage) {
      shift += interval;
    }
    return takes({
      trafficShift: TrafficShift.linear({ percentage, interval: Duration.minutes(interval) }),
      rollback: { terminationWaitTime: Duration.minutes(wait) },
      hooks: Object.fromEntries(some),
    }) === (shift + wait + 60 * some.length <= 7200);
  }), { numRuns: MANY_RUNS });
});

test('no options of a value class make its checks throw an unexpected error', () => {
  fc.assert(fc.property(fc.anything(), (options) => [TrafficShift.canary, TrafficShift.linear, SmokeTest.http].every((make) =>
    violationCodes(() => make(options as never)).length > 0)), { numRuns: 200 });
});

const place = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
const deployment = deploymentIn(place);
const alarmOf = (id: string, arn = `arn:aws:cloudwatch:us-east-1:111111111111:alarm:${id}`) => cloudwatch.Alarm.fromAlarmArn(place, id, arn);

testMessages(messages, {
  'EcsBlueGreenDeployment.addRollbackAlarm': {
    stack: place,
    make: (alarm) => deployment.addRollbackAlarm(alarm),
    // CodeDeploy looks up the name of an alarm in its own account and region.
    named: () => ({
      'an alarm of another region': alarmOf('far', 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:far'),
      'an alarm of another account': alarmOf('other', 'arn:aws:cloudwatch:us-east-1:222222222222:alarm:other'),
    }),
  },
});

test('a deployment accepts five additional alarms, and no sixth', () => {
  const add = (id: string) => deployment.addRollbackAlarm(alarmOf(id));

  expect(violationCodes(() => ['A', 'B', 'C', 'D', 'E'].forEach(add))).toEqual([]);
  expect(problemsOf(() => add('F'))).toEqual([
    "'addRollbackAlarm' can be called at most 5 times: CodeDeploy watches 10 alarms per deployment group, and 5 are the blue/green alarms; "
    + 'combine several metrics in one alarm with a math expression [BGP130]',
  ]);
});
