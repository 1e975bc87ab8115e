import { FREE, HOURS_A_MONTH, Price, PRICES } from './prices';
import { taskCountOf, taskDefinitionsOf, taskSize, taskSizeInWords } from '../environments';
import { counted } from '../layout';
import { Resource, Template } from '../template';

/** One line of the bill. */
export interface Item {
  readonly what: string;
  readonly how: string;
  readonly dollars: number;
}

/** The cost of a stack in a month without pushes and visitors, with the free allowances of an account of its own. */
export function idleCost(template: Template): number {
  return itemsOf(template).reduce((all, item) => all + item.dollars, 0);
}

/** The lines of the bill; `notPriced` names what is missing in it. */
export function itemsOf(template: Template): Item[] {
  const count = (type: string) => template.ofType(type).length;
  const balancers = template.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer');
  const zones = total(template.ofType('AWS::EC2::VPCEndpoint'), endpointZones);
  return [
    ...hourly(count('AWS::EC2::NatGateway'), 'NAT gateway', PRICES.natGatewayHour),
    ...hourly(count('AWS::EC2::EIP'), 'elastic IPv4 address', PRICES.publicAddressHour, 'elastic IPv4 addresses'),
    ...instanceItems(template),
    ...hourly(zones, 'interface endpoint in one zone', PRICES.interfaceEndpointHour,
      'interface endpoints in one zone each'),
    ...hourly(balancers.length, 'application load balancer', PRICES.loadBalancerHour),
    ...hourly(total(balancers, publicAddresses), 'public IPv4 address of theirs', PRICES.publicAddressHour,
      'public IPv4 addresses of theirs'),
    ...template.ofType('AWS::ECS::Service').flatMap(taskItem),
    ...monthly(count('AWS::SecretsManager::Secret'), 'secret', PRICES.secretMonth),
    ...monthly(count('AWS::KMS::Key'), 'KMS key', PRICES.keyMonth),
    ...alarmItem(template),
    ...monthly(count('AWS::CloudWatch::Dashboard'), 'dashboard', PRICES.dashboardMonth, FREE.dashboards),
  ];
}

/** The types whose cost is known: on the bill above, billed by use and next to nothing while idle, or free. */
const PRICED = new RegExp(`^(${[
  'Custom::\\w+',
  'AWS::(ApplicationAutoScaling|CDK|CodeDeploy|IAM)::\\w+',
  'AWS::CloudFormation::Stack',
  'AWS::CloudWatch::(Alarm|Dashboard)',
  'AWS::CodeBuild::Project',
  'AWS::CodePipeline::Pipeline',
  'AWS::EC2::(EIP|Instance|InternetGateway|NatGateway|Route|RouteTable|SecurityGroup(In|E)gress|SecurityGroup)',
  'AWS::EC2::(Subnet|SubnetRouteTableAssociation|VPC|VPCEndpoint|VPCGatewayAttachment)',
  'AWS::ECR::Repository',
  'AWS::ECS::(Cluster|Service|TaskDefinition)',
  'AWS::ElasticLoadBalancingV2::(Listener|ListenerRule|LoadBalancer|TargetGroup)',
  'AWS::Events::Rule',
  'AWS::KMS::Key',
  'AWS::Lambda::(Function|Permission)',
  'AWS::Logs::LogGroup',
  'AWS::S3::(Bucket|BucketPolicy)',
  'AWS::SNS::(Subscription|Topic|TopicPolicy)',
  'AWS::SecretsManager::(RotationSchedule|Secret)',
].join('|')})$`);

/** The resources whose price is not known, with the reason. */
export function notPriced(template: Template): string[] {
  const unless = (type: string, reason: string, isKnown: (resource: Resource) => boolean) =>
    template.ofType(type).filter((resource) => !isKnown(resource)).map(({ id }) => `${id} ${reason}`);
  const isOneOf = (property: string[], ...known: string[]) =>
    (resource: Resource) => known.includes(resource.at(...property).text);
  return [
    ...template.resources.filter(({ type }) => !PRICED.test(type)).map(({ id, type }) => `${id} is of type ${type}`),
    ...unless('AWS::CodePipeline::Pipeline', 'is not of type V2', isOneOf(['PipelineType'], 'V2')),
    ...unless('AWS::ElasticLoadBalancingV2::LoadBalancer', 'is not an application load balancer',
      isOneOf(['Type'], '', 'application')),
    ...unless('AWS::EC2::Instance', 'is not a t4g.nano', isOneOf(['InstanceType'], 't4g.nano')),
    ...unless('AWS::ECS::TaskDefinition', 'is not for Linux on x86 with the storage that is included', (definition) =>
      !definition.at('EphemeralStorage').exists
      && isOneOf(['RuntimePlatform', 'CpuArchitecture'], '', 'X86_64')(definition)
      && isOneOf(['RuntimePlatform', 'OperatingSystemFamily'], '', 'LINUX')(definition)),
    ...unless('AWS::ECS::Service', 'runs tasks whose number, size or machine is not known', (service) =>
      taskItem(service).length > 0),
  ];
}

