import {
  aws_cloudwatch as cloudwatch, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { releaseFileNames } from './release-files';
import { deploymentGroupKey, RenderedAction, RenderedPipeline, renderPipeline } from '../../private/rendered-pipeline';
import { renderedProperties } from '../../private/rendered-properties';
import { checkAtSynthesis } from '../../private/synthesis-check';
import { formatValue } from '../../private/validation';
import { firstViolation, violation, Violations } from '../../private/violations';

export interface PipelinePreflight {
  readonly pipeline: codepipeline.Pipeline;
  readonly environmentName: string;
  readonly release: codepipeline.Artifact;
}

/** Parts of a deployment that are checked after it was added to a pipeline. */
export type CheckedDeployment = Construct & {
  readonly stageName: string;
  readonly deploymentGroup: codedeploy.EcsDeploymentGroup;
  readonly rollbackAlarms: cloudwatch.Alarm[];
};

/**
 * Checks at synthesis, with the overrides of the user, that a manual approval precedes a deployment, that
 * the deployment takes the release, and that its rollback alarms have an action.
 */
export function addPipelinePreflight(deployment: CheckedDeployment, preflight: PipelinePreflight): void {
  const { pipeline, environmentName, release } = preflight;
  checkAtSynthesis(deployment, () => [
    pipelineViolations(renderPipeline(pipeline), {
      stageName: deployment.stageName,
      deploymentGroup: deploymentGroupKey(deployment.deploymentGroup),
      configuration: releaseConfiguration(environmentName, release),
    }),
    noAlarmActionViolation(deployment.rollbackAlarms.map(viewAlarm)),
  ]);
}

/** The deploy action of an environment, as the library creates it. */
export interface ExpectedDeployAction {
  readonly stageName: string;
  readonly deploymentGroup: string | undefined;
  /** Properties of its configuration that decide what is deployed. */
  readonly configuration: { readonly [key: string]: unknown };
}

function releaseConfiguration(environmentName: string, release: codepipeline.Artifact): { [key: string]: unknown } {
  const { artifactName } = release;
  const files = releaseFileNames(environmentName);
  return {
    TaskDefinitionTemplateArtifact: artifactName,
    TaskDefinitionTemplatePath: files.taskDefinition,
    AppSpecTemplateArtifact: artifactName,
    AppSpecTemplatePath: files.appSpec,
    Image1ArtifactName: artifactName,
  };
}

/** An alarm in the template. */
export interface AlarmView {
  readonly path: string;
  readonly properties: { readonly ActionsEnabled?: boolean; readonly AlarmActions?: unknown[] };
}

function viewAlarm(alarm: cloudwatch.Alarm): AlarmView {
  return { path: alarm.node.path, properties: renderedProperties(alarm.node.defaultChild) };
}

/** Everything that would deploy to an environment without its approval, or deploy something else there. */
export function pipelineViolations(pipeline: RenderedPipeline, expected: ExpectedDeployAction): Violations {
  const own = pipeline.actions.filter(({ deploymentGroup }) => deploymentGroup === expected.deploymentGroup);
  return firstViolation(
    () => unknownStagesViolation(pipeline),
    () => ownStageViolation(own, expected),
    () => releaseViolation(own, expected),
    () => approvalViolation(own, pipeline.actions),
  );
}

const REMEDY = 'remove the override that changes it';

function unknownStagesViolation({ unknown }: RenderedPipeline): Violations {
  return unknown.length === 0 ? undefined : violation({
    code: 'BGP184',
    prop: 'pipeline',
    rule: 'must have stages, action types, run orders and deployment groups that are known at synthesis',
    got: `an unresolved value at ${formatValue(unknown)}`,
    remedy: 'pass literal values',
  });
}

function ownStageViolation(own: RenderedAction[], { stageName }: ExpectedDeployAction): Violations {
  const stages = [...new Set(own.map((action) => action.stageName))];
  return stages.length === 1 && stages[0] === stageName ? undefined : violation({
    code: 'BGP183',
    prop: 'pipeline',
    rule: `must deploy to the deployment group of ${formatValue(stageName)} in that stage only`,
    got: stages.length === 0 ? 'no stage that deploys to it' : formatValue(stages),
    remedy: REMEDY,
  });
}

function releaseViolation(own: RenderedAction[], { stageName, configuration }: ExpectedDeployAction): Violations {
  const changed = Object.keys(configuration)
    .filter((key) => own.some((action) => action.configuration[key] !== configuration[key]));
  return changed.length === 0 ? undefined : violation({
    code: 'BGP183',
    prop: 'pipeline',
    rule: `must deploy the files and the image of the release in ${formatValue(stageName)}`,
    got: `a different ${changed.join(', ')}`,
    remedy: REMEDY,
  });
}

/** Each release passes a manual approval between two environments. */
function approvalViolation(own: RenderedAction[], actions: RenderedAction[]): Violations {
  const unapproved = own.find((action) => !isApproved(action, actions));
  return unapproved === undefined ? undefined : violation({
    code: 'BGP148',
    prop: 'pipeline',
    rule: `must have a manual approval between ${formatValue(unapproved.stageName)} and the previous deployment`,
    remedy: 'add an ApprovalGate to the pipeline before the deployment, and remove overrides of its stage',
  });
}

function isApproved(action: RenderedAction, actions: RenderedAction[]): boolean {
  const position = actions.indexOf(action);
  const previous = actions.filter((other, index) => isOtherDeployment(other, action)
    // Of two deployments that start together, the later one in the list needs an approval in between.
    && (precedes(other, action) || (index < position && !precedes(action, other))));
  return actions.some((approval) => approval.isApproval
    && precedes(approval, action)
    && previous.every((other) => precedes(other, approval)));
}

function isOtherDeployment({ deploymentGroup }: RenderedAction, action: RenderedAction): boolean {
  return deploymentGroup !== undefined && deploymentGroup !== action.deploymentGroup;
}

function precedes(one: RenderedAction, other: RenderedAction): boolean {
  return one.stage < other.stage || (one.stage === other.stage && one.runOrder < other.runOrder);
}

/** Alarms roll a deployment back silently, unless each has an action. */
export function noAlarmActionViolation(alarms: AlarmView[]): Violations {
  const silent = alarms.filter(({ properties: { ActionsEnabled: enabled, AlarmActions: actions = [] } }) =>
    enabled === false || actions.length === 0);
  return silent.length === 0 ? undefined : violation({
    code: 'BGP149',
    prop: 'rollbackAlarms',
    rule: 'must have an alarm action',
    got: formatValue(silent.map(({ path }) => path)),
    remedy: 'pass each alarm to PipelineAlarms.notifyOn, or add your own alarm action',
  });
}
