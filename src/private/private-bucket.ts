import { aws_s3 as s3 } from 'aws-cdk-lib';
import { renderedProperties } from './rendered-properties';
import { tlsViolation } from './tls-only';
import { formatValue } from './validation';
import { formatViolation, listViolations, violation, Violations } from './violations';

export interface PrivateBucketOptions {
  /** Whether the bucket keeps old versions. */
  readonly versioned: boolean;
}

/** Refuses at synthesis an override that opens a bucket, or removes its versions. */
export function requirePrivateBucket(bucket: s3.Bucket, { versioned }: PrivateBucketOptions): void {
  bucket.node.addValidation({
    validate: () => {
      const resources = [bucket.bucketArn, bucket.arnForObjects('*')];
      const policy = bucket.node.findAll().find((construct) => construct instanceof s3.CfnBucketPolicy);
      return listViolations([
        privacyViolation(renderedProperties(bucket.node.defaultChild), versioned),
        tlsViolation({ prop: 'bucket', action: 's3:*', resources, policy }),
      ]).map(formatViolation);
    },
  });
}

const BLOCKED = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** What is read of a bucket in the template. */
export interface BucketProperties {
  readonly OwnershipControls?: { readonly Rules?: { readonly ObjectOwnership?: unknown }[] };
  readonly PublicAccessBlockConfiguration?: { readonly [setting: string]: unknown };
  readonly VersioningConfiguration?: { readonly Status?: unknown };
}

export function privacyViolation(properties: BucketProperties, versioned: boolean): Violations {
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
    rule: `must block public access, enforce the bucket owner${versioned ? ', and keep old versions' : ''}`,
    got: `an override of ${formatValue(lost)}`,
    remedy: 'remove the override',
  });
}
