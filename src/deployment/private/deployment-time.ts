import { Duration } from 'aws-cdk-lib';
import { violation, Violations } from '../../private/violations';
import { DEFAULT_CANARY, DEFAULT_TERMINATION_WAIT_TIME, LONGEST_DEPLOYMENT, LONGEST_HOOK } from '../defaults';
import { EnvironmentOptions } from '../environment-options';
import { TrafficShift } from '../traffic-shift';
import { listHooks } from './hooks';

/** Returns the minutes that a deployment may take before it only waits and keeps the old tasks. */
export function activeMinutes({ trafficShift, hooks = {} }: EnvironmentOptions): number {
  const { smokeTest, ...functions } = hooks;
  const shift = trafficShift ?? TrafficShift.canary(DEFAULT_CANARY);
  return shift._bind().minutes
    + listHooks(functions).length * LONGEST_HOOK.toMinutes()
    + (smokeTest?._bind().timeout.toMinutes({ integral: false }) ?? 0);
}

/** The deploy action times out after five days, whatever the state of the deployment. */
export function deploymentTimeViolation(
  options: Partial<EnvironmentOptions>,
  at: (key: 'trafficShift') => string,
): Violations {
  const allValid = 'trafficShift' in options && 'hooks' in options && 'rollback' in options;
  const { terminationWaitTime = DEFAULT_TERMINATION_WAIT_TIME } = options.rollback ?? {};
  if (!allValid || terminationWaitTime.isUnresolved()) {
    return undefined;
  }
  const total = activeMinutes(options) + terminationWaitTime.toMinutes();
  return total <= LONGEST_DEPLOYMENT.toMinutes() ? undefined : violation({
    code: 'BGP102',
    prop: at('trafficShift'),
    rule: `must finish within the ${LONGEST_DEPLOYMENT.toDays()}-day timeout of a pipeline action, `
      + "including 'hooks' and 'rollback.terminationWaitTime'",
    got: Duration.minutes(Math.ceil(total)).toHumanString(),
    remedy: 'shift traffic faster, or reduce the wait times',
  });
}
