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

/** Download caches of common tools, for a build that runs as root. */
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

/**
 * The index of `moby/buildkit:v0.33.1` for all platforms, which `buildx-stable-1` named, too, when it was read.
 *
 * Docker Hub could not be asked. These pin it: https://github.com/ibrahimroshdy/kept
 * (scripts/release/build.sh at 10cc7ca: "multi-arch index digests") and
 * https://github.com/LotusWebAgency/php (tests/test-attest.sh at cf8847b: v0.33.1 from mirror.gcr.io).
 */
const BUILDKIT_DIGEST = 'sha256:cec9f139f45e93c5c69c60f8b07cfad9f43f4ef6b6a6cd917527fea5ff2e3dea';

/** Date of the last comparison of the digest with the newest release of BuildKit; a test fails a year later. */
export const BUILDKIT_READ_ON = '2026-11-30';

/** A third party's copy of BuildKit on ECR Public; whether it still holds the digest could not be seen. */
export const DEFAULT_BUILDKIT_IMAGE = `public.ecr.aws/vend/moby/buildkit@${BUILDKIT_DIGEST}`;

/** The same image in Google's mirror of Docker Hub. */
export const BUILDKIT_ON_MIRROR = `mirror.gcr.io/moby/buildkit@${BUILDKIT_DIGEST}`;

/** Time that a container may take until its health check path answers. */
export const DEFAULT_STARTUP_TIME = Duration.minutes(1);
export const MIN_STARTUP_TIME = Duration.seconds(5);
export const MAX_STARTUP_TIME = Duration.minutes(20);

/** The health check of a load balancer, where a pipeline knows none: seconds for an answer, and its status. */
export const DEFAULT_HEALTH_TIMEOUT = '5';
export const DEFAULT_HEALTHY_CODES = '200';

/**
 * CodeBuild's own limit: "Max buildspec length is 25600"
 * (https://github.com/aws/aws-cdk/issues/30326).
 */
export const MAX_BUILDSPEC_LENGTH = 25_600;

/** See https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html */
export const MAX_CONFIGURATION_LENGTH = 1000;

/** See https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-action-artifacts.html */
export const MAX_EXTRA_INPUTS = 4;
