import { aws_cloudwatch as cloudwatch, aws_elasticloadbalancingv2 as elbv2, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { NameParts, nameOf } from '../../private/names';

export interface ColourAlarmsProps extends NameParts {
  readonly colour: 'blue' | 'green';
  readonly targetGroup: elbv2.ApplicationTargetGroup;
  /** Percent of the requests of this colour. */
  readonly errorRate: number;
  /** Requests per minute below which nothing is judged. */
  readonly minimumRequests: number;
}

/**
 * The alarms of one target group. Which colour is live changes with every deployment, and a canary that fails for 40 % of
 * its 10 % of the traffic is a mere 4 % of the sum: so each colour is judged by its own requests.
 */
export function colourAlarms(scope: Construct, props: ColourAlarmsProps): cloudwatch.Alarm[] {
  const { colour, targetGroup } = props;
  const perMinute = (name: string, statistic: string) => targetGroup.metrics.custom(name, { statistic, period: Duration.minutes(1) });
  const label = `${colour} of ${props.environmentName}`;
  const id = colour === 'blue' ? 'Blue' : 'Green';

  const errors = new cloudwatch.MathExpression({
    // A target that refuses the connection gives a 502 that only the load balancer counts, not its target group.
    expression: `IF(FILL(requests, 0) >= ${props.minimumRequests}, 100 * (FILL(answers, 0) + FILL(refusals, 0)) / FILL(requests, 1), 0)`,
    usingMetrics: {
      requests: perMinute('RequestCount', 'Sum'),
      answers: perMinute('HTTPCode_Target_5XX_Count', 'Sum'),
      refusals: perMinute('TargetConnectionErrorCount', 'Sum'),
    },
    label: `Error rate of ${label} (%)`,
    period: Duration.minutes(1),
  }).createAlarm(scope, `${id}Errors`, {
    alarmName: nameOf(scope, `alarm-errors-${colour}`, props),
    alarmDescription: `More than ${props.errorRate} % of the requests to ${label} failed, with at least ${props.minimumRequests} a minute. `
      + 'A deployment that is running rolls back.',
    threshold: props.errorRate,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });

  const unhealthy = perMinute('UnHealthyHostCount', 'Maximum').createAlarm(scope, `${id}Unhealthy`, {
    alarmName: nameOf(scope, `alarm-unhealthy-${colour}`, props),
    alarmDescription: `Tasks of ${label} failed their health check in 3 of 10 minutes, more than a slow start does. `
      + 'A deployment that is running rolls back.',
    threshold: 0,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    // Not minutes on end: ECS replaces a task that fails, and until the next one fails there is nothing unhealthy to count.
    evaluationPeriods: 10,
    datapointsToAlarm: 3,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  return [errors, unhealthy];
}
