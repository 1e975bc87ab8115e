import { App, aws_s3 as s3, CfnResource, Stack } from 'aws-cdk-lib';
import { BuildSteps, CachedBuildProject, SecureArtifactBucket } from '../../src';
import { newStack, pipelineIn } from '../helpers/synthesis';

const BUCKETS: [string, (stack: Stack) => s3.Bucket][] = [
  ['artifacts', (stack) => new SecureArtifactBucket(stack, 'Artifacts', { environmentSuffix: 'dev' }).bucket],
  ['a cache', (stack) => new CachedBuildProject(stack, 'Build', {
    environmentSuffix: 'dev', steps: BuildSteps.commands(['npm test']),
  }).cacheBucket as s3.Bucket],
];

describe.each(BUCKETS)('the bucket of %s', (_, make) => {
  const synthesis = (override?: [path: string, value: unknown]) => () => {
    const stack = newStack();
    const resource = make(stack).node.defaultChild as CfnResource;
    if (override) {
      resource.addPropertyOverride(...override);
    }
    (stack.node.root as App).synth();
  };
  const ENCRYPTION = 'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault';

  test('the bucket may be changed in other respects', () => {
    expect(synthesis()).not.toThrow();
    expect(synthesis(['LifecycleConfiguration.Rules.0.Status', 'Disabled'])).not.toThrow();
    expect(synthesis([ENCRYPTION, { SSEAlgorithm: 'AES256' }])).not.toThrow();
  });

  test.each<[string, string]>([
    ['SSE-KMS', 'aws:kms'],
    ['dual-layer SSE-KMS', 'aws:kms:dsse'],
  ])('the bucket must not have %s', (__, SSEAlgorithm) => {
    expect(synthesis([ENCRYPTION, { SSEAlgorithm, KMSMasterKeyID: 'alias/acme' }])).toThrow(
      `'bucket' must use SSE-S3 (AES256): no role of the pipeline has permissions for a KMS key, got "${SSEAlgorithm}"; `
      + 'remove the override [BGP161]');
  });
});

test('a pipeline must not get an encryption key from an override, but may get other overrides', () => {
  const synthesis = (path: string, value: unknown) => () => {
    const { pipeline } = pipelineIn(newStack());
    (pipeline.node.defaultChild as CfnResource).addPropertyOverride(path, value);
    (pipeline.node.root as App).synth();
  };

  expect(synthesis('ArtifactStore.EncryptionKey', { Id: 'alias/acme', Type: 'KMS' })).toThrow(
    "'pipeline' must not have an encryption key: no role of the pipeline has permissions for a KMS key, got \"alias/acme\"; remove the override [BGP161]");
  expect(synthesis('ExecutionMode', 'QUEUED')).not.toThrow();
});
