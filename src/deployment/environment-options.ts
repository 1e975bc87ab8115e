import { aws_certificatemanager as acm, aws_ecs as ecs } from 'aws-cdk-lib';
import { DeploymentHooks } from './deployment-hooks';
import { LoadBalancerOptions } from './load-balancer-options';
import { RetiringOptions } from './retiring-options';
import { RollbackOptions } from './rollback-options';
import { TaskOptions } from './task-options';
import { TrafficShift } from './traffic-shift';

/** What can differ between the environments of one application. */
export interface EnvironmentOptions {
  /**
   * CPU units of a task: 256, 512, 1024, 2048, 4096, 8192 or 16384; 1024 are one virtual CPU. Must
   * go together with the memory.
   *
   * Takes effect with the next release.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
   * @default 256
   */
  readonly cpu?: number;

  /**
   * Memory of a task in MiB, from 512 to 122880. Must go together with the CPU units.
   *
   * Takes effect with the next release.
   *
   * @default 512
   */
  readonly memoryLimitMiB?: number;

  /**
   * How many tasks run, from 1 to 5000; the least number when `maxTaskCount` is given.
   *
   * The service starts with one task and grows once it is there. A change takes effect with
   * `cdk deploy`, also between two releases: Application Auto Scaling sets the number, and the
   * service itself does not change.
   *
   * @default 2
   */
  readonly taskCount?: number;

  /**
   * How many tasks may run when the average CPU use passes 60 %, from `taskCount` to 5000.
   *
   * @default - the number of tasks is fixed
   */
  readonly maxTaskCount?: number;

  /**
   * Environment variables of the container. Their names have no spaces. Takes effect with the next
   * release.
   *
   * @default - none
   */
  readonly containerEnvironment?: { [name: string]: string };

  /**
   * Environment variables of the container whose values come from Secrets Manager or Parameter
   * Store when a task starts. The execution role gets leave to read just these. Takes effect with
   * the next release.
   *
   * @default - none
   */
  readonly containerSecrets?: { [name: string]: ecs.Secret };

  /**
   * The certificate of the load balancer, which then speaks HTTPS on port 443 and redirects port
   * 80. It must be of the region of the stack.
   *
   * You can add or replace it at any time, except while a release shifts traffic: CloudFormation
   * then rolls the change back. It cannot be removed, because the redirect holds port 80.
   *
   * @default - HTTP on port 80, with a warning
   */
  readonly certificate?: acm.ICertificate;

  /**
   * How production traffic moves to a new release. With `hooks` (an hour for each function) and
   * `rollback.terminationWaitTime` it must fit into 5 days, after which CodePipeline ends its
   * action.
   *
   * @default - a canary of 10 % for 5 minutes
   */
  readonly trafficShift?: TrafficShift;

  /**
   * Functions that CodeDeploy calls during a deployment, and the smoke test. A change takes effect
   * with the next release.
   *
   * @default - none
   */
  readonly hooks?: DeploymentHooks;

  /**
   * Who reaches the load balancer, and where its access logs go.
   *
   * @default - reachable from the Internet, without access logs; nobody reaches the test listener
   */
  readonly loadBalancer?: LoadBalancerOptions;

  /**
   * The alarms that roll a deployment back, and how long the old tasks are kept for it.
   *
   * @default - more than 5 % failed requests with at least 10 requests per minute; old tasks are
   * kept for 10 minutes
   */
  readonly rollback?: RollbackOptions;

  /**
   * The command and the permissions of the application.
   *
   * @default - the command of the image; no permissions
   */
  readonly tasks?: TaskOptions;

  /**
   * Permissions and functions that the next release no longer needs, kept for those that run or wait.
   *
   * @default - none: what you remove is gone with `cdk deploy`
   */
  readonly retiring?: RetiringOptions;
}
