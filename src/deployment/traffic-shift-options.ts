import { Duration } from 'aws-cdk-lib';

/** How a shift in steps goes. */
export interface TrafficShiftOptions {
  /** How much of the traffic one step moves, in percent, from 1 to 99. */
  readonly percentage: number;

  /** How long the deployment watches the alarms before the next step, in whole minutes. */
  readonly interval: Duration;
}
