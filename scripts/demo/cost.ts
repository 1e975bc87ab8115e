import { environmentsOf, scalingOf, taskDefinitionsOf, taskSize, taskSizeInWords, trafficShift } from './environment';
import { bullet, counted, listed, paragraph, WIDTH } from './layout';
import { HOURS_A_MONTH, PRICES, PRICES_AS_OF, PRICES_REGION } from './prices';
import { Resource, Template } from './template';

/** One line of the bill. */
interface Item {
  readonly what: string;
  readonly how: string;
  readonly dollars: number;
}

/** What the stack costs in a month in which nobody pushes and nobody visits. */
export function cost(template: Template): string[] {
  const items = [
    ...itemsOf(template),
    { what: 'Logs, images, artifacts, cache', how: 'next to nothing while idle', dollars: 0 },
  ];
  const width = Math.max(...items.map((item) => item.what.length)) + 2;
  const line = (what: string, how: string, amount: string) => `  ${what.padEnd(width)}${how.padEnd(WIDTH - width - 12)}${amount.padStart(10)}`;
  return [
    ...paragraph(`List prices of ${PRICES_REGION} in ${PRICES_AS_OF}, in dollars, for a month of ${HOURS_A_MONTH} hours, with the free allowances of an `
      + `account that uses them for nothing else.${template.region === PRICES_REGION ? '' : ` This stack goes to ${template.region}, where prices differ.`}`),
    '',
    ...items.map((item) => line(item.what, item.how, dollars(item.dollars))),
    line('', '', '-'.repeat(8)),
    line('Idle, per month', '', dollars(idleCost(template))),
    '',
    ...otherwise(template),
    ...perUse(template),
  ];
}

export function idleCost(template: Template): number {
  return itemsOf(template).reduce((sum, item) => sum + item.dollars, 0);
}

function itemsOf(template: Template): Item[] {
  const count = (type: string) => template.ofType(type).length;
  const balancers = template.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer');
  const addresses = balancers.reduce((sum, balancer) => sum + publicAddresses(balancer), 0);
  return [
    ...hourly(count('AWS::EC2::NatGateway'), 'NAT gateway', PRICES.natGatewayHour),
    ...hourly(count('AWS::EC2::EIP'), 'elastic IPv4 address', PRICES.publicAddressHour, 'elastic IPv4 addresses'),
    ...hourly(balancers.length, 'application load balancer', PRICES.loadBalancerHour),
    ...hourly(addresses, 'public IPv4 address of theirs', PRICES.publicAddressHour, 'public IPv4 addresses of theirs'),
    ...template.ofType('AWS::ECS::Service').map(taskItem),
    ...monthly(count('AWS::SecretsManager::Secret'), 'secret', PRICES.secretMonth),
    ...monthly(count('AWS::KMS::Key'), 'KMS key', PRICES.keyMonth),
    ...alarmItem(template),
    ...monthly(count('AWS::CloudWatch::Dashboard'), 'dashboard', PRICES.dashboardMonth, PRICES.dashboardsFree),
  ];
}

/** A load balancer on the Internet has a public address in each of its subnets. */
function publicAddresses(balancer: Resource): number {
  return balancer.at('Scheme').text === 'internet-facing' ? balancer.at('Subnets').items.length : 0;
}

function hourly(count: number, noun: string, price: number, plural?: string): Item[] {
  return count === 0 ? [] : [{ what: counted(count, noun, plural), how: `${count} x $${price} an hour`, dollars: count * price * HOURS_A_MONTH }];
}

function monthly(count: number, noun: string, price: number, free = 0): Item[] {
  return count === 0 ? [] : [{
    what: counted(count, noun),
    how: `${count} x $${price.toFixed(2)}${free === 0 ? '' : `, the first ${free} free`}`,
    dollars: Math.max(count - free, 0) * price,
  }];
}

function taskItem(service: Resource): Item {
  const tasks = service.at('DesiredCount').number;
  const { released } = taskDefinitionsOf(service);
  return {
    what: `Fargate for ${service.name}`,
    how: `${counted(tasks, 'task')} of ${taskSizeInWords(released)}`,
    dollars: tasks * taskMonth(released),
  };
}

function taskMonth(definition: Resource): number {
  const { vcpu, gigabytes } = taskSize(definition);
  return (vcpu * PRICES.fargateCpuHour + gigabytes * PRICES.fargateGigabyteHour) * HOURS_A_MONTH;
}

