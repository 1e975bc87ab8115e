import { aws_codebuild as codebuild, aws_ecr as ecr, aws_s3 as s3, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { acknowledge } from '../../private/acknowledged';
import { globalNameOf, NameParts, nameOf } from '../../private/names';
import { BuildReport } from '../build-report';

export interface StoreProps extends NameParts {
  readonly purpose: string;
  readonly cacheExpiration?: Duration;
}

/** Where the cache of a project is kept as files. */
export function cacheBucket(scope: Construct, props: StoreProps): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'Cache', {
    bucketName: globalNameOf(scope, `cache-${props.purpose}`, props),
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    versioned: false,
    lifecycleRules: [{
      id: 'forget',
      expiration: props.cacheExpiration ?? Duration.days(7),
      abortIncompleteMultipartUploadAfter: Duration.days(1),
    }],
    removalPolicy: RemovalPolicy.DESTROY,
    autoDeleteObjects: true,
  });
  acknowledge(bucket, 'S1', 'The cache holds nothing that a build could not make again, and forgets it within days.');
  return bucket;
}

/** Where the layers of a project are kept as an image, whose tag moves with every build. */
export function cacheRepository(scope: Construct, props: StoreProps): ecr.Repository {
  return new ecr.Repository(scope, 'CacheRepository', {
    repositoryName: nameOf(scope, `layers-${props.purpose}`, props),
    imageTagMutability: ecr.TagMutability.MUTABLE,
    lifecycleRules: [
      { description: 'Forget what a newer build has replaced', tagStatus: ecr.TagStatus.UNTAGGED, maxImageAge: Duration.days(1), rulePriority: 1 },
      { description: 'Forget', maxImageAge: props.cacheExpiration ?? Duration.days(7), rulePriority: 2 },
    ],
    emptyOnDelete: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** Where reports go: a group that CodeBuild makes by itself would outlive the stack. */
export function reportGroup(scope: Construct, report: BuildReport, props: StoreProps): codebuild.ReportGroup {
  const [id, type] = report._type === codebuild.ReportGroupType.TEST ? ['Reports', 'reports'] : ['Coverage', 'coverage'];
  return new codebuild.ReportGroup(scope, id, {
    reportGroupName: nameOf(scope, `${type}-${props.purpose}`, props),
    type: report._type,
    deleteReports: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
