import { aws_s3 as s3, Duration } from 'aws-cdk-lib';

/** Where and how a pipeline keeps what it produces. */
export interface StorageOptions {
  /**
   * How many images the repository keeps beside those that an environment runs or ran, which are
   * never deleted; from 100 to 100,000. Not with a `repository` of your own, whose rules are yours.
   *
   * @default 1500
   */
  readonly maxImageCount?: number;

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
