import { aws_s3 as s3 } from 'aws-cdk-lib';

/** Options for the load balancer of an environment. */
export interface LoadBalancerOptions {
  /**
   * Makes the load balancer reachable from the Internet. Must not change after the first deployment.
   *
   * @default true
   */
  readonly internetFacing?: boolean;

  /**
   * Bucket that receives the access logs of the load balancer.
   *
   * The bucket must be in the region of the stack and must not be encrypted with a KMS key. The stack must have an
   * explicit region, because the account that delivers the logs differs between regions.
   *
   * @default - no access logs are written
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * IPv4 CIDR blocks that can reach the test listener, such as `203.0.113.0/24`. `0.0.0.0/0` is invalid.
   *
   * The test listener serves a new release before the release gets production traffic.
   *
   * @default - the test listener is closed
   */
  readonly testListenerCidrs?: string[];
}
