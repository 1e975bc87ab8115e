import { Duration } from 'aws-cdk-lib';
import { PipelineEnvironmentOptions } from './pipeline-environment-options';
import { TrafficShift } from '../deployment/traffic-shift';

/** Options of `PipelineEnvironment.staging()`, which has no users, so it is cheap and fast. */
export const STAGING: PipelineEnvironmentOptions = {
  taskCount: 1,
  trafficShift: TrafficShift.allAtOnce(),
  rollback: { terminationWaitTime: Duration.minutes(2) },
};

/** Number of environments that fit into the 500 resources of a stack, if nothing else is added to it. */
export const MAX_ENVIRONMENTS = 10;

/**
 * Number of images that the pipeline's own repository keeps in addition to those that an environment runs or ran:
 * more than the 1,200 of 100 builds a day, while a release waits 7 days for an approval and then takes up to 5 days
 * to deploy.
 */
export const DEFAULT_MAX_IMAGE_COUNT = 1500;
/** ECR holds 100,000 images in a repository: https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
export const MAX_IMAGE_COUNT_LIMITS = { min: 100, max: 100_000 };
