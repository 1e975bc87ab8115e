import { aws_codebuild as codebuild, aws_secretsmanager as secretsmanager, Lazy } from 'aws-cdk-lib';

const { PLAINTEXT } = codebuild.BuildEnvironmentVariableType;

/** Variables of the project. They hold the user's values, because no shell interprets them there. */
export interface Variables {
  readonly plain: { readonly [name: string]: string };
  readonly secret: readonly SecretVariable[];
  /**
   * Plain variables that are only known when the template is written; a value may be an intrinsic function. Reading
   * them earlier would fix their source: the CDK keeps the first rendering of a task definition.
   */
  readonly lazy?: () => { readonly [name: string]: unknown };
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

/**
 * Adds the lazy variables to a project.
 *
 * The CDK renders the variables of a project when it creates it, and takes their number then.
 */
export function addLazyVariables(project: codebuild.Project, { lazy: late }: Variables): void {
  if (late === undefined) {
    return;
  }
  const resource = project.node.defaultChild as codebuild.CfnProject;
  const environment = resource.environment as codebuild.CfnProject.EnvironmentProperty;
  const known = (environment.environmentVariables ?? []) as codebuild.CfnProject.EnvironmentVariableProperty[];
  resource.environment = {
    ...environment,
    environmentVariables: Lazy.uncachedAny({
      produce: () => [
        ...Object.entries(late()).map(([name, value]) => ({
          name, type: PLAINTEXT, value: typeof value === 'object' ? value : String(value),
        })),
        ...known,
      ],
    }),
  };
}

function secretReference({ secret, key }: SecretVariable): string {
  return key === undefined ? secret.secretArn : `${secret.secretArn}:${key}`;
}
