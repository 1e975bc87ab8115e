import { aws_s3 as s3 } from 'aws-cdk-lib';
import { renderedProperties } from './rendered-properties';
import { formatValue } from './validation';
import { formatViolation, violation, Violation } from './violations';

interface BucketProperties {
  readonly BucketEncryption?: {
    readonly ServerSideEncryptionConfiguration?: {
      readonly ServerSideEncryptionByDefault?: { readonly SSEAlgorithm?: string };
    }[];
  };
}

/**
 * Refuses at synthesis an override that encrypts a bucket of the library with a KMS key: no role of a
 * build or of the pipeline has a permission for the key, so the first release fails.
 */
export function requireS3Encryption(bucket: s3.Bucket): void {
  bucket.node.addValidation({
    validate: () => {
      const found = encryptionViolation(renderedProperties(bucket.node.defaultChild));
      return found === undefined ? [] : [formatViolation(found)];
    },
  });
}

function encryptionViolation({ BucketEncryption: encryption }: BucketProperties): Violation | undefined {
  const [rule] = encryption?.ServerSideEncryptionConfiguration ?? [];
  const algorithm = rule?.ServerSideEncryptionByDefault?.SSEAlgorithm;
  return algorithm === 'AES256' ? undefined : violation({
    code: 'BGP161',
    prop: 'bucket',
    rule: 'must use SSE-S3 (AES256): no role of the pipeline has a permission for a KMS key',
    got: formatValue(algorithm),
    remedy: 'remove the override',
  });
}
