import { AlarmProperties, alarmStates, EvaluationOptions, MetricName } from '../../src/cli/alarms/alarm';
import { Series } from '../../src/cli/alarms/metric-math';

/** Every interpretation of what the documentation of CloudWatch leaves open. */
export const READINGS: readonly EvaluationOptions[] = [false, true].flatMap((fillsEmptySeries) =>
  [false, true].flatMap((missingIsZero) => [0, 2].map((extraPeriods) => ({ fillsEmptySeries, missingIsZero, extraPeriods }))));

/** The points of metrics by name, after the colour whose target group reports them: `GreenRequestCount`. A metric without points never had one. */
export interface Points {
  readonly [metric: string]: Series;
}

/** The minutes in which an alarm of a template is in ALARM state. */
export function minutesOn(alarm: AlarmProperties, points: Points, minutes: number, reading: EvaluationOptions): number[] {
  const none = Array.from({ length: minutes }, () => undefined);
  const states = alarmStates(alarm, (metric) => points[keyOf(metric)] ?? none, reading);
  return states.flatMap((isOn, index) => (isOn ? [index + alarm.EvaluationPeriods] : []));
}

function keyOf({ MetricName: name, Dimensions }: MetricName): string {
  const [, colour = ''] = /(Blue|Green)TargetGroup/.exec(JSON.stringify(Dimensions)) ?? [];
  return `${colour}${name}`;
}
