import { Construct } from 'constructs';
import {
  DEFAULT_ACCESS_LOGS_PREFIX, MAX_ACCESS_LOGS_PREFIX_BYTES, MAX_EXPIRATION, MIN_EXPIRATION,
  MIN_NONCURRENT_VERSION_EXPIRATION,
} from './defaults';
import { SecureArtifactBucketProps } from './secure-artifact-bucket-props';
import { ClaimedName, nameLengthViolation, NameParts, takenNameViolations } from '../private/names';
import { placeViolations, sameEnvironment } from '../private/placement';
import { environmentSuffix } from '../private/shared-checks';
import { propsViolations, StructOptions } from '../private/structs';
import { cdkType } from '../private/types';
import { Check, duration, isResolvedString, optional, wrongType } from '../private/validation';
import { violation, Violations } from '../private/violations';

const TYPE = 'artifacts';

/** The names that `SecureArtifactBucket` claims. */
export function claimedNames(parts: Partial<NameParts>): ClaimedName[] {
  return [{ type: TYPE, parts }];
}

/** Returns all violations of the props of `SecureArtifactBucket`. */
export function violations(scope: Construct, id: string, props: SecureArtifactBucketProps): Violations {
  return [
    placeViolations(scope, id),
    propsViolations(props, propsChecks(scope)),
    takenNameViolations(scope, claimedNames(props)),
  ];
}

export function propsChecks(scope: Construct): StructOptions<SecureArtifactBucketProps> {
  return {
    example: '{ environmentSuffix: "dev" }',
    fields: {
      environmentSuffix,
      expiration,
      noncurrentVersionExpiration: duration({
        code: 'BGP082',
        min: MIN_NONCURRENT_VERSION_EXPIRATION,
        max: MAX_EXPIRATION,
        unit: 'days',
      }),
      accessLogsBucket: accessLogsBucket(scope),
      accessLogsPrefix: optional(prefixString, prefixLength),
    },
    combination: (props, _, isSet) => [
      nameLengthViolation(props, { bucket: TYPE }),
      props.accessLogsPrefix === undefined || isSet('accessLogsBucket') ? undefined : prefixWithoutBucketViolation(),
    ],
  };
}

/** The age at which an artifact expires. */
export const expiration: Check = duration({ code: 'BGP154', min: MIN_EXPIRATION, max: MAX_EXPIRATION, unit: 'days' });

/** A bucket that S3 delivers the access logs of this one to. */
export function accessLogsBucket(scope: Construct): Check {
  return optional(cdkType({
    type: 'an s3.IBucket',
    member: 'bucketName',
    example: "s3.Bucket.fromBucketName(this, 'Logs', 'acme-access-logs')",
  }), sameEnvironment({ code: 'BGP087', scope }));
}

/** An empty prefix is valid: the logs are then at the root of their bucket. */
const prefixString: Check = (prop, value) => (typeof value === 'string'
  ? undefined
  : wrongType({ prop, type: 'a string', value, example: JSON.stringify(DEFAULT_ACCESS_LOGS_PREFIX) }));

const prefixLength: Check<string> = (prop, prefix) => {
  const bytes = Buffer.byteLength(prefix);
  return isResolvedString(prefix) && bytes > MAX_ACCESS_LOGS_PREFIX_BYTES
    ? violation({
      code: 'BGP086',
      prop,
      rule: `must be at most ${MAX_ACCESS_LOGS_PREFIX_BYTES} bytes`,
      got: String(bytes),
      remedy: 'shorten it',
    })
    : undefined;
};

function prefixWithoutBucketViolation(): Violations {
  return violation({
    code: 'BGP083',
    prop: 'accessLogsPrefix',
    rule: "must be set together with 'accessLogsBucket': without a bucket, S3 writes no access log",
    remedy: 'pass the bucket, or remove the prefix',
  });
}
