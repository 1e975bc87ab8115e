import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { isInStack } from '../../private/validation';
import { violation, Violations } from '../../private/violations';

/** A user's string that becomes part of the project, by its path in the options. */
export interface ProjectText {
  readonly [path: string]: string;
}

/** The elements of a list or the entries of a map, by their paths. */
export function textByPath(
  prop: string,
  values: readonly string[] | { readonly [key: string]: string } = {},
): ProjectText {
  const path = (key: string) => (Array.isArray(values) ? `${prop}[${key}]` : `${prop}.${key}`);
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [path(key), value]));
}

/**
 * CloudFormation would replace a dynamic reference by the secret itself, in a project that many
 * people may read.
 */
export function exposedSecretViolations(scope: IConstruct, text: ProjectText): Violations {
  return Object.entries(text).map(([prop, value]) => (holdsSecret(scope, value)
    ? violation({
      code: 'BGP049',
      prop,
      rule: 'must not hold a secret: every principal that can read the project could read the secret',
      remedy: 'use buildSecrets, or read the secret in the commands',
    })
    : undefined));
}

/** Returns true if CloudFormation would replace a part of this value by a secret. */
export function holdsSecret(scope: unknown, value: unknown): boolean {
  return isInStack(scope)
    && /\{\{resolve:(secretsmanager|ssm-secure):/.test(JSON.stringify(Stack.of(scope).resolve(value)) ?? '');
}
