import { Resource, Template } from './template';

/** Where a release runs, put together from the deploy action that leads there. */
export interface Environment {
  readonly name: string;
  /** The CodeDeploy deployment group. */
  readonly group: Resource;
  readonly service: Resource;
  readonly loadBalancer: Resource;
  /** Where users arrive. */
  readonly production: Resource;
  /** Where a release answers before users reach it. */
  readonly test?: Resource;
  readonly targetGroups: Resource[];
}

/** The environments in the order in which a release reaches them. */
export function environmentsOf(template: Template): Environment[] {
  return template.ofType('AWS::CodePipeline::Pipeline').flatMap((pipeline) => pipeline.at('Stages').items).flatMap((stage) =>
    stage.at('Actions').items
      .filter((action) => action.at('ActionTypeId', 'Provider').text === 'CodeDeployToECS')
      .flatMap((action) => {
        const group = action.at('Configuration', 'DeploymentGroupName').target;
        return group === undefined ? [] : environmentOf(stage.at('Name').text, group) ?? [];
      }));
}

function environmentOf(stageName: string, group: Resource): Environment | undefined {
  const pair = group.at('LoadBalancerInfo', 'TargetGroupPairInfoList').items[0];
  const service = group.at('ECSServices').items[0]?.at('ServiceName').target;
  const production = pair?.at('ProdTrafficRoute', 'ListenerArns').target;
  const loadBalancer = production?.at('LoadBalancerArn').target;
  if (pair === undefined || service === undefined || production === undefined || loadBalancer === undefined) {
    return undefined;
  }
  return {
    name: stageName.replace(/^Deploy(?=.)/, '').toLowerCase(),
    group,
    service,
    loadBalancer,
    production,
    test: pair.at('TestTrafficRoute', 'ListenerArns').target,
    targetGroups: pair.at('TargetGroups').targets,
  };
}

/** The two task definitions of a service. */
export interface TaskDefinitions {
  /** What CloudFormation starts. */
  readonly first: Resource;
  /** What releases are made from: the other family with the same roles. Releases take its size, containers and variables. */
  readonly released: Resource;
}

export function taskDefinitionsOf(service: Resource): TaskDefinitions {
  const all = service.template.ofType('AWS::ECS::TaskDefinition');
  const running = service.at('TaskDefinition');
  // CodeDeploy's services name the family; others refer to a revision.
  const first = all.find((definition) => running.target === definition || definition.at('Family').text === running.text);
  if (first === undefined) {
    throw new Error(`${service.name} runs ${running.text}, which is not in the template`);
  }
  const role = first.at('TaskRoleArn').target;
  const released = all.find((definition) => definition !== first && role !== undefined && definition.at('TaskRoleArn').target === role);
  return { first, released: released ?? first };
}

/** The size of a task, as Fargate bills it. */
export function taskSize(definition: Resource): { vcpu: number; gigabytes: number } {
  return { vcpu: definition.at('Cpu').number / 1024, gigabytes: definition.at('Memory').number / 1024 };
}

export function taskSizeInWords(definition: Resource): string {
  const { vcpu, gigabytes } = taskSize(definition);
  return `${vcpu} vCPU and ${gigabytes} GB`;
}

/** How far a service scales; undefined where its number of tasks is fixed. */
export function scalingOf(service: Resource): { least: number; most: number; targets: string[] } | undefined {
  const { template } = service;
  const scalable = template.ofType('AWS::ApplicationAutoScaling::ScalableTarget')
    .find((target) => target.at('ResourceId').targets.includes(service));
  if (scalable === undefined) {
    return undefined;
  }
  const policies = template.ofType('AWS::ApplicationAutoScaling::ScalingPolicy')
    .filter((policy) => policy.at('ScalingTargetId').target === scalable)
    .map((policy) => policy.at('TargetTrackingScalingPolicyConfiguration'));
  return {
    least: scalable.at('MinCapacity').number,
    most: scalable.at('MaxCapacity').number,
    targets: policies.map((policy) => {
      const metric = policy.at('PredefinedMetricSpecification', 'PredefinedMetricType').text;
      return metric === 'ECSServiceAverageCPUUtilization' ? `the average CPU use at ${policy.at('TargetValue').text} %`
        : `${metric} at ${policy.at('TargetValue').text}`;
    }),
  };
}

/** How CodeDeploy moves production traffic. */
export interface Shift {
  readonly words: string;
  /** From the first to the last step. */
  readonly minutes: number;
}

export function trafficShift(group: Resource): Shift {
  const config = group.at('DeploymentConfigName');
  const custom = config.target?.at('TrafficRoutingConfig');
  const [kind, percentage, minutes] = custom === undefined ? ready(config.text) : [
    custom.at('Type').text.replace('TimeBased', ''),
    custom.at(custom.at('Type').text, `${custom.at('Type').text.replace('TimeBased', '')}Percentage`).number,
    custom.at(custom.at('Type').text, `${custom.at('Type').text.replace('TimeBased', '')}Interval`).number,
  ];
  const unit = minutes === 1 ? 'minute' : `${minutes} minutes`;
  switch (kind) {
    case 'AllAtOnce': return { words: 'all traffic at once', minutes: 0 };
    case 'Canary': return { words: `${percentage} % of the traffic, and the rest after ${minutes === 1 ? 'a minute' : unit}`, minutes };
    case 'Linear': return { words: `${percentage} % of the traffic every ${unit}`, minutes: (Math.ceil(100 / percentage) - 1) * minutes };
    default: return { words: `the traffic as ${config.text} says`, minutes: 0 };
  }
}

/** CodeDeploy's own configurations say in their names what they do. */
function ready(name: string): [kind: string, percentage: number, minutes: number] {
  const [, kind = '', percentage, minutes] = /^CodeDeployDefault\.ECS(AllAtOnce|Canary|Linear)(?:(\d+)Percent(?:Every)?(\d+)Minutes)?$/.exec(name) ?? [];
  return [kind, Number(percentage), Number(minutes)];
}
