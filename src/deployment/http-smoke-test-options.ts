import { Duration } from 'aws-cdk-lib';

/** A request to the test listener, and the response that a release must give. */
export interface HttpSmokeTestOptions {
  /**
   * Path of the request, optionally with a query.
   *
   * Choose a path that tests more than the health check path, which the load balancer requests anyway.
   */
  readonly path: string;

  /**
   * Status code of the expected response. Redirects are not followed, so you can expect 301.
   *
   * @default 200
   */
  readonly status?: number;

  /**
   * String that the first million characters of the response body must contain.
   *
   * @default - the body is not read
   */
  readonly body?: string;

  /**
   * Host name of the request, for an application that routes by host. With a certificate it is also the TLS
   * server name.
   *
   * @default - the DNS name of the load balancer
   */
  readonly host?: string;

  /**
   * Time that the release may take to pass, in whole seconds from 30 seconds to 14 minutes.
   *
   * A release passes with three expected responses in a row.
   *
   * @default Duration.minutes(1)
   */
  readonly timeout?: Duration;
}
