import { inWords } from './words';
import { Resource, Value } from '../template';

/** Describes the condition of an alarm by its metric, its threshold and its periods. */
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
  const gone = alarm.at('TreatMissingData').text === 'breaching' ? ', or no data,' : '';
  const expressions = metrics.filter((metric) => metric.at('Expression').exists);
  const expression = expressions.find((one) => one.at('ReturnData').text !== 'false') ?? expressions[0];
  if (expression === undefined) {
    const name = [alarm.at('MetricName'), ...metrics.map(nameOf)].find((one) => one.exists);
    const metric = name === undefined ? 'a metric that is not known' : inWords('metrics', name.text);
    return `${compared} ${metric}${gone} ${windowInWords(alarm, unit)}`;
  }
  const { measured, guard, among } = expressionInWords(expression.at('Expression').text, metrics);
  const [, failed, all] = /^100 \* \(?([^()]+)\)? \/ ([^()]+)$/.exec(measured) ?? [];
  const what = all === undefined
    ? `${compared} ${alternatives(measured)}${gone}`
    : `${compared} % of ${all} are ${alternatives(failed)}${gone}`;
  // The largest is below a threshold when all are, and above it when any is.
  const which = compared.startsWith('less') || compared.startsWith('at most') ? 'all' : 'any';
  return [
    among === undefined ? what : `${what} for ${which} of ${among}`,
    ...(guard === undefined ? [] : [`, with at least ${guard} a ${unit},`]),
    ` ${windowInWords(alarm, unit)}`,
  ].join('');
}

function nameOf(metric: Value): Value {
  return metric.at('MetricStat', 'Metric', 'MetricName');
}

interface Measured {
  readonly measured: string;
  readonly guard?: string;
  /** `2 target groups`, of which the largest value counts. */
  readonly among?: string;
}

/**
 * Metric math with words for its variables, and its condition apart: `IF(requests >= 10, …)` has no value, and
 * `IF(requests >= 10, …, 0)` is 0, below 10. The largest of several that read the same is read once.
 */
function expressionInWords(expression: string, metrics: Value[]): Measured {
  const [, list = ''] = /^MAX\(\[([\w, ]+)\]\)$/.exec(expression) ?? [];
  const elements = list.split(', ').map((id) => metrics.find((metric) => metric.at('Id').text === id));
  const texts = new Set(elements.map((element) => element && elementInWords(element, metrics)));
  const [text] = texts;
  if (text === undefined || texts.size > 1) {
    return guarded(replaceMetrics(expression, metrics));
  }
  return elements.length === 1 ? guarded(text) : { ...guarded(text), among: `${elements.length} ${ownersOf(metrics)}` };
}

function elementInWords(element: Value, metrics: Value[]): string {
  const expression = element.at('Expression');
  return expression.exists ? replaceMetrics(expression.text, metrics) : inWords('metrics', nameOf(element).text);
}

function replaceMetrics(expression: string, metrics: Value[]): string {
  return metrics.filter((metric) => metric.at('MetricStat').exists).reduce(
    (words, metric) => words.split(new RegExp(`\\b${metric.at('Id').text}\\b`))
      .join(inWords('metrics', nameOf(metric).text)),
    expression.replace(/FILL\((\w+), \d+\)/g, '$1'),
  );
}

function guarded(text: string): Measured {
  const [, counted, least, measured] = /^IF\(([^<>=]+) >= (\d+), (.+?)(?:, 0)?\)$/.exec(text) ?? [];
  return measured === undefined ? { measured: text } : { measured, guard: `${least} ${counted}` };
}

/** Returns the resources that the metrics belong to. */
function ownersOf(metrics: Value[]): string {
  const names = metrics.flatMap((metric) => metric.at('MetricStat', 'Metric', 'Dimensions').items)
    .map((dimension) => dimension.at('Name').text);
  const known = ['TargetGroup', 'RuleName'].find((name) => names.includes(name));
  return known === undefined ? 'metrics' : inWords('dimensions', known);
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
