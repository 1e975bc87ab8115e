import { aws_iam as iam } from 'aws-cdk-lib';
import { struct } from '../../private/structs';
import { all, boolean, Check, formatValue, isObject, isToken, list, map, wrongType } from '../../private/validation';
import { violation, Violations } from '../../private/violations';
import { EnvironmentOptions } from '../environment-options';
import { TaskOptions } from '../task-options';

const EXAMPLE_NAME = 'for example "LOG_LEVEL"';

/** Names that no shell sets, and that an application could not distinguish from the value; a token passes. */
const variableName = all(
  (prop: string, key: string) => (key.trim() !== '' ? undefined : violation({
    code: 'BGP004', prop, key: formatValue(key), rule: 'must not be empty or blank', remedy: EXAMPLE_NAME,
  })),
  (prop: string, key: string) => (isToken(key) || /^[!-<>-~]+$/.test(key) ? undefined : violation({
    code: 'BGP103',
    prop,
    key: formatValue(key),
    rule: 'must be printable ASCII without spaces or "="',
    remedy: EXAMPLE_NAME,
  })),
);

/** Values may be secrets, so none is shown. */
export const containerEnvironment: Check = map({
  example: '{ LOG_LEVEL: "info" }',
  key: variableName,
  entry: (prop, value) => (typeof value === 'string'
    ? undefined
    : violation({ code: 'BGP002', prop, rule: 'must be a string', remedy: 'for example "info"' })),
});

const SECRET = 'ecs.Secret.fromSecretsManager(secret)';

export const secret: Check = (prop, value) => (isSecret(value)
  ? undefined
  : violation({ code: 'BGP002', prop, rule: 'must be an ecs.Secret', remedy: `for example ${SECRET}` }));

export const containerSecrets: Check = map({ example: `{ TOKEN: ${SECRET} }`, key: variableName, entry: secret });

/** Secrets of Secrets Manager have a `grantRead`, too, but no `arn`. */
function isSecret(value: unknown): boolean {
  return isObject(value) && 'arn' in value && 'grantRead' in value;
}

/** A container has one variable of a name. */
export function variableViolations(
  { containerEnvironment: plain = {}, containerSecrets: secrets = {} }: Partial<EnvironmentOptions>,
  at: (key: 'containerSecrets') => string,
): Violations {
  return Object.keys(secrets).filter((name) => Object.hasOwn(plain, name)).map((name) => violation({
    code: 'BGP104',
    prop: `${at('containerSecrets')}.${name}`,
    rule: "must not also be in 'containerEnvironment'",
    remedy: 'remove one of the two',
  }));
}

const COMMAND = '["node", "server.js"]';

const command = list({
  example: COMMAND,
  nonEmpty: {
    code: 'BGP105',
    rule: 'a list of at least one string',
    remedy: `for example ${COMMAND}, or omit the prop`,
  },
  each: (prop, value) => (typeof value === 'string'
    ? undefined
    : wrongType({ prop, type: 'a string', value, example: '"server.js"' })),
});

const STATEMENT = 'new iam.PolicyStatement({ actions: ["sqs:SendMessage"], resources: [queue.queueArn] })';

/** Reports before synthesis the error that the CDK would report then. */
export const statement: Check = (prop, value) => (isStatement(value)
  ? value.validateForIdentityPolicy().map((remedy) => violation({
    code: 'BGP106', prop, rule: 'must be a valid identity-policy statement', remedy,
  }))
  : wrongType({ prop, type: 'an iam.PolicyStatement', value, example: STATEMENT }));

const policies = list({ example: `[${STATEMENT}]`, each: statement });

function isStatement(value: unknown): value is iam.PolicyStatement {
  return isObject(value) && typeof (value as iam.PolicyStatement).validateForIdentityPolicy === 'function';
}

export const taskOptions: Check = struct<TaskOptions>({
  example: '{ command: ["node", "server.js"] }',
  fields: { command, policies, guardDutyAgent: boolean },
});
