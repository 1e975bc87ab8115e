import {
  aws_codebuild as codebuild, aws_ecr as ecr, aws_logs as logs, aws_s3 as s3, aws_secretsmanager as secretsmanager,
  region_info as regionInfo, Stack, Token,
} from 'aws-cdk-lib';
import { ScopedRole } from '../../private/scoped-role';

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const PUSH = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];
const RELEASE = ['ecr:DescribeImages'];
const REPORT = [
  'codebuild:BatchPutCodeCoverages', 'codebuild:BatchPutTestCases', 'codebuild:CreateReport', 'codebuild:UpdateReport',
];
const LOCATE = ['s3:GetBucketAcl', 's3:GetBucketLocation'];
const READ = ['s3:GetObject', 's3:GetObjectVersion'];

export interface BuildResources {
  readonly logGroup: logs.ILogGroup;
  readonly cacheBucket?: s3.IBucket;
  /** The folder of the project in the cache bucket. */
  readonly cachePrefix: string;
  readonly pullFrom: readonly ecr.IRepository[];
  readonly pushTo: readonly ecr.IRepository[];
  /** The repository whose images are released. */
  readonly releaseFrom?: ecr.IRepository;
  readonly reportGroups: readonly codebuild.IReportGroup[];
  readonly pullsPublicImages?: boolean;
}

/** Allows what each build of a project does. */
export function allowBuild(role: ScopedRole, resources: BuildResources): void {
  const { logGroup, cacheBucket, cachePrefix, pullFrom, pushTo, releaseFrom } = resources;
  const { reportGroups, pullsPublicImages } = resources;
  role.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
  if (cacheBucket) {
    role.allow(LOCATE, [cacheBucket.bucketArn]);
    role.allowObjects(cacheBucket, [...READ, 's3:PutObject'], `${cachePrefix}/`);
    role.allowKeyOf(cacheBucket, 'write');
  }
  if (pullFrom.length + pushTo.length > 0) {
    role.allowRegistryToken();
    role.allow(PULL, [...pullFrom, ...pushTo].map((repository) => repository.repositoryArn));
  }
  if (pushTo.length > 0) {
    role.allow(PUSH, pushTo.map((repository) => repository.repositoryArn));
  }
  if (releaseFrom) {
    role.allow(RELEASE, [releaseFrom.repositoryArn]);
    role.allowWildcard(
      'AWS offers no narrower resource for describing a task definition.',
      ['ecs:DescribeTaskDefinition'],
      ['*'],
    );
  }
  if (pullsPublicImages) {
    allowPublicRegistry(role);
  }
  if (reportGroups.length > 0) {
    role.allow(REPORT, reportGroups.map((group) => group.reportGroupArn));
  }
}

/**
 * Allows the login to ECR Public, which exists in the partition `aws` alone; a region that the CDK does
 * not know is most likely a new one there.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html
 */
function allowPublicRegistry(role: ScopedRole): void {
  const { region } = Stack.of(role);
  const { partition = 'aws' } = Token.isUnresolved(region) ? {} : regionInfo.RegionInfo.get(region);
  if (partition !== 'aws') {
    return;
  }
  const why = 'An ECR Public token is for the whole registry, and AWS offers no narrower resource.';
  role.allowWildcard(why, ['ecr-public:GetAuthorizationToken'], ['*']);
  role.allowWildcard(why, ['sts:GetServiceBearerToken'], ['*'], {
    StringEquals: { 'sts:AWSServiceName': 'ecr-public.amazonaws.com' },
  });
}

/** Allows the artifacts of a pipeline. */
export function allowArtifacts(role: ScopedRole, bucket: s3.IBucket, access: 'read' | 'write'): void {
  role.allow(LOCATE, [bucket.bucketArn]);
  role.allowObjects(bucket, access === 'write' ? [...READ, 's3:PutObject'] : READ);
  role.allowKeyOf(bucket, access);
}

export function allowSecrets(role: ScopedRole, secrets: readonly secretsmanager.ISecret[]): void {
  for (const secret of new Set(secrets)) {
    // The ARN of a secret that is imported by its name ends in six unknown characters.
    role.allow(['secretsmanager:GetSecretValue'], [secret.secretFullArn ?? `${secret.secretArn}-??????`]);
    secret.encryptionKey?.grantDecrypt(role);
  }
}
