import { aws_cloudwatch as cloudwatch, aws_events as events, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Names } from '../../private/names';

const PERIOD = Duration.minutes(5);

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html */
const MAX_METRICS = 10;

/** Alarms for messages that EventBridge could not publish, each for as many rules as an alarm can watch. */
export function undeliveredAlarms(scope: Construct, names: Names, rules: readonly events.IRule[]): cloudwatch.Alarm[] {
  const groups = Array.from({ length: Math.ceil(rules.length / MAX_METRICS) }, (_, index) =>
    rules.slice(index * MAX_METRICS, (index + 1) * MAX_METRICS));
  return groups.map((group, index) => {
    const number = index === 0 ? '' : String(index + 1);
    return undeliveredAlarm(scope, `Undelivered${number}`, names.claim(`alarm-alerts-undelivered${number}`), group);
  });
}

function undeliveredAlarm(
  scope: Construct,
  id: string,
  alarmName: string,
  rules: readonly events.IRule[],
): cloudwatch.Alarm {
  const failures = rules.map((rule, index): [string, cloudwatch.Metric] => [`failed${index}`, new cloudwatch.Metric({
    namespace: 'AWS/Events',
    metricName: 'FailedInvocations',
    dimensionsMap: { RuleName: rule.ruleName },
    statistic: 'Sum',
    period: PERIOD,
  })]);
  const metric = new cloudwatch.MathExpression({
    // For most rules the metric never had a point, and the documentation does not say if FILL gives such a series one.
    expression: `MAX([${failures.map(([name]) => name).join(', ')}])`,
    usingMetrics: Object.fromEntries(failures),
    label: 'Undelivered messages',
    period: PERIOD,
  });
  return metric.createAlarm(scope, id, {
    alarmName,
    alarmDescription: 'EventBridge could not publish messages of this pipeline. Check the policy of the topic.',
    threshold: 0,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    // EventBridge can report a period after CloudWatch has evaluated it; three periods leave time for that.
    evaluationPeriods: 3,
    datapointsToAlarm: 1,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}
