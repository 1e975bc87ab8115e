import { Duration } from 'aws-cdk-lib';
import { PipelineEnvironmentOptions } from './pipeline-environment-options';
import { TrafficShift } from '../deployment/traffic-shift';

/** Options of `PipelineEnvironment.staging()`: nobody uses it, so it is cheap and fast. */
export const STAGING: PipelineEnvironmentOptions = {
  taskCount: 1,
  trafficShift: TrafficShift.allAtOnce(),
  rollback: { terminationWaitTime: Duration.minutes(2) },
};

/** How many environments fit into the 500 resources of a stack. */
export const MAX_ENVIRONMENTS = { withOwnNetwork: 14, inGivenNetwork: 15 };

/** How many images a repository of the pipeline's own keeps. */
export const MAX_IMAGES = 100;
