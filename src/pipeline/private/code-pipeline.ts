import { aws_codepipeline as codepipeline } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { SecureArtifactBucket } from '../../artifacts/secure-artifact-bucket';
import { Names } from '../../private/names';
import { renderedProperties } from '../../private/rendered-properties';
import { ScopedRole } from '../../private/scoped-role';
import { checkAtSynthesis } from '../../private/synthesis-check';
import { serviceActingFor } from '../../private/trust';
import { formatValue } from '../../private/validation';
import { violation } from '../../private/violations';

/**
 * The pipeline without its stages, with a role that may assume those of the actions and use the
 * artifacts.
 */
export function codePipeline(scope: Construct, names: Names, artifacts: SecureArtifactBucket): codepipeline.Pipeline {
  const role = new ScopedRole(scope, 'PipelineRole', {
    names,
    purpose: 'pipeline',
    // AWS's console sets the account; the documentation does not say which ARN CodePipeline sends.
    assumedBy: serviceActingFor(scope, 'codepipeline.amazonaws.com'),
    description: `Runs the pipeline ${names.environmentSuffix}: assumes the role of each action`,
    deploys: true,
  });
  const { bucket } = artifacts;
  role.allow(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'], [bucket.bucketArn]);
  role.allowObjects(bucket, ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:PutObjectAcl']);
  const pipeline = role.ignoringGrants(() => new codepipeline.Pipeline(scope, 'Pipeline', {
    pipelineName: names.claim('pipeline'),
    role,
    artifactBucket: bucket,
    pipelineType: codepipeline.PipelineType.V2,
    executionMode: codepipeline.ExecutionMode.SUPERSEDED,
    crossAccountKeys: false,
  }));
  // On deletion the pipeline is deleted first, and then the bucket is emptied.
  pipeline.node.addDependency(artifacts);
  requireNoEncryptionKey(pipeline);
  return pipeline;
}

/**
 * Rejects at synthesis an override that encrypts the artifacts with a KMS key: no role of an action has a permission
 * for the key, so the first release fails.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/S3-artifact-encryption.html
 */
function requireNoEncryptionKey(pipeline: codepipeline.Pipeline): void {
  checkAtSynthesis(pipeline, () => {
    const { ArtifactStore: store = {} } = renderedProperties(pipeline.node.defaultChild);
    const { EncryptionKey: key } = store as { readonly EncryptionKey?: { readonly Id?: unknown } };
    return key === undefined ? undefined : violation({
      code: 'BGP161',
      prop: 'pipeline',
      rule: 'must not have an encryption key: no role of the pipeline has permissions for a KMS key',
      got: formatValue(key.Id),
      remedy: 'remove the override',
    });
  });
}
