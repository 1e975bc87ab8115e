import { App, aws_codepipeline as codepipeline, aws_s3 as s3, CfnResource, Duration, Stack, Validations } from 'aws-cdk-lib';
import { gateIn } from '../../scripts/errors/cases/subjects';
import { SecureArtifactBucket } from '../../src';
import { sourceStage } from '../helpers/programs';
import { newStack, pipelineIn } from '../helpers/synthesis';

const ID = '@org/bluegreen-pipeline:ApprovalGate.artifactExpiration';

interface Parts {
  readonly bucket: s3.IBucket;
  readonly pipeline: codepipeline.Pipeline;
  readonly stack: Stack;
}

interface Options {
  readonly bucketIn: (stack: Stack) => s3.IBucket;
  readonly timeout?: Duration;
  readonly change?: (parts: Parts) => void;
}

const expiring = (days: number) => (stack: Stack): s3.IBucket =>
  new SecureArtifactBucket(stack, 'Artifacts', { environmentSuffix: 'dev', expiration: Duration.days(days) }).bucket;
const withRules = (...lifecycleRules: s3.LifecycleRule[]) => (stack: Stack): s3.IBucket => new s3.Bucket(stack, 'Artifacts', { lifecycleRules });
const override = ({ node }: codepipeline.Pipeline | s3.IBucket, path: string, value: unknown): void =>
  (node.defaultChild as CfnResource).addPropertyOverride(path, value);

/** The warnings of an app with a gate in the user's own pipeline. */
function warningsOf({ bucketIn, timeout, change }: Options): string[] {
  const stack = newStack();
  const bucket = bucketIn(stack);
  const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', {
    pipelineType: codepipeline.PipelineType.V2, artifactBucket: bucket, stages: [sourceStage(stack)],
  });
  gateIn(stack, { timeout }).addToPipeline(pipeline);
  change?.({ bucket, pipeline, stack });
  return reportedIn(stack);
}

function reportedIn(stack: Stack): string[] {
  return (stack.node.root as App).synth().getStackArtifact(stack.artifactId).messages
    .map(({ entry: { data } }) => String(data)).filter((text) => text.includes('[BGP177]'));
}

test('a warning states how many days artifacts must be kept', () => {
  const [warning, ...others] = warningsOf({ bucketIn: expiring(89), timeout: Duration.days(60) });

  expect(others).toEqual([]);
  expect(warning).toContain('the artifacts of the pipeline expire after 89 days, too soon for an approval that waits up to 60 days; '
    + 'keep the artifacts for at least 90 days [BGP177] ');
  expect(warning).toContain(`${ID}]`);
});

test.each<[string, Options]>([
  ['one day too few for a timeout of seven days and a minute', { bucketIn: expiring(37), timeout: Duration.minutes(7 * 1440 + 1) }],
  ['too few days for a timeout set by an override', {
    bucketIn: expiring(60), change: ({ pipeline }) => override(pipeline, 'Stages.1.Actions.0.TimeoutInMinutes', '86400'),
  }],
  ['too few days for the default timeout of CodePipeline', {
    bucketIn: expiring(37),
    timeout: Duration.minutes(5),
    change: ({ pipeline, bucket }) => {
      override(pipeline, 'Stages.1.Actions.0.TimeoutInMinutes', undefined);
      override(bucket, 'LifecycleConfiguration.Rules.0.ExpirationInDays', 36);
    },
  }],
  ['too few days because of an override', { bucketIn: expiring(365), change: ({ bucket }) => override(bucket, 'LifecycleConfiguration.Rules.0.ExpirationInDays', '36') }],
  ['too few days because of the second rule of a bucket in the app', {
    bucketIn: withRules({ expiration: Duration.days(100) }, { expiration: Duration.days(14) }),
  }],
])('synthesis warns when artifacts have %s', (_, options) => {
  expect(warningsOf(options)).toHaveLength(1);
});

test.each<[string, Options]>([
  ['expires by default', { bucketIn: (stack) => new SecureArtifactBucket(stack, 'Artifacts', { environmentSuffix: 'dev' }).bucket, timeout: Duration.days(60) }],
  ['keeps artifacts just long enough', { bucketIn: expiring(90), timeout: Duration.days(60) }],
  ['keeps artifacts just long enough for the default timeout', { bucketIn: expiring(37) }],
  ['has no rules', { bucketIn: withRules() }],
  ['is imported', { bucketIn: (stack) => s3.Bucket.fromBucketName(stack, 'Artifacts', 'acme-artifacts') }],
  ['has a rule that is disabled', { bucketIn: withRules({ enabled: false, expiration: Duration.days(1) }) }],
  ['has a rule for objects with a tag', { bucketIn: withRules({ tagFilters: { kind: 'log' }, expiration: Duration.days(1) }) }],
  ['has a rule for noncurrent versions only', { bucketIn: withRules({ noncurrentVersionExpiration: Duration.days(1) }) }],
])('synthesis does not warn when the bucket %s', (_, options) => {
  expect(warningsOf(options)).toEqual([]);
});

test('the approvals of a BlueGreenFargatePipeline are compared with its artifact bucket', () => {
  const [kept, short] = [newStack(), newStack()];
  pipelineIn(kept);
  override(pipelineIn(short).artifacts.bucket, 'LifecycleConfiguration.Rules.0.ExpirationInDays', 30);

  expect(reportedIn(kept)).toEqual([]);
  expect(reportedIn(short)).toHaveLength(2);
});

test('the warning can be acknowledged', () => {
  expect(warningsOf({
    bucketIn: (stack) => {
      Validations.of(stack).acknowledge({ id: ID, reason: 'the rule is for other objects' });
      return expiring(37)(stack);
    },
    timeout: Duration.days(60),
  })).toEqual([]);
});
