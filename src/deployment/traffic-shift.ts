import { allAtOnceShift } from './private/all-at-once-shift';
import { canaryShift } from './private/canary-shift';
import { linearShift } from './private/linear-shift';
import { Shift } from './private/shift';
import { TrafficShiftOptions } from './traffic-shift-options';

/**
 * The shift of production traffic from the running tasks to the new ones.
 *
 * CodeDeploy watches alarms and health during the whole shift. On a rollback all traffic immediately returns to the old
 * tasks.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html#deployment-configuration-ecs
 * @example
 *
 * const careful = TrafficShift.canary({ percentage: 10, interval: Duration.minutes(15) });
 */
export class TrafficShift {
  /** Shifts all traffic in one step as soon as the new tasks are healthy. */
  public static allAtOnce(): TrafficShift {
    return new TrafficShift(allAtOnceShift());
  }

  /**
   * Shifts a percentage of the traffic first, and the rest after the interval.
   *
   * @param options the first percentage, and the interval before the rest
   */
  public static canary(options: TrafficShiftOptions): TrafficShift {
    return new TrafficShift(canaryShift(options));
  }

  /**
   * Shifts the same percentage of the traffic after each interval, until all traffic has shifted.
   *
   * @param options the percentage of each step, and the interval between two steps
   */
  public static linear(options: TrafficShiftOptions): TrafficShift {
    return new TrafficShift(linearShift(options));
  }

  private constructor(private readonly shift: Shift) {}

  /** Description of the shift, such as `canary of 10 % for 5 minutes`. */
  public get description(): string {
    return this.shift.description;
  }

  /** @internal */
  public _bind(): Shift {
    return this.shift;
  }
}
