import { aws_s3 as s3, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { durationProblem, environmentSuffixProblem } from '../private/checks';
import { Problem, refuse } from '../private/errors';
import { globalNameOf, lengthProblem, takenNameProblem } from '../private/names';

/** Properties of a `SecureArtifactBucket`. */
export interface SecureArtifactBucketProps {
  /**
   * The end of every physical name, which keeps several applications in one account apart.
   *
   * The bucket is called `artifacts-<suffix>-<account>-<region>`.
   */
  readonly environmentSuffix: string;

  /**
   * How long a version is kept after a newer one took its place.
   *
   * S3 deletes it once a day, at midnight UTC.
   *
   * @default Duration.days(90)
   */
  readonly noncurrentVersionExpiration?: Duration;

  /**
   * A bucket that receives S3 server access logs.
   *
   * It is yours: it must be in the same account and region, allow `logging.s3.amazonaws.com` to write, and it stays
   * when this one is destroyed (a log bucket that is destroyed with what it watches receives the last entries too late).
   *
   * @default - no access logs are written
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * The beginning of the keys of the access logs.
   *
   * @default "artifacts/"
   */
  readonly accessLogsPrefix?: string;
}

/**
 * The bucket through which a pipeline's stages hand each other their artifacts.
 *
 * Objects are encrypted by S3 itself (SSE-S3) unless the writer asks for something else, which CodePipeline and
 * CodeBuild do: they write their own artifacts under the AWS-managed key `aws/s3`, and a policy against that would
 * break every pipeline. No KMS key is created or asked for. Requests without TLS are denied, public access is blocked
 * in all four ways, ACLs are off. Versions that were replaced are deleted after 90 days, uploads that were never
 * finished after 7. The bucket is emptied and deleted with its stack.
 *
 * Emptying takes CDK's own helper function, one for all buckets of a stack. Lambda creates that function's log group
 * by itself, so `/aws/lambda/<stack>-CustomS3AutoDeleteObjects…` is the one thing that outlives the stack.
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
  /** @internal */
  public static _problems(props: SecureArtifactBucketProps): Problem[] {
    return [
      environmentSuffixProblem(props?.environmentSuffix),
      lengthProblem(props ?? {}, { bucket: 'artifacts' }),
      durationProblem('BGP082', 'noncurrentVersionExpiration', props?.noncurrentVersionExpiration, Duration.days(1), Duration.days(3650), 'days'),
      props?.accessLogsPrefix !== undefined && props.accessLogsBucket === undefined
        ? "'accessLogsPrefix' must come with 'accessLogsBucket': without a bucket no log is written; add the bucket or remove the prefix"
        : undefined,
    ];
  }

  /** The bucket itself. */
  public readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: SecureArtifactBucketProps) {
    refuse(scope, id, 'SecureArtifactBucket', SecureArtifactBucket._problems(props));
    refuse(scope, id, 'SecureArtifactBucket', [takenNameProblem(scope, 'artifacts', props)]);
    super(scope, id);

    this.bucket = new s3.Bucket(this, 'Resource', {
      bucketName: globalNameOf(this, 'artifacts', props),
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      lifecycleRules: [{
        id: 'drop-old-versions',
        noncurrentVersionExpiration: props.noncurrentVersionExpiration ?? Duration.days(90),
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      }],
      ...(props.accessLogsBucket && {
        serverAccessLogsBucket: props.accessLogsBucket,
        serverAccessLogsPrefix: props.accessLogsPrefix ?? 'artifacts/',
      }),
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
  }
}
