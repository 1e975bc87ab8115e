import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DashboardDeployment, PipelineDashboard, PipelineDashboardProps } from '../../src';
import { importedPipeline, ownedBy, refusedIn, testStruct } from '../helpers/inputs';
import { problemsOf } from '../helpers/refusals';
import { newStack, resources, templateOf } from '../helpers/synthesis';
import { rendered } from '../helpers/templates';

interface Widget {
  readonly properties: { readonly title: string; readonly metrics?: unknown[][] };
}

function dashboardIn(stack: Stack, props: Partial<PipelineDashboardProps> = {}, id = 'Dashboard'): PipelineDashboard {
  return new PipelineDashboard(stack, id, { environmentSuffix: 'dev', pipeline: importedPipeline(stack), ...props });
}

function widgetsOf(stack: Stack, props: Partial<PipelineDashboardProps> = {}): Widget[] {
  dashboardIn(stack, props);
  const [dashboard] = Object.values(resources(templateOf(stack), 'AWS::CloudWatch::Dashboard'));
  return JSON.parse(rendered(dashboard.Properties.DashboardBody)).widgets;
}

test('a dashboard with minimal props shows a pipeline of the user', () => {
  const stack = newStack();

  expect(widgetsOf(stack).map(({ properties }) => properties.title)).toEqual([
    'Build time', 'Pipeline time, approvals included', 'Deployment success rate', 'What failed',
  ]);
  Template.fromStack(stack)
    .hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'dashboard-dev-us-east-1' });
});

test('a dashboard shows the share of deployments that succeeded', () => {
  const [, , rate] = widgetsOf(newStack(), { deployments: [new DashboardDeployment('production', 'Live')] });

  expect(rate.properties.metrics?.[0][0]).toEqual({
    label: 'production',
    expression: '100 * FILL(production_s, 0) / (FILL(production_s, 0) + FILL(production_f, 0))',
    period: 86400,
  });
});

/** The violations of a dashboard beside resources of the user, one of which it shows. */
function refusedFor(props: unknown, stack = newStack()): string[] {
  const { alarm } = ownedBy(stack);
  return refusedIn(stack, () => dashboardIn(stack, { alarms: [alarm], ...props as Partial<PipelineDashboardProps> }));
}

const to = (environmentName: string) => new DashboardDeployment(environmentName, 'Live');

test('a dashboard accepts the longest suffix and the longest name of an environment', () => {
  expect(refusedFor({ environmentSuffix: 'a'.repeat(41) })).toEqual([]);
  expect(refusedFor({ deployments: [to('a'.repeat(38))] })).toEqual([]);
});

const DEPLOYMENT = "for example new DashboardDeployment('production', 'DeployProduction') ";
const [LONG_NAME, LONG_SUFFIX] = ['a'.repeat(39), 'a'.repeat(42)];

test.each<[unknown, string]>([
  [
    { alarms: ['errors'] },
    "'alarms[0]' must be a cloudwatch.IAlarm, got \"errors\"; for example alarms.undeliveredAlarm [BGP002]",
  ],
  [
    { deployments: {} },
    "'deployments' must be a list, got {}; for example [new DashboardDeployment('production', 'DeployProduction')] [BGP002]",
  ],
  [{ deployments: [undefined] }, `'deployments[0]' is required; ${DEPLOYMENT}[BGP001]`],
  [
    { deployments: [{ stageName: 'Live' }] },
    `'deployments[0]' must be a DashboardDeployment, got {"stageName":"Live"}; ${DEPLOYMENT}[BGP002]`,
  ],
  [
    { deployments: [to('production'), to('production')] },
    "'deployments[1].environmentName' must differ from the others, got \"production\" twice; remove one [BGP011]",
  ],
  [
    { deployments: [to('live'), to(LONG_NAME)] },
    `'environmentSuffix' must be at most 2 characters beside the environment "${LONG_NAME}", got "dev" (3); `
    + `"rule-deploy-succeeded-${LONG_NAME}-dev" would not fit into the 64 characters of its AWS name; shorten it [BGP007]`,
  ],
  [
    { environmentSuffix: LONG_SUFFIX, deployments: [to('live')] },
    `'environmentSuffix' must be at most 41 characters, got "${LONG_SUFFIX}" (42); `
    + `"rule-approval-rejected-${LONG_SUFFIX}" would not fit into the 64 characters of its AWS name; shorten it [BGP007]`,
  ],
])('a dashboard refuses %j', (props, message) => {
  expect(refusedFor(props)).toEqual([message]);
});

test('a dashboard refuses a pipeline of another region, whose deployments it could not count', () => {
  expect(refusedFor({}, newStack({ env: { region: 'eu-west-1' } }))).toEqual([
    "'pipeline' must be in the region of the stack, eu-west-1, got one in us-east-1; use one from there [BGP087]",
  ]);
});

test('a deployment of a dashboard refuses names that no environment and no stage can have', () => {
  const refused = (environmentName: string, stageName: string) =>
    problemsOf(() => new DashboardDeployment(environmentName, stageName));

  expect(refused('EU', 'Live')).toEqual([
    '\'environmentName\' must be lower-case letters and digits, starting with a letter, got "EU"; for example "staging" [BGP006]',
  ]);
  expect(refused('live', 'Deploy Live')).toEqual([
    '\'stageName\' must be the name of a stage: at most 100 letters, digits and ".@_-", got "Deploy Live"; '
    + 'for example "DeployProduction" [BGP088]',
  ]);
});

testStruct({
  what: 'PipelineDashboard',
  key: 'alarm',
  closest: 'alarms',
  claims: 'dashboard-dev',
  make: dashboardIn,
});
