import { aws_logs as logs, Duration } from 'aws-cdk-lib';

export { DEFAULT_REGISTRY } from '../private/shared-checks';

export const DEFAULT_PURPOSE = 'build';
export const DEFAULT_LOG_RETENTION = logs.RetentionDays.ONE_MONTH;

export const DEFAULT_TIMEOUT = Duration.minutes(30);
export const MIN_TIMEOUT = Duration.minutes(5);
export const MAX_TIMEOUT = Duration.hours(36);

export const DEFAULT_QUEUED_TIMEOUT = Duration.minutes(30);
export const MIN_QUEUED_TIMEOUT = Duration.minutes(5);
export const MAX_QUEUED_TIMEOUT = Duration.hours(8);

export const DEFAULT_CACHE_EXPIRATION = Duration.days(7);
export const MIN_CACHE_EXPIRATION = Duration.days(1);
export const MAX_CACHE_EXPIRATION = Duration.days(7);

/** The tag of a cache that is kept as an image. */
export const DEFAULT_CACHE_TAG = 'layers';

/** Where common tools keep what they download, for a build that runs as root. */
export const DEFAULT_CACHE_PATHS = [
  '/root/.npm/**/*',
  '/root/.cache/**/*',
  '/root/.m2/repository/**/*',
  '/root/.gradle/caches/**/*',
  '/root/go/pkg/mod/**/*',
  '/root/.cargo/registry/**/*',
];

export const DEFAULT_DOCKERFILE = 'Dockerfile';
export const DEFAULT_BUILD_CONTEXT = '.';
export const DEFAULT_BUILDKIT_IMAGE = 'public.ecr.aws/vend/moby/buildkit:buildx-stable-1';

/** How long a container may take until its health path answers. */
export const DEFAULT_STARTUP_TIME = Duration.minutes(1);
export const MIN_STARTUP_TIME = Duration.seconds(5);
export const MAX_STARTUP_TIME = Duration.minutes(20);

/**
 * CodeBuild's own limit: "Max buildspec length is 25600"
 * (https://github.com/aws/aws-cdk/issues/30326).
 */
export const MAX_BUILDSPEC_LENGTH = 25_600;

/** See https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html */
export const MAX_CONFIGURATION_LENGTH = 1000;

/** See https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-action-artifacts.html */
export const MAX_EXTRA_INPUTS = 4;
