import { aws_codebuild as codebuild, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { lengthBeyond } from '../../private/deployed-length';
import { isResolvedString } from '../../private/validation';
import { violation, Violations } from '../../private/violations';
import { MAX_BUILDSPEC_LENGTH } from '../defaults';

/** A buildspec that CodeBuild rejects as too long. */
export function lengthViolation(prop: string, length: number): Violations {
  return length <= MAX_BUILDSPEC_LENGTH ? undefined : violation({
    code: 'BGP061',
    prop,
    rule: `must render to a buildspec of at most ${MAX_BUILDSPEC_LENGTH.toLocaleString('en-US')} characters`,
    got: String(length),
    remedy: 'move long commands to a script in the source',
  });
}

/** Lists and maps of strings that are too long together; synthesis measures the whole buildspec. */
export function textLengthViolation(...values: (object | undefined)[]): Violations {
  const length = values
    .flatMap((value): unknown[] => Object.values(value ?? {}))
    .filter(isResolvedString)
    .reduce((sum, text) => sum + JSON.stringify(text).length, 0);
  return lengthViolation('steps', length);
}

/** A buildspec that is too long once everything in it is known. */
export function renderedLengthViolation(scope: IConstruct, buildSpec: codebuild.BuildSpec): Violations {
  const value: unknown = Stack.of(scope).resolve(buildSpec.toBuildSpec());
  return lengthViolation('steps', lengthBeyond({ scope, value, limit: MAX_BUILDSPEC_LENGTH }) ?? 0);
}
