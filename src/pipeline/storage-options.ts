import { aws_s3 as s3, Duration } from 'aws-cdk-lib';

/** Where and how a pipeline keeps what it produces. */
export interface StorageOptions {
  /**
   * Age at which S3 deletes an artifact, in whole days; at least 37. It is kept for 90 days more as an
   * old version.
   *
   * @default Duration.days(365)
   */
  readonly artifactExpiration?: Duration;

  /**
   * A bucket that receives the S3 server access logs of the artifact bucket.
   *
   * @default - no access logs are written
   */
  readonly accessLogsBucket?: s3.IBucket;
}
