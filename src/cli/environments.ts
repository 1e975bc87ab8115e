import { counted } from './layout';
import { Resource, Template, Value } from './template';

/** A service that releases are deployed to, with what surrounds it. What another stack holds is undefined. */
export interface Environment {
  readonly name: string;
  readonly service: Resource;
  /** The CodeDeploy deployment group; undefined where ECS itself deploys. */
  readonly group?: Resource;
  readonly loadBalancer?: Resource;
  /** The listener that serves users. */
  readonly production?: Resource;
  /** The listener that serves a release before users reach it. */
  readonly test?: Resource;
  readonly targetGroups: Resource[];
}

/** An action of a pipeline and the stage that it is in. */
export interface Action {
  readonly pipeline: Resource;
  readonly stage: string;
  readonly category: string;
  readonly provider: string;
  /** The ARN of the role that the action runs with; empty if it has no separate role. */
  readonly role: string;
  readonly action: Value;
  readonly settings: Value;
}

export function actionsOf(template: Template): Action[] {
  return template.ofType('AWS::CodePipeline::Pipeline').flatMap((pipeline) =>
    pipeline.at('Stages').items.flatMap((stage) => stage.at('Actions').items.map((action) => ({
      pipeline,
      stage: stage.at('Name').text,
      category: action.at('ActionTypeId', 'Category').text,
      provider: action.at('ActionTypeId', 'Provider').text,
      role: action.at('RoleArn').exact,
      action,
      settings: action.at('Configuration'),
    }))));
}

/** The environments in the order in which a release reaches them, then the services that no pipeline deploys to. */
export function environmentsOf(template: Template): Environment[] {
  const serviceOf = (group?: Resource) => group?.at('ECSServices').items[0]?.at('ServiceName').target;
  const ofActions = actionsOf(template).map(({ stage, provider, settings }) => {
    const group = provider === 'CodeDeployToECS' ? settings.at('DeploymentGroupName').target : undefined;
    const service = provider === 'ECS' ? settings.at('ServiceName').target : serviceOf(group);
    return { service, group, name: stage.replace(/^Deploy(?=.)/, '').toLowerCase() };
  });
  const ofGroups = template.ofType('AWS::CodeDeploy::DeploymentGroup')
    .map((group) => ({ service: serviceOf(group), group, name: undefined }));
  const others = template.ofType('AWS::ECS::Service')
    .map((service) => ({ service, group: undefined, name: undefined }));
  return [...ofActions, ...ofGroups, ...others]
    .filter(({ service }, index, all) => all.findIndex((one) => one.service === service) === index)
    .flatMap(({ service, group, name }) => (service === undefined ? [] : environmentOf(service, group, name)));
}

/** Returns true if a release of the environment runs in parallel with the version that serves users. */
export function isBlueGreen({ group, service }: Environment): boolean {
  const strategy = service.at('DeploymentConfiguration', 'Strategy').text;
  return group !== undefined || ['BLUE_GREEN', 'CANARY', 'LINEAR'].includes(strategy);
}

/**
 * Returns the environment of a service. Without a deployment group, the service names its target groups and, for
 * blue/green, the rules of its listeners.
 */
function environmentOf(service: Resource, group?: Resource, name = service.name): Environment {
  const pair = group?.at('LoadBalancerInfo', 'TargetGroupPairInfoList').items[0];
  const attached = service.at('LoadBalancers').items[0];
  const advanced = attached?.at('AdvancedConfiguration');
  const targetGroups = group === undefined
    ? [attached?.at('TargetGroupArn').target, advanced?.at('AlternateTargetGroupArn').target]
    : pair?.at('TargetGroups').targets ?? [];
  const own = targetGroups.filter((one) => one !== undefined);
  const production = group === undefined
    ? listenerOf(advanced?.at('ProductionListenerRule')) ?? listenerTo(own)
    : pair?.at('ProdTrafficRoute', 'ListenerArns').target;
  return {
    name,
    service,
    group,
    production,
    loadBalancer: production?.at('LoadBalancerArn').target,
    test: group === undefined
      ? listenerOf(advanced?.at('TestListenerRule'))
      : pair?.at('TestTrafficRoute', 'ListenerArns').target,
    targetGroups: own,
  };
}

function listenerTo(targetGroups: Resource[]): Resource | undefined {
  return targetGroups[0]?.template.ofType('AWS::ElasticLoadBalancingV2::Listener')
    .find((listener) => listener.at('DefaultActions').targets.some((target) => targetGroups.includes(target)));
}

function listenerOf(rule?: Value): Resource | undefined {
  const target = rule?.target;
  return target?.type === 'AWS::ElasticLoadBalancingV2::ListenerRule' ? target.at('ListenerArn').target : target;
}

/**
 * The task definition that CloudFormation starts a service with, and the one for releases: the other family with the
 * same task role. Undefined if the stack does not contain them.
 */
