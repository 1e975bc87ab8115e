import { aws_codebuild as codebuild, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { isResolvedString } from '../../private/validation';
import { violation, Violations } from '../../private/violations';
import { MAX_BUILDSPEC_LENGTH } from '../defaults';

/** A buildspec that CodeBuild refuses as too long. */
export function lengthViolation(prop: string, length: number): Violations {
  return length <= MAX_BUILDSPEC_LENGTH ? undefined : violation({
    code: 'BGP061',
    prop,
    rule: `must make a buildspec of at most ${MAX_BUILDSPEC_LENGTH} characters`,
    got: String(length),
    remedy: 'move long commands into a script of the source',
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
  return lengthViolation('steps', literalLength(Stack.of(scope).resolve(buildSpec.toBuildSpec())));
}

/** The number of characters that are known at synthesis. */
function literalLength(text: unknown): number {
  const isJoin = typeof text === 'object' && text !== null && 'Fn::Join' in text;
  const parts = isJoin ? (text['Fn::Join'] as [string, unknown[]])[1] : [text];
  return parts
    .filter((part): part is string => typeof part === 'string')
    .reduce((sum, part) => sum + part.length, 0);
}
