import { scalingOf, taskDefinitionsOf, taskSizeInWords } from './environment';
import { bullet, counted, listed, paragraph, WIDTH } from './layout';
import { Resource, Template } from './template';
import { allowance, dollars, idleCost, itemsOf, scalingAlarms, taskHour } from '../cost/bill';
import { FREE, HOURS_A_MONTH, PRICES, PRICES_AS_OF, PRICES_REGION } from '../cost/prices';
import { deploymentsOf } from '../cost/release';

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

/** What makes the idle bill another one without a change of the stack. */
function otherwise(template: Template): string[] {
  return [
    ...(scalingAlarms(template) === 0 ? [] : bullet(`${scalingAlarms(template)} of the alarms are not in the template: scaling makes them for itself.`)),
    ...bullet(`An account that has used up its free alarms and dashboards pays ${dollars(allowance(template))} more.`),
    ...template.ofType('AWS::ECS::Service').flatMap((service) => taskNotes(service)),
  ];
}

function taskNotes(service: Resource): string[] {
  const { first, released } = taskDefinitionsOf(service);
  const scaling = scalingOf(service);
  const tasks = service.at('DesiredCount').number;
  const month = (definition: Resource) => taskHour(definition) * HOURS_A_MONTH;
  const before = month(first) === month(released)
    ? 'the tasks before the first release are as large as those of releases'
    : `counted as releases run; before the first one its tasks have ${taskSizeInWords(first)} and cost ${dollars(tasks * month(first))}`;
  const load = scaling === undefined ? '' : `; under load up to ${counted(scaling.most, 'task')}, ${dollars(scaling.most * month(released))} for a whole month`;
  return bullet(`${service.name}: ${before}${load}.`);
}

/** What a push, a visit or a stored gigabyte costs. */
function perUse(template: Template): string[] {
  const waits = deploymentsOf(template).map(({ name, shiftMinutes, keptMinutes }) => ({ name, minutes: shiftMinutes + keptMinutes }));
  const minutes = waits.reduce((sum, wait) => sum + wait.minutes, 0);
  return [
    ...bullet(`Pipeline: $${PRICES.pipelineActionMinute.dollars} a minute of an action, ${FREE.pipelineMinutes} minutes a month free; approvals are free. A release `
      + `waits at least ${listed(waits.map((wait) => `${counted(wait.minutes, 'minute')} in ${wait.name}`))}: `
      + `${dollars(minutes * PRICES.pipelineActionMinute.dollars)}.`),
    ...bullet(`Builds: $${PRICES.buildMinute.dollars} a minute on BUILD_GENERAL1_SMALL, ${FREE.buildMinutes} minutes a month free.`),
    ...bullet('Deployments: CodeDeploy is free for ECS; both sets of tasks are paid for while one runs.'),
    ...bullet(`Traffic: $${PRICES.natGatewayGigabyte.dollars} a GB through a NAT gateway, $${PRICES.loadBalancerCapacityUnitHour.dollars} an hour for each `
      + 'capacity unit of a load balancer, and data transfer to the Internet.'),
    ...bullet(`Kept: logs $${PRICES.logGigabyte.dollars.toFixed(2)} a GB written, images $${PRICES.imageGigabyteMonth.dollars.toFixed(2)} and objects `
      + `$${PRICES.storageGigabyteMonth.dollars} a GB and month.`),
  ];
}
