import { aws_s3 as s3, Duration, Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import messages from './messages.json';
import { SecureArtifactBucket } from '../../src';
import { ownedBy, testStruct } from '../helpers/inputs';
import { testMessages } from '../helpers/messages';
import { newStack } from '../helpers/synthesis';

test.each([
  [undefined, 'artifacts/'],
  ['pipeline/', 'pipeline/'],
  ['', ''],
  ['ü'.repeat(494), 'ü'.repeat(494)],
  [Lazy.string({ produce: () => 'later/' }), 'later/'],
])("an artifact bucket with the prefix %j writes access logs to the user's bucket", (accessLogsPrefix, expected) => {
  const stack = newStack();

  new SecureArtifactBucket(stack, 'Artifacts', {
    environmentSuffix: 'dev',
    accessLogsBucket: s3.Bucket.fromBucketName(stack, 'Logs', 'acme-access-logs'),
    accessLogsPrefix,
  });

  Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
    BucketName: { 'Fn::Join': ['', ['artifacts-dev-', { Ref: 'AWS::AccountId' }, '-us-east-1']] },
    LoggingConfiguration: { DestinationBucketName: 'acme-access-logs', LogFilePrefix: expected },
  });
});

/** The lifecycle rules of a bucket with these ages. */
function rulesOf(ages: { readonly expiration?: Duration; readonly noncurrentVersionExpiration?: Duration }): object[] {
  const stack = newStack();
  new SecureArtifactBucket(stack, 'Artifacts', { environmentSuffix: 'dev', ...ages });
  const [bucket] = Object.values(Template.fromStack(stack).findResources('AWS::S3::Bucket')) as { Properties: { LifecycleConfiguration: { Rules: object[] } } }[];
  return bucket.Properties.LifecycleConfiguration.Rules;
}

test.each([
  [{}, 365, 90],
  [{ expiration: Duration.days(37) }, 37, 90],
  [{ expiration: Duration.days(730), noncurrentVersionExpiration: Duration.days(1) }, 730, 1],
])('artifacts with the ages %j expire after %d days and are deleted %d days later', (ages, ExpirationInDays, NoncurrentDays) => {
  // S3 refuses a rule that expires objects by their age and removes delete markers.
  // See https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html
  expect(rulesOf(ages)).toEqual([
    {
      Id: 'drop-old-versions',
      Status: 'Enabled',
      ExpirationInDays,
      NoncurrentVersionExpiration: { NoncurrentDays },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
    { Id: 'drop-delete-markers', Status: 'Enabled', ExpiredObjectDeleteMarker: true },
  ]);
});

const place = newStack();
const { bucket } = ownedBy(place);

testMessages(messages, {
  SecureArtifactBucket: {
    stack: place,
    make: (props) => new SecureArtifactBucket(place, 'Artifacts', {
      environmentSuffix: 'dev', accessLogsBucket: bucket, ...props,
    }),
    named: () => ({
      'a bucket of another region': {
        accessLogsBucket: s3.Bucket.fromBucketAttributes(place, 'Far', { bucketName: 'acme', region: 'eu-west-1' }),
      },
    }),
  },
});

testStruct({
  what: 'SecureArtifactBucket',
  key: 'accessLogBucket',
  closest: 'accessLogsBucket',
  claims: 'artifacts-dev',
  make: (stack, extra, id) => new SecureArtifactBucket(stack, id, { environmentSuffix: 'dev', ...extra }),
});
