import { aws_s3 as s3 } from 'aws-cdk-lib';

/** Where and how a pipeline keeps what it produces. */
export interface StorageOptions {
  /**
   * A bucket that receives the S3 server access logs of the artifact bucket.
   *
   * @default - no access logs are written
   */
  readonly accessLogsBucket?: s3.IBucket;
}
