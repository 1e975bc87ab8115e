import { aws_cloudwatch as cloudwatch, aws_codebuild as codebuild, aws_codepipeline as codepipeline, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PipelineDashboard, PipelineDashboardProps } from '../../src';
import { newStack, resources, templateOf } from '../helpers/synthesis';
import { rendered } from '../helpers/templates';

interface Widget {
  readonly type: string;
  readonly properties: { readonly title: string; readonly metrics?: (string | { readonly label?: string; readonly expression?: string })[][] };
}

function dashboardIn(stack: Stack, props: Partial<PipelineDashboardProps> = {}) {
  const pipeline = codepipeline.Pipeline.fromPipelineArn(stack, 'Pipeline', 'arn:aws:codepipeline:us-east-1:111111111111:storefront');
  return new PipelineDashboard(stack, 'Dashboard', { environmentSuffix: 'dev', pipeline, ...props });
}

function widgetsOf(stack: Stack): Widget[] {
  const [dashboard] = Object.values(resources(templateOf(stack), 'AWS::CloudWatch::Dashboard'));
  return JSON.parse(rendered(dashboard.Properties.DashboardBody)).widgets;
}

test('with minimal properties a pipeline of the user is shown', () => {
  const stack = newStack();

  dashboardIn(stack);

  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'dashboard-dev-us-east-1' });
  expect(widgetsOf(stack).map(({ properties }) => properties.title)).toEqual([
    'Build time', 'Pipeline time, approvals included', 'Deployment success rate', 'What failed',
  ]);
});

test('deployments are counted by the outcome of the deploy action, because CodeDeploy counts a rollback as a success', () => {
  const stack = newStack();

  dashboardIn(stack, { deployments: [{ environmentName: 'production', stageName: 'Live' }] });

  const template = Template.fromStack(stack);
  for (const [name, state] of [['rule-deploy-succeeded-production-dev', 'SUCCEEDED'], ['rule-deploy-failed-production-dev', 'FAILED']]) {
    template.hasResourceProperties('AWS::Events::Rule', {
      Name: name,
      EventPattern: {
        'source': ['aws.codepipeline'],
        'detail-type': ['CodePipeline Action Execution State Change'],
        'detail': { pipeline: ['storefront'], stage: ['Live'], type: { category: ['Deploy'] }, state: [state] },
      },
    });
  }
  const rate = widgetsOf(stack)[2].properties.metrics;
  expect(rate?.[0][0]).toEqual({
    label: 'production', expression: '100 * FILL(production_s, 0) / (FILL(production_s, 0) + FILL(production_f, 0))', period: 86400,
  });
  expect(rate?.[1].slice(0, 3)).toEqual(['AWS/Events', 'TriggeredRules', 'RuleName']);
});

test('builds and alarms that are handed over are shown', () => {
  const stack = newStack();

  dashboardIn(stack, {
    projects: [codebuild.Project.fromProjectName(stack, 'Build', 'storefront-build')],
    alarms: [cloudwatch.Alarm.fromAlarmArn(stack, 'Slow', 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:slow')],
  });

  const widgets = widgetsOf(stack);
  expect(widgets[0].properties.metrics?.map((metric) => metric.slice(0, 4))).toEqual([
    ['AWS/CodeBuild', 'Duration', 'ProjectName', 'storefront-build'],
    ['AWS/CodeBuild', 'Duration', 'ProjectName', 'storefront-build'],
  ]);
  expect(widgets.at(-1)?.type).toBe('alarm');
});

test('fails for an environment name that cannot be part of a name', () => {
  const stack = newStack();

  expect(() => dashboardIn(stack, { deployments: [{ environmentName: 'EU', stageName: 'Live' }] })).toThrow(
    'Storefront/Dashboard (PipelineDashboard): \'deployments[0].environmentName\' must be lower-case letters and digits, starting with a letter, got "EU"');
});
