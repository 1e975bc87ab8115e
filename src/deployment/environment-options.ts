import { aws_certificatemanager as acm, aws_ecs as ecs } from 'aws-cdk-lib';
import { DeploymentHooks } from './deployment-hooks';
import { LoadBalancerOptions } from './load-balancer-options';
import { RetiringOptions } from './retiring-options';
import { RollbackOptions } from './rollback-options';
import { TaskOptions } from './task-options';
import { TrafficShift } from './traffic-shift';

/** Options that can differ between the environments of one application. */
export interface EnvironmentOptions {
  /**
   * CPU units of a task: 256, 512, 1024, 2048, 4096, 8192 or 16384.
   *
   * 1024 units are one vCPU. Fargate must support the combination with the memory. A change takes effect with the next
   * release.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
   * @default 256
   */
  readonly cpu?: number;

  /**
   * Memory of a task in MiB, from 512 to 122880.
   *
   * Fargate must support the combination with the CPU units. A change takes effect with the next release.
   *
   * @default 512
   */
  readonly memoryLimitMiB?: number;

  /**
   * Number of tasks, from 1 to 5000. With `maxTaskCount` it is the minimum number.
   *
   * The service starts with one task and scales out after the service is created. A change takes effect with
   * `cdk deploy` and needs no release: Application Auto Scaling sets the number, and the service itself does not
   * change.
   *
   * @default 2
   */
  readonly taskCount?: number;

  /**
   * Maximum number of tasks, from `taskCount` to 5000. The service scales out when the average CPU
   * utilization exceeds 60 %.
   *
   * @default - the number of tasks is fixed
   */
  readonly maxTaskCount?: number;

  /**
   * Environment variables of the container, by name.
   *
   * Names consist of printable ASCII characters without spaces or "=". A change takes effect with the next release.
   *
   * @default - none
   */
  readonly containerEnvironment?: { [name: string]: string };

  /**
   * Environment variables of the container, by name, whose values come from Secrets Manager or Parameter Store.
   *
   * ECS reads the values when a task starts. A name must not also be in `containerEnvironment`. The execution role is
   * granted read access to these values only. A change takes effect with the next release.
   *
   * @default - none
   */
  readonly containerSecrets?: { [name: string]: ecs.Secret };

  /**
   * ACM certificate of the load balancer, in the stack's region. With a certificate the load balancer serves HTTPS on
   * port 443 and redirects HTTP on port 80 to HTTPS.
   *
   * You can add or replace the certificate at any time, except while a release shifts traffic: CloudFormation then
   * rolls the change back. The certificate cannot be removed, because the redirect uses port 80.
   *
   * @default - HTTP only, on port 80, with a warning
   */
  readonly certificate?: acm.ICertificate;

  /**
   * Traffic shift from the running tasks to a new release.
   *
   * The shift, the functions in `hooks` (one hour each) and `rollback.terminationWaitTime` must take at most 5 days in
   * total, the timeout of the CodePipeline action.
   *
   * @default - a canary of 10 % for 5 minutes
   */
  readonly trafficShift?: TrafficShift;

  /**
   * Lambda functions that CodeDeploy calls during a deployment, and the smoke test. A change takes effect with the next
   * release.
   *
   * @default - no functions and no smoke test
   */
  readonly hooks?: DeploymentHooks;

  /**
   * Access to the load balancer, and its access logs.
   *
   * @default - reachable from the Internet, without access logs; the test listener is closed
   */
  readonly loadBalancer?: LoadBalancerOptions;

  /**
   * Rollback thresholds, and the time that the old tasks are kept for a rollback.
   *
   * @default - a rollback at more than 5 % failed requests with at least 10 requests per minute; old tasks are kept for
   * 10 minutes
   */
  readonly rollback?: RollbackOptions;

  /**
   * Command and permissions of the application.
   *
   * @default - the command of the image; no permissions
   */
  readonly tasks?: TaskOptions;

  /**
   * Permissions and functions that the next release no longer needs, kept for releases that are running or waiting for
   * approval.
   *
   * @default - none: `cdk deploy` deletes everything that you remove
   */
  readonly retiring?: RetiringOptions;
}
