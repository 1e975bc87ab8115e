import { aws_lambda as lambda } from 'aws-cdk-lib';
import { SmokeTest } from './smoke-test';

/**
 * Functions of yours that CodeDeploy calls during a deployment, one for each event, in this order.
 *
 * CodeDeploy hands over `{ DeploymentId, LifecycleEventHookExecutionId }` and waits until the
 * function calls `PutLifecycleEventHookExecutionStatus` with `Succeeded` or `Failed`. `Failed`, or
 * no call within an hour, fails the deployment, which then rolls back.
 *
 * The role of each function is allowed to report to this deployment group, and denied
 * `ec2:TerminateInstances`; CodeDeploy is allowed to call just these functions. They must be in the
 * account and region of the stack, and their roles must take statements: a role that is imported as
 * immutable, or wrapped by `withoutPolicyUpdates()`, is refused.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html#appspec-hooks-ecs
 * @example
 *
 * declare const freeze: lambda.Function;
 * declare const announce: lambda.Function;
 *
 * const hooks: DeploymentHooks = { beforeInstall: freeze, afterAllowTraffic: announce };
 */
export interface DeploymentHooks {
  /**
   * Before the new tasks are started. Nothing can be rolled back yet.
   *
   * @default - nothing is called
   */
  readonly beforeInstall?: lambda.IFunction;

  /**
   * After the new tasks are started; no listener points to them.
   *
   * @default - nothing is called
   */
  readonly afterInstall?: lambda.IFunction;

  /**
   * After the test listener points to the new tasks. Cannot be given together with `smokeTest`,
   * which takes its place.
   *
   * @default - the `smokeTest`, if there is one
   */
  readonly afterAllowTestTraffic?: lambda.IFunction;

  /**
   * Before production traffic begins to move.
   *
   * @default - nothing is called
   */
  readonly beforeAllowTraffic?: lambda.IFunction;

  /**
   * After all production traffic has moved.
   *
   * @default - nothing is called
   */
  readonly afterAllowTraffic?: lambda.IFunction;

  /**
   * What a new release must answer through the test listener before production traffic moves;
   * otherwise the deployment fails. Cannot be given together with `afterAllowTestTraffic`.
   *
   * It makes a function in the subnets of the tasks, which must have a way out, and opens the test
   * listener to that function. Lambda takes up to 20 minutes to give its network interfaces back,
   * so deleting the stack takes longer. To add or to remove it takes effect with the next release.
   *
   * @default - none: a release gets traffic when its tasks are healthy on the health path
   */
  readonly smokeTest?: SmokeTest;
}
