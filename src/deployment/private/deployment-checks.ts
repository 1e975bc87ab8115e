import { aws_ec2 as ec2, aws_ecs as ecs, Duration, Token } from 'aws-cdk-lib';
import {
  architectureProblem, durationProblem, environmentNameProblem, environmentSuffixProblem, optional, pathProblem, portProblem, shown, textMatching,
  wholeNumberProblem,
} from '../../private/checks';
import { Problem } from '../../private/errors';
import { lengthProblem } from '../../private/names';
import { EcsBlueGreenDeploymentProps } from '../ecs-blue-green-deployment-props';
import { EnvironmentOptions } from '../environment-options';
import { hooksProblems } from './hooks';

/** What the environments of a pipeline share, and what the place that they run in offers. */
export interface DeploymentPlace {
  readonly vpc?: ec2.IVpc;
  readonly bootstrapImage?: ecs.ContainerImage;
}

/** Everything that can be wrong about a deployment before it is made. */
export function deploymentProblems(props: EcsBlueGreenDeploymentProps): Problem[] {
  return [
    environmentSuffixProblem(props?.environmentSuffix),
    environmentNameProblem('environmentName', props?.environmentName),
    lengthProblem(props ?? {}, { targetGroup: 'tg-green', role: 'role-codedeploy' }),
    props?.repository === undefined ? "'repository' is required; for example new ecr.Repository(this, 'Images')" : undefined,
    architectureProblem('cpuArchitecture', props?.cpuArchitecture),
    ...containerProblems(props ?? {}),
    ...environmentProblems('', props ?? {}, 2, props ?? {}),
  ];
}

/** What can be wrong about the frozen settings of the container. */
export function containerProblems(props: { readonly containerPort?: number; readonly healthCheckPath?: string }): Problem[] {
  return [
    portProblem('containerPort', props.containerPort),
    optional(props.healthCheckPath, (path) => pathProblem('healthCheckPath', path)),
  ];
}

/**
 * What can be wrong about the options of one environment.
 *
 * @param at what leads to them, as in `environments[1].`
 * @param defaultTaskCount how many tasks run if they do not say so
 * @param place where they run
 */
export function environmentProblems(at: string, options: EnvironmentOptions, defaultTaskCount: number, place: DeploymentPlace): Problem[] {
  const { taskCount = defaultTaskCount, maxTaskCount } = options;
  return [
    sizeProblem(at, options.cpu ?? 256, options.memoryLimitMiB ?? 512),
    wholeNumberProblem('BGP090', `${at}taskCount`, taskCount, 1, 5000, 2),
    wholeNumberProblem('BGP091', `${at}maxTaskCount`, maxTaskCount, 1, 5000, 12),
    maxTaskCount !== undefined && !Token.isUnresolved(maxTaskCount) && !Token.isUnresolved(taskCount) && maxTaskCount < taskCount
      ? `'${at}maxTaskCount' must be at least 'taskCount' (${taskCount}), got ${maxTaskCount}`
      : undefined,
    // Less would stop the old tasks before the new ones are past their grace period.
    durationProblem('BGP093', `${at}terminationWaitTime`, options.terminationWaitTime, Duration.minutes(2), Duration.days(2)),
    ...(options.testListenerCidrs ?? []).map((cidr, index) => cidrProblem(`${at}testListenerCidrs[${index}]`, cidr)),
    wholeNumberProblem('BGP095', `${at}rollbackErrorRate`, options.rollbackErrorRate, 1, 99, 5),
    wholeNumberProblem('BGP096', `${at}rollbackMinimumRequests`, options.rollbackMinimumRequests, 1, 1_000_000, 10),
    ...hooksProblems(at, options),
    ...(place.vpc === undefined ? [] : networkProblems(at, options, place.vpc, place.bootstrapImage)),
  ];
}

/** What a network of the user must have. Whether private subnets really have a way out is known to the network alone. */
function networkProblems(at: string, options: EnvironmentOptions, vpc: ec2.IVpc, bootstrapImage?: ecs.ContainerImage): Problem[] {
  const isolated = vpc.privateSubnets.length === 0;
  return [
    (options.publicLoadBalancer ?? true) && vpc.publicSubnets.length === 0
      ? `'vpc' must have public subnets for a load balancer that is reachable from the Internet; or set '${at}publicLoadBalancer' to false`
      : undefined,
    isolated && vpc.isolatedSubnets.length === 0 ? "'vpc' must have private subnets for the tasks; add some, with a way out" : undefined,
    isolated && vpc.isolatedSubnets.length > 0 && bootstrapImage === undefined
      ? "'bootstrapImage' is required in a 'vpc' whose private subnets are isolated: the default comes from ECR Public, which tasks cannot reach from there; "
        + 'bring an image of an ECR repository, and VPC endpoints for ECR, S3 and CloudWatch Logs'
      : undefined,
    isolated && options.smokeTest !== undefined
      ? `'${at}smokeTest' must not be given in a 'vpc' whose private subnets have no way out: its function reaches EC2 and CodeDeploy from there; `
        + `use a function of yours as '${at}hooks.afterAllowTestTraffic'`
      : undefined,
  ];
}

/** Memory in MiB that Fargate offers for each number of CPU units: from, to, step. */
const SIZES: { [cpu: number]: [number, number, number] } = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16384, 1024],
  4096: [8192, 30720, 1024],
  8192: [16384, 61440, 4096],
  16384: [32768, 122880, 8192],
};

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size */
function sizeProblem(at: string, cpu: number, memory: number): Problem {
  if (Token.isUnresolved(cpu) || Token.isUnresolved(memory)) {
    return undefined;
  }
  if (cpu === 256) {
    return [512, 1024, 2048].includes(memory) ? undefined
      : `'${at}memoryLimitMiB' must be 512, 1024 or 2048 for 256 CPU units, got ${shown(memory)}`;
  }
  if (!(cpu in SIZES)) {
    return `'${at}cpu' must be 256, 512, 1024, 2048, 4096, 8192 or 16384, got ${shown(cpu)}`;
  }
  const [from, to, step] = SIZES[cpu];
  return memory >= from && memory <= to && memory % step === 0 ? undefined
    : `'${at}memoryLimitMiB' must be from ${from} to ${to} in steps of ${step} for ${cpu} CPU units, got ${shown(memory)}`;
}

const CIDR = /^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)\/([1-9]|[12]\d|3[0-2])$/;

function cidrProblem(prop: string, cidr: unknown): Problem {
  return textMatching('BGP094', prop, cidr, CIDR, 'an IPv4 network in CIDR form, narrower than the whole Internet', '203.0.113.0/24');
}