function total(resources: Resource[], of: (resource: Resource) => number): number {
  return resources.reduce((all, resource) => all + of(resource), 0);
}

/** A load balancer on the Internet has a public address in each of its subnets. */
function publicAddresses(balancer: Resource): number {
  return balancer.at('Scheme').text === 'internet-facing' ? balancer.at('Subnets').items.length : 0;
}

/** Endpoints are paid for in each zone; those of type Gateway are in none, and free. */
function endpointZones(endpoint: Resource): number {
  return endpoint.at('SubnetIds').items.length;
}

/** The disk that Amazon Linux is on. */
const DISK_GIGABYTES = 8;

function instanceItems(template: Template): Item[] {
  const instances = template.ofType('AWS::EC2::Instance');
  const inPublic = instances.filter((instance) => instance.at('SubnetId').target?.at('MapPublicIpOnLaunch').isTrue
    || instance.at('NetworkInterfaces').items.some((one) => one.at('AssociatePublicIpAddress').isTrue));
  const disks = instances.length * DISK_GIGABYTES;
  return [
    ...hourly(instances.length, 'instance of type t4g.nano', PRICES.nanoInstanceHour, 'instances of type t4g.nano'),
    ...hourly(inPublic.length, 'public IPv4 address of an instance', PRICES.publicAddressHour,
      'public IPv4 addresses of instances'),
    ...monthly(disks, 'GB of disk', PRICES.diskGigabyteMonth).map((item) => ({ ...item, what: `${disks} GB of disk` })),
  ];
}

function hourly(count: number, noun: string, price: Price, plural?: string): Item[] {
  return count === 0 ? [] : [{
    what: counted(count, noun, plural),
    how: `${count} x $${price.dollars} an hour`,
    dollars: count * price.dollars * HOURS_A_MONTH,
  }];
}

function monthly(count: number, noun: string, price: Price, free = 0): Item[] {
  return count === 0 ? [] : [{
    what: counted(count, noun),
    how: `${count} x $${price.dollars.toFixed(2)}${free === 0 ? '' : `, the first ${free} free`}`,
    dollars: Math.max(count - free, 0) * price.dollars,
  }];
}

/** The tasks of a service; nothing where the stack does not fix how many and how large they are, on Fargate. */
function taskItem(service: Resource): Item[] {
  const tasks = taskCountOf(service);
  const released = taskDefinitionsOf(service)?.released;
  const isOnFargate = service.at('LaunchType').text === 'FARGATE';
  if (released === undefined || !isOnFargate || Number.isNaN(tasks * taskHour(released))) {
    return [];
  }
  return [{
    what: `Fargate for ${service.name}`,
    how: `${counted(tasks, 'task')} of ${taskSizeInWords(released)}`,
    dollars: tasks * taskHour(released) * HOURS_A_MONTH,
  }];
}

/** The cost of one task in an hour. */
export function taskHour(definition: Resource): number {
  const { vcpu, gigabytes } = taskSize(definition);
  return vcpu * PRICES.fargateCpuHour.dollars + gigabytes * PRICES.fargateGigabyteHour.dollars;
}

function alarmItem(template: Template): Item[] {
  const alarms = template.ofType('AWS::CloudWatch::Alarm').length + scalingAlarms(template);
  return monthly(alarmMetrics(template), 'metric', PRICES.alarmMetricMonth, FREE.alarmMetrics)
    .map((item) => ({ ...item, what: `${counted(alarms, 'alarm')} on ${item.what}` }));
}

/** An alarm on an expression is billed for each metric in it, and not for the expression. */
function alarmMetrics(template: Template): number {
  const metrics = (alarm: Resource) => (alarm.at('Metrics').exists
    ? alarm.at('Metrics').items.filter((metric) => metric.at('MetricStat').exists).length
    : 1);
  return scalingAlarms(template) + total(template.ofType('AWS::CloudWatch::Alarm'), metrics);
}

/** Target tracking creates two alarms for each policy, to scale out and to scale in; they are billed like any other. */
export function scalingAlarms(template: Template): number {
  return 2 * template.ofType('AWS::ApplicationAutoScaling::ScalingPolicy')
    .filter((policy) => policy.at('PolicyType').text === 'TargetTrackingScaling').length;
}

/** The additional cost in an account that has used up its free alarms and dashboards. */
export function allowance(template: Template): number {
  return Math.min(alarmMetrics(template), FREE.alarmMetrics) * PRICES.alarmMetricMonth.dollars
    + Math.min(template.ofType('AWS::CloudWatch::Dashboard').length, FREE.dashboards) * PRICES.dashboardMonth.dollars;
}

export function dollars(amount: number): string {
  return Number.isNaN(amount) ? 'an unknown amount' : `$${amount.toFixed(2)}`;
}
