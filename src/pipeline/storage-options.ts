import { aws_iam as iam, aws_s3 as s3, Duration } from 'aws-cdk-lib';

/** Options for the images, artifacts and access logs that a pipeline stores. */
export interface StorageOptions {
  /**
   * Number of the newest images that the repository keeps, from 100 to 100,000, in addition to those that an
   * environment runs or ran.
   *
   * Images that an environment runs or ran are never deleted. The option cannot be combined with your own `repository`,
   * which keeps its own lifecycle rules.
   *
   * @default 1500
   */
  readonly maxImageCount?: number;

  /**
   * Age at which S3 expires an artifact, in whole days, at least 37 days.
   *
   * S3 keeps an expired artifact for 90 more days as a noncurrent version.
   *
   * @default Duration.days(365)
   */
  readonly artifactExpiration?: Duration;

  /**
   * IAM roles that write artifacts in your own stages.
   *
   * For a CodeBuild action, pass the role of the project. For any other action, pass the role of the action. The bucket
   * denies `s3:PutObject` to everyone except these roles, the pipeline, its source and the project that writes the
   * release. Each of these roles can also replace a release that waits for an approval, so pass no role that runs
   * unreviewed code.
   *
   * @default - your own stages write no artifacts
   */
  readonly artifactWriters?: iam.IRole[];

  /**
   * Bucket that receives the S3 server access logs of the artifact bucket.
   *
   * The bucket must be in the account and region of the stack and allow `logging.s3.amazonaws.com` to write.
   *
   * @default - no access logs are written
   */
  readonly accessLogsBucket?: s3.IBucket;
}
