import { aws_s3 as s3, Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecureArtifactBucket } from '../../src';
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

test.each([
  [{ environmentSuffix: 'Dev' }, "Storefront/Artifacts (SecureArtifactBucket): 'environmentSuffix' must be lower-case letters, digits and "
    + 'single hyphens, starting with a letter and not ending in a hyphen, got "Dev"; for example "dev"'],
  [{ environmentSuffix: 'dev', noncurrentVersionExpiration: Duration.hours(1) },
    "Storefront/Artifacts (SecureArtifactBucket): 'noncurrentVersionExpiration' must be from 1 day to 3650 days, got 1 hour"],
  [{ environmentSuffix: 'dev', accessLogsPrefix: 'x/' },
    "Storefront/Artifacts (SecureArtifactBucket): 'accessLogsPrefix' must come with 'accessLogsBucket': without a bucket no log is written; "
    + 'add the bucket or remove the prefix'],
  [{ environmentSuffix: 'a'.repeat(25) }, "Storefront/Artifacts (SecureArtifactBucket): 'environmentSuffix' must be at most 24 characters, got "
    + '"aaaaaaaaaaaaaaaaaaaaaaaaa" (25): "artifacts-aaaaaaaaaaaaaaaaaaaaaaaaa" would not fit into the 63 characters of its AWS name; shorten it'],
])('fails for %j and leaves nothing behind', (props, message) => {
  const stack = newStack();

  expect(() => new SecureArtifactBucket(stack, 'Artifacts', props)).toThrow(new Error(message));

  expect(stack.node.children).toHaveLength(0);
});

test('fails for the same suffix twice, and names both', () => {
  const stack = newStack();
  new SecureArtifactBucket(stack, 'One', { environmentSuffix: 'dev' });

  expect(() => new SecureArtifactBucket(stack, 'Two', { environmentSuffix: 'dev' })).toThrow(
    'Storefront/Two (SecureArtifactBucket): \'environmentSuffix\' must differ for each use in one account and region, got "dev": '
    + '"artifacts-dev" already belongs to Storefront/One; give the second one a suffix of its own');
});
