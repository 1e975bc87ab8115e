import { aws_s3 as s3, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  ABORT_INCOMPLETE_UPLOADS_AFTER, DEFAULT_ACCESS_LOGS_PREFIX, DEFAULT_EXPIRATION, DEFAULT_NONCURRENT_VERSION_EXPIRATION,
} from './defaults';
import { propsChecks, violations } from './secure-artifact-bucket-checks';
import { SecureArtifactBucketProps } from './secure-artifact-bucket-props';
import { acknowledge } from '../private/acknowledged';
import { throwIfInvalid } from '../private/errors';
import { Names } from '../private/names';
import { requirePrivateBucket } from '../private/private-bucket';
import { emptyUnlessRetained } from '../private/retained-bucket';
import { warnOfUnknownKeys } from '../private/structs';

/**
 * A private S3 bucket for the artifacts of a pipeline.
 *
 * S3 encrypts objects itself (SSE-S3) unless the writer requests another encryption. CodePipeline and CodeBuild do:
 * they write their artifacts with the AWS-managed key `aws/s3`, and a policy that forbids this key would break every
 * pipeline. No KMS key is created or required. Requests without TLS are denied, all four Block Public Access settings
 * are on, and ACLs are disabled. By default an artifact expires after 365 days and is deleted 90 days later, with its
 * delete marker. A replaced version is deleted after 90 days, and an incomplete multipart upload after 7 days. The
 * bucket is emptied and deleted with its stack.
 *
 * CDK's own helper function, one for all buckets of a stack, empties the bucket. Lambda creates the log group of that
 * function, so `/aws/lambda/<stack>-CustomS3AutoDeleteObjects…` is the only resource of the bucket that outlives the
 * stack.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/S3-artifact-encryption.html
 * @example
 *
 * const artifacts = new SecureArtifactBucket(this, 'Artifacts', { environmentSuffix: 'dev' });
 *
 * new codepipeline.Pipeline(this, 'Pipeline', {
 *   artifactBucket: artifacts.bucket,
 *   pipelineType: codepipeline.PipelineType.V2,
 * });
 */
export class SecureArtifactBucket extends Construct {
  /** S3 bucket. */
  public readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: SecureArtifactBucketProps) {
    throwIfInvalid({ type: 'SecureArtifactBucket', scope, id }, violations(scope, id, props));
    super(scope, id);
    warnOfUnknownKeys(this, props, propsChecks(this));

    this.bucket = new s3.Bucket(this, 'Resource', {
      bucketName: new Names(this, props).claimInPartition('artifacts'),
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      lifecycleRules: [{
        id: 'drop-old-versions',
        expiration: props.expiration ?? DEFAULT_EXPIRATION,
        noncurrentVersionExpiration: props.noncurrentVersionExpiration ?? DEFAULT_NONCURRENT_VERSION_EXPIRATION,
        abortIncompleteMultipartUploadAfter: ABORT_INCOMPLETE_UPLOADS_AFTER,
      }, {
        // S3 refuses a rule that has both this and an age.
        id: 'drop-delete-markers',
        expiredObjectDeleteMarker: true,
      }],
      ...(props.accessLogsBucket && {
        serverAccessLogsBucket: props.accessLogsBucket,
        serverAccessLogsPrefix: props.accessLogsPrefix ?? DEFAULT_ACCESS_LOGS_PREFIX,
      }),
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
    requirePrivateBucket(this.bucket, { versioned: true });
    emptyUnlessRetained(this.bucket);
    if (props.accessLogsBucket === undefined) {
      acknowledge(this.bucket, 'S1', 'Access logs need a bucket that outlives this one: '
        + "pass your own as 'accessLogsBucket'.");
    }
  }
}
