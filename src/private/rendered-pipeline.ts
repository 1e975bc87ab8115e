import { aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, CfnResource, Stack } from 'aws-cdk-lib';
import { renderedProperties } from './rendered-properties';

/** An action of a pipeline, in the order in which an execution reaches it. */
export interface RenderedAction {
  readonly stageName: string;
  /** Position of the stage. */
  readonly stage: number;
  readonly runOrder: number;
  readonly configuration: { readonly [key: string]: unknown };
  /** True if the action is a manual approval, and its stage cannot be skipped. */
  readonly isApproval: boolean;
  /** Application and deployment group that the action deploys to, by their physical names. */
  readonly deploymentGroup?: string;
}

/** A pipeline in the template. */
export interface RenderedPipeline {
  readonly actions: RenderedAction[];
  /** Paths of the properties whose value is not known at synthesis. */
  readonly unknown: string[];
}

/** Physical names of the applications and deployment groups of CodeDeploy in a stack, by logical id. */
export interface CodeDeployNames {
  readonly [logicalId: string]: unknown;
}

interface Stage extends StageConditions {
  readonly Name?: unknown;
  readonly Actions?: unknown;
}

/** Conditions that decide if an execution continues without a stage. */
interface StageConditions {
  readonly BeforeEntry?: unknown;
  readonly OnFailure?: unknown;
}

interface Action {
  readonly ActionTypeId?: { readonly Category?: unknown; readonly Owner?: unknown; readonly Provider?: unknown };
  readonly Configuration?: { readonly [key: string]: unknown };
  readonly RunOrder?: unknown;
}

/** Reads a pipeline with the overrides of the user. */
export function renderPipeline(pipeline: codepipeline.Pipeline): RenderedPipeline {
  return readPipeline(renderedProperties(pipeline.node.defaultChild).Stages, codeDeployNames(Stack.of(pipeline)));
}

function codeDeployNames(stack: Stack): CodeDeployNames {
  const types = [
    codedeploy.CfnApplication.CFN_RESOURCE_TYPE_NAME,
    codedeploy.CfnDeploymentGroup.CFN_RESOURCE_TYPE_NAME,
  ];
  const found = stack.node.findAll().filter((construct): construct is CfnResource =>
    CfnResource.isCfnResource(construct) && construct.stack === stack && types.includes(construct.cfnResourceType));
  return Object.fromEntries(found.map((resource) => {
    const { DeploymentGroupName: group, ApplicationName: application } = renderedProperties(resource);
    const isGroup = resource.cfnResourceType === codedeploy.CfnDeploymentGroup.CFN_RESOURCE_TYPE_NAME;
    return [stack.resolve(resource.logicalId) as string, isGroup ? group : application];
  }));
}

/** Reads the stages of a pipeline in a template. */
export function readPipeline(stages: unknown, names: CodeDeployNames): RenderedPipeline {
  if (!Array.isArray(stages)) {
    return { actions: [], unknown: ['Stages'] };
  }
  const read = listPresent(stages).map(([stage, index]) => readStage(stage, index, names));
  return { actions: read.flatMap(({ actions }) => actions), unknown: read.flatMap(({ unknown }) => unknown) };
}

/** The elements of a list with their positions. A deletion override leaves a gap, which CDK writes as null. */
function listPresent<T>(list: readonly T[]): [T, number][] {
  return Array.from(list, (element, index): [T, number] => [element, index])
    .filter(([element]) => element !== undefined && element !== null);
}

