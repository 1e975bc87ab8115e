import { aws_cloudwatch as cloudwatch, aws_elasticloadbalancingv2 as elbv2, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Names } from '../../private/names';

export interface RollbackAlarmsOptions {
  readonly names: Names;
  readonly blue: elbv2.ApplicationTargetGroup;
  readonly green: elbv2.ApplicationTargetGroup;
  /** Percent of the requests of one colour. */
  readonly errorRate: number;
  /** Requests per minute to one colour below which its rates are not computed. */
  readonly minimumRequests: number;
}

type Colour = 'blue' | 'green';

const PERIOD = Duration.minutes(1);

/** The effect and the next step, in the description of each alarm. */
const ROLLS_BACK = 'A running deployment rolls back. Check the task logs.';

/** Settings of all alarms. */
const ALARM = {
  comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

/**
 * Creates the alarms that roll a running deployment back.
 *
 * The live colour changes with every deployment, and a canary that fails for 40 % of its 10 % of the traffic is
 * only 4 % of the sum, so each colour has its own alarm.
 *
 * The documentation does not say if FILL fills a series that never had a point, nor how arithmetic treats a missing
 * operand. No expression depends on either: an operand is missing only when its rate is 0, and a missing rate is
 * within the threshold.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function rollbackAlarms(scope: Construct, options: RollbackAlarmsOptions): cloudwatch.Alarm[] {
  return [
    errorsAlarm(scope, 'blue', options),
    unhealthyAlarm(scope, 'blue', options),
    errorsAlarm(scope, 'green', options),
    unhealthyAlarm(scope, 'green', options),
    refusedAlarm(scope, options),
  ];
}

function errorsAlarm(scope: Construct, colour: Colour, options: RollbackAlarmsOptions): cloudwatch.Alarm {
  const { names, errorRate, minimumRequests } = options;
  const label = `the ${colour} tasks of ${names.environmentName}`;
  const failed = new cloudwatch.MathExpression({
    expression: rate('answers', 'requests', minimumRequests),
    usingMetrics: {
      requests: perMinute(options[colour], 'RequestCount', 'Sum'),
      answers: perMinute(options[colour], 'HTTPCode_Target_5XX_Count', 'Sum'),
    },
    label: `Error rate of ${colour} in ${names.environmentName} (%)`,
    period: PERIOD,
  });
  return failed.createAlarm(scope, `${idOf(colour)}Errors`, {
    ...ALARM,
    alarmName: names.claim(`alarm-errors-${colour}`),
    alarmDescription: `More than ${errorRate} % of the requests to ${label} failed, `
      + `with at least ${minimumRequests} a minute. ${ROLLS_BACK}`,
    threshold: errorRate,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
  });
}

/**
 * Creates the alarm for refused connections. A target that refuses the connection causes a 502 that only the load
 * balancer counts, and not its target group. It is a separate alarm, because the count is missing until a connection
 * is refused; one alarm for both colours, because CodeDeploy watches at most ten.
 */
function refusedAlarm(scope: Construct, options: RollbackAlarmsOptions): cloudwatch.Alarm {
  const { names, errorRate, minimumRequests } = options;
  const rateOf = (colour: Colour) => new cloudwatch.MathExpression({
    expression: rate(`${colour}_refused`, `${colour}_requests`, minimumRequests),
    usingMetrics: {
      [`${colour}_requests`]: perMinute(options[colour], 'RequestCount', 'Sum'),
      [`${colour}_refused`]: perMinute(options[colour], 'TargetConnectionErrorCount', 'Sum'),
    },
    period: PERIOD,
  });
  const refused = new cloudwatch.MathExpression({
    expression: 'MAX([blue, green])',
    usingMetrics: { blue: rateOf('blue'), green: rateOf('green') },
    label: `Refused connections of the worse colour in ${names.environmentName} (%)`,
    period: PERIOD,
  });
  return refused.createAlarm(scope, 'RefusedConnections', {
    ...ALARM,
    alarmName: names.claim('alarm-refused-connections'),
    alarmDescription: `One target group of ${names.environmentName} refused the connections of more than `
      + `${errorRate} % of its requests, with at least ${minimumRequests} a minute. ${ROLLS_BACK}`,
    threshold: errorRate,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
  });
}

function unhealthyAlarm(scope: Construct, colour: Colour, options: RollbackAlarmsOptions): cloudwatch.Alarm {
  const { names } = options;
  const unhealthy = perMinute(options[colour], 'UnHealthyHostCount', 'Maximum');
  return unhealthy.createAlarm(scope, `${idOf(colour)}Unhealthy`, {
    ...ALARM,
    alarmName: names.claim(`alarm-unhealthy-${colour}`),
    alarmDescription: `The ${colour} tasks of ${names.environmentName} failed their health check in 3 of 10 minutes. `
      + ROLLS_BACK,
    threshold: 0,
    // Not minutes on end: ECS replaces a task that fails, and until the next one fails nothing unhealthy is counted.
    evaluationPeriods: 10,
    datapointsToAlarm: 3,
  });
}

/** The percentage of one count in another, and no value while there are too few. */
function rate(part: string, whole: string, minimum: number): string {
  return `IF(${whole} >= ${minimum}, 100 * ${part} / ${whole})`;
}

function perMinute(targetGroup: elbv2.ApplicationTargetGroup, name: string, statistic: string): cloudwatch.Metric {
  return targetGroup.metrics.custom(name, { statistic, period: PERIOD });
}

function idOf(colour: Colour): string {
  return colour === 'blue' ? 'Blue' : 'Green';
}
