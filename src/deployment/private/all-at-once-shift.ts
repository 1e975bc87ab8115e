import { aws_codedeploy as codedeploy } from 'aws-cdk-lib';
import { Shift } from './shift';

/** All traffic in one step: see `TrafficShift.allAtOnce`. */
export function allAtOnceShift(): Shift {
  return {
    description: 'all at once',
    minutes: 0,
    deploymentConfig: () => codedeploy.EcsDeploymentConfig.ALL_AT_ONCE,
  };
}
