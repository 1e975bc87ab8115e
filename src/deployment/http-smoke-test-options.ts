import { Duration } from 'aws-cdk-lib';

/** Options for `SmokeTest.http()`: a request to the test listener and the expected response. */
export interface HttpSmokeTestOptions {
  /**
   * Path of the request, optionally with a query string.
   *
   * At most 1024 printable ASCII characters, starting with "/", without "#". Choose a path that tests more than the
   * health check path, which the load balancer requests anyway.
   */
  readonly path: string;

  /**
   * Status code of the expected response, from 200 to 599. Redirects are not followed, so you can expect 301.
   *
   * @default 200
   */
  readonly status?: number;

  /**
   * String of at most 1000 characters that must occur in the first million characters of the response body.
   *
   * @default - the body is not read
   */
  readonly body?: string;

  /**
   * Host name of the request, for an application that routes by host, without a scheme or port. With a certificate it
   * is also the TLS server name.
   *
   * @default - the DNS name of the load balancer
   */
  readonly host?: string;

  /**
   * Maximum time until the release passes, in whole seconds, from 30 seconds to 14 minutes.
   *
   * A release passes after three expected responses in a row.
   *
   * @default Duration.minutes(1)
   */
  readonly timeout?: Duration;
}
