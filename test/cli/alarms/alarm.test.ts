import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { AlarmProperties, alarmSeries, alarmStates } from '../../../src/cli/alarms/alarm';
import { Series } from '../../../src/cli/alarms/metric-math';
import { READINGS } from '../../helpers/alarms';

type Row = [points: string, states: { readonly [missing: string]: boolean }];

const TABLE = parse(readFileSync(join(__dirname, 'alarm.yaml'), 'utf8')) as { readonly [size: string]: Row[] };
const POINTS: { readonly [written: string]: number | undefined } = { '0': 0, 'X': 1, '-': undefined };
const [READING] = READINGS;

function alarmOf(properties: Partial<AlarmProperties> = {}): AlarmProperties {
  return {
    Namespace: 'Shop',
    MetricName: 'Errors',
    Statistic: 'Sum',
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 0,
    EvaluationPeriods: 1,
    TreatMissingData: 'notBreaching',
    ...properties,
  };
}

/** The states of an alarm while the metric has these points. */
function statesOf(properties: Partial<AlarmProperties>, series: Series, extraPeriods = 0): boolean[] {
  return alarmStates(alarmOf(properties), () => series, { ...READING, extraPeriods });
}

describe.each(Object.entries(TABLE))('an alarm with %s datapoints to alarm', (size, rows) => {
  const [DatapointsToAlarm, EvaluationPeriods] = size.split(' of ').map(Number);

  test.each(rows)('an alarm after the points %s has the documented state for each treatment of missing data: %j', (points, states) => {
    for (const [TreatMissingData, isOn] of Object.entries(states)) {
      const series = points.split(' ').map((point) => POINTS[point]);

      expect([TreatMissingData, statesOf({ DatapointsToAlarm, EvaluationPeriods, TreatMissingData }, series, 2).pop()])
        .toEqual([TreatMissingData, isOn]);
    }
  });
});

test('an alarm has a state for each period, once there are enough periods', () => {
  expect(statesOf({ EvaluationPeriods: 2 }, [1, 1, 0, 1, 1])).toEqual([true, false, false, true]);
  expect(statesOf({ EvaluationPeriods: 2, DatapointsToAlarm: 1 }, [0, 1, 0, 0])).toEqual([true, true, false]);
});

test('an alarm without extra periods treats missing points as configured', () => {
  expect(statesOf({ EvaluationPeriods: 2, DatapointsToAlarm: 1 }, [1, undefined, undefined])).toEqual([true, false]);
  expect(statesOf({ EvaluationPeriods: 2, TreatMissingData: 'breaching' }, [0, undefined, undefined])).toEqual([false, true]);
});

test.each([
  ['GreaterThanThreshold', [false, false, true]],
  ['GreaterThanOrEqualToThreshold', [false, true, true]],
  ['LessThanThreshold', [true, false, false]],
  ['LessThanOrEqualToThreshold', [true, true, false]],
])('an alarm with the comparison %s and the threshold 2 evaluates 1, 2 and 3 to %j', (ComparisonOperator, states) => {
  expect(statesOf({ ComparisonOperator, Threshold: 2 }, [1, 2, 3])).toEqual(states);
});

test('an alarm on an expression evaluates the expressions that it refers to, each metric by its own name', () => {
  const metric = (Id: string) => ({ Id, ReturnData: false, MetricStat: { Metric: { Namespace: 'Shop', MetricName: Id.toUpperCase() }, Stat: 'Sum', Period: 60 } });
  const alarm = alarmOf({
    MetricName: undefined,
    Metrics: [
      { Id: 'all', Expression: 'share * 2' },
      { Id: 'share', Expression: '100 * a / ab', ReturnData: false },
      metric('a'),
      metric('ab'),
    ],
  });

  expect(alarmSeries(alarm, ({ MetricName }) => (MetricName === 'A' ? [1, 2] : [4, 4]), READING)).toEqual([50, 100]);
});

test.each<[string, Partial<AlarmProperties>, string]>([
  ['a comparison with a band', { ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold' }, 'Unknown comparison: LessThanLower'],
  ['a threshold that is a metric', { Threshold: undefined }, 'The alarm has no threshold'],
  ['missing data that leave the state as it is', { TreatMissingData: 'ignore' }, 'Unknown treatment of missing data: ignore'],
  ['missing data that are not treated', { TreatMissingData: undefined }, 'Unknown treatment of missing data: missing'],
  ['no metric that returns data', { Metrics: [{ Id: 'a', Expression: '1', ReturnData: false }] }, 'No metric of the alarm returns data'],
])('an alarm with %s is rejected', (_, properties, message) => {
  expect(() => statesOf(properties, [1])).toThrow(message);
});
