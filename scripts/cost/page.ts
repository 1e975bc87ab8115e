import { join } from 'path';
import { CHOICES, costOf, RELEASES, SMALLEST, templateOf } from './choices';
import {
  ASSUMED, Deployment, deploymentMinutes, highestPushesCost, pushesCost, Release, releaseOf, releasesCost,
} from './release';
import { allowance, dollars, idleCost, itemsOf } from '../../src/cli/explain/bill';
import { FREE, HOURS_A_MONTH, PRICES, PRICES_AS_OF, PRICES_REGION } from '../../src/cli/explain/prices';
import { listed } from '../../src/cli/layout';
import { page, table } from '../markdown';

/** docs/cost.md: every figure comes from a synthesised template and from the prices. */
export function costPage(): string {
  const template = templateOf(SMALLEST);
  const whole = idleCost(template);
  return page(join(__dirname, 'page.md'), {
    region: PRICES_REGION,
    asOf: PRICES_AS_OF,
    hours: HOURS_A_MONTH,
    whole: dollars(whole),
    half: dollars(whole / 2),
    allowance: dollars(allowance(template)),
    idleTable: table(['Item', 'How', 'A month'], [
      ...itemsOf(template).map((item) => [item.what, item.how, dollars(item.dollars)]),
      ['**Together**', '', `**${dollars(whole)}**`],
    ]),
    choices: mapValues(CHOICES, (choice) => {
      const cost = costOf(choice);
      const saved = whole - cost;
      return {
        cost: dollars(cost),
        saved: saved < 0 ? `-${dollars(-saved)}` : dollars(saved),
        share: `${Math.round(100 * cost / whole)} %`,
      };
    }),
    assumed: ASSUMED,
    free: FREE,
    releaseTable: table(['Part', 'How', 'Each release'], releaseRows(releaseOf(template))),
    // The price of one more without a free tier, then of 10 and 100 a month.
    releases: mapValues(RELEASES, (program) => {
      const release = releaseOf(templateOf(program));
      const one = releasesCost(release, 1, {});
      return [one, releasesCost(release, 10), releasesCost(release, 100)].map(dollars).join(' | ');
    }),
    pushTable: table(['Pushes a day', 'A day', 'A month'], [
      ...[10, 50, 500].map((pushes) => pushRow(String(pushes), pushesCost(releaseOf(template), pushes))),
      pushRow('the most there can be', highestPushesCost(template)),
    ]),
    priceTable: table(['What', 'Price', 'For each', 'AWS\'s page', 'Read'], Object.values(PRICES)
      .map((price) => [price.what, `$${price.dollars}`, price.unit, `[page](${price.page})`, price.read])),
  });
}

function mapValues<One, Other>(values: { readonly [name: string]: One }, to: (value: One) => Other): { [name: string]: Other } {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, to(value)]));
}

function releaseRows(release: Release): string[][] {
  const { deployments, actionMinutes, buildMinutes, tagMinutes, stateTransitions, taskDollars, natGigabytes } = release;
  const parts = (of: (deployment: Deployment) => string) => listed(deployments.map(of));
  return [
    [
      'actions of the pipeline',
      `${ASSUMED.sourceMinutes} + ${buildMinutes} + ${deployments.map(deploymentMinutes).join(' + ')} + ${tagMinutes} = ${actionMinutes} minutes: source, builds, `
        + parts(({ name, shiftMinutes, keptMinutes }) => `${name} (${ASSUMED.startMinutes} start, ${shiftMinutes} shift, ${keptMinutes} wait)`)
        + ', and tags',
      thousandths(actionMinutes * PRICES.pipelineActionMinute.dollars),
    ],
    ['state machines that tag images', `${stateTransitions} steps`, thousandths(stateTransitions * PRICES.stateTransition.dollars)],
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

/** A storm of pushes lasts a day, or until someone notices it. */
function pushRow(pushes: string, aDay: number): string[] {
  return [pushes, dollars(aDay), dollars(30 * aDay)];
}

/** A release costs cents. */
function thousandths(amount: number): string {
  return `$${amount.toFixed(3)}`;
}
