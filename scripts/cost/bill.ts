import { FREE, HOURS_A_MONTH, Price, PRICES } from './prices';
import { taskDefinitionsOf, taskSize, taskSizeInWords } from '../demo/environment';
import { counted } from '../demo/layout';
import { Resource, Template } from '../demo/template';

/** One line of the bill. */
export interface Item {
  readonly what: string;
  readonly how: string;
  readonly dollars: number;
}

/** What a stack costs in a month in which nobody pushes and nobody visits, with the free allowances of an account that it has to itself. */
export function idleCost(template: Template): number {
  return itemsOf(template).reduce((sum, item) => sum + item.dollars, 0);
}

export function itemsOf(template: Template): Item[] {
  refuseUnknown(template);
  const count = (type: string) => template.ofType(type).length;
  const balancers = template.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer');
  const sum = (resources: Resource[], of: (resource: Resource) => number) => resources.reduce((total, resource) => total + of(resource), 0);
  return [
    ...hourly(count('AWS::EC2::NatGateway'), 'NAT gateway', PRICES.natGatewayHour),
    ...hourly(count('AWS::EC2::EIP'), 'elastic IPv4 address', PRICES.publicAddressHour, 'elastic IPv4 addresses'),
    ...instanceItems(template),
    ...hourly(sum(template.ofType('AWS::EC2::VPCEndpoint'), endpointZones), 'interface endpoint in one zone', PRICES.interfaceEndpointHour,
      'interface endpoints in one zone each'),
    ...hourly(balancers.length, 'application load balancer', PRICES.loadBalancerHour),
    ...hourly(sum(balancers, publicAddresses), 'public IPv4 address of theirs', PRICES.publicAddressHour, 'public IPv4 addresses of theirs'),
    ...template.ofType('AWS::ECS::Service').map(taskItem),
    ...monthly(count('AWS::SecretsManager::Secret'), 'secret', PRICES.secretMonth),
    ...monthly(count('AWS::KMS::Key'), 'KMS key', PRICES.keyMonth),
    ...alarmItem(template),
    ...monthly(count('AWS::CloudWatch::Dashboard'), 'dashboard', PRICES.dashboardMonth, FREE.dashboards),
  ];
}

/** What is on the bill above. */
const BILLED_IDLE = [
  'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard', 'AWS::EC2::EIP', 'AWS::EC2::Instance', 'AWS::EC2::NatGateway', 'AWS::EC2::VPCEndpoint',
  'AWS::ECS::Service', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret',
];

/** What costs something when it is used, and nothing worth a line while it is not. */
const BILLED_BY_USE = [
  'AWS::CodeBuild::Project', 'AWS::CodePipeline::Pipeline', 'AWS::ECR::Repository', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket',
  'AWS::SNS::Topic',
];

/** What AWS does not charge for. */
const FREE_OF_CHARGE = [
  'AWS::ApplicationAutoScaling::ScalableTarget', 'AWS::ApplicationAutoScaling::ScalingPolicy', 'AWS::CDK::Metadata', 'AWS::CodeDeploy::Application',
  'AWS::CodeDeploy::DeploymentConfig', 'AWS::CodeDeploy::DeploymentGroup', 'AWS::EC2::InternetGateway', 'AWS::EC2::Route', 'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupEgress', 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation', 'AWS::EC2::VPC', 'AWS::EC2::VPCGatewayAttachment', 'AWS::ECS::Cluster', 'AWS::ECS::TaskDefinition',
  'AWS::ElasticLoadBalancingV2::Listener', 'AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::Events::Rule', 'AWS::IAM::InstanceProfile',
  'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::Lambda::Permission', 'AWS::S3::BucketPolicy', 'AWS::SNS::Subscription', 'AWS::SNS::TopicPolicy',
  'AWS::SecretsManager::RotationSchedule', 'Custom::S3AutoDeleteObjects',
];

