import { Duration } from 'aws-cdk-lib';

export const DEFAULT_TIMEOUT = Duration.days(7);

/**
 * The bounds of CodePipeline: https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
 */
export const MIN_TIMEOUT = Duration.minutes(5);
export const MAX_TIMEOUT = Duration.days(60);

/**
 * Minimum time from the end of an approval to the expiration of its artifacts, for the deployment and a stage
 * rollback.
 */
export const ARTIFACT_EXPIRATION_MARGIN = Duration.days(30);

/** The limit of a value in the configuration of an action. */
export const MAX_MESSAGE_LENGTH = 1000;

export function defaultMessage(environmentName: string): string {
  return `Approve the deployment to ${environmentName}?`;
}