function alarmItem(template: Template): Item[] {
  const alarms = template.ofType('AWS::CloudWatch::Alarm').length + scalingAlarms(template);
  const metrics = alarmMetrics(template);
  return monthly(metrics, 'metric', PRICES.alarmMetricMonth, PRICES.alarmMetricsFree)
    .map((item) => ({ ...item, what: `${counted(alarms, 'alarm')} on ${item.what}` }));
}

/** An alarm on an expression is billed for each metric in it, and not for the expression. */
function alarmMetrics(template: Template): number {
  return template.ofType('AWS::CloudWatch::Alarm').reduce((sum, alarm) =>
    sum + (alarm.at('Metrics').exists ? alarm.at('Metrics').items.filter((metric) => metric.at('MetricStat').exists).length : 1), scalingAlarms(template));
}

/** Target tracking makes two alarms of its own for each policy, one to scale out and one to scale in; they are billed like any other. */
function scalingAlarms(template: Template): number {
  return 2 * template.ofType('AWS::ApplicationAutoScaling::ScalingPolicy')
    .filter((policy) => policy.at('PolicyType').text === 'TargetTrackingScaling').length;
}

/** What makes the idle bill another one without a change of the stack. */
function otherwise(template: Template): string[] {
  const allowance = Math.min(alarmMetrics(template), PRICES.alarmMetricsFree) * PRICES.alarmMetricMonth
    + Math.min(template.ofType('AWS::CloudWatch::Dashboard').length, PRICES.dashboardsFree) * PRICES.dashboardMonth;
  return [
    ...(scalingAlarms(template) === 0 ? [] : bullet(`${scalingAlarms(template)} of the alarms are not in the template: scaling makes them for itself.`)),
    ...bullet(`An account that has used up its free alarms and dashboards pays ${dollars(allowance)} more.`),
    ...template.ofType('AWS::ECS::Service').flatMap((service) => taskNotes(service)),
  ];
}

function taskNotes(service: Resource): string[] {
  const { first, released } = taskDefinitionsOf(service);
  const scaling = scalingOf(service);
  const tasks = service.at('DesiredCount').number;
  const before = taskMonth(first) === taskMonth(released)
    ? 'the tasks before the first release are as large as those of releases'
    : `counted as releases run; before the first one its tasks have ${taskSizeInWords(first)} and cost ${dollars(tasks * taskMonth(first))}`;
  const load = scaling === undefined ? '' : `; under load up to ${counted(scaling.most, 'task')}, ${dollars(scaling.most * taskMonth(released))} for a whole month`;
  return bullet(`${service.name}: ${before}${load}.`);
}

/** What a push, a visit or a stored gigabyte costs. */
function perUse(template: Template): string[] {
  const waits = environmentsOf(template).map(({ name, group }) => ({
    name,
    minutes: trafficShift(group).minutes
      + (group.at('BlueGreenDeploymentConfiguration', 'TerminateBlueInstancesOnDeploymentSuccess', 'TerminationWaitTimeInMinutes').number || 0),
  }));
  const minutes = waits.reduce((sum, wait) => sum + wait.minutes, 0);
  return [
    ...bullet(`Pipeline: $${PRICES.pipelineActionMinute} a minute of an action, ${PRICES.pipelineMinutesFree} minutes a month free; approvals are free. A release `
      + `waits at least ${listed(waits.map((wait) => `${counted(wait.minutes, 'minute')} in ${wait.name}`))}: ${dollars(minutes * PRICES.pipelineActionMinute)}.`),
    ...bullet(`Builds: $${PRICES.buildMinute} a minute on BUILD_GENERAL1_SMALL, ${PRICES.buildMinutesFree} minutes a month free.`),
    ...bullet('Deployments: CodeDeploy is free for ECS; both sets of tasks are paid for while one runs.'),
    ...bullet(`Traffic: $${PRICES.natGatewayGigabyte} a GB through a NAT gateway, $${PRICES.loadBalancerCapacityUnitHour} an hour for each capacity unit of a `
      + 'load balancer, and data transfer to the Internet.'),
    ...bullet(`Kept: logs $${PRICES.logGigabyte.toFixed(2)} a GB written, images $${PRICES.imageGigabyteMonth.toFixed(2)} and objects `
      + `$${PRICES.storageGigabyteMonth} a GB and month.`),
  ];
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
