import { Duration } from 'aws-cdk-lib';

export const DEFAULT_EXPIRATION = Duration.days(365);
/** An artifact must outlast the default timeout of an approval, 7 days, by 30 days. */
export const MIN_EXPIRATION = Duration.days(37);

export const DEFAULT_NONCURRENT_VERSION_EXPIRATION = Duration.days(90);
export const MIN_NONCURRENT_VERSION_EXPIRATION = Duration.days(1);

/** S3 counts days in 32 bits. */
export const MAX_EXPIRATION = Duration.days(2 ** 31 - 1);

/** The age at which uploads that were never finished are deleted. */
export const ABORT_INCOMPLETE_UPLOADS_AFTER = Duration.days(7);

export const DEFAULT_ACCESS_LOGS_PREFIX = 'artifacts/';

/**
 * S3 adds a date of 20 characters and a unique string of 16, and its keys have at most 1024 bytes.
 */
export const MAX_ACCESS_LOGS_PREFIX_BYTES = 988;
