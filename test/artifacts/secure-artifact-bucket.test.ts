import { aws_s3 as s3, Duration, Lazy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecureArtifactBucket, SecureArtifactBucketProps } from '../../src';
import { ownedBy, refusedIn, testStruct } from '../helpers/inputs';
import { newStack } from '../helpers/synthesis';

test.each([
  [undefined, 'artifacts/'],
  ['pipeline/', 'pipeline/'],
  ['', ''],
  ['ü'.repeat(494), 'ü'.repeat(494)],
  [Lazy.string({ produce: () => 'later/' }), 'later/'],
])('an artifact bucket with the prefix %j writes access logs to the bucket of the user', (accessLogsPrefix, expected) => {
  const stack = newStack();

  new SecureArtifactBucket(stack, 'Artifacts', {
    environmentSuffix: 'dev',
    noncurrentVersionExpiration: Duration.days(30),
    accessLogsBucket: s3.Bucket.fromBucketName(stack, 'Logs', 'acme-access-logs'),
    accessLogsPrefix,
  });

  Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
    BucketName: { 'Fn::Join': ['', ['artifacts-dev-', { Ref: 'AWS::AccountId' }, '-us-east-1']] },
    LoggingConfiguration: { DestinationBucketName: 'acme-access-logs', LogFilePrefix: expected },
    LifecycleConfiguration: { Rules: [Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 30 } })] },
  });
});

/** The violations of a bucket beside resources of the user, one of which receives its logs. */
function refusedFor(props: unknown, stack = newStack()): string[] {
  const { bucket } = ownedBy(stack);
  return refusedIn(stack, () => new SecureArtifactBucket(stack, 'Artifacts', {
    environmentSuffix: 'dev', accessLogsBucket: bucket, ...props as Partial<SecureArtifactBucketProps>,
  }));
}

const LONG = 'a'.repeat(25);
const NOT_A_BUCKET = '\'accessLogsBucket\' must be an s3.IBucket, got "acme-logs"; '
  + "for example s3.Bucket.fromBucketName(this, 'Logs', 'acme-access-logs') [BGP002]";

test.each<[unknown, string]>([
  [
    { environmentSuffix: LONG },
    `'environmentSuffix' must be at most 24 characters, got "${LONG}" (25); `
    + `"artifacts-${LONG}" would not fit into the 63 characters of its AWS name; shorten it [BGP007]`,
  ],
  [
    { noncurrentVersionExpiration: Duration.days(2147483648) },
    "'noncurrentVersionExpiration' must be whole days from 1 day to 2147483647 days, got 2147483648 days; "
    + 'for example Duration.days(1) [BGP082]',
  ],
  [
    { accessLogsPrefix: 'x/', accessLogsBucket: undefined },
    "'accessLogsPrefix' must come with 'accessLogsBucket': without a bucket no log is written; "
    + 'add the bucket or remove the prefix [BGP083]',
  ],
  [{ accessLogsPrefix: 7 }, '\'accessLogsPrefix\' must be a text, got 7; for example "artifacts/" [BGP002]'],
  [{ accessLogsPrefix: 'ü'.repeat(495) }, "'accessLogsPrefix' must be at most 988 bytes, got 990; shorten it [BGP086]"],
  [{ accessLogsBucket: 'acme-logs' }, NOT_A_BUCKET],
  [{ accessLogsBucket: 'acme-logs', accessLogsPrefix: 'x/' }, NOT_A_BUCKET],
])('an artifact bucket refuses %j', (props, message) => {
  expect(refusedFor(props)).toEqual([message]);
});

test('an artifact bucket refuses a log bucket of another region, to which S3 delivers no logs', () => {
  const stack = newStack();
  const accessLogsBucket = s3.Bucket.fromBucketAttributes(stack, 'Far', { bucketName: 'acme', region: 'eu-west-1' });

  expect(refusedFor({ accessLogsBucket }, stack)).toEqual([
    "'accessLogsBucket' must be in the region of the stack, us-east-1, got one in eu-west-1; use one from there [BGP087]",
  ]);
});

testStruct({
  what: 'SecureArtifactBucket',
  key: 'accessLogBucket',
  closest: 'accessLogsBucket',
  claims: 'artifacts-dev',
  make: (stack, extra, id) => new SecureArtifactBucket(stack, id, { environmentSuffix: 'dev', ...extra }),
});
