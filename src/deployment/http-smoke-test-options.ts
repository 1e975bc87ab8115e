import { Duration } from 'aws-cdk-lib';

/** A request to the test listener, and the answer that lets a release through. */
export interface HttpSmokeTestOptions {
  /**
   * The path that is asked, with its query if it has one; better one that shows more than the
   * health path, which is asked anyway.
   */
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
   * The host name of the request, for an application that answers by it; behind a certificate, the
   * server name as well.
   *
   * @default - the DNS name of the load balancer
   */
  readonly host?: string;

  /**
   * How long the release may take to answer well three times in a row, in whole seconds from 30
   * seconds to 14 minutes.
   *
   * @default Duration.minutes(1)
   */
  readonly timeout?: Duration;
}
