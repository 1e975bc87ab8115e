import { aws_codedeploy as codedeploy } from 'aws-cdk-lib';
import { customConfig, Shift } from './shift';
import { trafficShiftViolations } from './traffic-shift-checks';
import { throwIfInvalid } from '../../private/errors';
import { TrafficShiftOptions } from '../traffic-shift-options';

/** CodeDeploy's own canaries, by percentage and minutes. */
const PREDEFINED = new Map([
  ['10-5', codedeploy.EcsDeploymentConfig.CANARY_10PERCENT_5MINUTES],
  ['10-15', codedeploy.EcsDeploymentConfig.CANARY_10PERCENT_15MINUTES],
]);

/** A part of the traffic, and then the rest: see `TrafficShift.canary`. */
export function canaryShift(options: TrafficShiftOptions): Shift {
  throwIfInvalid({ type: 'TrafficShift.canary' }, trafficShiftViolations('options', options));
  const { percentage, interval } = options;
  const minutes = interval.toMinutes();
  return {
    description: `canary of ${percentage} % for ${minutes} minutes`,
    minutes,
    deploymentConfig: (scope, names) => PREDEFINED.get(`${percentage}-${minutes}`) ?? customConfig({
      scope,
      names,
      type: `canary-${percentage}-${minutes}`,
      trafficRouting: codedeploy.TrafficRouting.timeBasedCanary({ percentage, interval }),
    }),
  };
}
