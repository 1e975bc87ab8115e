import { aws_s3 as s3 } from 'aws-cdk-lib';
import { renderedProperties } from './rendered-properties';
import { checkAtSynthesis } from './synthesis-check';
import { tlsViolation } from './tls-only';
import { formatValue } from './validation';
import { violation, Violations } from './violations';

export interface PrivateBucketOptions {
  /** True if the bucket keeps old versions. */
  readonly versioned: boolean;
}

/** Rejects at synthesis an override that opens a bucket, removes its versions, or encrypts it with a KMS key. */
export function requirePrivateBucket(bucket: s3.Bucket, { versioned }: PrivateBucketOptions): void {
  checkAtSynthesis(bucket, () => {
    const resources = [bucket.bucketArn, bucket.arnForObjects('*')];
    const policy = bucket.node.findAll().find((construct) => construct instanceof s3.CfnBucketPolicy);
    const properties = renderedProperties(bucket.node.defaultChild);
    return [
      encryptionViolation(properties),
      privacyViolation(properties, versioned),
      tlsViolation({ prop: 'bucket', action: 's3:*', resources, policy }),
    ];
  });
}

const BLOCKED = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** Properties of a bucket in the template that the checks read. */
interface BucketProperties {
  readonly BucketEncryption?: {
    readonly ServerSideEncryptionConfiguration?: {
      readonly ServerSideEncryptionByDefault?: { readonly SSEAlgorithm?: string };
    }[];
  };
  readonly OwnershipControls?: { readonly Rules?: { readonly ObjectOwnership?: unknown }[] };
  readonly PublicAccessBlockConfiguration?: { readonly [setting: string]: unknown };
  readonly VersioningConfiguration?: { readonly Status?: unknown };
}

function privacyViolation(properties: BucketProperties, versioned: boolean): Violations {
  const { PublicAccessBlockConfiguration: block = {}, VersioningConfiguration: versions } = properties;
  const [ownership] = properties.OwnershipControls?.Rules ?? [];
  const lost = [
    ...BLOCKED.filter((setting) => String(block[setting]) !== 'true'),
    ...(ownership?.ObjectOwnership === 'BucketOwnerEnforced' ? [] : ['ObjectOwnership']),
    ...(versioned && versions?.Status !== 'Enabled' ? ['VersioningConfiguration'] : []),
  ];
  return lost.length === 0 ? undefined : violation({
    code: 'BGP195',
    prop: 'bucket',
    rule: `must block public access${versioned ? ', disable ACLs and enable versioning' : ' and disable ACLs'}`,
    got: `an override of ${formatValue(lost)}`,
    remedy: 'remove the override',
  });
}

/** No role of a build or of the pipeline has a permission for a KMS key, so the first release would fail. */
function encryptionViolation({ BucketEncryption: encryption }: BucketProperties): Violations {
  const [rule] = encryption?.ServerSideEncryptionConfiguration ?? [];
  const algorithm = rule?.ServerSideEncryptionByDefault?.SSEAlgorithm;
  return algorithm === 'AES256' ? undefined : violation({
    code: 'BGP161',
    prop: 'bucket',
    rule: 'must use SSE-S3 (AES256): no role of the pipeline has permissions for a KMS key',
    got: formatValue(algorithm),
    remedy: 'remove the override',
  });
}
