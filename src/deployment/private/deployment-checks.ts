import {
  aws_cloudwatch as cloudwatch, aws_codepipeline as codepipeline, aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam,
  Duration, Token,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  architectureProblem, booleanProblem, durationProblem, environmentNameProblem, environmentSuffixProblem, kindProblem, listProblems, mapProblems,
  optional, pathProblem, placeProblem, portProblem, propsProblems, requiredProblem, resourceProblem, retentionProblem, shown, stageProblem,
  takenStageProblem, textMatching, tokenProblem, wholeNumberProblem, wrongType,
} from '../../private/checks';
import { broken, Problem } from '../../private/errors';
import { lengthProblem, takenNameProblem } from '../../private/names';
import { EcsBlueGreenDeploymentProps } from '../ecs-blue-green-deployment-props';
import { EnvironmentOptions } from '../environment-options';
import { DEFAULT_TERMINATION_WAIT_TIME, DEFAULT_TRAFFIC_SHIFT, MAX_ALARMS } from './code-deploy';
import { hooksIn, hooksProblems } from './hooks';
import { certificateProblem, cidrProblems, logsBucketProblem, networkProblems, vpcProblem } from './network-checks';

/** What the environments of a pipeline share, and what the place that they run in offers. */
export interface DeploymentPlace {
  readonly vpc?: ec2.IVpc;
  readonly bootstrapImage?: ecs.ContainerImage;
  readonly scope: Construct;
}

/** Everything that can be wrong about a deployment before it is made. */
export function deploymentProblems(scope: Construct, id: string, given: EcsBlueGreenDeploymentProps): Problem[] {
  return [placeProblem(scope, id), ...propsProblems(given, (props) => [
    environmentSuffixProblem(props.environmentSuffix),
    environmentNameProblem('environmentName', props.environmentName),
    lengthProblem(props, { targetGroup: 'tg-green' }),
    takenNameProblem(scope, 'service', props),
    requiredProblem('repository', props.repository, REPOSITORY),
    retentionProblem('logRetention', props.logRetention),
    ...sharedProblems(props),
    ...environmentProblems('', props, 2, { vpc: props.vpc, bootstrapImage: props.bootstrapImage, scope }),
  ])];
}

/** What the environments of an application have in common. */
export type SharedProps = Pick<EcsBlueGreenDeploymentProps, 'vpc' | 'containerPort' | 'healthCheckPath' | 'cpuArchitecture' | 'bootstrapImage'>
  & { readonly repository?: ecr.IRepository };

/** What can be wrong about it. */
export function sharedProblems(props: SharedProps): Problem[] {
  return [
    resourceProblem('repository', props.repository, 'repositoryUri', 'an ecr.IRepository', REPOSITORY),
    vpcProblem(props.vpc),
    tokenProblem('containerPort', props.containerPort, 'known at synthesis', 'write it out, for example 8080') ?? portProblem('containerPort', props.containerPort),
    optional(props.healthCheckPath, (path) => pathProblem('healthCheckPath', path)),
    architectureProblem('cpuArchitecture', props.cpuArchitecture),
    kindProblem('bootstrapImage', props.bootstrapImage, 'bind', 'an ecs.ContainerImage', 'ecs.ContainerImage.fromEcrRepository(repository, "1")'),
  ];
}

const REPOSITORY = 'new ecr.Repository(this, "Images")';

/**
 * What can be wrong about the options of one environment.
 *
 * @param at what leads to them, as in `environments[1].`
 * @param defaultTaskCount how many tasks run if they do not say so
 * @param place where they run
 */
export function environmentProblems(at: string, options: EnvironmentOptions, defaultTaskCount: number, place: DeploymentPlace): Problem[] {
  return [
    ...sizeProblems(at, options.cpu, options.memoryLimitMiB),
    ...taskCountProblems(at, options.taskCount, options.maxTaskCount, defaultTaskCount),
    ...containerProblems(at, options),
    ...policiesProblems(`${at}taskPolicies`, options.taskPolicies),
    certificateProblem(`${at}certificate`, options.certificate, place.scope),
    booleanProblem(`${at}publicLoadBalancer`, options.publicLoadBalancer),
    logsBucketProblem(`${at}loadBalancerLogsBucket`, options.loadBalancerLogsBucket, place.scope),
    trafficShiftProblem(`${at}trafficShift`, options.trafficShift),
    // Less would stop the old tasks before the new ones are past their grace period.
    durationProblem('BGP093', `${at}terminationWaitTime`, options.terminationWaitTime, Duration.minutes(2), Duration.days(2)),
    ...cidrProblems(`${at}testListenerCidrs`, options.testListenerCidrs),
    smokeTestProblem(`${at}smokeTest`, options.smokeTest),
    rateProblem(`${at}rollbackErrorRate`, options.rollbackErrorRate),
    requestsProblem(`${at}rollbackMinimumRequests`, options.rollbackMinimumRequests),
    ...hooksProblems(at, options, place.scope),
    totalProblem(at, options, place.scope),
    ...networkProblems(at, options, place.vpc, place.bootstrapImage),
  ];
}

