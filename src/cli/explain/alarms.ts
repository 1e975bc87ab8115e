import { Resource, Value } from '../template';

/** The metrics of the library's alarms in words; another one keeps its name. */
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

/** When an alarm goes off, computed from its metric, its threshold and its periods. */
export function alarmInWords(alarm: Resource): string {
  if (alarm.type !== 'AWS::CloudWatch::Alarm') {
    return `a ${alarm.type}, whose rule is not read here`;
  }
  const operator = alarm.at('ComparisonOperator').text;
  const compared = `${COMPARISONS[operator] ?? operator} ${alarm.at('Threshold').text}`;
  const expression = alarm.at('Metrics').items.map((metric) => metric.at('Expression')).find((one) => one.exists);
  if (expression === undefined) {
    return `${compared} ${metricInWords(alarm)} ${windowInWords(alarm)}`;
  }
  const { measured, guard } = expressionInWords(expression.text, alarm);
  const percent = /^100 \* \(?([^()]+)\)? \/ ([^()]+)$/.exec(measured);
  const what = percent === null
    ? `${compared} ${alternatives(measured)}`
    : `${compared} % of ${percent[2]} are ${alternatives(percent[1])}`;
  return [what, ...guard, windowInWords(alarm)].join(guard.length === 0 ? ' ' : ', ');
}

function metricInWords(alarm: Resource): string {
  const stats = alarm.at('Metrics').items.map((metric) => metric.at('MetricStat', 'Metric', 'MetricName'));
  return named(alarm.at('MetricName').orUndefined ?? stats.find((name) => name.exists));
}

function named(metric?: Value): string {
  return metric === undefined ? 'a metric that is not known' : METRICS[metric.text] ?? metric.text;
}

/** Metric math with words for its variables, and its condition apart: `IF(requests >= 10, …, 0)` is 0 below 10. */
function expressionInWords(expression: string, alarm: Resource): { measured: string; guard: string[] } {
  const variables = alarm.at('Metrics').items.filter((metric) => metric.at('MetricStat').exists);
  const text = variables.reduce(
    (words, metric) => words.split(new RegExp(`\\b${metric.at('Id').text}\\b`))
      .join(named(metric.at('MetricStat', 'Metric', 'MetricName'))),
    expression.replace(/FILL\((\w+), \d+\)/g, '$1'),
  );
  const [, guarded, least, measured] = /^IF\(([^<>=]+) >= (\d+), (.+), 0\)$/.exec(text) ?? [];
  return measured === undefined
    ? { measured: text, guard: [] }
    : { measured, guard: [`with at least ${least} ${guarded} a ${unitOf(alarm)}`] };
}

/** A sum of counts in words; the same count is named once. */
function alternatives(sum: string): string {
  return [...new Set(sum.split(' + '))].join(' or ');
}

function unitOf(alarm: Resource): string {
  const inner = alarm.at('Metrics').items.map((metric) => metric.at('MetricStat', 'Period').number);
  const seconds = alarm.at('Period').orUndefined?.number ?? inner.find((period) => period > 0) ?? NaN;
  if (Number.isNaN(seconds)) {
    return 'period';
  }
  return seconds === 60 ? 'minute' : `period of ${seconds / 60} minutes`;
}

function windowInWords(alarm: Resource): string {
  const periods = alarm.at('EvaluationPeriods').text;
  const bad = alarm.at('DatapointsToAlarm').text || periods;
  if (periods === '1') {
    return `in a ${unitOf(alarm)}`;
  }
  const unit = unitOf(alarm).replace(/^(minute|period)/, '$1s');
  return bad === periods ? `for ${periods} consecutive ${unit}` : `in ${bad} of ${periods} ${unit}`;
}
