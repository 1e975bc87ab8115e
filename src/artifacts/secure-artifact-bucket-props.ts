import { aws_s3 as s3, Duration } from 'aws-cdk-lib';

/** Properties of a `SecureArtifactBucket`. */
export interface SecureArtifactBucketProps {
  /**
   * Name of this instance of the stack (an application, a branch or a person), not of a deployment environment.
   *
   * It is part of every physical name, so several instances can share an account. Use lower-case letters, digits and
   * single hyphens, starting with a letter and not ending in a hyphen, at most 24 characters. The bucket is named
   * `artifacts-<suffix>-<account>-<region>`.
   */
  readonly environmentSuffix: string;

  /**
   * Age at which S3 expires an artifact, in whole days, at least 37 days.
   *
   * The minimum is 37 days because a release that waits for approval still needs its artifacts. Set `expiration` to at
   * least 30 days more than the longest `timeout` of an `ApprovalGate` in the pipeline.
   *
   * CodePipeline writes the artifacts of each execution under new keys, so a newer version never replaces them. In the
   * versioned bucket an expired artifact becomes a noncurrent version, which is kept for `noncurrentVersionExpiration`:
   * 365 + 90 = 455 days in total by default.
   *
   * @default Duration.days(365)
   */
  readonly expiration?: Duration;

  /**
   * Time that a version is kept after it expires or is replaced, in whole days, at least 1 day.
   *
   * S3 deletes expired versions once a day, at midnight UTC.
   *
   * @default Duration.days(90)
   */
  readonly noncurrentVersionExpiration?: Duration;

  /**
   * Bucket that receives the S3 server access logs of the artifact bucket.
   *
   * The log bucket must be in the same account and region and allow `logging.s3.amazonaws.com` to write. It should
   * outlive the artifact bucket: S3 delivers logs with a delay, so a log bucket that is destroyed at the same time
   * misses the last entries.
   *
   * @default - no access logs are written
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * Prefix of the keys of the access logs, at most 988 bytes. Requires an `accessLogsBucket`.
   *
   * @default "artifacts/"
   */
  readonly accessLogsPrefix?: string;
}
