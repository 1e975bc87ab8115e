import { Construct } from 'constructs';
import { checkAtSynthesis } from '../../private/synthesis-check';
import { firstViolation, violation, Violations } from '../../private/violations';
import { LONGEST_DEPLOYMENT, MAX_ALARMS, TERMINATION_WAIT_TIME_LIMITS } from '../defaults';
import { defaultLoginViolations } from './logins';
import { notCarriedViolations } from './not-carried';
import {
  DeploymentParts, GroupProperties, renderDeployment, RenderedDeployment, ServiceProperties, TaskDefinitionProperties,
} from './rendered-deployment';
import { rollbackViolations } from './rollback-preflight';
import { taskDefinitionSizeViolation } from './task-definition-size';
import { formatValue } from '../../private/validation';

/** Settings of a deployment by its props. */
export interface ExpectedDeployment {
  readonly containerName: string;
  readonly containerPort: number;
  /** The names by which the live colour is looked up. */
  readonly clusterName: string;
  readonly serviceName: string;
  /** Maximum minutes of hooks, smoke test and shift together. */
  readonly minutes: number;
}

/** Checks at synthesis that escape hatches and methods of the exposed constructs break nothing. */
export function addPreflight(scope: Construct, parts: DeploymentParts, expected: ExpectedDeployment): void {
  checkAtSynthesis(scope, () => [
    preflightViolations(renderDeployment(parts), expected),
    taskDefinitionSizeViolation(parts.taskDefinition),
  ]);
}

/** Returns every violation that would otherwise only fail in the middle of a deployment. */
export function preflightViolations(deployed: RenderedDeployment, expected: ExpectedDeployment): Violations {
  return [
    serviceViolations(deployed.service),
    notCarriedViolations(deployed.service),
    nameViolations(deployed, expected),
    attachmentViolation(deployed),
    firstViolation(() => defaultLoginViolations(deployed), () => actionViolations(deployed)),
    attachedContainerViolation(deployed.service, expected),
    pairViolations(deployed),
    targetGroupsDifferViolation(deployed),
    containerViolation(deployed.taskDefinition, expected),
    groupViolations(deployed.group, expected.minutes),
    rollbackViolations(deployed),
  ];
}

const REMEDY = 'remove the override that changes it';

/**
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html
 */
function serviceViolations(service: ServiceProperties): Violations {
  const { DeploymentConfiguration: configuration = {}, ServiceConnectConfiguration: connect } = service;
  const controller = service.DeploymentController?.Type;
  const { Strategy: strategy = 'ROLLING' } = configuration;
  return [
    controller === 'CODE_DEPLOY' ? undefined : violation({
      code: 'BGP140',
      prop: 'service',
      rule: 'must keep the deployment controller CODE_DEPLOY',
      got: formatValue(controller),
      remedy: REMEDY,
    }),
    configuration.DeploymentCircuitBreaker?.Enable !== true ? undefined : violation({
      code: 'BGP141',
      prop: 'service',
      rule: 'must not have a circuit breaker: ECS uses it in rolling deployments only, and CodeDeploy has its own '
        + 'rollback',
      remedy: REMEDY,
    }),
    strategy === 'ROLLING' ? undefined : violation({
      code: 'BGP142',
      prop: 'service',
      rule: 'must not have an ECS deployment strategy: CodeDeploy shifts the traffic',
      got: formatValue(strategy),
      remedy: `use 'trafficShift', and ${REMEDY}`,
    }),
    connect === undefined || connect.Enabled === false ? undefined : violation({
      code: 'BGP143',
      prop: 'service',
      rule: 'must not use Service Connect: ECS rejects it under CodeDeploy',
      remedy: REMEDY,
    }),
    service.DesiredCount === undefined ? undefined : violation({
      code: 'BGP182',
      prop: 'service',
      rule: 'must not have a desired count: a change updates the service, which ECS can reject under CodeDeploy',
      got: formatValue(service.DesiredCount),
      remedy: "use 'taskCount', or add a schedule to 'scaling'",
    }),
    configuration.Alarms === undefined ? undefined : violation({
      code: 'BGP131',
      prop: 'service',
      rule: 'must not have ECS deployment alarms: ECS watches them in rolling deployments only',
      remedy: "use 'addRollbackAlarm'",
    }),
  ];
}