function readStage(stage: Stage, index: number, names: CodeDeployNames): RenderedPipeline {
  const { Name: name, Actions: actions = [] } = stage;
  const path = `Stages.${index}`;
  if (typeof name !== 'string' || !Array.isArray(actions)) {
    return { actions: [], unknown: [path] };
  }
  const found = listPresent(actions as Action[]).map(([action, position]) => ({
    unknown: unknownOf(action, `${path}.Actions.${position}`, names),
    action: {
      stageName: name,
      stage: index,
      runOrder: Number(action.RunOrder ?? 1),
      configuration: action.Configuration ?? {},
      isApproval: isManualApproval(action) && !canBeSkipped(stage),
      deploymentGroup: isDeployment(action) ? deploymentGroupOf(action, names) : undefined,
    },
  }));
  return { actions: found.map(({ action }) => action), unknown: found.flatMap(({ unknown }) => unknown) };
}

function unknownOf(action: Action, path: string, names: CodeDeployNames): string[] {
  const { ActionTypeId: { Category: category, Provider: provider } = {}, RunOrder: runOrder = 1 } = action;
  return [
    ...(typeof category === 'string' && typeof provider === 'string' ? [] : [`${path}.ActionTypeId`]),
    ...(Number.isInteger(Number(runOrder)) ? [] : [`${path}.RunOrder`]),
    ...(isDeployment(action) && deploymentGroupOf(action, names) === undefined ? [`${path}.Configuration`] : []),
  ];
}

function isDeployment({ ActionTypeId: type }: Action): boolean {
  return type?.Provider === 'CodeDeployToECS';
}

function isManualApproval({ ActionTypeId: type }: Action): boolean {
  return type?.Category === 'Approval' && type.Owner === 'AWS' && type.Provider === 'Manual';
}

/** Results of a condition that stop the execution or run the stage again. */
const STOPPING_RESULTS: readonly unknown[] = ['FAIL', 'ROLLBACK', 'RETRY'];

/**
 * Returns true if an execution can continue without a stage, or after its failure.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-conditions.html
 */
export function canBeSkipped({ BeforeEntry: entry, OnFailure: failure }: StageConditions): boolean {
  return [entry, failure].flatMap(resultsOf).some((result) => !STOPPING_RESULTS.includes(result));
}

function resultsOf(block: unknown): unknown[] {
  if (typeof block !== 'object' || block === null) {
    return [];
  }
  const { Result: result, Conditions: conditions } = block as { readonly [key: string]: unknown };
  const own = result === undefined ? [] : [result];
  const inner = Array.isArray(conditions) ? conditions.flatMap(resultsOf) : [conditions].filter((value) => value);
  // Fn::If, for example: either branch may skip the stage.
  const isIntrinsic = Object.keys(block).some((key) => key === 'Ref' || key.startsWith('Fn::'));
  return [...own, ...inner, ...(isIntrinsic ? [block] : [])];
}

function deploymentGroupOf({ Configuration: configuration = {} }: Action, names: CodeDeployNames): string | undefined {
  const { ApplicationName: application, DeploymentGroupName: group } = configuration;
  const parts = [application, group].map((value) => physicalName(value, names));
  return parts.includes(undefined) ? undefined : parts.join('/');
}

/** One spelling for a reference and a literal; undefined if the value is not known at synthesis. */
function physicalName(value: unknown, names: CodeDeployNames): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' ? value : undefined;
  }
  const [[key, inner]] = Object.entries(value as { readonly [key: string]: unknown });
  if (key === 'Ref' && typeof inner === 'string' && Object.hasOwn(names, inner)) {
    return typeof names[inner] === 'string' ? names[inner] : inner;
  }
  // A deployment group of another stack: no stack imports what it exports itself.
  return key === 'Fn::ImportValue' ? JSON.stringify(value) : undefined;
}

/** The spelling of a deployment group in `RenderedAction.deploymentGroup`. */
export function deploymentGroupKey(group: codedeploy.IEcsDeploymentGroup): string | undefined {
  const stack = Stack.of(group);
  const configuration = stack.resolve({
    ApplicationName: group.application.applicationName,
    DeploymentGroupName: group.deploymentGroupName,
  }) as { readonly [key: string]: unknown };
  return deploymentGroupOf({ Configuration: configuration }, codeDeployNames(stack));
}
