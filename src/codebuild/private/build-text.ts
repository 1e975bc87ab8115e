import { all, Check, isResolvedString, secretText, text } from '../../private/validation';
import { violation } from '../../private/violations';

/** Characters that no variable of a process can hold, and lone surrogates, which UTF-8 does not have. */
const NOT_IN_VARIABLES = /\0|\p{Cs}/u;

/**
 * Characters that YAML does not keep in a quoted string, unless they are escaped: it forbids some, and folds line
 * breaks into spaces. CodeBuild reads a buildspec as YAML, and the CDK escapes only `\u0000` to `\u001f`.
 *
 * @see https://yaml.org/spec/1.1/#c-printable
 */
const NOT_IN_YAML = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;

/** Text in a variable of the project; it may be secret. */
export function variableText(example: string): Check {
  return all(secretText(example), keptByVariables);
}

/** Text in a buildspec. */
export function buildSpecText(example: string): Check {
  return all(
    text(example),
    withoutPseudoParameter,
    without(NOT_IN_VARIABLES, 'a command cannot contain it'),
    without(NOT_IN_YAML, 'the YAML of a buildspec does not preserve it'),
  );
}

function without(pattern: RegExp, why: string): Check<string> {
  return (prop, value) => {
    const [found] = pattern.exec(value) ?? [];
    return found === undefined ? undefined : violation({
      code: 'BGP174',
      prop,
      rule: `must not contain the character ${codePoint(found)}: ${why}`,
      remedy: 'remove it, or write an escape sequence that the build resolves',
    });
  };
}

function codePoint(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The name of a value that CloudFormation knows, in the form that `Fn::Sub` replaces. */
const PSEUDO_PARAMETER = /\$\{\s*AWS::\w+\s*\}/;

/**
 * A pseudo parameter that nothing replaces. The CDK warns of it and suggests `Fn::Sub`, which would take every
 * `${x}` of a shell for a name in the template.
 */
const withoutPseudoParameter: Check<string> = (prop, value) => {
  const [found] = PSEUDO_PARAMETER.exec(value) ?? [];
  return found === undefined || !isResolvedString(value) ? undefined : violation({
    code: 'BGP181',
    prop,
    rule: `must not contain ${JSON.stringify(found)}: only Fn::Sub replaces it`,
    remedy: 'use a member of cdk.Aws, for example Aws.REGION',
  });
};

/** A string that a variable of the project keeps unchanged. */
export const keptByVariables = all(withoutPseudoParameter, without(NOT_IN_VARIABLES, 'a variable cannot contain it'));
