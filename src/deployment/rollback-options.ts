import { Duration } from 'aws-cdk-lib';

/** Options for the rollback of a deployment. */
export interface RollbackOptions {
  /**
   * Percentage of failed requests of one target group above which a deployment rolls back, a whole number
   * from 1 to 99.
   *
   * @default 5
   */
  readonly errorRate?: number;

  /**
   * Requests per minute to one target group below which its error rate is ignored, a whole number from 1 to
   * 1,000,000.
   *
   * A canary of 10 % gets 10 of 100 requests per minute. A client that provokes this many failed requests,
   * and more than `errorRate`, stops every release: choose a number above the request rate of a single
   * client.
   *
   * @default 10
   */
  readonly minimumRequests?: number;

  /**
   * Time that the old tasks are kept after the traffic shift, in whole minutes up to 2 days.
   *
   * During this time a rollback takes seconds, and you pay for both sets of tasks. With 0 minutes the old
   * tasks stop at once, and an alarm that is triggered later rolls nothing back.
   *
   * @default Duration.minutes(10)
   */
  readonly terminationWaitTime?: Duration;
}
