import { aws_codebuild as codebuild, aws_codepipeline as codepipeline, Stack } from 'aws-cdk-lib';
import { canBeSkipped } from '../../private/rendered-pipeline';
import { renderedList, renderedProperties } from '../../private/rendered-properties';
import { formatValue } from '../../private/validation';
import { violation, Violations } from '../../private/violations';

/**
 * `$` would let a line break follow: the expressions of CodePipeline are those of Java.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-VariableCheck.html
 */
const DIGEST_ALONE = '^sha256:[0-9a-f]{64}(?![\\s\\S])';

/** An action whose roles have what they need, and take no grants while it is added to a stage. */
export interface StageAction {
  readonly action: codepipeline.IAction;
  ignoringGrants<T>(add: () => T): T;
}

/** The variable that holds the digest of the image that a build works on. */
export const DIGEST = 'IMAGE_DIGEST';

/** The namespace of the exported variables of a build: a namespace must not contain dots. */
export function namespaceOf(stageName: string): string {
  return stageName.replaceAll('.', '-');
}

/** Fails a stage before anything in it runs, unless a variable holds the digest of an image and nothing more. */
export function holdsDigest(variable: string, stageName: string): codepipeline.Conditions {
  return {
    conditions: [{
      result: codepipeline.Result.FAIL,
      rules: [new codepipeline.Rule({
        name: `${namespaceOf(stageName).replaceAll('@', '-')}-ImageDigest`,
        provider: 'VariableCheck',
        version: '1',
        configuration: { Variable: variable, Value: DIGEST_ALONE, Operator: 'MATCHES' },
      })],
    }],
  };
}

/** A project whose stages take `imageDigest`. */
interface DigestStages {
  readonly pipeline: codepipeline.Pipeline;
  readonly project: codebuild.Project;
  readonly imageDigest: string;
}

/**
 * An override that lets any other value than a digest into a stage of a project, or lets the execution continue after
 * that stage failed. A stage that is removed runs nothing.
 */
export function lostConditionViolation({ pipeline, project, imageDigest }: DigestStages): Violations {
  const names = [
    Stack.of(pipeline).resolve(project.projectName) as unknown,
    renderedProperties(project.node.defaultChild).Name,
  ].map((name) => JSON.stringify(name));
  const open = renderedList<RenderedStage>(renderedProperties(pipeline.node.defaultChild).Stages)
    .filter(({ Actions: actions }) => renderedList<RenderedAction>(actions)
      .some(({ Configuration: action }) => names.includes(JSON.stringify(action?.ProjectName))))
    .filter((stage) => canBeSkipped(stage) || !checksDigest(stage, imageDigest));
  return open.length === 0 ? undefined : violation({
    code: 'BGP179',
    prop: 'pipeline',
    rule: "must enter each stage that uses 'imageDigest' only with a digest, and must stop when the stage fails",
    got: `an override of ${open.map(({ Name: name }) => formatValue(name)).join(', ')}`,
    remedy: 'remove the override',
  });
}

function checksDigest({ BeforeEntry: entry }: RenderedStage, imageDigest: string): boolean {
  return renderedList<RenderedCondition>(entry?.Conditions).some(({ Result: result, Rules: rules }) =>
    result === codepipeline.Result.FAIL
    && renderedList<RenderedRule>(rules).some(({ RuleTypeId: type, Configuration: rule }) =>
      type?.Provider === 'VariableCheck'
      && rule?.Variable === imageDigest && rule.Value === DIGEST_ALONE && rule.Operator === 'MATCHES'));
}

interface RenderedStage {
  readonly Name?: unknown;
  readonly Actions?: unknown;
  readonly BeforeEntry?: { readonly Conditions?: unknown };
}

interface RenderedAction {
  readonly Configuration?: { readonly ProjectName?: unknown };
}

interface RenderedCondition {
  readonly Result?: unknown;
  readonly Rules?: unknown;
}

interface RenderedRule {
  readonly RuleTypeId?: { readonly Provider?: unknown };
  readonly Configuration?: { readonly Variable?: unknown; readonly Value?: unknown; readonly Operator?: unknown };
}
