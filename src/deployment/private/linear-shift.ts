import { aws_codedeploy as codedeploy } from 'aws-cdk-lib';
import { customConfig, Shift } from './shift';
import { trafficShiftViolations } from './traffic-shift-checks';
import { throwIfInvalid } from '../../private/errors';
import { TrafficShiftOptions } from '../traffic-shift-options';

/** CodeDeploy's own linear shifts, by percentage and minutes. */
const PREDEFINED = new Map([
  ['10-1', codedeploy.EcsDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTES],
  ['10-3', codedeploy.EcsDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES],
]);

/** Equal parts of the traffic, one after the other: see `TrafficShift.linear`. */
export function linearShift(options: TrafficShiftOptions): Shift {
  throwIfInvalid({ type: 'TrafficShift.linear' }, trafficShiftViolations('options', options));
  const { percentage, interval } = options;
  const minutes = interval.toMinutes();
  const steps = Math.ceil(100 / percentage);
  return {
    description: `linear, ${percentage} % every ${minutes} minutes`,
    minutes: (steps - 1) * minutes,
    deploymentConfig: (scope, names) => PREDEFINED.get(`${percentage}-${minutes}`) ?? customConfig({
      scope,
      names,
      type: `linear-${percentage}-${minutes}`,
      trafficRouting: codedeploy.TrafficRouting.timeBasedLinear({ percentage, interval }),
    }),
  };
}
