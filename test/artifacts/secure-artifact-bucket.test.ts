import { aws_s3 as s3, Duration, Lazy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecureArtifactBucket, SecureArtifactBucketProps } from '../../src';
import { problemsOf } from '../helpers/refusals';
import { newStack } from '../helpers/synthesis';

test('a bucket with minimal properties is encrypted by S3, versioned, private, and goes with its stack', () => {
  const stack = newStack();

  new SecureArtifactBucket(stack, 'Artifacts', { environmentSuffix: 'dev' });

  const template = Template.fromStack(stack);
  template.hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
    Properties: {
      BucketName: { 'Fn::Join': ['', ['artifacts-dev-', { Ref: 'AWS::AccountId' }, '-us-east-1']] },
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      VersioningConfiguration: { Status: 'Enabled' },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: {
        Rules: [{
          Id: 'drop-old-versions',
          Status: 'Enabled',
          NoncurrentVersionExpiration: { NoncurrentDays: 90 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        }],
      },
      LoggingConfiguration: Match.absent(),
    },
  });
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]),
    },
  });
  template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
  template.resourceCountIs('AWS::KMS::Key', 0);
});

test('a bucket with everything set writes access logs to the bucket that was brought', () => {
  const stack = newStack();
  const logs = s3.Bucket.fromBucketName(stack, 'Logs', 'acme-access-logs');

  const artifacts = new SecureArtifactBucket(stack, 'Artifacts', {
    environmentSuffix: 'dev',
    noncurrentVersionExpiration: Duration.days(30),
    accessLogsBucket: logs,
    accessLogsPrefix: 'pipeline/',
  });

  expect(artifacts.bucket.node.path).toBe('Storefront/Artifacts/Resource');
  Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
    LoggingConfiguration: { DestinationBucketName: 'acme-access-logs', LogFilePrefix: 'pipeline/' },
    LifecycleConfiguration: { Rules: [Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 30 } })] },
  });
});

/** What a bucket with other properties is refused for. */
function refusedFor(props: unknown, stack = newStack()): string[] {
  const problems = problemsOf(() => new SecureArtifactBucket(stack, 'Artifacts', { environmentSuffix: 'dev', ...props as Partial<SecureArtifactBucketProps> }));
  expect(stack.node.tryFindChild('Artifacts') === undefined).toBe(problems.length > 0);
  return problems;
}

test.each<[Partial<SecureArtifactBucketProps>]>([
  [{ environmentSuffix: 'a'.repeat(24) }], [{ noncurrentVersionExpiration: Duration.days(1) }], [{ noncurrentVersionExpiration: Duration.hours(48) }],
  [{ noncurrentVersionExpiration: Duration.days(2147483647) }], [{ noncurrentVersionExpiration: Duration.days(Lazy.number({ produce: () => 3 })) }],
  [{ accessLogsBucket: undefined, accessLogsPrefix: undefined }],
])('accepts %j', (props) => {
  expect(refusedFor(props)).toEqual([]);
});

test.each([['', ''], ['x'.repeat(988), 'x'.repeat(988)], ['ü'.repeat(494), 'ü'.repeat(494)], [Lazy.string({ produce: () => 'later/' }), 'later/']])(
  'accepts the prefix %j', (accessLogsPrefix, expected) => {
    const stack = newStack();

    expect(refusedFor({ accessLogsPrefix, accessLogsBucket: s3.Bucket.fromBucketName(stack, 'Logs', 'acme-access-logs') }, stack)).toEqual([]);

    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', { LoggingConfiguration: { LogFilePrefix: expected } });
  });

const EXPIRATION = "'noncurrentVersionExpiration' must be whole days from 1 day to 2147483647 days, got";

test.each<[unknown, string]>([
  [{ environmentSuffix: 'Dev' }, "'environmentSuffix' must be lower-case letters, digits and "
    + 'single hyphens, starting with a letter and not ending in a hyphen, got "Dev"; for example "dev" [BGP005]'],
  [{ environmentSuffix: 'a'.repeat(25) }, "'environmentSuffix' must be at most 24 characters, got "
    + '"aaaaaaaaaaaaaaaaaaaaaaaaa" (25); "artifacts-aaaaaaaaaaaaaaaaaaaaaaaaa" would not fit into the 63 characters of its AWS name; shorten it [BGP007]'],
  [{ noncurrentVersionExpiration: Duration.hours(23) }, `${EXPIRATION} 23 hours; for example Duration.days(1) [BGP082]`],
  [{ noncurrentVersionExpiration: Duration.hours(36) }, `${EXPIRATION} 1 day 12 hours; for example Duration.days(1) [BGP082]`],
  [{ noncurrentVersionExpiration: Duration.days(2147483648) }, `${EXPIRATION} 2147483648 days; for example Duration.days(1) [BGP082]`],
  [{ accessLogsPrefix: 'x/' },
    "'accessLogsPrefix' must come with 'accessLogsBucket': without a bucket no log is written; add the bucket or remove the prefix [BGP083]"],
  [{ accessLogsPrefix: 7 }, '\'accessLogsPrefix\' must be a text, got 7; for example "artifacts/" [BGP002]'],
  [{ accessLogsPrefix: 'x'.repeat(989) }, "'accessLogsPrefix' must be at most 988 bytes, got 989; shorten it [BGP086]"],
  [{ accessLogsPrefix: 'ü'.repeat(495) }, "'accessLogsPrefix' must be at most 988 bytes, got 990; shorten it [BGP086]"],
  [{ accessLogsBucket: 'acme-logs' },
    '\'accessLogsBucket\' must be an s3.IBucket, got "acme-logs"; for example s3.Bucket.fromBucketName(this, \'Logs\', \'acme-access-logs\') [BGP002]'],
])('fails for %j and leaves nothing behind', (props, message) => {
  expect(refusedFor(props)).toEqual([message]);
});

test('fails for a bucket of another region, into which S3 writes no logs', () => {
  const stack = newStack();
  const accessLogsBucket = s3.Bucket.fromBucketAttributes(stack, 'Logs', { bucketName: 'acme-access-logs', region: 'eu-west-1' });

  expect(refusedFor({ accessLogsBucket }, stack))
    .toEqual(["'accessLogsBucket' must be in the region of the stack, us-east-1, got one in eu-west-1; use one from there [BGP087]"]);
});

test('fails for the same suffix twice, and names both', () => {
  const stack = newStack();
  new SecureArtifactBucket(stack, 'One', { environmentSuffix: 'dev' });

  expect(() => new SecureArtifactBucket(stack, 'Two', { environmentSuffix: 'dev' })).toThrow(
    'Storefront/Two (SecureArtifactBucket): \'environmentSuffix\' must differ for each use in one account and region, got "dev"; '
    + '"artifacts-dev" already belongs to Storefront/One; give the second one a suffix of its own [BGP008]');
});
