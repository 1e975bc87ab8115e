import { aws_codebuild as codebuild } from 'aws-cdk-lib';
import { variableText } from './build-text';
import { holdsSecret } from './exposed-secrets';
import { EnvironmentVariables } from './variables';
import {
  all, Check, formatType, formatValue, isObject, isResolvedString, isToken, keyMatching, map, required, wrongType,
} from '../../private/validation';
import { violation } from '../../private/violations';
import { MAX_CONFIGURATION_LENGTH } from '../defaults';

type Type = codebuild.BuildEnvironmentVariableType;
const { PLAINTEXT, SECRETS_MANAGER, PARAMETER_STORE } = codebuild.BuildEnvironmentVariableType;

export interface EnvironmentOptions {
  /** Scope that resolves the values; anything but a construct in a stack has its own violation. */
  readonly scope: unknown;
  /** The names of the variables that the steps set. */
  readonly reserved: readonly string[];
}

/** Environment variables of a build. Their values may be secrets, so no message shows one. */
export function projectEnvironment({ scope, reserved }: EnvironmentOptions): Check {
  const value = variable(scope);
  return map({
    example: '{ NODE_ENV: { value: "test" } }',
    key: all(name, notReservedByCodeBuild, notReservedBySteps(reserved)),
    entry: (prop, entry) => value(prop, entry),
  });
}

/** Environment variables of an action: those of a build, and their length. */
export function actionEnvironment(options: EnvironmentOptions): Check {
  return all(projectEnvironment(options), configurationLength);
}

const name = keyMatching({
  code: 'BGP052',
  pattern: /^[A-Za-z_]\w*$/,
  rule: 'letters, digits and underscores, not starting with a digit',
  example: 'NODE_ENV',
});

const notReservedByCodeBuild: Check<string> = (prop, key) => (key.startsWith('CODEBUILD_')
  ? violation({
    code: 'BGP053',
    prop,
    key: formatValue(key),
    rule: 'must not start with CODEBUILD_: CodeBuild reserves the prefix',
    remedy: 'rename the variable',
  })
  : undefined);

function notReservedBySteps(reserved: readonly string[]): Check<string> {
  return (prop, key) => (reserved.includes(key)
    ? violation({
      code: 'BGP054',
      prop,
      key: formatValue(key),
      rule: 'must not be a variable that the steps set',
      remedy: 'rename the variable, or pass the value to the steps',
    })
    : undefined);
}

function variable(scope: unknown): Check {
  const values: { readonly [type in Type]: Check } = {
    [PLAINTEXT]: plainValue(scope),
    [SECRETS_MANAGER]: secretName,
    [PARAMETER_STORE]: parameterName,
  };
  return (prop, entry) => {
    if (!isObject(entry)) {
      const type = 'a codebuild.BuildEnvironmentVariable';
      return wrongType({ prop, type, value: entry, example: '{ value: "test" }', secret: true });
    }
    const { type = PLAINTEXT, value } = entry as Partial<codebuild.BuildEnvironmentVariable>;
    return Object.values(codebuild.BuildEnvironmentVariableType).includes(type)
      ? required('"test"', values[type])(`${prop}.value`, value)
      : wrongType({
        prop: `${prop}.type`,
        type: 'a codebuild.BuildEnvironmentVariableType',
        value: type,
        example: 'BuildEnvironmentVariableType.SECRETS_MANAGER',
      });
  };
}

function plainValue(scope: unknown): Check {
  return (prop, value) => {
    if (!(['string', 'boolean'].includes(typeof value) || Number.isFinite(value) || isToken(value))) {
      return wrongType({ prop, type: 'a string, a number or a boolean', value, example: '"test"', secret: true });
    }
    if (holdsSecret(scope, value)) {
      return violation({
        code: 'BGP049',
        prop,
        rule: 'must not hold a secret: every principal that can read the project could read the secret',
        remedy: 'use type SECRETS_MANAGER with the name or ARN of the secret as the value',
      });
    }
    return typeof value === 'string' ? variableText('test')(prop, value) : undefined;
  };
}

/** The name of a secret, followed by the optional key, stage and version. */
const secretName = reference({
  pattern: /^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[\w/+=.@-]{1,512}(:[^:]*){0,3}$/,
  type: 'the name or ARN of a secret',
  example: 'npm:token',
});

const parameterName = reference({
  pattern: /^[\w./-]{1,2048}(:[\w.-]+)?$/,
  type: 'the name of a parameter',
  example: '/acme/token',
});

interface ReferenceOptions {
  readonly pattern: RegExp;
  readonly type: string;
  readonly example: string;
}

/** The name of a value that another service keeps. */
function reference({ pattern, type, example }: ReferenceOptions): Check {
  return (prop, value) => (isToken(value) || (isResolvedString(value) && pattern.test(value))
    ? undefined
    : violation({
      code: 'BGP056',
      prop,
      rule: `must be ${type}`,
      got: formatType(value),
      remedy: `for example ${JSON.stringify(example)}`,
    }));
}

/** The variables as CodePipeline keeps them, in one value of the action's configuration. */
const configurationLength: Check<EnvironmentVariables | undefined> = (prop, variables = {}) => {
  const configuration = Object.entries(variables).map(([key, { type = PLAINTEXT, value }]) => ({
    name: key,
    type,
    value: isToken(value) ? '' : String(value),
  }));
  const { length } = JSON.stringify(configuration);
  return length <= MAX_CONFIGURATION_LENGTH ? undefined : violation({
    code: 'BGP063',
    prop,
    rule: `must be at most ${MAX_CONFIGURATION_LENGTH} characters as JSON in total`,
    got: String(length),
    remedy: 'set the variables that are known at synthesis on the project',
  });
};
