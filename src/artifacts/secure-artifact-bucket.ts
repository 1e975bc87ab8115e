import { aws_s3 as s3, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { acknowledge } from '../private/acknowledged';
import { durationProblem, environmentSuffixProblem, homeProblem, known, optional, placeProblem, propsProblems, resourceProblem, wrongType } from '../private/checks';
import { broken, Problem, refuse } from '../private/errors';
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
   * How long a version is kept after a newer one took its place, in whole days; at least 1.
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
   * The beginning of the keys of the access logs, at most 988 bytes; only with an `accessLogsBucket`.
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
  public static _problems(scope: Construct, props: SecureArtifactBucketProps): Problem[] {
    return propsProblems(props, (given) => [
      environmentSuffixProblem(given.environmentSuffix),
      lengthProblem(given, { bucket: 'artifacts' }),
      durationProblem('BGP082', 'noncurrentVersionExpiration', given.noncurrentVersionExpiration, Duration.days(1), MOST_DAYS, 'days'),
      SecureArtifactBucket._logsBucketProblem(scope, given.accessLogsBucket),
      optional(given.accessLogsPrefix, prefixProblem) ?? lonelyPrefixProblem(given),
    ]);
  }

  /** @internal */
  public static _logsBucketProblem(scope: Construct, bucket: s3.IBucket | undefined): Problem {
    return resourceProblem('accessLogsBucket', bucket, 'bucketName', 'an s3.IBucket', "s3.Bucket.fromBucketName(this, 'Logs', 'acme-access-logs')")
      ?? homeProblem('BGP087', 'accessLogsBucket', bucket, scope);
  }

  /** The bucket itself. */
  public readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: SecureArtifactBucketProps) {
    refuse(scope, id, 'SecureArtifactBucket', [
      placeProblem(scope, id), ...SecureArtifactBucket._problems(scope, props), takenNameProblem(scope, 'artifacts', props),
    ]);
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
    if (props.accessLogsBucket === undefined) {
      acknowledge(this.bucket, 'S1', "Access logs want a bucket that outlives this one, which is yours to bring with 'accessLogsBucket'.");
    }
  }
}

/** S3 counts days in 32 bits. */
const MOST_DAYS = Duration.days(2 ** 31 - 1);

/** S3 adds a date of 20 characters and a unique text of 16, and takes keys of at most 1024 bytes. */
const LONGEST_PREFIX = 988;

/** An empty prefix is one, too: the logs are then at the root of their bucket. */
function prefixProblem(prefix: unknown): Problem {
  if (typeof prefix !== 'string') {
    return wrongType('accessLogsPrefix', 'a text', prefix, '"artifacts/"');
  }
  const bytes = Buffer.byteLength(prefix);
  return known(prefix) && bytes > LONGEST_PREFIX
    ? broken('BGP086', 'accessLogsPrefix', `must be at most ${LONGEST_PREFIX} bytes`, String(bytes), 'shorten it')
    : undefined;
}

function lonelyPrefixProblem({ accessLogsBucket, accessLogsPrefix }: SecureArtifactBucketProps): Problem {
  return accessLogsPrefix !== undefined && accessLogsBucket === undefined
    ? broken('BGP083', 'accessLogsPrefix', "must come with 'accessLogsBucket': without a bucket no log is written", undefined, 'add the bucket or remove the prefix')
    : undefined;
}
