import { aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda } from 'aws-cdk-lib';
import { SmokeTest } from './smoke-test';

/**
 * Permissions and functions that the next release no longer needs, kept for releases that were built
 * before: the one that runs, and those that wait at an approval.
 *
 * A release keeps the task definition and the appspec that it was built with. If `cdk deploy` took
 * away what they name, ECS could not replace a task that stops, and CodeDeploy would fail the
 * deployment of a waiting release. So move a thing here when you remove it, and deploy. Once the
 * environment runs a release that was built afterwards, remove it from here.
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
   * Secrets and parameters that were in `containerSecrets` or in a container of yours. The execution
   * role may still read them.
   *
   * @default - none
   */
  readonly secrets?: ecs.Secret[];

  /**
   * ECR repositories of containers that you removed from `taskDefinition`. The execution role may
   * still pull from them.
   *
   * @default - none
   */
  readonly repositories?: ecr.IRepository[];

  /**
   * Functions that were in `hooks`. CodeDeploy may still call them, and they may still report to it.
   * They must be in the account and region of the stack, and their roles must take statements.
   *
   * @default - none
   */
  readonly functions?: lambda.IFunction[];

  /**
   * Statements that were in `tasks.policies`, or a grant to `taskRole`. The application may still do
   * what they allow.
   *
   * @default - none
   */
  readonly statements?: iam.PolicyStatement[];

  /**
   * The smoke test that was in `hooks`. Its function stays, so releases that name it can still be
   * deployed. Cannot be given together with `hooks.smokeTest`, which has the same function.
   *
   * @default - none
   */
  readonly smokeTest?: SmokeTest;
}