export function taskDefinitionsOf(service: Resource): { first: Resource; released: Resource } | undefined {
  const all = service.template.ofType('AWS::ECS::TaskDefinition');
  const running = service.at('TaskDefinition');
  // CodeDeploy's services name the family; others refer to a revision.
  const first = all.find((definition) =>
    running.target === definition || definition.at('Family').text === running.text);
  if (first === undefined) {
    return undefined;
  }
  const role = first.at('TaskRoleArn').target;
  const sameRole = (definition: Resource) => role !== undefined && definition.at('TaskRoleArn').target === role;
  return { first, released: all.find((definition) => definition !== first && sameRole(definition)) ?? first };
}

/** The number of tasks without load. ECS starts one where none is given; scaling keeps its least number. */
export function taskCountOf(service: Resource): number {
  const count = service.at('DesiredCount').exists ? service.at('DesiredCount').number : 1;
  return Math.max(count, scalableTarget(service)?.at('MinCapacity').number ?? count);
}

function scalableTarget(service: Resource): Resource | undefined {
  return service.template.ofType('AWS::ApplicationAutoScaling::ScalableTarget')
    .find((target) => target.at('ResourceId').targets.includes(service));
}

/** The size of a task, as Fargate bills it. */
export function taskSize(definition: Resource): { vcpu: number; gigabytes: number } {
  return { vcpu: definition.at('Cpu').number / 1024, gigabytes: definition.at('Memory').number / 1024 };
}

export function taskSizeInWords(definition: Resource): string {
  const { vcpu, gigabytes } = taskSize(definition);
  return Number.isNaN(vcpu + gigabytes) ? 'a size that the stack does not fix' : `${vcpu} vCPU and ${gigabytes} GB`;
}

/** The limits of a service's scaling; undefined where its number of tasks is fixed. */
export function scalingOf(service: Resource): { least: number; most: number; targets: string[] } | undefined {
  const scalable = scalableTarget(service);
  const policies = service.template.ofType('AWS::ApplicationAutoScaling::ScalingPolicy')
    .filter((policy) => scalable !== undefined && policy.at('ScalingTargetId').target === scalable);
  return scalable === undefined || policies.length === 0 ? undefined : {
    least: scalable.at('MinCapacity').number,
    most: scalable.at('MaxCapacity').number,
    targets: policies.map((policy) => targetInWords(policy.at('TargetTrackingScalingPolicyConfiguration'))),
  };
}

function targetInWords(tracking: Value): string {
  const metric = tracking.at('PredefinedMetricSpecification', 'PredefinedMetricType').text || 'a metric of its own';
  return metric === 'ECSServiceAverageCPUUtilization'
    ? `the average CPU use at ${tracking.at('TargetValue').text} %`
    : `${metric} at ${tracking.at('TargetValue').text}`;
}

/** The way in which production traffic moves to a release, and the minutes from the first to the last step. */
export function trafficShift({ group, service }: Environment): { words: string; minutes: number } {
  const config = group?.at('DeploymentConfigName');
  const { kind, percentage, minutes } = config === undefined ? nativeSteps(service) : codeDeploySteps(config);
  const interval = minutes === 1 ? 'minute' : counted(minutes, 'minute');
  switch (kind === 'AllAtOnce' || !Number.isNaN(percentage + minutes) ? kind : '') {
    case 'AllAtOnce':
      return { words: 'all traffic at once', minutes: 0 };
    case 'Canary': {
      const after = minutes === 1 ? 'a minute' : interval;
      return { words: `${percentage} % of the traffic, and the rest after ${after}`, minutes };
    }
    case 'Linear': {
      const steps = Math.ceil(100 / percentage) - 1;
      return { words: `${percentage} % of the traffic every ${interval}`, minutes: steps * minutes };
    }
    default:
      return { words: `the traffic as ${config?.text || 'CodeDeploy'} defines`, minutes: 0 };
  }
}

interface Steps {
  readonly kind: string;
  readonly percentage: number;
  readonly minutes: number;
}

function codeDeploySteps(config: Value): Steps {
  const custom = config.target?.at('TrafficRoutingConfig');
  if (custom === undefined) {
    // CodeDeploy's own configurations have their steps in their names.
    const name = /^CodeDeployDefault\.ECS(AllAtOnce|Canary|Linear)(?:(\d+)Percent(?:Every)?(\d+)Minutes)?$/;
    const [, kind = '', percentage, minutes] = name.exec(config.text) ?? [];
    return { kind, percentage: Number(percentage), minutes: Number(minutes) };
  }
  const kind = custom.at('Type').text.replace('TimeBased', '');
  const steps = custom.at(`TimeBased${kind}`);
  return { kind, percentage: steps.at(`${kind}Percentage`).number, minutes: steps.at(`${kind}Interval`).number };
}

/** The steps of ECS's own deployments; a rolling update has none. */
function nativeSteps(service: Resource): Steps {
  const configuration = service.at('DeploymentConfiguration');
  const strategy = configuration.at('Strategy').text;
  const kind = { CANARY: 'Canary', LINEAR: 'Linear' }[strategy] ?? 'AllAtOnce';
  const steps = configuration.at(`${kind}Configuration`);
  const percentage = steps.at(kind === 'Canary' ? 'CanaryPercent' : 'StepPercent').number;
  const minutes = steps.at(`${kind === 'Canary' ? 'Canary' : 'Step'}BakeTimeInMinutes`).number;
  return { kind, percentage, minutes };
}
