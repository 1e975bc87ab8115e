import { Duration } from 'aws-cdk-lib';

/** Options for the rollback of a deployment. */
export interface RollbackOptions {
  /**
   * Percentage of failed requests to one target group above which a deployment rolls back, a whole number from 1 to 99.
   *
   * @default 5
   */
  readonly errorRate?: number;

  /**
   * Requests per minute to one target group below which its error rate is ignored, a whole number from 1 to
   * 1,000,000.
   *
   * A canary of 10 % gets 10 of 100 requests per minute. A client that causes this many failed requests per minute, and
   * more than `errorRate`, makes every release roll back: choose a number above the request rate of a single client.
   *
   * @default 10
   */
  readonly minimumRequests?: number;

  /**
   * Time that the old tasks are kept after the traffic shift, in whole minutes, from 0 minutes to 2 days.
   *
   * During this time a rollback takes seconds, and you pay for both sets of tasks. With 0 minutes the old tasks stop
   * immediately, and an alarm that is triggered later does not cause a rollback.
   *
   * @default Duration.minutes(10)
   */
  readonly terminationWaitTime?: Duration;
}
