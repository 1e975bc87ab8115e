import { aws_s3 as s3, Duration, Lazy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
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
