import { aws_codepipeline as codepipeline } from 'aws-cdk-lib';

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
