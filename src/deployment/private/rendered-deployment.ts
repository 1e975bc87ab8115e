import {
  aws_cloudwatch as cloudwatch, aws_codedeploy as codedeploy, aws_ecs as ecs, CfnResource, Stack,
} from 'aws-cdk-lib';
import { LoadBalancing } from './load-balancing';
import { renderedProperties } from '../../private/rendered-properties';

/** Properties of the resources in the template that the checks read. */
export interface ServiceProperties {
  readonly DeploymentController?: { readonly Type?: string };
  readonly DeploymentConfiguration?: {
    readonly Alarms?: object;
    readonly BakeTimeInMinutes?: unknown;
    readonly CanaryConfiguration?: unknown;
    readonly DeploymentCircuitBreaker?: { readonly Enable?: boolean };
    readonly LifecycleHooks?: unknown;
    readonly LinearConfiguration?: unknown;
    readonly Strategy?: string;
  };
  /** A list, or an intrinsic function in its place. */
  readonly CapacityProviderStrategy?: unknown;
  readonly DesiredCount?: unknown;
  readonly ForceNewDeployment?: { readonly EnableForceNewDeployment?: boolean };
  readonly LaunchType?: string;
  readonly LoadBalancers?: {
    readonly AdvancedConfiguration?: unknown;
    readonly ContainerName?: unknown;
    readonly ContainerPort?: unknown;
    readonly TargetGroupArn?: unknown;
  }[];
  readonly NetworkConfiguration?: {
    readonly AwsvpcConfiguration?: { readonly AssignPublicIp?: unknown; readonly SecurityGroups?: unknown };
  };
  readonly PlatformVersion?: string;
  readonly PropagateTags?: unknown;
  readonly SchedulingStrategy?: string;
  readonly ServiceName?: unknown;
  readonly ServiceConnectConfiguration?: { readonly Enabled?: boolean };
  readonly Tags?: unknown;
  readonly VolumeConfigurations?: unknown;
  readonly VpcLatticeConfigurations?: unknown;
}

interface Route {
  readonly ListenerArns?: unknown[];
}

export interface GroupProperties {
  readonly AlarmConfiguration?: {
    readonly Alarms?: { readonly Name?: unknown }[];
    readonly Enabled?: unknown;
    readonly IgnorePollAlarmFailure?: unknown;
  };
  readonly AutoRollbackConfiguration?: { readonly Enabled?: unknown; readonly Events?: unknown[] };
  readonly BlueGreenDeploymentConfiguration?: {
    readonly DeploymentReadyOption?: { readonly WaitTimeInMinutes?: number };
    readonly TerminateBlueInstancesOnDeploymentSuccess?: { readonly TerminationWaitTimeInMinutes?: number };
  };
  readonly LoadBalancerInfo?: {
    readonly TargetGroupPairInfoList?: {
      readonly ProdTrafficRoute?: Route;
      readonly TargetGroups?: { readonly Name?: unknown }[];
      readonly TestTrafficRoute?: Route;
    }[];
  };
}

export interface ListenerProperties {
  /** A list, or an intrinsic function in its place. */
  readonly DefaultActions?: unknown;
  readonly Port?: number;
}

interface ContainerProperties {
  readonly Name?: string;
  readonly PortMappings?: { readonly ContainerPort?: number }[];
}

export interface TaskDefinitionProperties {
  readonly ContainerDefinitions?: ContainerProperties[];
}

/** Resources that CodeDeploy and ECS will find, after the user has changed the exposed constructs. */
export interface RenderedDeployment {
  readonly service: ServiceProperties;
  readonly cluster: { readonly ClusterName?: unknown };
  readonly group: GroupProperties;
  readonly blue: { readonly [name: string]: unknown };
  readonly green: { readonly [name: string]: unknown };
  readonly production: ListenerProperties;
  readonly test: ListenerProperties;
  /** True for a listener whose only default action is the library's. */
  readonly forwardsToLive: { readonly production: boolean; readonly test: boolean };
  readonly taskDefinition: TaskDefinitionProperties;
  /** Reference of the template to the blue target group, which the service starts behind. */
  readonly blueArn: unknown;
  /** References of the template to each rollback alarm: by `Ref`, and by its physical name. */
  readonly rollbackAlarms: unknown[][];
}

/**
 * The parts of a deployment that a user can reach, and so change after the constructor has checked
 * the props.
 */
export interface DeploymentParts {
  readonly balancing: LoadBalancing;
  readonly service: ecs.FargateService;
  readonly deploymentGroup: codedeploy.EcsDeploymentGroup;
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly rollbackAlarms: cloudwatch.Alarm[];
}

export function renderDeployment(parts: DeploymentParts): RenderedDeployment {
  const { balancing, service, deploymentGroup, taskDefinition, rollbackAlarms } = parts;
  const stack = Stack.of(service);
  const [production, test]: ListenerProperties[] = [balancing.production, balancing.test]
    .map((listener) => renderedProperties(listener.node.defaultChild));
  return {
    service: renderedProperties(service.node.findAll().find(isCfnService)),
    cluster: renderedProperties(service.cluster.node.defaultChild),
    group: renderedProperties(deploymentGroup.node.defaultChild),
    blue: renderedProperties(balancing.blue.node.defaultChild),
    green: renderedProperties(balancing.green.node.defaultChild),
    production,
    test,
    forwardsToLive: {
      production: balancing.live.production.isOnlyActionIn(production, stack),
      test: balancing.live.test.isOnlyActionIn(test, stack),
    },
    taskDefinition: renderedProperties(taskDefinition.node.defaultChild),
    blueArn: stack.resolve(balancing.blue.targetGroupArn),
    rollbackAlarms: rollbackAlarms.map((alarm) => [
      stack.resolve(alarm.alarmName),
      renderedProperties(alarm.node.defaultChild).AlarmName,
    ]),
  };
}

/** A service has no default child. */
function isCfnService(construct: unknown): boolean {
  return CfnResource.isCfnResource(construct)
    && construct.cfnResourceType === ecs.CfnService.CFN_RESOURCE_TYPE_NAME;
}
