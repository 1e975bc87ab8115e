import { allAtOnceShift } from './private/all-at-once-shift';
import { canaryShift } from './private/canary-shift';
import { linearShift } from './private/linear-shift';
import { Shift } from './private/shift';
import { TrafficShiftOptions } from './traffic-shift-options';

/**
 * How production traffic moves from the running tasks to the new ones.
 *
 * Alarms and health are watched all the while; on a rollback all traffic goes back to the old tasks
 * at once.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html#deployment-configuration-ecs
 * @example
 *
 * const careful = TrafficShift.canary({ percentage: 10, interval: Duration.minutes(15) });
 */
export class TrafficShift {
  /** All traffic moves in one step, as soon as the new tasks are healthy. */
  public static allAtOnce(): TrafficShift {
    return new TrafficShift(allAtOnceShift());
  }

  /** A part of the traffic moves first, and after the interval the rest. */
  public static canary(options: TrafficShiftOptions): TrafficShift {
    return new TrafficShift(canaryShift(options));
  }

  /** The same part of the traffic moves again after each interval, until all has moved. */
  public static linear(options: TrafficShiftOptions): TrafficShift {
    return new TrafficShift(linearShift(options));
  }

  private constructor(private readonly shift: Shift) {}

  /** The shift in words. */
  public get description(): string {
    return this.shift.description;
  }

  /** @internal */
  public _bind(): Shift {
    return this.shift;
  }
}
