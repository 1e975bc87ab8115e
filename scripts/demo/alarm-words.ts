import { Resource, Value } from './template';

/** What the metrics of the library's alarms count; another is called by its own name. */
const METRICS: { [name: string]: string } = {
  FailedInvocations: 'alerts that EventBridge could not deliver',
  HTTPCode_Target_5XX_Count: '5xx answers',
  RequestCount: 'requests',
  TargetConnectionErrorCount: 'refused connections',
  UnHealthyHostCount: 'unhealthy tasks',
};

const COMPARISONS: { [operator: string]: string } = {
  GreaterThanThreshold: 'more than',
  GreaterThanOrEqualToThreshold: 'at least',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'at most',
};

/** When an alarm goes off, computed from what it measures, its threshold and its periods. */
export function alarmInWords(alarm: Resource): string {
  const compared = `${COMPARISONS[alarm.at('ComparisonOperator').text] ?? alarm.at('ComparisonOperator').text} ${alarm.at('Threshold').text}`;
  const expression = alarm.at('Metrics').items.map((metric) => metric.at('Expression')).find((one) => one.exists);
  if (expression === undefined) {
    return `${compared} ${metricInWords(alarm.at('MetricName'))} ${windowInWords(alarm)}`;
  }
  const { measured, guard } = expressionInWords(expression.text, alarm);
  const percent = /^100 \* \(?([^()]+)\)? \/ ([^()]+)$/.exec(measured);
  const what = percent === null ? `${compared} ${alternatives(measured)}` : `${compared} % of ${percent[2]} are ${alternatives(percent[1])}`;
  return [what, ...guard, windowInWords(alarm)].join(guard.length === 0 ? ' ' : ', ');
}

function metricInWords(name: Value): string {
  return METRICS[name.text] ?? name.text;
}

/** Metric math with words for its variables, and its condition apart: `IF(requests >= 10, …, 0)` measures nothing below 10. */
function expressionInWords(expression: string, alarm: Resource): { measured: string; guard: string[] } {
  const named = alarm.at('Metrics').items.filter((metric) => metric.at('MetricStat').exists).reduce(
    (text, metric) => text.replace(new RegExp(`\\b${metric.at('Id').text}\\b`, 'g'), metricInWords(metric.at('MetricStat', 'Metric', 'MetricName'))),
    expression.replace(/FILL\((\w+), \d+\)/g, '$1'),
  );
  const [, guarded, least, measured] = /^IF\(([^<>=]+) >= (\d+), (.+), 0\)$/.exec(named) ?? [];
  return measured === undefined ? { measured: named, guard: [] } : { measured, guard: [`with at least ${least} ${guarded} a ${unitOf(alarm)}`] };
}

/** A sum of counts in words; alike counts once. */
function alternatives(sum: string): string {
  return [...new Set(sum.split(' + '))].join(' or ');
}

function secondsOf(alarm: Resource): number {
  const inner = alarm.at('Metrics').items.map((metric) => metric.at('MetricStat', 'Period').number).find((period) => period > 0);
  return alarm.at('Period').exists ? alarm.at('Period').number : inner ?? NaN;
}

function unitOf(alarm: Resource): string {
  const seconds = secondsOf(alarm);
  return seconds === 60 ? 'minute' : `period of ${seconds / 60} minutes`;
}

function windowInWords(alarm: Resource): string {
  const periods = alarm.at('EvaluationPeriods').number;
  const bad = alarm.at('DatapointsToAlarm').exists ? alarm.at('DatapointsToAlarm').number : periods;
  if (periods === 1) {
    return `in a ${unitOf(alarm)}`;
  }
  const unit = unitOf(alarm).replace(/^(minute|period)/, '$1s');
  return bad === periods ? `for ${periods} ${unit} on end` : `in ${bad} of ${periods} ${unit}`;
}
