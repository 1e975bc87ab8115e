import { aws_codebuild as codebuild, aws_ecr as ecr, aws_s3 as s3, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Report } from './report';
import { acknowledge } from '../../private/acknowledged';
import { Names } from '../../private/names';
import { requirePrivateBucket } from '../../private/private-bucket';
import { emptyUnlessRetained } from '../../private/retained-bucket';
import { DEFAULT_CACHE_EXPIRATION } from '../defaults';

export interface StoreProps {
  readonly names: Names;
  readonly purpose: string;
  readonly cacheExpiration?: Duration;
}

/** The cache of a project as files. */
export function cacheBucket(scope: Construct, { names, purpose, cacheExpiration }: StoreProps): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'Cache', {
    bucketName: names.claimInPartition(`cache-${purpose}`),
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    versioned: false,
    lifecycleRules: [{
      id: 'forget',
      expiration: cacheExpiration ?? DEFAULT_CACHE_EXPIRATION,
      abortIncompleteMultipartUploadAfter: Duration.days(1),
    }],
    removalPolicy: RemovalPolicy.DESTROY,
    autoDeleteObjects: true,
  });
  requirePrivateBucket(bucket, { versioned: false });
  emptyUnlessRetained(bucket);
  acknowledge(bucket, 'S1', 'The next build recreates everything in the cache, and objects expire within days.');
  return bucket;
}

/** The layers of a project as an image, whose tag moves with every build. */
export function cacheRepository(scope: Construct, { names, purpose, cacheExpiration }: StoreProps): ecr.Repository {
  return new ecr.Repository(scope, 'CacheRepository', {
    repositoryName: names.claim(`layers-${purpose}`),
    imageTagMutability: ecr.TagMutability.MUTABLE,
    lifecycleRules: [
      {
        description: 'Expire images that a newer build replaced',
        tagStatus: ecr.TagStatus.UNTAGGED,
        maxImageAge: Duration.days(1),
        rulePriority: 1,
      },
      {
        description: 'Expire the cache',
        maxImageAge: cacheExpiration ?? DEFAULT_CACHE_EXPIRATION,
        rulePriority: 2,
      },
    ],
    emptyOnDelete: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** The group of a report: one that CodeBuild creates by itself would outlive the stack. */
export function reportGroup(scope: Construct, { type }: Report, { names, purpose }: StoreProps): codebuild.ReportGroup {
  return new codebuild.ReportGroup(scope, type.groupId, {
    reportGroupName: names.claim(`${type.groupName}-${purpose}`),
    type: type.groupType,
    deleteReports: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
