import { aws_lambda as lambda } from 'aws-cdk-lib';
import { SmokeTest } from './smoke-test';

/**
 * Your own Lambda functions that CodeDeploy calls during a deployment, one for each event, and the smoke test.
 *
 * The order of the events is `beforeInstall`, `afterInstall`, `afterAllowTestTraffic`, `beforeAllowTraffic` and
 * `afterAllowTraffic`.
 *
 * CodeDeploy passes `{ DeploymentId, LifecycleEventHookExecutionId }` and waits until the function calls
 * `PutLifecycleEventHookExecutionStatus` with `Succeeded` or `Failed`. `Failed`, or no call within one
 * hour, fails the deployment, which then rolls back.
 *
 * The role of each function is allowed to report to this deployment group, and denied `ec2:TerminateInstances`;
 * CodeDeploy is allowed to call only these functions. They must be in the account and region of the stack, and their
 * roles must be mutable: a role that was imported with `{ mutable: false }`, or wrapped with `withoutPolicyUpdates()`,
 * is invalid.
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
   * Function that runs before the new tasks start. There is nothing to roll back yet.
   *
   * @default - no function
   */
  readonly beforeInstall?: lambda.IFunction;

  /**
   * Function that runs after the new tasks have started, while no listener forwards to them.
   *
   * @default - no function
   */
  readonly afterInstall?: lambda.IFunction;

  /**
   * Function that runs when the test listener forwards to the new tasks.
   *
   * It cannot be combined with `smokeTest`, which uses this event.
   *
   * @default - the `smokeTest`, if there is one
   */
  readonly afterAllowTestTraffic?: lambda.IFunction;

  /**
   * Function that runs before production traffic starts to shift.
   *
   * @default - no function
   */
  readonly beforeAllowTraffic?: lambda.IFunction;

  /**
   * Function that runs after all production traffic has shifted.
   *
   * @default - no function
   */
  readonly afterAllowTraffic?: lambda.IFunction;

  /**
   * Smoke test of a new release, which must pass before production traffic shifts.
   *
   * The smoke test sends requests to the test listener. If the test fails, the deployment fails and rolls back.
   * `smokeTest` cannot be combined with `afterAllowTestTraffic`.
   *
   * A Lambda function in the subnets of the tasks runs the test, so these subnets must have a route to the Internet.
   * The test listener is opened to that function. Lambda takes up to 20 minutes to release the network interfaces of
   * the function, so deleting the stack can take that much longer. Adding or removing the smoke test takes effect with
   * the next release.
   *
   * @default - none: a release gets traffic when its tasks are healthy on the health check path
   */
  readonly smokeTest?: SmokeTest;
}
