import { aws_iam as iam, aws_s3 as s3, Duration } from 'aws-cdk-lib';

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
   * Roles that write artifacts in stages of your own: the role of the project for a CodeBuild action, the role of the
   * action for any other. The bucket denies `s3:PutObject` to everybody else but the pipeline, its source and the
   * project that writes the release. Each of these roles can also replace a release that waits for an approval, so pass
   * no role that runs code which nobody reviewed.
   *
   * @default - stages of your own write no artifacts
   */
  readonly artifactWriters?: iam.IRole[];

  /**
   * A bucket that receives the S3 server access logs of the artifact bucket.
   *
   * @default - no access logs are written
   */
  readonly accessLogsBucket?: s3.IBucket;
}
