import { aws_cloudwatch as cloudwatch, aws_events as events, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Names } from '../../private/names';

const PERIOD = Duration.minutes(5);

/** An alarm for alerts that EventBridge could not publish. */
export function createUndeliveredAlarm(scope: Construct, names: Names, rules: events.Rule[]): cloudwatch.Alarm {
  const failures = rules.map((rule, index): [string, cloudwatch.Metric] => [`failed${index}`, new cloudwatch.Metric({
    namespace: 'AWS/Events',
    metricName: 'FailedInvocations',
    dimensionsMap: { RuleName: rule.ruleName },
    statistic: 'Sum',
    period: PERIOD,
  })]);
  const metric = new cloudwatch.MathExpression({
    expression: failures.map(([name]) => `FILL(${name}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(failures),
    label: 'Alerts that did not reach the topic',
    period: PERIOD,
  });
  return metric.createAlarm(scope, 'Undelivered', {
    alarmName: names.claim('alarm-alerts-undelivered'),
    alarmDescription: 'EventBridge could not publish an alert of this pipeline: see the policy of the topic',
    threshold: 0,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}
