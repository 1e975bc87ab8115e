import { inWords } from './words';
import { Resource, Value } from '../template';

/** When an alarm goes off, computed from its metric, its threshold and its periods. */
export function alarmInWords(alarm: Resource): string {
  if (alarm.type !== 'AWS::CloudWatch::Alarm') {
    return `a ${alarm.type}, whose rule is not read here`;
  }
  const compared = `${inWords('comparisons', alarm.at('ComparisonOperator').text)} ${alarm.at('Threshold').text}`;
  const metrics = alarm.at('Metrics').items;
  const seconds = [alarm.at('Period'), ...metrics.map((metric) => metric.at('MetricStat', 'Period'))]
    .map((period) => period.number).find((period) => period > 0);
  const longer = seconds === undefined ? 'period' : `period of ${seconds / 60} minutes`;
  const unit = seconds === 60 ? 'minute' : longer;
  const expression = metrics.map((metric) => metric.at('Expression')).find((one) => one.exists);
  if (expression === undefined) {
    const name = [alarm.at('MetricName'), ...metrics.map(nameOf)].find((one) => one.exists);
    const metric = name === undefined ? 'a metric that is not known' : inWords('metrics', name.text);
    return `${compared} ${metric} ${windowInWords(alarm, unit)}`;
  }
  const { measured, guard } = expressionInWords(expression.text, metrics);
  const [, failed, all] = /^100 \* \(?([^()]+)\)? \/ ([^()]+)$/.exec(measured) ?? [];
  const what = all === undefined
    ? `${compared} ${alternatives(measured)}`
    : `${compared} % of ${all} are ${alternatives(failed)}`;
  const window = windowInWords(alarm, unit);
  return guard === undefined ? `${what} ${window}` : `${what}, with at least ${guard} a ${unit}, ${window}`;
}

function nameOf(metric: Value): Value {
  return metric.at('MetricStat', 'Metric', 'MetricName');
}

/** Metric math with words for its variables, and its condition apart: `IF(requests >= 10, …, 0)` is 0 below 10. */
function expressionInWords(expression: string, metrics: Value[]): { measured: string; guard?: string } {
  const text = metrics.filter((metric) => metric.at('MetricStat').exists).reduce(
    (words, metric) => words.split(new RegExp(`\\b${metric.at('Id').text}\\b`))
      .join(inWords('metrics', nameOf(metric).text)),
    expression.replace(/FILL\((\w+), \d+\)/g, '$1'),
  );
  const [, guarded, least, measured] = /^IF\(([^<>=]+) >= (\d+), (.+), 0\)$/.exec(text) ?? [];
  return measured === undefined ? { measured: text } : { measured, guard: `${least} ${guarded}` };
}

/** A sum of counts in words; the same count is named once. */
function alternatives(sum: string): string {
  return [...new Set(sum.split(' + '))].join(' or ');
}

function windowInWords(alarm: Resource, unit: string): string {
  const periods = alarm.at('EvaluationPeriods').text;
  const bad = alarm.at('DatapointsToAlarm').text || periods;
  if (periods === '1') {
    return `in a ${unit}`;
  }
  const units = unit.replace(/^(minute|period)/, '$1s');
  return bad === periods ? `for ${periods} consecutive ${units}` : `in ${bad} of ${periods} ${units}`;
}
