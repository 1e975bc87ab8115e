import { aws_s3 as s3 } from 'aws-cdk-lib';

/** Options of the load balancer of an environment. */
export interface LoadBalancerOptions {
  /**
   * Whether the load balancer is reachable from the Internet. Frozen once deployed.
   *
   * @default true
   */
  readonly internetFacing?: boolean;

  /**
   * A bucket that receives the access logs of the load balancer, without a KMS key. The stack must
   * name its region, because the account that delivers the logs differs between regions.
   *
   * @default - no access logs are written
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * IPv4 networks that may reach the test listener, as in `203.0.113.0/24`, where a new release
   * answers before it gets production traffic.
   *
   * @default - nobody reaches it
   */
  readonly testListenerCidrs?: string[];
}