/** CodeDeploy requires a service behind one target group, which gets the traffic until the first release. */
function attachmentViolation({ service, blueArn }: RenderedDeployment): Violations {
  const attached = (service.LoadBalancers ?? []).map(({ TargetGroupArn }) => JSON.stringify(TargetGroupArn));
  return attached.length === 1 && attached[0] === JSON.stringify(blueArn) ? undefined : violation({
    code: 'BGP144',
    prop: 'service',
    rule: "must be attached to 'blueTargetGroup' only",
    remedy: REMEDY,
  });
}

/** With another name, the service would not be found, and blue would be taken for live. */
function nameViolations({ service, cluster }: RenderedDeployment, expected: ExpectedDeployment): Violations {
  const names = [
    ['cluster', cluster.ClusterName, expected.clusterName],
    ['service', service.ServiceName, expected.serviceName],
  ] as const;
  return names.map(([prop, rendered, name]) => rendered === name ? undefined : violation({
    code: 'BGP173',
    prop,
    rule: `must keep the name ${formatValue(name)}: the function that reads the live colour looks up the service by `
      + 'name',
    got: formatValue(rendered),
    remedy: 'remove the override of the name',
  }));
}

/**
 * Any other default action would be sent with the next change of the listener, whichever target group is live then.
 */
function actionViolations({ production, test, forwardsToLive }: RenderedDeployment): Violations {
  const listeners = [
    ['productionListener', production, forwardsToLive.production],
    ['testListener', test, forwardsToLive.test],
  ] as const;
  return listeners.map(([prop, { DefaultActions: actions }, isKept]) =>
    isKept ? undefined : violation({
      code: 'BGP172',
      prop,
      rule: 'must keep its default action, which forwards to the live colour',
      got: formatValue(actions),
      remedy: 'remove the other action, and add a listener rule for other paths or hosts',
    }));
}

/** Until the first release ECS registers this container and port; the appspec names them for all others. */
function attachedContainerViolation(
  { LoadBalancers: attached = [] }: ServiceProperties,
  { containerName, containerPort }: ExpectedDeployment,
): Violations {
  const containers = attached.map(({ ContainerName: name, ContainerPort: port }) => [name, port]);
  const isExpected = ([name, port]: unknown[]) => name === containerName && Number(port) === containerPort;
  return containers.every(isExpected) ? undefined : violation({
    code: 'BGP144',
    prop: 'service',
    rule: `must register the container ${formatValue(containerName)} with port ${containerPort} in 'blueTargetGroup'`,
    got: formatValue(containers),
    remedy: REMEDY,
  });
}

/** @see https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_TargetGroupPairInfo.html */
function pairViolations({ group, production, test }: RenderedDeployment): Violations {
  const [pair = {}] = group.LoadBalancerInfo?.TargetGroupPairInfoList ?? [];
  const groups = pair.TargetGroups?.map(({ Name }) => Name) ?? [];
  const routes = [pair.ProdTrafficRoute, pair.TestTrafficRoute];
  const listeners = routes.flatMap((route) => route?.ListenerArns ?? []);
  return [
    areTwoDifferent(groups) ? undefined : violation({
      code: 'BGP145',
      prop: 'deploymentGroup',
      rule: 'must have two different target groups, one for each colour',
      remedy: REMEDY,
    }),
    areTwoDifferent(listeners) && production.Port !== test.Port ? undefined : violation({
      code: 'BGP145',
      prop: 'deploymentGroup',
      rule: 'must have two different listeners, one for production and one for tests',
      remedy: REMEDY,
    }),
  ];
}

