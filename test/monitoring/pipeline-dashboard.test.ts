import { aws_cloudwatch as cloudwatch, aws_codepipeline as codepipeline, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import messages from './messages.json';
import { DashboardDeployment, PipelineDashboard, PipelineDashboardProps } from '../../src';
import { importedPipeline, ownedBy, testStruct } from '../helpers/inputs';
import { testMessages } from '../helpers/messages';
import { violationCodes } from '../helpers/refusals';
import { newStack, resources, templateOf } from '../helpers/synthesis';
import { rendered } from '../helpers/templates';

interface Widget {
  readonly properties: { readonly title: string; readonly metrics?: unknown[][]; readonly alarms?: string[] };
}

function dashboardIn(stack: Stack, props: Partial<PipelineDashboardProps> = {}, id = 'Dashboard'): PipelineDashboard {
  return new PipelineDashboard(stack, id, { environmentSuffix: 'dev', pipeline: importedPipeline(stack), ...props });
}

function widgetsOf(stack: Stack, props: Partial<PipelineDashboardProps> = {}): Widget[] {
  dashboardIn(stack, props);
  return shownIn(stack);
}

function shownIn(stack: Stack): Widget[] {
  const [dashboard] = Object.values(resources(templateOf(stack), 'AWS::CloudWatch::Dashboard'));
  return JSON.parse(rendered(dashboard.Properties.DashboardBody)).widgets;
}

test("a dashboard with minimal props shows the user's pipeline", () => {
  const stack = newStack();

  expect(widgetsOf(stack).map(({ properties }) => properties.title)).toEqual([
    'Build time', 'Pipeline time with approvals', 'Deployment success rate', 'Failures',
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

test('a dashboard shows the alarms that are added to it, in one widget per hundred', () => {
  const stack = newStack();
  const alarmOf = (number: number) => cloudwatch.Alarm.fromAlarmArn(stack, `A${number}`, `arn:aws:cloudwatch:us-east-1:111111111111:alarm:a${number}`);
  const dashboard = dashboardIn(stack, { alarms: [alarmOf(0)] });

  Array.from({ length: 200 }, (_, number) => dashboard.addAlarm(alarmOf(number + 1)));

  const shown = shownIn(stack).map(({ properties }) => properties).filter(({ alarms }) => alarms !== undefined);
  expect(shown.map(({ title, alarms = [] }) => [title, alarms.length, alarms[0].split(':').pop()])).toEqual([
    ['Alarms', 100, 'a0'], ['Alarms 2', 100, 'a100'], ['Alarms 3', 1, 'a200'],
  ]);
});

test('a dashboard without alarms shows them once one is added', () => {
  const stack = newStack();

  dashboardIn(stack).addAlarm(cloudwatch.Alarm.fromAlarmArn(stack, 'Slow', 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:slow'));

  expect(shownIn(stack).map(({ properties }) => properties.title)).toEqual([
    'Build time', 'Pipeline time with approvals', 'Deployment success rate', 'Failures', 'Alarms',
  ]);
});

test('the rules of a dashboard count both outcomes of each environment, and rejected approvals', () => {
  const stack = newStack();

  const { rules } = dashboardIn(stack, { deployments: [to('staging'), to('production')] });

  expect(rules.map(({ node }) => node.id)).toEqual([
    'StagingSucceeded', 'StagingFailed', 'ProductionSucceeded', 'ProductionFailed', 'ApprovalRejected',
  ]);
});

const to = (environmentName: string) => new DashboardDeployment(environmentName, 'Live');

test('a dashboard accepts an environment with the longest valid name', () => {
  expect(violationCodes(() => dashboardIn(newStack(), { deployments: [to('a'.repeat(38))] }))).toEqual([]);
});

const place = newStack({ env: { region: 'eu-west-1' } });
const { alarm } = ownedBy(place);
const here = codepipeline.Pipeline.fromPipelineArn(
  place, 'Here', 'arn:aws:codepipeline:eu-west-1:111111111111:storefront');

const dashboardInPlace = dashboardIn(place, { environmentSuffix: 'two', pipeline: here }, 'Two');

testMessages(messages, {
  'PipelineDashboard': {
    stack: place,
    make: (props) => dashboardIn(place, { alarms: [alarm], pipeline: here, ...props }),
    named: () => ({
      'an environment twice': { deployments: [to('production'), to('production')] },
      'a long name of an environment': { deployments: [to('live'), to('a'.repeat(39))] },
      'a long suffix': { environmentSuffix: 'a'.repeat(42), deployments: [to('live')] },
      // It could not count its deployments.
      'a pipeline of another region': { pipeline: importedPipeline(place) },
    }),
  },
  'PipelineDashboard.addAlarm': { stack: place, make: (added) => dashboardInPlace.addAlarm(added) },
  'DashboardDeployment': { make: ([environmentName, stageName]) => new DashboardDeployment(environmentName, stageName) },
});

testStruct({
  what: 'PipelineDashboard',
  key: 'alarm',
  closest: 'alarms',
  claims: 'dashboard-dev',
  make: dashboardIn,
});
