import { evaluateExpression, Readings, Series } from './metric-math';

/** A metric as an alarm names it. */
export interface MetricName {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: { readonly Metric: MetricName; readonly Stat: string; readonly Period: number };
}

/** The properties of an `AWS::CloudWatch::Alarm`, as far as they decide its state. */
export interface AlarmProperties extends Partial<MetricName> {
  readonly ComparisonOperator: string;
  readonly DatapointsToAlarm?: number;
  readonly EvaluationPeriods: number;
  readonly Metrics?: readonly MetricQuery[];
  readonly Statistic?: string;
  readonly Threshold?: number;
  readonly TreatMissingData?: string;
}

/** The points of a metric, one for each period of the alarm. */
export type PointsOf = (metric: MetricName) => Series;

const COMPARISONS: { readonly [operator: string]: (value: number, threshold: number) => boolean } = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** Options for the evaluation of an alarm. */
export interface EvaluationOptions extends Readings {
  /**
   * Periods that CloudWatch reads beyond the evaluation periods, from which it takes points where later ones are
   * missing. The documentation gives no number; its example has two.
   */
  readonly extraPeriods: number;
}

/**
 * Returns whether the alarm is on after each period, as soon as there are enough periods to evaluate.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function alarmStates(alarm: AlarmProperties, pointsOf: PointsOf, options: EvaluationOptions): boolean[] {
  const { EvaluationPeriods: periods, DatapointsToAlarm: required = periods } = alarm;
  const series = alarmSeries(alarm, pointsOf, options);
  const isMissingBreaching = missingIsBreaching(alarm);
  return series.slice(periods - 1).map((_, index) => {
    const end = index + periods;
    const read = series.slice(Math.max(0, end - periods - options.extraPeriods), end);
    // The latest points count; what is missing is filled in only where there are too few of them.
    const points = read.filter((point) => point !== undefined).slice(-periods);
    const breaching = points.filter((point) => isBreaching(alarm, point)).length;
    const filled = isMissingBreaching ? periods - points.length : 0;
    return breaching + filled >= required;
  });
}

/** The series that an alarm compares with its threshold. */
export function alarmSeries(alarm: AlarmProperties, pointsOf: PointsOf, readings: Readings): Series {
  const { Metrics: queries, Namespace, MetricName: name, Dimensions } = alarm;
  if (queries === undefined) {
    return pointsOf({ Namespace: String(Namespace), MetricName: String(name), Dimensions });
  }
  const result = queries.find(({ ReturnData }) => ReturnData !== false);
  if (result === undefined) {
    throw new Error('No metric of the alarm returns data');
  }
  return querySeries(result, queries, pointsOf, readings);
}

function querySeries(
  { Expression: expression, MetricStat: stat }: MetricQuery,
  queries: readonly MetricQuery[],
  pointsOf: PointsOf,
  readings: Readings,
): Series {
  if (expression === undefined) {
    return stat === undefined ? [] : pointsOf(stat.Metric);
  }
  const used = queries.filter(({ Id }) => new RegExp(`\\b${Id}\\b`).test(expression));
  const metrics = Object.fromEntries(used.map((query) =>
    [query.Id, querySeries(query, queries, pointsOf, readings)]));
  return evaluateExpression(expression, metrics, readings);
}

function missingIsBreaching({ TreatMissingData: missing = 'missing' }: AlarmProperties): boolean {
  if (missing !== 'breaching' && missing !== 'notBreaching') {
    throw new Error(`Unknown treatment of missing data: ${missing}`);
  }
  return missing === 'breaching';
}

function isBreaching(alarm: AlarmProperties, point: number): boolean {
  const { ComparisonOperator: operator, Threshold: threshold } = alarm;
  const compare = COMPARISONS[operator];
  if (threshold === undefined) {
    throw new Error('The alarm has no threshold');
  }
  if (compare === undefined) {
    throw new Error(`Unknown comparison: ${operator}`);
  }
  return compare(point, threshold);
}
