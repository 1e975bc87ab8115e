import { aws_certificatemanager as acm, aws_ecs as ecs, aws_iam as iam, aws_s3 as s3, Duration } from 'aws-cdk-lib';
import { DeploymentHooks } from './deployment-hooks';
import { SmokeTest } from './smoke-test';
import { TrafficShift } from './traffic-shift';

/** What can differ between the environments of one application. */
export interface EnvironmentOptions {
  /**
   * CPU units of a task: 256, 512, 1024, 2048, 4096, 8192 or 16384; 1024 are one virtual CPU. Must go together with the memory.
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
   * A change updates the service, which ECS allows only while the newest revision of the running family is the one that
   * runs: change it after a release that succeeded.
   *
   * @default - 2, but 1 in the environments of a pipeline that come before the last
   */
  readonly taskCount?: number;

  /**
   * How many tasks may run when the average CPU use passes 60 %, from `taskCount` to 5000.
   *
   * @default - the number of tasks is fixed
   */
  readonly maxTaskCount?: number;

  /**
   * Environment variables of the container. Their names have no spaces. Takes effect with the next release.
   *
   * @default - none
   */
  readonly containerEnvironment?: { [name: string]: string };

  /**
   * Environment variables of the container whose values come from Secrets Manager or Parameter Store when a task starts.
   * The execution role gets leave to read just these. Takes effect with the next release.
   *
   * @default - none
   */
  readonly containerSecrets?: { [name: string]: ecs.Secret };

  /**
   * What the container runs instead of its image's own command, word by word. Takes effect with the next release.
   *
   * @default - the command of the image
   */
  readonly containerCommand?: string[];

  /**
   * What the application itself may do in AWS. Grants on the exposed `taskRole` add to it.
   *
   * @default - nothing
   */
  readonly taskPolicies?: iam.PolicyStatement[];

  /**
   * The certificate of the load balancer, which then speaks HTTPS on port 443 and redirects port 80. It must be of the region of the stack.
   *
   * Decide before the first deployment: the listener's protocol and port are frozen once it exists, because a change makes
   * CloudFormation point production at the colour it knew first.
   *
   * @default - HTTP on port 80, with a warning
   */
  readonly certificate?: acm.ICertificate;

  /**
   * Whether the load balancer is reachable from the Internet. Frozen once deployed.
   *
   * @default true
   */
  readonly publicLoadBalancer?: boolean;

  /**
   * A bucket that receives the access logs of the load balancer, without a KMS key. The stack must name its region, because
   * the account that delivers the logs differs between regions.
   *
   * @default - no access logs are written
   */
  readonly loadBalancerLogsBucket?: s3.IBucket;

  /**
   * How production traffic moves to a new release. With `hooks` (an hour each), `smokeTest` and `terminationWaitTime` it must
   * fit into 5 days, after which CodePipeline ends its action.
   *
   * @default - a canary of 10 % for 5 minutes, but all at once in the environments of a pipeline that come before the last
   */
  readonly trafficShift?: TrafficShift;

  /**
   * How long the old tasks are kept after the shift, in whole minutes from 2 minutes to 2 days: until then a rollback takes seconds.
   *
   * Both sets of tasks run and are paid for meanwhile.
   *
   * @default Duration.minutes(10)
   */
  readonly terminationWaitTime?: Duration;

  /**
   * IPv4 networks that may reach the test listener, as in `203.0.113.0/24`, where a new release answers before it gets production traffic.
   *
   * @default - nobody reaches it
   */
  readonly testListenerCidrs?: string[];

  /**
   * What a new release must answer through the test listener before production traffic moves; otherwise the deployment fails.
   *
   * It makes a function in the subnets of the tasks, which must have a way out, and opens the test listener to that function.
   * Lambda takes up to 20 minutes to give its network interfaces back, so deleting the stack takes longer. To add or to remove
   * it takes effect with the next release.
   *
   * @default - none: a release gets traffic when its tasks are healthy on the health path
   */
  readonly smokeTest?: SmokeTest;

  /**
   * Functions of yours that CodeDeploy calls during a deployment. A change takes effect with the next release.
   *
   * @default - none
   */
  readonly hooks?: DeploymentHooks;

  /**
   * Percentage of failed requests of one colour above which a deployment rolls back, a whole number from 1 to 99.
   *
   * @default 5
   */
  readonly rollbackErrorRate?: number;

  /**
   * Requests per minute to one colour below which its error rate is not judged, from 1 to 1,000,000.
   *
   * @default 10
   */
  readonly rollbackMinimumRequests?: number;
}
