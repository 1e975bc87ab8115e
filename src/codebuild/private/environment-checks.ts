import { aws_codebuild as codebuild } from 'aws-cdk-lib';
import { holdsSecret, keyProblem } from './steps-checks';
import { isToken, known, mapProblems, placed, shown, typeOf } from '../../private/checks';
import { broken, Problem } from '../../private/errors';

type Variables = { readonly [name: string]: codebuild.BuildEnvironmentVariable };

/** The longest value of an action's configuration (https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html). */
const LONGEST_CONFIGURATION = 1000;

/**
 * What can be wrong about environment variables of a build. Values may be secrets, so no message shows one.
 *
 * @param scope where a value is resolved; anything but a construct in a stack has a problem of its own
 * @param taken the names that the steps set themselves
 */
export function environmentProblems(scope: unknown, variables: unknown, taken: readonly string[]): Problem[] {
  return mapProblems('environmentVariables', variables, '{ NODE_ENV: { value: "test" } }', (at, name, variable) => [
    keyProblem('BGP052', 'environmentVariables', name, /^[A-Za-z_]\w*$/, 'by names of letters, digits and underscores that do not begin with a digit', 'NODE_ENV')
      ?? (name.startsWith('CODEBUILD_')
        ? broken('BGP053', 'environmentVariables', 'must not be by names that begin with CODEBUILD_, which CodeBuild keeps for itself', shown(name), 'rename it') : undefined)
      ?? (taken.includes(name) ? broken('BGP054', 'environmentVariables', 'must not set what the steps set themselves', shown(name), 'rename it, or give the value to the steps') : undefined),
    typeof variable === 'object' && variable !== null && !Array.isArray(variable) && !isToken(variable) ? variableProblem(scope, at, variable)
      : broken('BGP002', at, 'must be a codebuild.BuildEnvironmentVariable', typeOf(variable), 'for example { value: "test" }'),
  ]);
}

/** What can be wrong about environment variables of an action: those of a build, and their length. */
export function actionEnvironmentProblems(scope: unknown, variables: unknown, taken: readonly string[]): Problem[] {
  const problems = environmentProblems(scope, variables, taken);
  if (variables === undefined || problems.some((problem) => problem !== undefined)) {
    return problems;
  }
  const configuration = Object.entries(variables as Variables).map(([name, { type = 'PLAINTEXT', value }]) => ({ name, type, value: isToken(value) ? '' : String(value) }));
  const { length } = JSON.stringify(configuration);
  return [length <= LONGEST_CONFIGURATION ? undefined
    : broken('BGP063', 'environmentVariables', `must be at most ${LONGEST_CONFIGURATION} characters as JSON, all together`, String(length),
      'give those that are known at synthesis to the project')];
}

function variableProblem(scope: unknown, at: string, variable: Partial<codebuild.BuildEnvironmentVariable>): Problem {
  const { type = codebuild.BuildEnvironmentVariableType.PLAINTEXT, value } = variable;
  const types: unknown[] = Object.values(codebuild.BuildEnvironmentVariableType);
  if (!types.includes(type)) {
    return broken('BGP002', `${at}.type`, 'must be a codebuild.BuildEnvironmentVariableType', shown(type), 'for example BuildEnvironmentVariableType.SECRETS_MANAGER');
  }
  return value === undefined || value === null ? broken('BGP001', `${at}.value`, 'is required', undefined, 'for example "test"')
    : type === codebuild.BuildEnvironmentVariableType.PLAINTEXT ? plainProblem(scope, at, value)
      : referenceProblem(at, value, REFERENCES[type]);
}

function plainProblem(scope: unknown, at: string, value: unknown): Problem {
  if (!(['string', 'boolean'].includes(typeof value) || Number.isFinite(value) || isToken(value))) {
    return broken('BGP002', `${at}.value`, 'must be a text, a number or a boolean', typeOf(value), 'for example "test"');
  }
  return placed(scope) && holdsSecret(scope, value)
    ? broken('BGP049', `${at}.value`, 'must not hold a secret, which would stand in the project for everybody to read', undefined,
      'use the type SECRETS_MANAGER, with the ARN or the name of the secret as the value')
    : undefined;
}

/** How a build refers to a value that is kept elsewhere; the optional parts of a secret are its key, stage and version. */
const REFERENCES = {
  [codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER]: {
    pattern: /^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[\w/+=.@-]{1,512}(:[^:]*){0,3}$/, what: 'the name or the ARN of a secret', example: 'npm:token',
  },
  [codebuild.BuildEnvironmentVariableType.PARAMETER_STORE]: {
    pattern: /^[\w./-]{1,2048}(:[\w.-]+)?$/, what: 'the name of a parameter', example: '/acme/token',
  },
};

function referenceProblem(at: string, value: unknown, { pattern, what, example }: typeof REFERENCES['SECRETS_MANAGER']): Problem {
  return isToken(value) || (known(value) && pattern.test(value)) ? undefined
    : broken('BGP056', `${at}.value`, `must be ${what}`, typeOf(value), `for example ${JSON.stringify(example)}`);
}
