import { aws_codedeploy as codedeploy, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { durationProblem, propsProblems, requiredProblem, tokenProblem, wholeNumberProblem } from '../private/checks';
import { Problem, refuseValue } from '../private/errors';
import { NameParts, nameOf } from '../private/names';

/** How a shift in steps goes. */
export interface TrafficStepsProps {
  /** How much of the traffic one step moves, in percent, from 1 to 99. */
  readonly percentage: number;

  /** How long the deployment watches the alarms before the next step, in whole minutes. */
  readonly interval: Duration;
}

/**
 * How production traffic moves from the running tasks to the new ones.
 *
 * Alarms and health are watched all the while; on a rollback all traffic goes back to the old tasks at once.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html#deployment-configuration-ecs
 * @example
 *
 * const careful = TrafficShift.canary({ percentage: 10, interval: Duration.minutes(15) });
 */
export class TrafficShift {
  /** All traffic moves in one step, as soon as the new tasks are healthy. */
  public static allAtOnce(): TrafficShift {
    return new TrafficShift('all at once', 0, () => codedeploy.EcsDeploymentConfig.ALL_AT_ONCE);
  }

  /** A part of the traffic moves first, and after the interval the rest. */
  public static canary(props: TrafficStepsProps): TrafficShift {
    refuseValue('TrafficShift.canary', stepsProblems(props));
    const minutes = props.interval.toMinutes();
    const ready = props.percentage === 10 && minutes === 5 ? codedeploy.EcsDeploymentConfig.CANARY_10PERCENT_5MINUTES
      : props.percentage === 10 && minutes === 15 ? codedeploy.EcsDeploymentConfig.CANARY_10PERCENT_15MINUTES
        : undefined;
    return new TrafficShift(`canary of ${props.percentage} % for ${minutes} minutes`, minutes, ready ? () => ready : (scope, names) =>
      custom(scope, `canary-${props.percentage}-${minutes}`, names, codedeploy.TrafficRouting.timeBasedCanary(props)));
  }

  /** The same part of the traffic moves again after each interval, until all has moved. */
  public static linear(props: TrafficStepsProps): TrafficShift {
    refuseValue('TrafficShift.linear', stepsProblems(props));
    const minutes = props.interval.toMinutes();
    const ready = props.percentage === 10 && minutes === 1 ? codedeploy.EcsDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTES
      : props.percentage === 10 && minutes === 3 ? codedeploy.EcsDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES
        : undefined;
    const waits = Math.ceil(100 / props.percentage) - 1;
    return new TrafficShift(`linear, ${props.percentage} % every ${minutes} minutes`, waits * minutes, ready ? () => ready : (scope, names) =>
      custom(scope, `linear-${props.percentage}-${minutes}`, names, codedeploy.TrafficRouting.timeBasedLinear(props)));
  }

  private constructor(
    /** The shift in words. */
    public readonly description: string,
    /** @internal How long it takes. */
    public readonly _minutes: number,
    private readonly config: (scope: Construct, names: NameParts) => codedeploy.IEcsDeploymentConfig,
  ) {}

  /** @internal */
  public _bind(scope: Construct, names: NameParts): codedeploy.IEcsDeploymentConfig {
    return this.config(scope, names);
  }
}

/** AWS can only replace a configuration, and cannot do that under the same name: so the name carries the values. */
function custom(scope: Construct, type: string, names: NameParts, trafficRouting: codedeploy.TrafficRouting): codedeploy.EcsDeploymentConfig {
  return new codedeploy.EcsDeploymentConfig(scope, 'TrafficShift', { deploymentConfigName: nameOf(scope, type, names), trafficRouting });
}

/** The values become part of a name and decide which of CodeDeploy's own configurations fits, so they must be known. */
function stepsProblems(given: TrafficStepsProps): Problem[] {
  return propsProblems(given, ({ percentage, interval }) => [
    requiredProblem('percentage', percentage, '10')
      ?? tokenProblem('percentage', percentage, 'known at synthesis', 'write it out, for example 10')
      ?? wholeNumberProblem('BGP100', 'percentage', percentage, 1, 99, 10),
    requiredProblem('interval', interval, 'Duration.minutes(5)')
      ?? tokenProblem('interval', interval, 'known at synthesis', 'write it out, for example Duration.minutes(5)')
      ?? durationProblem('BGP101', 'interval', interval, Duration.minutes(1), Duration.minutes(2880)),
  ]);
}
