import { aws_s3 as s3, Duration } from 'aws-cdk-lib';

/** Properties of a `SecureArtifactBucket`. */
export interface SecureArtifactBucketProps {
  /**
   * The end of every physical name, which keeps several applications in one account apart.
   *
   * The bucket is called `artifacts-<suffix>-<account>-<region>`.
   */
  readonly environmentSuffix: string;

  /**
   * Age at which S3 deletes an artifact, in whole days; at least 37, because a release that waits for
   * an approval still needs its artifacts. Keep it 30 days longer than the longest `timeout` of an
   * `ApprovalGate` in the pipeline.
   *
   * CodePipeline writes each execution's artifacts under new keys, so no newer version ever replaces
   * them. In the versioned bucket an expired artifact becomes an old version, which
   * `noncurrentVersionExpiration` keeps for 90 days more: 455 days in all by default.
   *
   * @default Duration.days(365)
   */
  readonly expiration?: Duration;

  /**
   * How long a version is kept after it expired or a newer one took its place, in whole days; at least 1.
   *
   * S3 deletes it once a day, at midnight UTC.
   *
   * @default Duration.days(90)
   */
  readonly noncurrentVersionExpiration?: Duration;

  /**
   * A bucket that receives S3 server access logs.
   *
   * It is yours: it must be in the same account and region, allow `logging.s3.amazonaws.com` to
   * write, and it stays when this one is destroyed (a log bucket that is destroyed with what it
   * watches receives the last entries too late).
   *
   * @default - no access logs are written
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * The beginning of the keys of the access logs, at most 988 bytes; only with an
   * `accessLogsBucket`.
   *
   * @default "artifacts/"
   */
  readonly accessLogsPrefix?: string;
}
