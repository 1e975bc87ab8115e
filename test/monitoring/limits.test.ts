import { aws_cloudwatch as cloudwatch, aws_codebuild as codebuild, aws_codepipeline as codepipeline, Stack } from 'aws-cdk-lib';
import { BuildSteps, CachedBuildProject, PipelineAlarms, PipelineDashboard } from '../../src';
import { newStack, templateOf } from '../helpers/synthesis';
import { all, rendered } from '../helpers/templates';

/** The length that EventBridge counts for a pattern that lists projects of these names. */
const patternLength = (names: string[]): number => JSON.stringify({
  'source': ['aws.codebuild'],
  'detail-type': ['CodeBuild Build State Change'],
  'detail': { 'project-name': names, 'build-status': ['FAILED', 'FAULT', 'STOPPED', 'TIMED_OUT'] },
}).length;

const pipelineOf = (stack: Stack) =>
  codepipeline.Pipeline.fromPipelineArn(stack, 'Pipeline', 'arn:aws:codepipeline:us-east-1:111111111111:storefront');

function alarmsFor(stack: Stack, projects: codebuild.IProject[]): string[] {
  const alarms = new PipelineAlarms(stack, 'Alarms', {
    environmentSuffix: 'dev', pipeline: pipelineOf(stack), notificationEmails: ['team@example.com'], projects,
  });
  return alarms.node.validate();
}

describe('the event pattern of many projects', () => {
  const NAMES = [...Array.from({ length: 12 }, (_, index) => `${'a'.repeat(148)}${10 + index}`), 'a'.repeat(50)];
  const imported = (stack: Stack, names: string[]) => names.map((name, index) => codebuild.Project.fromProjectName(stack, `P${index}`, name));
  const words = (length: number) => [expect.stringContaining("'projects' must render to an event pattern of at most 2048 characters, "
    + `got ${length}; pass the others to a second PipelineAlarms with a different suffix [BGP166]`)];

  test('the event pattern of many projects may have 2048 characters', () => {
    const stack = newStack();

    expect(patternLength(NAMES)).toBe(2048);
    expect(alarmsFor(stack, imported(stack, NAMES))).toEqual([]);
  });

  test('the event pattern of many projects must not have more characters', () => {
    const stack = newStack();

    expect(alarmsFor(stack, imported(stack, [...NAMES.slice(0, -1), 'a'.repeat(51)]))).toEqual(words(2049));
  });

  test('the event pattern is measured with the names of projects in the same stack', () => {
    const stack = newStack();
    const names = Array.from({ length: 90 }, (_, index) => `project-service${10 + index}-dev`);
    const projects = names.map((_, index) => new CachedBuildProject(stack, `Build${index}`, {
      environmentSuffix: 'dev', purpose: `service${10 + index}`, steps: BuildSteps.commands(['npm test']),
    }).project);

    expect(alarmsFor(stack, projects)).toEqual(words(patternLength(names)));
  });
});

describe('a dashboard', () => {
  const dashboard = (stack: Stack, projects: number) => new PipelineDashboard(stack, 'Dashboard', {
    environmentSuffix: 'dev',
    pipeline: pipelineOf(stack),
    projects: Array.from({ length: projects }, (_, index) => codebuild.Project.fromProjectName(stack, `P${index}`, `build-${index}`)),
  });
  const widgets = (stack: Stack) => (JSON.parse(rendered(all(templateOf(stack), 'AWS::CloudWatch::Dashboard')[0][1].DashboardBody)) as {
    widgets: { type: string; y: number; properties: { alarms?: string[]; metrics?: unknown[] } }[];
  }).widgets;

  test('a dashboard shows 100 alarms in one widget, and further alarms in further widgets', () => {
    const stack = newStack();
    const shown = dashboard(stack, 0);
    Array.from({ length: 201 }, (_, index) =>
      shown.addAlarm(cloudwatch.Alarm.fromAlarmArn(stack, `A${index}`, `arn:aws:cloudwatch:us-east-1:111111111111:alarm:a${index}`)));

    const states = widgets(stack).filter(({ type }) => type === 'alarm');

    expect(states.map(({ properties }) => properties.alarms?.length)).toEqual([100, 100, 1]);
    expect(new Set(states.flatMap(({ properties }) => properties.alarms)).size).toBe(201);
    expect(new Set(states.map(({ y }) => y)).size).toBe(3);
  });

  test('a dashboard shows 250 projects with 500 metrics in one widget', () => {
    const stack = newStack();
    dashboard(stack, 250);

    expect(Math.max(...widgets(stack).map(({ properties }) => properties.metrics?.length ?? 0))).toBe(500);
  });

  test('a dashboard rejects a 251st project', () => {
    expect(() => dashboard(newStack(), 251)).toThrow("'projects' must have at most 250 entries: a widget shows 500 metrics, "
      + 'two for each project, got 251; pass the others to a second PipelineDashboard with a different suffix [BGP169]');
  });
});
