import { aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda } from 'aws-cdk-lib';
import { SmokeTest } from './smoke-test';

/**
 * Permissions and functions that the next release no longer needs, kept for older releases.
 *
 * Older releases are the one that is running and those that are waiting for approval. A release keeps the task
 * definition and the appspec that it was built with. If `cdk deploy` removed a permission or a function that a release
 * uses, ECS could not replace a task that stops, and CodeDeploy would fail the deployment of a waiting release.
 *
 * When the application no longer needs such a permission or function, move it to these options and run `cdk deploy`.
 * Remove it from these options when the environment runs a release that was built after that deployment.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 * @example
 *
 * declare const oldToken: secretsmanager.Secret;
 *
 * new PipelineEnvironment('production', {
 *   containerSecrets: {},
 *   retiring: { secrets: [ecs.Secret.fromSecretsManager(oldToken)] },
 * });
 */
export interface RetiringOptions {
  /**
   * Secrets and parameters that were in `containerSecrets` or in a container of your own. The execution role can still
   * read them.
   *
   * @default - none
   */
  readonly secrets?: ecs.Secret[];

  /**
   * ECR repositories of containers that you removed from `taskDefinition`. The execution role can still
   * pull from them.
   *
   * @default - none
   */
  readonly repositories?: ecr.IRepository[];

  /**
   * Lambda functions that were in `hooks`. CodeDeploy can still call them, and they can still report to it.
   *
   * They must be in the account and region of the stack, and their roles must be mutable.
   *
   * @default - none
   */
  readonly functions?: lambda.IFunction[];

  /**
   * Policy statements that were in `tasks.policies` or granted to `taskRole`. The application keeps these permissions.
   *
   * @default - none
   */
  readonly statements?: iam.PolicyStatement[];

  /**
   * Smoke test that was in `hooks`. Its function is kept, so releases that use it can still be deployed.
   *
   * It cannot be combined with `hooks.smokeTest`, which has the same function.
   *
   * @default - none
   */
  readonly smokeTest?: SmokeTest;
}
