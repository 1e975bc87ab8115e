import { aws_cloudwatch as cloudwatch, aws_codepipeline as codepipeline } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { renderedProperties } from '../../private/rendered-properties';
import { formatValue } from '../../private/validation';
import { formatViolation, listViolations, violation, Violations } from '../../private/violations';

export interface PipelinePreflight {
  readonly pipeline: codepipeline.Pipeline;
  readonly stageName: string;
  readonly alarms: cloudwatch.Alarm[];
}

/**
 * Checks at synthesis that somebody is asked before a deployment of a pipeline, and hears when it
 * goes wrong.
 */
export function addPipelinePreflight(scope: Construct, { pipeline, stageName, alarms }: PipelinePreflight): void {
  scope.node.addValidation({
    validate: () => listViolations([
      approvalViolation(pipeline.stages.map(viewStage), stageName),
      noAlarmActionViolation(alarms.map(viewAlarm)),
    ]).map(formatViolation),
  });
}

/** A stage of a pipeline, as far as it matters here. */
export interface StageView {
  readonly name: string;
  readonly actions: { readonly category: string; readonly provider: string; readonly runOrder?: number }[];
}

function viewStage(stage: codepipeline.IStage): StageView {
  return { name: stage.stageName, actions: stage.actions.map((action) => action.actionProperties) };
}

/** An alarm as it stands in the template. */
export interface AlarmView {
  readonly path: string;
  readonly properties: { readonly ActionsEnabled?: boolean; readonly AlarmActions?: unknown[] };
}

function viewAlarm(alarm: cloudwatch.Alarm): AlarmView {
  return { path: alarm.node.path, properties: renderedProperties(alarm.node.defaultChild) };
}

/** A release passes an approval on its way from one deployment of CodeDeploy to the next. */
export function approvalViolation(stages: StageView[], stageName: string): Violations {
  const index = stages.findIndex(({ name }) => name === stageName);
  const before = stages.slice(0, index);
  const own = stages[index].actions;
  const previous = before.map(({ actions }) => actions.some(isDeployment)).lastIndexOf(true);
  const { runOrder: deployOrder = 1 } = own.find(isDeployment) ?? {};
  const passed = [
    ...before.slice(previous + 1).flatMap(({ actions }) => actions),
    ...own.filter(({ runOrder = 1 }) => runOrder < deployOrder),
  ];
  return passed.some(({ category }) => category === 'Approval') ? undefined : violation({
    code: 'BGP148',
    prop: 'pipeline',
    rule: `must ask a person before ${formatValue(stageName)}, after the deployment before it`,
    remedy: 'add an ApprovalGate to the pipeline before the deployment',
  });
}

function isDeployment({ provider }: { readonly provider: string }): boolean {
  return provider === 'CodeDeployToECS';
}

/** Alarms roll a deployment back without a word, unless somebody is told. */
export function noAlarmActionViolation(alarms: AlarmView[]): Violations {
  const silent = alarms.filter(({ properties: { ActionsEnabled: enabled, AlarmActions: actions = [] } }) =>
    enabled === false || actions.length === 0);
  return silent.length === 0 ? undefined : violation({
    code: 'BGP149',
    prop: 'rollbackAlarms',
    rule: 'must tell somebody when they go off',
    got: formatValue(silent.map(({ path }) => path)),
    remedy: 'hand each to PipelineAlarms.notifyOn, or add an alarm action of yours',
  });
}
