import { aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DEFAULT_CONTAINER_PORT } from './defaults';
import { EcsBlueGreenDeploymentProps } from './ecs-blue-green-deployment-props';
import { EnvironmentOptions } from './environment-options';
import * as capacity from './private/capacity-checks';
import * as container from './private/container-checks';
import { deploymentTimeViolation } from './private/deployment-time';
import { deploymentHooks } from './private/hook-checks';
import { certificate, loadBalancerOptions } from './private/load-balancer-checks';
import { networkViolations, VPC } from './private/network-checks';
import { retiringOptions, smokeTestViolation } from './private/retiring-checks';
import { rollbackOptions } from './private/rollback-checks';
import { TrafficShift } from './traffic-shift';
import { ClaimedName, nameLengthViolation, NameParts, takenNameViolations } from '../private/names';
import { placeViolations } from '../private/placement';
import {
  cpuArchitecture, environmentName, environmentSuffix, httpPath, logRetention, port,
} from '../private/shared-checks';
import { Fields, propsViolations, struct, StructOptions } from '../private/structs';
import { CDK, cdkType, instanceOf, requiredCdkType } from '../private/types';
import { all, literal, optional } from '../private/validation';
import { Violations } from '../private/violations';

/** The names that `EcsBlueGreenDeployment` claims. */
export function claimedNames(parts: Partial<NameParts>): ClaimedName[] {
  return [{ type: 'service', parts }];
}

/** Returns all violations of the props of `EcsBlueGreenDeployment`. */
export function violations(scope: Construct, id: string, props: EcsBlueGreenDeploymentProps): Violations {
  return [
    placeViolations(scope, id),
    propsViolations(props, propsChecks(scope, props)),
    takenNameViolations(scope, claimedNames(props)),
  ];
}

export function propsChecks(
  scope: Construct,
  props: EcsBlueGreenDeploymentProps,
): StructOptions<EcsBlueGreenDeploymentProps> {
  const { vpc, bootstrapImage } = props ?? {};
  const environment = environmentChecks({ scope, vpc, bootstrapImage });
  return {
    example: '{ environmentSuffix: "dev" }',
    fields: {
      ...environment.fields,
      ...SHARED_FIELDS,
      environmentSuffix,
      environmentName,
      repository: requiredCdkType(CDK.repository),
      logRetention,
    },
    combination: (valid, at, isSet) => [
      nameLengthViolation(valid, { targetGroup: 'tg-green' }),
      environment.combination?.(valid, at, isSet),
    ],
  };
}

/** Props that the environments of an application share. */
export interface SharedProps {
  readonly repository?: ecr.IRepository;
  readonly vpc?: ec2.IVpc;
  readonly containerPort?: number;
  readonly healthCheckPath?: string;
  readonly cpuArchitecture?: ecs.CpuArchitecture;
  readonly bootstrapImage?: ecs.ContainerImage;
}

/** The checks of what environments share, for the props of a construct. */
export const SHARED_FIELDS: Fields<SharedProps> = {
  repository: cdkType(CDK.repository),
  vpc: cdkType(VPC),
  containerPort: all(literal({ remedy: `pass a literal value, for example ${DEFAULT_CONTAINER_PORT}` }), port),
  healthCheckPath: optional(httpPath),
  cpuArchitecture,
  bootstrapImage: cdkType({
    type: 'an ecs.ContainerImage',
    member: 'bind',
    example: 'ecs.ContainerImage.fromEcrRepository(repository, "1")',
    isValue: true,
  }),
};

/** Place and shared props of an environment. */
export interface EnvironmentContext {
  readonly scope: unknown;
  readonly vpc?: ec2.IVpc;
  readonly bootstrapImage?: ecs.ContainerImage;
}

/** The checks of the options of one environment, for a struct that has more keys. */
export function environmentChecks(context: EnvironmentContext): StructOptions<EnvironmentOptions> {
  const { scope, vpc, bootstrapImage } = context;
  return {
    example: '{ taskCount: 3 }',
    fields: {
      cpu: capacity.cpu,
      memoryLimitMiB: capacity.memoryLimitMiB,
      taskCount: capacity.taskCount,
      maxTaskCount: capacity.maxTaskCount,
      containerEnvironment: container.containerEnvironment,
      containerSecrets: container.containerSecrets,
      certificate: certificate(scope),
      trafficShift: instanceOf(TrafficShift, 'TrafficShift.allAtOnce()'),
      hooks: deploymentHooks(scope),
      loadBalancer: loadBalancerOptions(scope),
      rollback: rollbackOptions,
      tasks: container.taskOptions,
      retiring: retiringOptions(scope),
    },
    combination: (options, at) => [
      capacity.sizeViolation(options, at),
      capacity.scalingViolation(options, at),
      container.variableViolations(options, at),
      smokeTestViolation(options, at),
      deploymentTimeViolation(options, at),
      networkViolations({ vpc, bootstrapImage, options, at }),
    ],
  };
}

/** Returns all violations of the options of one environment; `at` is their path, as in `environments[1]`. */
export function environmentViolations(at: string, options: unknown, context: EnvironmentContext): Violations {
  return struct(environmentChecks(context))(at, options);
}
