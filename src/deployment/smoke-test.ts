import { HttpSmokeTestOptions } from './http-smoke-test-options';
import { httpReleaseTest } from './private/http-release-test';
import { ReleaseTest } from './private/release-test';

/**
 * A test that a new release must pass, through the test listener, before it gets production traffic.
 *
 * A Lambda function in the VPC of the tasks sends requests to the private addresses of the load balancer every 5
 * seconds. The deployment continues after three expected responses in a row; anything else, including a failure of the
 * function itself, fails the deployment, and production traffic stays on the old tasks. The function does not verify
 * the certificate of the listener.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html#appspec-hooks-ecs
 * @example
 *
 * const shopOpens = SmokeTest.http({ path: '/products', body: 'In stock', timeout: Duration.minutes(2) });
 */
export class SmokeTest {
  /**
   * Sends HTTP requests, or HTTPS requests if the environment has a certificate.
   *
   * @param options the request and the expected response
   */
  public static http(options: HttpSmokeTestOptions): SmokeTest {
    return new SmokeTest(httpReleaseTest(options));
  }

  private constructor(private readonly test: ReleaseTest) {}

  /** @internal */
  public _bind(): ReleaseTest {
    return this.test;
  }
}
