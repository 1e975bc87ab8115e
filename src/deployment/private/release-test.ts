import { aws_elasticloadbalancingv2 as elbv2, Duration } from 'aws-cdk-lib';

/** A request and the expected answer, as `smoke-test-handler.js` reads them. */
export interface ExpectedAnswer {
  readonly host: string;
  readonly path: string;
  readonly status: number;
  readonly body?: string;
}

/** One kind of smoke test. */
export interface ReleaseTest {
  /** Time that a release may take to pass. */
  readonly timeout: Duration;

  /** Returns the expected response of a release behind this load balancer. */
  expectedAnswer(loadBalancer: elbv2.ApplicationLoadBalancer): ExpectedAnswer;
}
