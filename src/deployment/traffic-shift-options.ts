import { Duration } from 'aws-cdk-lib';

/** Options for a traffic shift in steps. */
export interface TrafficShiftOptions {
  /** Percentage of the traffic that one step shifts, from 1 to 99. */
  readonly percentage: number;

  /** Time between two steps, in whole minutes. CodeDeploy watches the alarms meanwhile. */
  readonly interval: Duration;
}