/** A bill that leaves something out is worse than none. */
function refuseUnknown(template: Template): void {
  const known = new Set([...BILLED_IDLE, ...BILLED_BY_USE, ...FREE_OF_CHARGE]);
  const unknown = [
    ...template.resources.filter(({ type }) => !known.has(type)).map(({ id, type }) => `${id} is a ${type}`),
    ...template.ofType('AWS::CodePipeline::Pipeline').filter((pipeline) => pipeline.at('PipelineType').text !== 'V2')
      .map(({ id }) => `${id} is not of type V2`),
    ...template.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer').filter((balancer) => !['', 'application'].includes(balancer.at('Type').text))
      .map(({ id }) => `${id} is not an application load balancer`),
    ...template.ofType('AWS::EC2::Instance').filter((instance) => instance.at('InstanceType').text !== 't4g.nano')
      .map(({ id }) => `${id} is not a t4g.nano`),
    ...template.ofType('AWS::ECS::TaskDefinition')
      .filter((definition) => definition.at('EphemeralStorage').exists || !['', 'X86_64'].includes(definition.at('RuntimePlatform', 'CpuArchitecture').text)
        || !['', 'LINUX'].includes(definition.at('RuntimePlatform', 'OperatingSystemFamily').text))
      .map(({ id }) => `${id} is not for Linux on x86 with the storage that is included`),
  ];
  if (unknown.length > 0) {
    throw new Error(['the cost of some resources is not known; add their price to scripts/cost:', ...unknown].join('\n  - '));
  }
}

/** A load balancer on the Internet has a public address in each of its subnets. */
function publicAddresses(balancer: Resource): number {
  return balancer.at('Scheme').text === 'internet-facing' ? balancer.at('Subnets').items.length : 0;
}

/** Endpoints are paid for in each zone; those of type Gateway are in none, and free. */
function endpointZones(endpoint: Resource): number {
  return endpoint.at('SubnetIds').items.length;
}

/** The disk is the image's own and not in the template: 8 GB for Amazon Linux 2023. An instance in a public subnet has an address. */
const DISK_GIGABYTES = 8;

function instanceItems(template: Template): Item[] {
  const instances = template.ofType('AWS::EC2::Instance');
  const inPublic = instances.filter((instance) => instance.at('NetworkInterfaces').items.some((one) => one.at('AssociatePublicIpAddress').text === 'true')
    || instance.at('SubnetId').target?.at('MapPublicIpOnLaunch').text === 'true');
  const disks = instances.length * DISK_GIGABYTES;
  return [
    ...hourly(instances.length, 'instance of type t4g.nano', PRICES.nanoInstanceHour, 'instances of type t4g.nano'),
    ...hourly(inPublic.length, 'public IPv4 address of an instance', PRICES.publicAddressHour, 'public IPv4 addresses of instances'),
    ...(disks === 0 ? [] : monthly(disks, 'GB of disk', PRICES.diskGigabyteMonth).map((item) => ({ ...item, what: `${disks} GB of disk` }))),
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

function taskItem(service: Resource): Item {
  const tasks = service.at('DesiredCount').number;
  const { released } = taskDefinitionsOf(service);
  return {
    what: `Fargate for ${service.name}`,
    how: `${counted(tasks, 'task')} of ${taskSizeInWords(released)}`,
    dollars: tasks * taskHour(released) * HOURS_A_MONTH,
  };
}

/** What one task costs in an hour. */
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
  return template.ofType('AWS::CloudWatch::Alarm').reduce((sum, alarm) =>
    sum + (alarm.at('Metrics').exists ? alarm.at('Metrics').items.filter((metric) => metric.at('MetricStat').exists).length : 1), scalingAlarms(template));
}

/** Target tracking makes two alarms of its own for each policy, one to scale out and one to scale in; they are billed like any other. */
export function scalingAlarms(template: Template): number {
  return 2 * template.ofType('AWS::ApplicationAutoScaling::ScalingPolicy')
    .filter((policy) => policy.at('PolicyType').text === 'TargetTrackingScaling').length;
}

/** What the stack costs more in an account whose free alarms and dashboards others have used up. */
export function allowance(template: Template): number {
  return Math.min(alarmMetrics(template), FREE.alarmMetrics) * PRICES.alarmMetricMonth.dollars
    + Math.min(template.ofType('AWS::CloudWatch::Dashboard').length, FREE.dashboards) * PRICES.dashboardMonth.dollars;
}

export function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
