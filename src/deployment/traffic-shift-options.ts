import { Duration } from 'aws-cdk-lib';

/** Options for `TrafficShift.canary()` and `TrafficShift.linear()`. */
export interface TrafficShiftOptions {
  /** Percentage of the traffic that one step shifts, a whole number from 1 to 99. */
  readonly percentage: number;

  /**
   * Time between two steps, in whole minutes, from 1 minute to 2 days. During this time CodeDeploy watches the alarms.
   */
  readonly interval: Duration;
}
