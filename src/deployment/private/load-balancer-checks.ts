import { aws_certificatemanager as acm, aws_s3 as s3, Stack, Token } from 'aws-cdk-lib';
import { sameEnvironment } from '../../private/placement';
import { struct } from '../../private/structs';
import { CdkType, cdkType } from '../../private/types';
import {
  all, boolean, Check, ElementCheck, formatValue, isInStack, isResolvedString, list, matching, optional,
} from '../../private/validation';
import { violation } from '../../private/violations';
import { LoadBalancerOptions } from '../load-balancer-options';

const CERTIFICATE: CdkType = {
  type: 'an acm.ICertificate',
  member: 'certificateArn',
  example: 'acm.Certificate.fromCertificateArn(this, "Certificate", arn)',
};

const ACM_ARN = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[A-Za-z0-9-]+$/;
const SERVER_CERTIFICATE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:server-certificate\/[\w+=,.@/-]+$/;
const EXAMPLE_ARN = 'arn:aws:acm:us-east-1:111111111111:certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c';

/**
 * @see
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html
 */
export function certificate(scope: unknown): Check {
  return optional(cdkType(CERTIFICATE), certificateArn, certificateRegion(scope));
}

const certificateArn: Check<acm.ICertificate> = (prop, { certificateArn: arn }) => {
  const valid = !isResolvedString(arn) || ACM_ARN.test(arn) || SERVER_CERTIFICATE_ARN.test(arn);
  return valid ? undefined : violation({
    code: 'BGP125',
    prop,
    rule: 'must have a certificate ARN',
    got: formatValue(arn),
    remedy: `for example "${EXAMPLE_ARN}"`,
  });
};

function certificateRegion(scope: unknown): Check<acm.ICertificate> {
  return (prop, { certificateArn: arn, env }) => {
    // An imported certificate reports the environment of the stack that imports it; only its ARN has its own.
    const region = isResolvedString(arn) ? ACM_ARN.exec(arn)?.[1] : env.region;
    const own = isInStack(scope) ? Stack.of(scope).region : undefined;
    const comparable = isResolvedString(region) && isResolvedString(own);
    return !comparable || region === own ? undefined : violation({
      code: 'BGP126',
      prop,
      rule: `must be in ${own}, the load balancer's region`,
      got: `a certificate in ${region}`,
      remedy: `request a certificate in ${own}`,
    });
  };
}

const BUCKET: CdkType = {
  type: 'an s3.IBucket',
  member: 'bucketArn',
  example: 's3.Bucket.fromBucketName(this, "Logs", "acme-logs")',
};

const noKey: Check<s3.IBucket> = (prop, bucket) => (bucket.encryptionKey === undefined ? undefined : violation({
  code: 'BGP128',
  prop,
  rule: 'must not be encrypted with a KMS key: load balancers cannot write to such a bucket',
  remedy: 'use BucketEncryption.S3_MANAGED',
}));

/** The CDK needs the region when it writes the policy of the bucket. */
function knownRegion(scope: unknown): Check {
  return (prop) => (isInStack(scope) && Token.isUnresolved(Stack.of(scope).region)
    ? violation({
      code: 'BGP127',
      prop,
      rule: 'must be used in a stack with an explicit region: the principal that writes the logs differs between '
        + 'regions',
      remedy: 'pass env: { region: "us-east-1" } to the stack',
    })
    : undefined);
}

const CIDR = /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\/([1-9]|[12]\d|3[0-2])$/;

const cidr = matching({
  code: 'BGP094',
  pattern: CIDR,
  rule: 'an IPv4 CIDR block smaller than the whole internet (0.0.0.0/0)',
  example: '203.0.113.0/24',
});

/** EC2 reduces an address to its network, and rejects a duplicate rule. */
const eachNetworkOnce: ElementCheck = (prop, value, index, cidrs) => {
  const network = networkOf(value);
  const first = cidrs.findIndex((other) => networkOf(other) === network);
  return network === undefined || first === index ? undefined : violation({
    code: 'BGP099',
    prop,
    rule: 'must be a unique network in the list',
    got: `${formatValue(value)}, the same network as ${formatValue(cidrs[first])}`,
    remedy: 'remove the duplicate',
  });
};

/** A network by its first address and its width; nothing for what is no CIDR, or a token. */
function networkOf(value: unknown): string | undefined {
  if (!isResolvedString(value) || !CIDR.test(value)) {
    return undefined;
  }
  const [address, bits] = value.split('/');
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - Number(bits));
  return `${number - number % size}/${bits}`;
}

const cidrs = list({
  example: '["203.0.113.0/24"]',
  each: (prop, value, index, others) => all(cidr, () => eachNetworkOnce(prop, value, index, others))(prop, value),
});

/** Checks the options of the load balancer. */
export function loadBalancerOptions(scope: unknown): Check {
  return struct<LoadBalancerOptions>({
    example: '{ internetFacing: false }',
    fields: {
      internetFacing: boolean,
      accessLogsBucket: optional(
        cdkType(BUCKET),
        noKey,
        sameEnvironment({ code: 'BGP127', scope, parts: ['region'] }),
        knownRegion(scope),
      ),
      testListenerCidrs: cidrs,
    },
  });
}

/** Returns true if a CIDR block for the test listener is wider than any block of one owner. */
export function isWide(value: string): boolean {
  return isResolvedString(value) && Number(value.split('/')[1]) < 8;
}
