import { aws_codepipeline as codepipeline } from 'aws-cdk-lib';
import { renderedList, renderedProperties } from '../../private/rendered-properties';
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

/** The namespace of what a build exports: a namespace takes no dots. */
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

/** An override that lets anything else than a digest into a stage. */
export function lostConditionViolation(pipeline: codepipeline.Pipeline, stageName: string): Violations {
  const { Stages: stages } = renderedProperties(pipeline.node.defaultChild);
  // A stage that is gone, or hidden in a function, is refused for the approvals that it leaves open.
  const stage = renderedList<RenderedStage>(stages).find((one) => one.Name === stageName);
  const [condition] = stage?.BeforeEntry?.Conditions ?? [];
  const isKept = condition?.Result === codepipeline.Result.FAIL && condition.Rules?.some(({ Configuration: rule }) =>
    rule?.Value === DIGEST_ALONE && rule.Operator === 'MATCHES');
  return stage === undefined || isKept ? undefined : violation({
    code: 'BGP179',
    prop: 'pipeline',
    rule: `must enter the stage "${stageName}" only with the digest of an image; an override removes that condition`,
    remedy: 'remove the override',
  });
}

interface RenderedStage {
  readonly Name?: string;
  readonly BeforeEntry?: {
    readonly Conditions?: {
      readonly Result?: string;
      readonly Rules?: { readonly Configuration?: { readonly Value?: string; readonly Operator?: string } }[];
    }[];
  };
}
