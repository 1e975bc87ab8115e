import pricedTypes from './priced-types.json';
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
  return total(itemsOf(template), (item) => item.dollars);
}

/** The disk that Amazon Linux is on. */
const DISK_GIGABYTES = 8;

/** The lines of the bill; `notPriced` names what is missing in it. */
export function itemsOf(template: Template): Item[] {
  const count = (type: string) => template.ofType(type).length;
  const balancers = template.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer');
  const instances = template.ofType('AWS::EC2::Instance');
  const inPublic = instances.filter((instance) => instance.at('SubnetId').target?.at('MapPublicIpOnLaunch').isTrue
    || instance.at('NetworkInterfaces').items.some((one) => one.at('AssociatePublicIpAddress').isTrue));
  // A load balancer on the Internet has a public address in each of its subnets.
  const addresses = total(balancers, (balancer) =>
    (balancer.at('Scheme').text === 'internet-facing' ? balancer.at('Subnets').items.length : 0));
  // Endpoints are paid for in each zone; those of type Gateway are in none, and free.
  const zones = total(template.ofType('AWS::EC2::VPCEndpoint'), (endpoint) => endpoint.at('SubnetIds').items.length);
  const alarms = counted(count('AWS::CloudWatch::Alarm') + scalingAlarms(template), 'alarm');
  return [
    ...items(count('AWS::EC2::NatGateway'), PRICES.natGatewayHour, 'NAT gateway'),
    ...items(count('AWS::EC2::EIP'), PRICES.publicAddressHour, 'elastic IPv4 address', 'elastic IPv4 addresses'),
    ...items(instances.length, PRICES.nanoInstanceHour, 'instance of type t4g.nano', 'instances of type t4g.nano'),
    ...items(inPublic.length, PRICES.publicAddressHour, 'public IPv4 address of an instance',
      'public IPv4 addresses of instances'),
    ...items(instances.length * DISK_GIGABYTES, PRICES.diskGigabyteMonth, 'GB of disk', 'GB of disk'),
    ...items(zones, PRICES.interfaceEndpointHour, 'interface endpoint in one zone',
      'interface endpoints in one zone each'),
    ...items(balancers.length, PRICES.loadBalancerHour, 'application load balancer'),
    ...items(addresses, PRICES.publicAddressHour, 'public IPv4 address of theirs', 'public IPv4 addresses of theirs'),
    ...template.ofType('AWS::ECS::Service').flatMap(taskItem),
    ...items(count('AWS::SecretsManager::Secret'), PRICES.secretMonth, 'secret'),
    ...items(count('AWS::KMS::Key'), PRICES.keyMonth, 'KMS key'),
    ...items(alarmMetrics(template), PRICES.alarmMetricMonth, 'metric', 'metrics', FREE.alarmMetrics)
      .map((item) => ({ ...item, what: `${alarms} on ${item.what}` })),
    ...items(count('AWS::CloudWatch::Dashboard'), PRICES.dashboardMonth, 'dashboard', 'dashboards', FREE.dashboards),
  ];
}

/** So many of something, by the hour or by the month; nothing where there is none. */
function items(count: number, price: Price, noun: string, plural = `${noun}s`, free = 0): Item[] {
  const isHourly = price.unit.startsWith('hour');
  const monthly = `${count} x $${price.dollars.toFixed(2)}${free === 0 ? '' : `, the first ${free} free`}`;
  return count === 0 ? [] : [{
    what: counted(count, noun, plural),
    how: isHourly ? `${count} x $${price.dollars} an hour` : monthly,
    dollars: Math.max(count - free, 0) * price.dollars * (isHourly ? HOURS_A_MONTH : 1),
  }];
}

/** The types whose cost is known: on the bill above, billed by use and next to nothing while idle, or free. */
const PRICED = new RegExp(`^(${pricedTypes.join('|')})$`);

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

function total<T>(all: T[], of: (one: T) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0);
}

/** The tasks of a service; nothing where the stack does not fix how many and how large they are, on Fargate. */
function taskItem(service: Resource): Item[] {
  const tasks = taskCountOf(service);
  const released = taskDefinitionsOf(service)?.released;
  const isOnFargate = service.at('LaunchType').text === 'FARGATE';
  return released === undefined || !isOnFargate || Number.isNaN(tasks * taskHour(released)) ? [] : [{
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

/** An alarm on an expression is billed for each metric in it, and not for the expression. */
function alarmMetrics(template: Template): number {
  return scalingAlarms(template) + total(template.ofType('AWS::CloudWatch::Alarm'), (alarm) =>
    (alarm.at('Metrics').exists
      ? alarm.at('Metrics').items.filter((metric) => metric.at('MetricStat').exists).length
      : 1));
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
