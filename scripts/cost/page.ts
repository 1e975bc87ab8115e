import { Choice, CHOICES, costOf, HALVED, KEPT_STAGING, RELEASES, SMALLEST, templateOf } from './choices';
import { ASSUMED, Deployment, deploymentMinutes, Release, releaseOf, releasesCost } from './release';
import { allowance, dollars, idleCost, itemsOf } from '../../src/cli/explain/bill';
import { FREE, HOURS_A_MONTH, Price, PRICES, PRICES_AS_OF, PRICES_REGION } from '../../src/cli/explain/prices';
import { listed } from '../../src/cli/layout';
import { table } from '../markdown';

/** docs/cost.md: every figure comes from a synthesised template and from the prices. */
export function costPage(): string {
  return `${[
    '<!-- Written by "npm run cost" from scripts/cost. Do not edit: change the programs or the prices there. -->',
    '',
    '# Cost',
    '',
    `List prices of ${PRICES_REGION} in ${PRICES_AS_OF}, in US dollars, without tax, for a month of ${HOURS_A_MONTH} hours. Each program named here is `
      + 'synthesised, and its resources are priced one by one; a resource whose price is not known ends that with an error. The programs are in '
      + '[scripts/cost/choices.ts](../scripts/cost/choices.ts). Prices of other regions differ; no cost is computed for them.',
    '',
    ...idleSection(),
    ...choicesSection(),
    ...halvingSection(),
    ...releaseSection(),
    ...pricesSection(),
  ].join('\n')}\n`;
}

function idleSection(): string[] {
  const template = templateOf(SMALLEST);
  return [
    '## The smallest program, while nothing happens',
    '',
    ...table(['Item', 'How', 'A month'], [
      ...itemsOf(template).map((item) => [item.what, item.how, dollars(item.dollars)]),
      ['**Together**', '', `**${dollars(idleCost(template))}**`],
    ]),
    '',
    'Nobody pushes and nobody visits: no capacity units of load balancers, no traffic, no builds, and next to nothing for logs, images, artifacts and cache. '
      + `An account that has used up its free alarms and dashboards pays ${dollars(allowance(template))} more.`,
    '',
  ];
}

function choicesSection(): string[] {
  return [
    '## Cheaper choices',
    '',
    'Each row is the smallest program with one change.',
    '',
    ...table(['Choice', 'Change', 'A month', 'Saves', 'What it costs in safety'], CHOICES.map((choice) => row(choice, choice.lost))),
    '',
    'A certificate, scaling that has nothing to do, `testListenerCidrs`, access logs, another traffic shift and another repository do not change the idle bill, '
      + 'except that scaling adds two alarms for each environment. There is no smaller task than the default, and tasks have no public addresses: '
      + 'the library does not offer to save the way out by giving them some. Whatever is not needed can be destroyed and made again; the bill is by the hour.',
    '',
  ];
}

function halvingSection(): string[] {
  const half = idleCost(templateOf(SMALLEST)) / 2;
  return [
    '## Half the bill',
    '',
    `Half of ${dollars(2 * half)} is ${dollars(half)}. Without staging:`,
    '',
    ...table(['Choice', 'Change', 'A month', 'Of the whole', 'What it costs in safety'],
      HALVED.map((choice) => [choice.name, choice.change, dollars(costOf(choice)), `${Math.round(50 * costOf(choice) / half)} %`, choice.lost])),
    '',
    `All savings that keep staging, together (${KEPT_STAGING.name}), come to ${dollars(costOf(KEPT_STAGING))}, `
      + `${Math.round(50 * costOf(KEPT_STAGING) / half)} % of the whole: each environment has a load balancer of its own.`,
    '',
  ];
}

function row(choice: Choice, lost: string): string[] {
  const cost = costOf(choice);
  const saved = idleCost(templateOf(SMALLEST)) - cost;
  return [choice.name, choice.change, dollars(cost), saved < 0 ? `-${dollars(-saved)}` : dollars(saved), lost];
}

function releaseSection(): string[] {
  const release = releaseOf(templateOf(SMALLEST));
  const without = { pipelineMinutes: 0, buildMinutes: 0 };
  return [
    '## A release',
    '',
    'The times of traffic shifts, waits and tasks are read from the template. What no template says is assumed: '
      + `${ASSUMED.sourceMinutes} minute to fetch the source, ${ASSUMED.buildMinutes} minutes of build, ${ASSUMED.testMinutes} of test, `
      + `${ASSUMED.startMinutes} until new tasks are healthy, and an image of ${ASSUMED.imageGigabytes} GB.`,
    '',
    ...table(['Part', 'How', 'Each release'], releaseRows(release)),
    '',
    `The first ${FREE.pipelineMinutes} minutes of actions and ${FREE.buildMinutes} minutes of builds in a month are free for an account, and approvals are no paid `
      + 'actions, however long they wait. With that:',
    '',
    ...table(['Program', 'One more, nothing free', '10 a month', '100 a month'], RELEASES.map(({ name, program }) => {
      const one = releaseOf(templateOf(program));
      return [name, dollars(releasesCost(one, 1, without)), dollars(releasesCost(one, 10)), dollars(releasesCost(one, 100))];
    })),
    '',
    'The wait for the termination of old tasks is most of the action time. While it lasts a rollback takes seconds; after it, the old version must be deployed again.',
    '',
  ];
}

function releaseRows({ deployments, actionMinutes, buildMinutes, taskDollars, natGigabytes }: Release): string[][] {
  const parts = (of: (deployment: Deployment) => string) => listed(deployments.map(of));
  return [
    [
      'actions of the pipeline',
      `${ASSUMED.sourceMinutes} + ${buildMinutes} + ${deployments.map(deploymentMinutes).join(' + ')} = ${actionMinutes} minutes: source, builds, and `
        + parts(({ name, shiftMinutes, keptMinutes }) => `${name} (${ASSUMED.startMinutes} start, ${shiftMinutes} shift, ${keptMinutes} wait)`),
      thousandths(actionMinutes * PRICES.pipelineActionMinute.dollars),
    ],
    ['builds', `${buildMinutes} minutes`, thousandths(buildMinutes * PRICES.buildMinute.dollars)],
    [
      'tasks that run twice',
      parts((deployment) => `${deployment.tasks} for ${deploymentMinutes(deployment)} minutes in ${deployment.name}`),
      thousandths(taskDollars),
    ],
    ['images through the NAT gateway', `${natGigabytes.toFixed(1)} GB`, thousandths(natGigabytes * PRICES.natGatewayGigabyte.dollars)],
    ['CodeDeploy, EventBridge, e-mails', 'free, e-mails up to 1,000 a month', thousandths(0)],
  ];
}

function pricesSection(): string[] {
  const words = (price: Price) => [price.what, `$${price.dollars}`, price.unit, `[page](${price.page})`, price.read];
  return [
    '## Prices',
    '',
    `Noted in ${PRICES_AS_OF}. AWS's own pages have the last word. Read says where a price was read: "AWS" in a copy of that page, "others" in texts of 2026 `
      + 'that quote it, which is less certain; the others are known list prices that were not looked up again.',
    '',
    ...table(['What', 'Price', 'For each', 'AWS\'s page', 'Read'], Object.values(PRICES).map(words)),
    '',
    `Free in each account and month: ${FREE.alarmMetrics} metrics of alarms, ${FREE.dashboards} dashboards, ${FREE.pipelineMinutes} minutes of pipeline actions, `
      + `${FREE.buildMinutes} minutes of builds.`,
  ];
}

/** A release costs cents. */
function thousandths(amount: number): string {
  return `$${amount.toFixed(3)}`;
}
