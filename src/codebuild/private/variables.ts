import { aws_codebuild as codebuild, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';

/** Variables of the project. Values of the user's stand here, where no shell interprets them. */
export interface Variables {
  readonly plain: { readonly [name: string]: string };
  readonly secret: readonly SecretVariable[];
}

/** A variable whose value Secrets Manager holds. */
export interface SecretVariable {
  readonly name: string;
  readonly secret: secretsmanager.ISecret;
  /** The key of a value within the secret; the whole secret if left out. */
  readonly key?: string;
}

export interface EnvironmentVariables {
  readonly [name: string]: codebuild.BuildEnvironmentVariable;
}

/**
 * The variables as CodeBuild takes them; it reads secrets at the start of a build and masks their
 * values in logs.
 */
export function environmentVariables({ plain, secret }: Variables): EnvironmentVariables {
  const secretEntries = secret.map((variable) => [variable.name, {
    type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER,
    value: secretReference(variable),
  }] as const);
  const plainEntries = Object.entries(plain).map(([name, value]) => [name, { value }] as const);
  return Object.fromEntries<codebuild.BuildEnvironmentVariable>([...secretEntries, ...plainEntries]);
}

function secretReference({ secret, key }: SecretVariable): string {
  return key === undefined ? secret.secretArn : `${secret.secretArn}:${key}`;
}
