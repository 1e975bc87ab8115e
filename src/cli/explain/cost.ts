import { allowance, dollars, idleCost, itemsOf, notPriced, scalingAlarms, taskHour } from './bill';
import { FREE, HOURS_A_MONTH, PRICES, PRICES_AS_OF, PRICES_REGION } from './prices';
import {
  Environment, environmentsOf, scalingOf, taskCountOf, taskDefinitionsOf, taskSizeInWords, trafficShift,
} from '../environments';
import { counted, Entry, listed, WIDTH } from '../layout';
import { REGION, Resource, Template } from '../template';

/** Returns the cost of the stack in a month without pushes and visits. */
export function cost(template: Template): Entry[] {
  const items = [
    ...itemsOf(template),
    { what: 'Logs, images, artifacts, cache', how: 'next to nothing while idle', dollars: 0 },
  ];
  const width = Math.max(...items.map((item) => item.what.length)) + 2;
  const line = (what: string, how: string, amount: string) =>
    `  ${what.padEnd(width)}${how.padEnd(WIDTH - width - 12)}${amount.padStart(10)}`;
  const unknown = notPriced(template);
  const places: { [region: string]: string } = {
    [REGION]: ' The assembly does not fix a region, and prices differ between regions.',
    [PRICES_REGION]: '',
  };
  const place = places[template.region] ?? ` This stack goes to ${template.region}, where prices differ.`;
  return [
    {
      says: [`List prices of ${PRICES_REGION} in ${PRICES_AS_OF}, in dollars, for a month of ${HOURS_A_MONTH} hours, `
        + `with the free allowances of an account that uses them for nothing else.${place}`],
    },
    {
      lines: [
        ...items.map((item) => line(item.what, item.how, dollars(item.dollars))),
        line('', '', '-'.repeat(8)),
        line(`Idle, per month${unknown.length === 0 ? '' : ', as far as known'}`, '', dollars(idleCost(template))),
      ],
    },
    ...(unknown.length === 0 ? [] : [{
      name: 'Not in this sum, because the price is not known here:', says: unknown.map((one) => `- ${one}`),
    }]),
    { says: [...otherwise(template), ...perUse(template)].map((note) => `- ${note}`) },
  ];
}

/** Returns the factors that change the idle bill without a change of the stack. */
function otherwise(template: Template): string[] {
  const alarms = scalingAlarms(template);
  return [
    ...(alarms === 0 ? [] : [`${alarms} of the alarms are not in the template: scaling creates them itself.`]),
    `An account that has used up its free alarms and dashboards pays ${dollars(allowance(template))} more.`,
    ...template.ofType('AWS::ECS::Service').flatMap(taskNotes),
  ];
}

function taskNotes(service: Resource): string[] {
  const definitions = taskDefinitionsOf(service);
  const tasks = taskCountOf(service);
  if (definitions === undefined || Number.isNaN(tasks * taskHour(definitions.released))) {
    return [];
  }
  const { first, released } = definitions;
  const scaling = scalingOf(service);
  const month = (definition: Resource) => taskHour(definition) * HOURS_A_MONTH;
  const before = month(first) === month(released)
    ? 'the tasks before the first release are as large as those of releases'
    : `counted as releases run; before the first one its tasks have ${taskSizeInWords(first)} `
      + `and cost ${dollars(tasks * month(first))}`;
  const load = scaling === undefined ? '' : `; under load up to ${counted(scaling.most, 'task')}, `
    + `${dollars(scaling.most * month(released))} for a whole month`;
  return [`${service.name}: ${before}${load}.`];
}

/** Returns the minutes that the old tasks of an environment are kept after a shift. */
export function keptMinutes({ group }: Environment): number {
  const old = group?.at('BlueGreenDeploymentConfiguration', 'TerminateBlueInstancesOnDeploymentSuccess');
  return old?.at('TerminationWaitTimeInMinutes').number || 0;
}

/** Returns the cost of a push, a visit and a stored gigabyte. */
function perUse(template: Template): string[] {
  const waits = environmentsOf(template).filter(({ group }) => group !== undefined)
    .map((environment) => ({ ...environment, minutes: trafficShift(environment).minutes + keptMinutes(environment) }));
  const minutes = waits.reduce((total, wait) => total + wait.minutes, 0);
  const each = listed(waits.map((wait) => `${counted(wait.minutes, 'minute')} in ${wait.name}`));
  const { pipelineActionMinute: action, buildMinute: build, imageGigabyteMonth: image } = PRICES;
  const unit = PRICES.loadBalancerCapacityUnitHour;
  const waiting = ` A release waits at least ${each}: ${dollars(minutes * action.dollars)}.`;
  return [
    `Pipeline: $${action.dollars} a minute of an action, ${FREE.pipelineMinutes} minutes a month free; approvals are `
      + `free.${waits.length === 0 ? '' : waiting}`,
    `Builds: $${build.dollars} a minute on BUILD_GENERAL1_SMALL, ${FREE.buildMinutes} minutes a month free.`,
    'Deployments: CodeDeploy is free for ECS; both sets of tasks are paid for while one runs.',
    `Traffic: $${PRICES.natGatewayGigabyte.dollars} a GB through a NAT gateway, $${unit.dollars} an hour for each `
      + 'capacity unit of a load balancer, and data transfer to the Internet.',
    `Kept: logs ${dollars(PRICES.logGigabyte.dollars)} a GB written, images ${dollars(image.dollars)} and objects `
      + `$${PRICES.storageGigabyteMonth.dollars} a GB and month.`,
  ];
}
