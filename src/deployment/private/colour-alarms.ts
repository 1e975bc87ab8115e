import { aws_cloudwatch as cloudwatch, aws_elasticloadbalancingv2 as elbv2, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Names } from '../../private/names';

export interface ColourAlarmsOptions {
  readonly names: Names;
  readonly colour: 'blue' | 'green';
  readonly targetGroup: elbv2.ApplicationTargetGroup;
  /** Percent of the requests of this colour. */
  readonly errorRate: number;
  /** Requests per minute below which nothing is judged. */
  readonly minimumRequests: number;
}

/**
 * The alarms of one target group. Which colour is live changes with every deployment, and a canary
 * that fails for 40 % of its 10 % of the traffic is a mere 4 % of the sum: so each colour is judged
 * by its own requests.
 */
export function colourAlarms(scope: Construct, options: ColourAlarmsOptions): cloudwatch.Alarm[] {
  return [errorsAlarm(scope, options), unhealthyAlarm(scope, options)];
}

/** What all alarms have in common. */
const ALARM = {
  comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

function errorsAlarm(scope: Construct, options: ColourAlarmsOptions): cloudwatch.Alarm {
  const { names, colour, targetGroup, errorRate, minimumRequests } = options;
  const label = `${colour} of ${names.environmentName}`;
  const failed = new cloudwatch.MathExpression({
    // A target that refuses the connection gives a 502 that only the load balancer counts, not its target group.
    expression: `IF(FILL(requests, 0) >= ${minimumRequests}, `
      + '100 * (FILL(answers, 0) + FILL(refusals, 0)) / FILL(requests, 1), 0)',
    usingMetrics: {
      requests: perMinute(targetGroup, 'RequestCount', 'Sum'),
      answers: perMinute(targetGroup, 'HTTPCode_Target_5XX_Count', 'Sum'),
      refusals: perMinute(targetGroup, 'TargetConnectionErrorCount', 'Sum'),
    },
    label: `Error rate of ${label} (%)`,
    period: Duration.minutes(1),
  });
  return failed.createAlarm(scope, `${idOf(colour)}Errors`, {
    ...ALARM,
    alarmName: names.claim(`alarm-errors-${colour}`),
    alarmDescription: `More than ${errorRate} % of the requests to ${label} failed, `
      + `with at least ${minimumRequests} a minute. A deployment that is running rolls back.`,
    threshold: errorRate,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
  });
}

function unhealthyAlarm(scope: Construct, { names, colour, targetGroup }: ColourAlarmsOptions): cloudwatch.Alarm {
  const unhealthy = perMinute(targetGroup, 'UnHealthyHostCount', 'Maximum');
  return unhealthy.createAlarm(scope, `${idOf(colour)}Unhealthy`, {
    ...ALARM,
    alarmName: names.claim(`alarm-unhealthy-${colour}`),
    alarmDescription: `Tasks of ${colour} of ${names.environmentName} failed their health check in 3 of 10 minutes, `
      + 'more than a slow start does. A deployment that is running rolls back.',
    threshold: 0,
    // Not minutes on end: ECS replaces a task that fails, and until the next one fails nothing unhealthy is counted.
    evaluationPeriods: 10,
    datapointsToAlarm: 3,
  });
}

function perMinute(targetGroup: elbv2.ApplicationTargetGroup, name: string, statistic: string): cloudwatch.Metric {
  return targetGroup.metrics.custom(name, { statistic, period: Duration.minutes(1) });
}

function idOf(colour: 'blue' | 'green'): string {
  return colour === 'blue' ? 'Blue' : 'Green';
}
