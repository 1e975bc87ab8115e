import { aws_cloudwatch as cloudwatch, aws_codebuild as codebuild, aws_codepipeline as codepipeline, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PipelineDashboard, PipelineDashboardProps } from '../../src';
import { problemsOf } from '../helpers/refusals';
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

/** What a dashboard with other properties is refused for. */
function refusedFor(props: unknown, stack = newStack()): string[] {
  const problems = problemsOf(() => dashboardIn(stack, props as PipelineDashboardProps));
  expect(stack.node.tryFindChild('Dashboard') === undefined).toBe(problems.length > 0);
  return problems;
}

const deployment = (stageName: unknown, environmentName: unknown = 'production') => ({ deployments: [{ environmentName, stageName }] });

test.each([
  [{ projects: [], deployments: [], alarms: [] }], [{ environmentSuffix: 'a'.repeat(41) }], [deployment('x')], [deployment('A-z_0.9@x')], [deployment('x'.repeat(100))],
  [deployment(Lazy.string({ produce: () => 'later' }))], [deployment('x', 'a'.repeat(38))],
])('accepts %j', (props) => {
  expect(refusedFor(props)).toEqual([]);
});

const PIPELINE = "for example codepipeline.Pipeline.fromPipelineArn(this, 'Theirs', arn)";
const DEPLOYMENT = '{ environmentName: "production", stageName: "DeployProduction" }';
const STAGE = "'deployments[0].stageName' must be the name of a stage: at most 100 letters, digits and \".@_-\", got";

test.each<[unknown, string[]]>([
  [{ pipeline: null }, [`'pipeline' is required; ${PIPELINE} [BGP001]`]],
  [{ pipeline: {} }, [`'pipeline' must be a codepipeline.IPipeline, got {}; ${PIPELINE} [BGP002]`]],
  [{ projects: ['build'] }, ["'projects[0]' must be a codebuild.IProject, got \"build\"; for example build.project [BGP002]"]],
  [{ alarms: ['errors'] }, ["'alarms[0]' must be a cloudwatch.IAlarm, got \"errors\"; for example alarms.undeliveredAlarm [BGP002]"]],
  [{ alarms: 'errors' }, ["'alarms' must be a list, got \"errors\"; for example [alarms.undeliveredAlarm] [BGP002]"]],
  [{ deployments: {} }, [`'deployments' must be a list, got {}; for example [${DEPLOYMENT}] [BGP002]`]],
  [{ deployments: [undefined, null, 'production'] }, [
    `'deployments[0]' is required; for example ${DEPLOYMENT} [BGP001]`, `'deployments[1]' is required; for example ${DEPLOYMENT} [BGP001]`,
    `'deployments[2]' must be an object, got "production"; for example ${DEPLOYMENT} [BGP002]`,
  ]],
  [deployment('Live', 'EU'), [
    '\'deployments[0].environmentName\' must be lower-case letters and digits, starting with a letter, got "EU"; for example "staging" [BGP006]',
  ]],
  [deployment('x'.repeat(101)), [`${STAGE} "${'x'.repeat(101)}"; for example "DeployProduction" [BGP088]`]],
  [deployment('Deploy Live'), [`${STAGE} "Deploy Live"; for example "DeployProduction" [BGP088]`]],
  [deployment('Live\n'), [`${STAGE} "Live\\n"; for example "DeployProduction" [BGP088]`]],
  [deployment(undefined), ["'deployments[0].stageName' is required; for example \"DeployProduction\" [BGP001]"]],
  [{ deployments: [...deployment('One').deployments, ...deployment('Two').deployments] },
    ["'deployments[1].environmentName' must differ from the others, got \"production\" twice; remove one [BGP011]"]],
  [deployment('x', 'a'.repeat(39)), ["'environmentSuffix' must be at most 2 characters beside the environment \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", "
    + 'got "dev" (3); "rule-deploy-succeeded-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-dev" would not fit into the 64 characters of its AWS name; shorten it [BGP007]']],
  [{ environmentSuffix: 'a'.repeat(42) }, ["'environmentSuffix' must be at most 41 characters, got \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" (42); "
    + '"rule-approval-rejected-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" would not fit into the 64 characters of its AWS name; shorten it [BGP007]']],
])('fails for %j', (props, messages) => {
  expect(refusedFor(props)).toEqual(messages);
});

test('fails for a pipeline of another region, whose deployments could not be counted', () => {
  const stack = newStack({ env: { region: 'eu-west-1' } });

  expect(refusedFor({}, stack)).toEqual(["'pipeline' must be in the region of the stack, eu-west-1, got one in us-east-1; use one from there [BGP087]"]);
});

test('fails for a suffix that is taken', () => {
  const stack = newStack();
  new PipelineDashboard(stack, 'One', {
    environmentSuffix: 'dev', pipeline: codepipeline.Pipeline.fromPipelineArn(stack, 'Other', 'arn:aws:codepipeline:us-east-1:111111111111:till'),
  });

  expect(refusedFor({}, stack)).toEqual([expect.stringContaining('"dashboard-dev" already belongs to Storefront/One; give')]);
});
