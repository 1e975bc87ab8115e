import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import { Construct, IDependable } from 'constructs';
import { LoadBalancing } from './load-balancing';
import { Names } from '../../private/names';

export interface OutageAlarmsOptions {
  readonly names: Names;
  readonly balancing: LoadBalancing;
  readonly service: IDependable;
}

const PERIOD = Duration.minutes(1);

/**
 * Creates the alarms for an outage of the environment. They roll nothing back: a rollback would not help.
 *
 * A target group without a registered target reports no metrics, so alarms on its own metrics are silent then.
 * These two alarms use the load balancer's metrics, and the missing metric itself.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function outageAlarms(scope: Construct, options: OutageAlarmsOptions): cloudwatch.Alarm[] {
  return [unavailableAlarm(scope, options), noHealthyTaskAlarm(scope, options)];
}

function unavailableAlarm(scope: Construct, { names, balancing }: OutageAlarmsOptions): cloudwatch.Alarm {
  const unavailable = balancing.loadBalancer.metrics.custom('HTTPCode_ELB_503_Count', {
    statistic: 'Sum',
    period: PERIOD,
  });
  return unavailable.createAlarm(scope, 'Unavailable', {
    alarmName: names.claim('alarm-unavailable'),
    alarmDescription: `The load balancer of ${names.environmentName} responded with 503 in 2 of 3 minutes: `
      + 'it has no registered task. Check the service events.',
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: 0,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    // The load balancer reports the count only when it is above 0.
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}

function noHealthyTaskAlarm(scope: Construct, { names, balancing, service }: OutageAlarmsOptions): cloudwatch.Alarm {
  const { blue, green } = balancing;
  const healthy = new cloudwatch.MathExpression({
    // The colour without tasks reports nothing; the larger of both is right however FILL reads that.
    expression: 'MAX([blue, green])',
    usingMetrics: {
      blue: blue.metrics.custom('HealthyHostCount', { statistic: 'Maximum', period: PERIOD }),
      green: green.metrics.custom('HealthyHostCount', { statistic: 'Maximum', period: PERIOD }),
    },
    label: `Healthy tasks in ${names.environmentName}`,
    period: PERIOD,
  });
  const alarm = healthy.createAlarm(scope, 'NoHealthyTask', {
    alarmName: names.claim('alarm-no-healthy-task'),
    alarmDescription: `${names.environmentName} had no healthy task in either target group for 3 minutes. `
      + 'Check the service events and the task logs.',
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 3,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  });
  // Made after the tasks and deleted before them, so that it reports neither the start nor the end of the stack.
  alarm.node.addDependency(service);
  return alarm;
}