function areTwoDifferent(values: unknown[]): boolean {
  return values.length === 2 && JSON.stringify(values[0]) !== JSON.stringify(values[1]);
}

/** Properties that may differ between the target groups. */
const OWN_PROPERTIES = ['Name', 'Tags', 'Targets'];

/** The colours swap: what one of them does not have is missing after every other deployment. */
function targetGroupsDifferViolation({ blue, green }: RenderedDeployment): Violations {
  const different = Object.keys({ ...blue, ...green })
    .filter((name) => !OWN_PROPERTIES.includes(name))
    .filter((name) => comparable(blue[name]) !== comparable(green[name]));
  return different.length === 0 ? undefined : violation({
    code: 'BGP146',
    prop: 'greenTargetGroup',
    rule: `must have the same ${different.join(', ')} as 'blueTargetGroup'`,
    got: formatValue(different.map((name) => green[name])),
    remedy: 'make the same change to both',
  });
}

/** Attributes are a set: their order does not matter. CloudFormation accepts `"2"` for 2 and `"true"` for true. */
function comparable(value: unknown): string {
  const text = JSON.stringify(value, (_, inner: unknown) =>
    (typeof inner === 'boolean' || typeof inner === 'number' ? String(inner) : inner));
  return Array.isArray(value)
    ? JSON.stringify((JSON.parse(text) as unknown[]).map((element) => JSON.stringify(element)).sort())
    : text;
}

/** The appspec names this container and port. */
function containerViolation(
  { ContainerDefinitions: definitions = [] }: TaskDefinitionProperties,
  { containerName, containerPort }: ExpectedDeployment,
): Violations {
  const containers = definitions.map(({ Name: name, PortMappings: mappings = [] }) => ({
    name,
    ports: mappings.map(({ ContainerPort }) => ContainerPort),
  }));
  const ports = containers.find(({ name }) => name === containerName)?.ports ?? [];
  return ports.map(Number).includes(containerPort) ? undefined : violation({
    code: 'BGP147',
    prop: 'taskDefinition',
    rule: `must have the container ${formatValue(containerName)} with port ${containerPort}, `
      + 'to which CodeDeploy sends traffic',
    got: formatValue(containers.map((container) => [container.name, ...container.ports])),
    remedy: REMEDY,
  });
}

/** Limits of CodeDeploy, and of the pipeline action that waits for it. */
function groupViolations(group: GroupProperties, active: number): Violations {
  const { AlarmConfiguration: alarms, BlueGreenDeploymentConfiguration: configuration = {} } = group;
  const watched = alarms?.Alarms?.length ?? 0;
  const { TerminateBlueInstancesOnDeploymentSuccess: termination, DeploymentReadyOption: ready } = configuration;
  const kept = Number(termination?.TerminationWaitTimeInMinutes ?? 0);
  const maxWaitMinutes = TERMINATION_WAIT_TIME_LIMITS.max.toMinutes();
  const total = active + kept + Number(ready?.WaitTimeInMinutes ?? 0);
  return [
    watched <= MAX_ALARMS ? undefined : violation({
      code: 'BGP130',
      prop: 'deploymentGroup',
      rule: `must have at most ${MAX_ALARMS} alarms`,
      got: formatValue(watched),
      remedy: 'combine several metrics in one alarm with a math expression',
    }),
    kept <= maxWaitMinutes ? undefined : violation({
      code: 'BGP093',
      prop: 'deploymentGroup',
      rule: `must keep the old tasks for at most ${maxWaitMinutes} minutes`,
      got: formatValue(kept),
      remedy: REMEDY,
    }),
    kept > maxWaitMinutes || total <= LONGEST_DEPLOYMENT.toMinutes() ? undefined : violation({
      code: 'BGP102',
      prop: 'deploymentGroup',
      rule: `must finish within the ${LONGEST_DEPLOYMENT.toDays()}-day timeout of its pipeline action`,
      got: `${total} minutes`,
      remedy: 'reduce the wait times',
    }),
  ];
}
