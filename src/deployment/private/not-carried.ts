import { ServiceProperties } from './rendered-deployment';
import { formatValue } from '../../private/validation';
import { violation, Violations } from '../../private/violations';

/**
 * Rejects overrides of the service that do not survive a release, that ECS does not support under CodeDeploy, or that
 * update the service with each new tag.
 *
 * A release replaces the tasks by a task set, which CodeDeploy creates from the appspec and its own defaults. The
 * appspec of this library names no capacity provider and no platform version, and a task set has no volumes of its
 * own and no VPC Lattice targets. Tasks get their tags from the task definition, which each release registers with
 * the tags of the app; the service has none.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateTaskSet.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html for `schedulingStrategy`
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html for what an update may change
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function notCarriedViolations(service: ServiceProperties): Violations[] {
  const { PlatformVersion: platform = 'LATEST', SchedulingStrategy: scheduling = 'REPLICA' } = service;
  const { LaunchType: launchType = 'FARGATE', ForceNewDeployment: force } = service;
  const { PropagateTags: propagated, LoadBalancers: balancers = [] } = service;
  const { DeploymentConfiguration: configuration = {} } = service;
  const strategyOptions = STRATEGY_OPTIONS.filter((name) => isPresent(configuration[name]));
  return [
    violationIf(isPresent(service.CapacityProviderStrategy),
      'must not have a capacity provider strategy: the appspec names none, so the first release undoes it'),
    violationIf(platform !== 'LATEST',
      'must not have a platform version: the appspec names none, so the first release returns to LATEST', platform),
    violationIf(scheduling !== 'REPLICA',
      'must have the scheduling strategy REPLICA: ECS rejects any other under CodeDeploy', scheduling),
    violationIf(launchType !== 'FARGATE',
      'must have the launch type FARGATE: ECS rejects any other for the task definition', launchType),
    violationIf(isPresent(service.VolumeConfigurations),
      'must not have volume configurations: a task set has none, so the tasks of the first release have no volume'),
    violationIf(isPresent(service.VpcLatticeConfigurations),
      'must not have VPC Lattice configurations: a task set has none, so the first release undoes them'),
    violationIf(force?.EnableForceNewDeployment === true,
      'must not force a new deployment: ECS rejects that under CodeDeploy, where releases deploy'),
    violationIf(isPresent(service.Tags),
      'must not have tags: each new tag updates the service, and ECS rejects most updates under CodeDeploy'),
    violationIf(propagated !== 'TASK_DEFINITION',
      'must propagate the tags of the TASK_DEFINITION: the service has no tags', propagated ?? 'NONE'),
    violationIf(strategyOptions.length > 0,
      `must not have ${strategyOptions.join(', ')}: ECS uses that for its own deployment strategies only`),
    violationIf(balancers.some(({ AdvancedConfiguration }) => AdvancedConfiguration !== undefined),
      'must not have the AdvancedConfiguration of a load balancer: '
      + 'ECS uses that for its own deployment strategies only'),
  ];
}

/** Members of `DeploymentConfiguration` for the strategies BLUE_GREEN, CANARY and LINEAR of ECS. */
const STRATEGY_OPTIONS = ['LifecycleHooks', 'BakeTimeInMinutes', 'CanaryConfiguration', 'LinearConfiguration'] as const;

/** Returns true if a list has elements, or if an intrinsic function such as `Fn::If` replaces it. */
function isPresent(list: unknown): boolean {
  return Array.isArray(list) ? list.length > 0 : list !== undefined;
}

function violationIf(isBroken: boolean, rule: string, got?: unknown): Violations {
  return isBroken ? violation({
    code: 'BGP157',
    prop: 'service',
    rule,
    got: got === undefined ? undefined : formatValue(got),
    remedy: 'remove the override',
  }) : undefined;
}
