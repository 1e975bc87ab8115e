import { Duration } from 'aws-cdk-lib';

/** Options of the rollback of a deployment. */
export interface RollbackOptions {
  /**
   * Percentage of failed requests of one colour above which a deployment rolls back, a whole number
   * from 1 to 99.
   *
   * @default 5
   */
  readonly errorRate?: number;

  /**
   * Requests per minute to one colour below which its error rate is not judged, a whole number from 1
   * to 1,000,000.
   *
   * A canary of 10 % has 10 requests a minute when there are 100 in all. Clients that provoke failed
   * requests, as many as this and more than `errorRate`, stop every release: choose a number above what
   * one client sends.
   *
   * @default 10
   */
  readonly minimumRequests?: number;

  /**
   * How long the old tasks are kept after the shift, in whole minutes up to 2 days. Until then a
   * rollback takes seconds; with 0 minutes the old tasks stop at once, and an alarm that goes off
   * later rolls nothing back.
   *
   * Both sets of tasks run and are paid for meanwhile.
   *
   * @default Duration.minutes(10)
   */
  readonly terminationWaitTime?: Duration;
}
