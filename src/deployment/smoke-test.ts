import { HttpSmokeTestOptions } from './http-smoke-test-options';
import { httpReleaseTest } from './private/http-release-test';
import { ReleaseTest } from './private/release-test';

/**
 * What a new release must show through the test listener before it gets any production traffic.
 *
 * A function in the network of the tasks asks the load balancer's private addresses, every five
 * seconds. The deployment goes on after three good answers in a row; anything else, a failure of
 * the function itself included, fails it: production stays with the old tasks. The certificate of
 * the listener is not judged.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html#appspec-hooks-ecs
 * @example
 *
 * const shopOpens = SmokeTest.http({ path: '/products', body: 'In stock', timeout: Duration.minutes(2) });
 */
export class SmokeTest {
  /** Asks by HTTP, or by HTTPS where the environment has a certificate. */
  public static http(options: HttpSmokeTestOptions): SmokeTest {
    return new SmokeTest(httpReleaseTest(options));
  }

  private constructor(private readonly test: ReleaseTest) {}

  /** @internal */
  public _bind(): ReleaseTest {
    return this.test;
  }
}
