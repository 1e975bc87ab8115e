import { Duration } from 'aws-cdk-lib';
import { durationProblem, optional, pathProblem, propsProblems, textMatching, tokenProblem, wholeNumberProblem } from '../private/checks';
import { Problem, refuseValue } from '../private/errors';

/** A request to the test listener, and the answer that lets a release through. */
export interface HttpSmokeTestProps {
  /** The path that is asked, with its query if it has one; better one that shows more than the health path, which is asked anyway. */
  readonly path: string;

  /**
   * The status that the answer must have. Redirects are not followed: 301 can be expected, too.
   *
   * @default 200
   */
  readonly status?: number;

  /**
   * A text that the first million characters of the body must contain.
   *
   * @default - the body is not read
   */
  readonly body?: string;

  /**
   * The host name of the request, for an application that answers by it; behind a certificate, the server name as well.
   *
   * @default - the DNS name of the load balancer
   */
  readonly host?: string;

  /**
   * How long the release may take to answer well three times in a row, in whole seconds from 30 seconds to 14 minutes.
   *
   * @default Duration.minutes(1)
   */
  readonly timeout?: Duration;
}

/**
 * What a new release must show through the test listener before it gets any production traffic.
 *
 * A function in the network of the tasks asks the load balancer's private addresses, every five seconds. The deployment goes
 * on after three good answers in a row; anything else, a failure of the function itself included, fails it: production stays
 * with the old tasks. The certificate of the listener is not judged.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html#appspec-hooks-ecs
 * @example
 *
 * const shopOpens = SmokeTest.http({ path: '/products', body: 'In stock', timeout: Duration.minutes(2) });
 */
export class SmokeTest {
  /** Asks by HTTP, or by HTTPS where the environment has a certificate. */
  public static http(props: HttpSmokeTestProps): SmokeTest {
    refuseValue('SmokeTest.http', httpProblems(props));
    return new SmokeTest(props);
  }

  private constructor(
    /** @internal */
    public readonly _props: HttpSmokeTestProps,
  ) {}

  /** @internal */
  public get _timeout(): Duration {
    return this._props.timeout ?? Duration.minutes(1);
  }
}

const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** The function compares status and time, so they must be known; the rest reaches it as text. */
function httpProblems(given: HttpSmokeTestProps): Problem[] {
  return propsProblems(given, ({ path, status, body, host, timeout }) => [
    pathProblem('path', path),
    tokenProblem('status', status, 'known at synthesis', 'write it out, for example 200') ?? wholeNumberProblem('BGP110', 'status', status, 200, 599, 200),
    optional(body, () => textMatching('BGP111', 'body', body, /^[^]{1,1000}$/, 'a text of at most 1000 characters', 'In stock')),
    optional(host, () => textMatching('BGP112', 'host', host, HOST, 'a host name without scheme and port', 'shop.example.com')),
    tokenProblem('timeout', timeout, 'known at synthesis', 'write it out, for example Duration.minutes(1)')
      ?? durationProblem('BGP113', 'timeout', timeout, Duration.seconds(30), Duration.minutes(14), 'seconds'),
  ]);
}
