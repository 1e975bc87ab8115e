import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { evaluateExpression, Readings, Series } from '../../../src/cli/alarms/metric-math';
import { READINGS } from '../../helpers/alarms';

interface Written {
  readonly [metric: string]: string;
}
type Row = [expression: string, metrics: Written, result: string];

interface Table {
  readonly documented: { readonly [what: string]: Row[] };
  readonly understood: { readonly [what: string]: Row[] };
  readonly open: { readonly expression: string; readonly metrics: Written; readonly readings: [Partial<Readings>, string][] }[];
  readonly refused: [expression: string, message: string][];
}

const TABLE = parse(readFileSync(join(__dirname, 'metric-math.yaml'), 'utf8')) as Table;

/** `1 - 3` is a series whose second point is missing. */
const seriesOf = (written: string): Series => String(written).split(' ').map((point) => (point === '-' ? undefined : Number(point)));
const allOf = (metrics: Written) => Object.fromEntries(Object.entries(metrics).map(([id, written]) => [id, seriesOf(written)]));

describe.each(Object.entries({ ...TABLE.documented, ...TABLE.understood }))('%s', (_, rows) => {
  test.each(rows)('%s with the metrics %j evaluates to %s under every interpretation', (expression, metrics, result) => {
    for (const readings of READINGS) {
      expect(evaluateExpression(expression, allOf(metrics), readings)).toEqual(seriesOf(result));
    }
  });
});

test.each(TABLE.open.flatMap(({ expression, metrics, readings }) =>
  readings.map(([reading, result]): [string, Written, Partial<Readings>, string] => [expression, metrics, reading, result])),
)('%s with the metrics %j under the interpretation %j evaluates to %s', (expression, metrics, reading, result) => {
  for (const readings of READINGS) {
    expect(evaluateExpression(expression, allOf(metrics), { ...readings, ...reading })).toEqual(seriesOf(result));
  }
});

test.each(TABLE.refused)('the expression %s is rejected', (expression, message) => {
  expect(() => evaluateExpression(expression, { metric1: [1, 2] }, READINGS[0]))
    .toThrow('Unknown in a metric math expression: ');
  expect(() => evaluateExpression(expression, { metric1: [1, 2] }, READINGS[0])).toThrow(message);
});

test('an expression without a metric has a value in no period', () => {
  expect(evaluateExpression('1 + 1', {}, READINGS[0])).toEqual([]);
  expect(evaluateExpression('1 + 1', { metric1: [1, 2] }, READINGS[0])).toEqual([2, 2]);
});