/** How many MiB of memory Fargate offers for a number of CPU units: from, to, step. */
const SIZES: { [cpu: number]: [number, number, number] } = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16384, 1024],
  4096: [8192, 30720, 1024],
  8192: [16384, 61440, 4096],
  16384: [32768, 122880, 8192],
};

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size */
function sizeProblems(at: string, cpu: unknown = 256, memory: unknown = 512): Problem[] {
  const wrong = [
    numberProblem(`${at}cpu`, cpu, 256) ?? cpuProblem(`${at}cpu`, cpu as number),
    numberProblem(`${at}memoryLimitMiB`, memory, 512),
  ];
  return wrong.some((problem) => problem !== undefined) || Token.isUnresolved(cpu) || Token.isUnresolved(memory) ? wrong
    : [memoryProblem(`${at}memoryLimitMiB`, cpu as number, memory as number)];
}

function numberProblem(prop: string, value: unknown, example: number): Problem {
  return typeof value === 'number' ? undefined : wrongType(prop, 'a number', value, String(example));
}

function cpuProblem(prop: string, cpu: number): Problem {
  return Token.isUnresolved(cpu) || cpu === 256 || cpu in SIZES ? undefined
    : broken('BGP097', prop, 'must be 256, 512, 1024, 2048, 4096, 8192 or 16384', shown(cpu), 'for example 512 with a memoryLimitMiB of 1024');
}

function memoryProblem(prop: string, cpu: number, memory: number): Problem {
  if (cpu === 256) {
    return [512, 1024, 2048].includes(memory) ? undefined
      : broken('BGP098', prop, 'must be 512, 1024 or 2048 for 256 CPU units', shown(memory), 'change one of the two');
  }
  const [from, to, step] = SIZES[cpu];
  return memory >= from && memory <= to && memory % step === 0 ? undefined
    : broken('BGP098', prop, `must be from ${from} to ${to} in steps of ${step} for ${cpu} CPU units`, shown(memory), 'change one of the two');
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
function taskCountProblems(at: string, given: unknown, max: unknown, defaultTaskCount: number): Problem[] {
  const wrong = [
    wholeNumberProblem('BGP090', `${at}taskCount`, given, 1, 5000, 2),
    wholeNumberProblem('BGP091', `${at}maxTaskCount`, max, 1, 5000, 12),
  ];
  const least = given ?? defaultTaskCount;
  const comparable = wrong.every((problem) => problem === undefined) && max !== undefined && !Token.isUnresolved(max) && !Token.isUnresolved(least);
  return comparable && (max as number) < (least as number)
    ? [broken('BGP092', `${at}maxTaskCount`, `must be at least 'taskCount' (${shown(least)})`, shown(max), 'change one of the two')] : wrong;
}

/** What the container gets; values may be secrets, so none is shown. */
function containerProblems(at: string, options: EnvironmentOptions): Problem[] {
  const variables = `${at}containerEnvironment`;
  const secrets = `${at}containerSecrets`;
  const plain = Object.keys(options.containerEnvironment ?? {});
  return [
    ...mapProblems(variables, options.containerEnvironment, '{ LOG_LEVEL: "info" }', (entry, name, value) => [
      variableNameProblem(variables, name),
      typeof value === 'string' ? undefined : broken('BGP002', entry, 'must be a text', undefined, 'for example "info"'),
    ]),
    ...mapProblems(secrets, options.containerSecrets, '{ TOKEN: ecs.Secret.fromSecretsManager(secret) }', (entry, name, value) => [
      variableNameProblem(secrets, name),
      isSecret(value) ? undefined : broken('BGP002', entry, 'must be an ecs.Secret', undefined, 'for example ecs.Secret.fromSecretsManager(secret)'),
      plain.includes(name) ? broken('BGP104', entry, 'must not be in \'containerEnvironment\', too', undefined, 'remove one of the two') : undefined,
    ]),
    ...commandProblems(`${at}containerCommand`, options.containerCommand),
  ];
}

/** What no shell sets, and an application could not tell from the value. */
function variableNameProblem(prop: string, name: string): Problem {
  return textMatching('BGP103', prop, name, /^[!-<>-~]+$/, 'by names of printable ASCII characters without spaces and "="', 'LOG_LEVEL');
}

function isSecret(value: unknown): value is ecs.Secret {
  return typeof value === 'object' && value !== null && 'arn' in value && 'grantRead' in value;
}

function commandProblems(prop: string, value: unknown): Problem[] {
  const example = '["node", "server.js"]';
  return Array.isArray(value) && value.length === 0
    ? [broken('BGP105', prop, 'must be a list of at least one word', '[]', `for example ${example}; or leave it out`)]
    : listProblems(prop, value, example, (at, word) => typeof word === 'string' ? undefined : wrongType(at, 'a text', word, '"server.js"'));
}

function policiesProblems(prop: string, value: unknown): Problem[] {
  const example = 'new iam.PolicyStatement({ actions: ["sqs:SendMessage"], resources: [queue.queueArn] })';
  return listProblems(prop, value, `[${example}]`, (at, statement) =>
    isStatement(statement)
      // What the CDK would say at synthesis.
      ? statement.validateForIdentityPolicy().map((sentence) => broken('BGP106', at, 'must be a whole statement of an identity policy', undefined, sentence))
      : wrongType(at, 'an iam.PolicyStatement', statement, example));
}

function isStatement(value: unknown): value is iam.PolicyStatement {
  return typeof value === 'object' && value !== null && typeof (value as iam.PolicyStatement).validateForIdentityPolicy === 'function';
}

function trafficShiftProblem(prop: string, value: unknown): Problem {
  return kindProblem(prop, value, '_minutes', 'a TrafficShift', 'TrafficShift.allAtOnce()');
}

function smokeTestProblem(prop: string, value: unknown): Problem {
  return kindProblem(prop, value, '_timeout', 'a SmokeTest', 'SmokeTest.http({ path: "/healthz" })');
}

/** Both stand in texts: in the description of an alarm, and in the expression of its metric. */
function rateProblem(prop: string, value: unknown): Problem {
  return tokenProblem(prop, value, 'known at synthesis', 'write it out, for example 5') ?? wholeNumberProblem('BGP095', prop, value, 1, 99, 5);
}

function requestsProblem(prop: string, value: unknown): Problem {
  return tokenProblem(prop, value, 'known at synthesis', 'write it out, for example 10') ?? wholeNumberProblem('BGP096', prop, value, 1, 1_000_000, 10);
}

/** @see https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html */
export const LONGEST_DEPLOYMENT = Duration.days(5);

/** @see https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
const LONGEST_HOOK = Duration.hours(1);

/** The deploy action ends after five days, whatever CodeDeploy is doing. */
function totalProblem(at: string, options: EnvironmentOptions, scope: Construct): Problem {
  const { trafficShift, smokeTest, terminationWaitTime: wait = DEFAULT_TERMINATION_WAIT_TIME } = options;
  const wrong = trafficShiftProblem('', trafficShift) ?? smokeTestProblem('', smokeTest) ?? hooksProblems('', options, scope).find((problem) => problem !== undefined)
    ?? durationProblem('BGP093', '', wait, Duration.minutes(0), Duration.days(2));
  if (wrong || wait.isUnresolved()) {
    return undefined;
  }
  const total = activeMinutes(options) + wait.toMinutes();
  return total <= LONGEST_DEPLOYMENT.toMinutes() ? undefined
    : broken('BGP102', `${at}trafficShift`, `must be done within the ${LONGEST_DEPLOYMENT.toDays()} days of a pipeline action, with 'hooks', 'smokeTest' and 'terminationWaitTime'`,
      Duration.minutes(Math.ceil(total)).toHumanString(), 'shift faster, or wait less');
}

/** How long a deployment may take before it waits with the old tasks at hand. */
export function activeMinutes({ trafficShift = DEFAULT_TRAFFIC_SHIFT, hooks = {}, smokeTest }: EnvironmentOptions): number {
  return trafficShift._minutes + hooksIn(hooks).length * LONGEST_HOOK.toMinutes() + (smokeTest?._timeout.toMinutes({ integral: false }) ?? 0);
}

/** What can be wrong about a further alarm that rolls back. */
export function alarmProblems(alarm: cloudwatch.IAlarm, watched: number): Problem[] {
  const example = 'errors.createAlarm(this, "Errors", { … })';
  return [
    requiredProblem('alarm', alarm, example) ?? resourceProblem('alarm', alarm, 'alarmArn', 'a cloudwatch.IAlarm', example)
      ?? (alarm instanceof cloudwatch.CompositeAlarm
        ? broken('BGP129', 'alarm', 'must be a metric alarm: CodeDeploy does not watch a composite one', undefined, 'add the alarms that it is made of')
        : undefined),
    watched < MAX_ALARMS ? undefined
      : broken('BGP130', 'addRollbackAlarm', `must not be called more than ${MAX_ALARMS - COLOUR_ALARMS} times: CodeDeploy watches at most ${MAX_ALARMS} alarms, `
        + 'of which the colours take four', undefined, 'watch the others yourself'),
  ];
}

const COLOUR_ALARMS = 4;

/** What can be wrong about the stage in a pipeline. */
export function deployStageProblems(
  deployment: Construct & { readonly stageName: string }, pipeline: codepipeline.Pipeline, options: { readonly release: codepipeline.Artifact },
): Problem[] {
  const example = 'new codepipeline.Artifact("Release")';
  return [
    stageProblem(deployment, 'ActionRole', pipeline) ?? takenStageProblem(pipeline, deployment.stageName),
    ...propsProblems(options, ({ release }) => [
      requiredProblem('release', release, example) ?? kindProblem('release', release, 'atPath', 'a codepipeline.Artifact', example),
    ]),
  ];
}
