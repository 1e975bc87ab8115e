import { aws_certificatemanager as acm, aws_ec2 as ec2, aws_ecs as ecs, aws_s3 as s3, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { homeProblem, known, listProblems, placed, resourceProblem, shown, textMatching } from '../../private/checks';
import { broken, Problem } from '../../private/errors';
import { EnvironmentOptions } from '../environment-options';

/** What every environment needs of a network of the user. */
export function vpcProblem(vpc: ec2.IVpc | undefined): Problem {
  return resourceProblem('vpc', vpc, 'privateSubnets', 'an ec2.IVpc', 'new ec2.Vpc(this, "Network")');
}

/** What one environment needs of it. Whether private subnets really have a way out is known to the network alone. */
export function networkProblems(at: string, options: EnvironmentOptions, vpc: ec2.IVpc | undefined, bootstrapImage?: ecs.ContainerImage): Problem[] {
  if (vpc === undefined || vpcProblem(vpc) !== undefined) {
    return [];
  }
  const isolated = vpc.privateSubnets.length === 0;
  const forTasks = isolated ? vpc.isolatedSubnets : vpc.privateSubnets;
  return [
    forTasks.length === 0
      ? broken('BGP121', 'vpc', 'must have private subnets for the tasks', undefined, 'add some, with a way out') : zonesProblem('private subnets, for the tasks,', forTasks),
    ...options.publicLoadBalancer === false ? [addressesProblem(at, vpc)] : [
      vpc.publicSubnets.length === 0
        ? broken('BGP120', 'vpc', 'must have public subnets for a load balancer that is reachable from the Internet', undefined,
          `add some, or set '${at}publicLoadBalancer' to false`)
        : zonesProblem('public subnets, for the load balancer,', vpc.publicSubnets),
    ],
    isolated && vpc.isolatedSubnets.length > 0 && bootstrapImage === undefined
      ? broken('BGP122', 'bootstrapImage', "is required in a 'vpc' whose private subnets are isolated: the default comes from ECR Public, which tasks cannot reach from there",
        undefined, 'bring an image of an ECR repository, and VPC endpoints for ECR, S3 and CloudWatch Logs')
      : undefined,
    isolated && options.smokeTest !== undefined
      ? broken('BGP117', `${at}smokeTest`, "must not be given in a 'vpc' whose private subnets have no way out: its function reaches EC2 and CodeDeploy from there",
        undefined, `use a function of yours as '${at}hooks.afterAllowTestTraffic'`)
      : undefined,
  ];
}

/** A load balancer wants two zones, and tasks in one zone fail with it. What an imported network does not tell is not asked. */
function zonesProblem(which: string, subnets: ec2.ISubnet[]): Problem {
  if (Token.isUnresolved(subnets.map(({ subnetId }) => subnetId))) {
    return undefined;
  }
  const zones = subnets.map((subnet) => imported(() => subnet.availabilityZone));
  return zones.includes(undefined) || new Set(zones).size > 1 ? undefined
    : broken('BGP123', 'vpc', `must have ${which} in at least two availability zones`, 'one', 'add another, for example with maxAzs: 2');
}

/** The CDK throws for what was imported without. */
function imported(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function addressesProblem(at: string, vpc: ec2.IVpc): Problem {
  return imported(() => vpc.vpcCidrBlock) !== undefined ? undefined
    : broken('BGP124', 'vpc', `must know its addresses for a load balancer that only they reach ('${at}publicLoadBalancer' is false)`, undefined,
      'import it with vpcCidrBlock');
}

const ACM_ARN = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[A-Za-z0-9-]+$/;
const SERVER_CERTIFICATE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:server-certificate\/[\w+=,.@/-]+$/;

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html */
export function certificateProblem(prop: string, certificate: acm.ICertificate | undefined, scope: Construct): Problem {
  const wrong = resourceProblem(prop, certificate, 'certificateArn', 'an acm.ICertificate', 'acm.Certificate.fromCertificateArn(this, "Certificate", arn)');
  if (wrong || certificate === undefined) {
    return wrong;
  }
  const arn = certificate.certificateArn;
  if (known(arn) && !ACM_ARN.test(arn) && !SERVER_CERTIFICATE_ARN.test(arn)) {
    return broken('BGP125', prop, 'must have the ARN of a certificate', shown(arn),
      'for example "arn:aws:acm:us-east-1:111111111111:certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c"');
  }
  // An imported certificate says it stands in the stack that imports it; its ARN knows better.
  const region = known(arn) ? ACM_ARN.exec(arn)?.[1] : certificate.env.region;
  const own = placed(scope) ? Stack.of(scope).region : undefined;
  return !known(region) || !known(own) || region === own ? undefined
    : broken('BGP126', prop, `must be in the region of its load balancer, ${shown(own)}`, `one in ${shown(region)}`, 'request one there');
}

/** What the CDK says when it writes the policy of the bucket, half-way through. */
export function logsBucketProblem(prop: string, bucket: s3.IBucket | undefined, scope: Construct): Problem {
  const wrong = resourceProblem(prop, bucket, 'bucketArn', 'an s3.IBucket', 's3.Bucket.fromBucketName(this, "Logs", "acme-logs")');
  if (wrong || bucket === undefined) {
    return wrong;
  }
  if (bucket.encryptionKey !== undefined) {
    return broken('BGP128', prop, 'must not be encrypted with a KMS key: load balancers cannot write there', undefined, 'use BucketEncryption.S3_MANAGED');
  }
  return homeProblem('BGP127', prop, bucket, scope, ['region']) ?? (placed(scope) && Token.isUnresolved(Stack.of(scope).region)
    ? broken('BGP127', prop, 'must stand in a stack that names its region: who writes the logs differs between regions', undefined,
      'give the stack env: { region: "us-east-1" }')
    : undefined);
}

const CIDR = /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\/([1-9]|[12]\d|3[0-2])$/;

/** EC2 cuts an address down to its network, and refuses a rule that it has. */
export function cidrProblems(prop: string, value: unknown): Problem[] {
  const networks = Array.isArray(value) ? value.map(networkOf) : [];
  return listProblems(prop, value, '["203.0.113.0/24"]', (at, cidr, index) =>
    textMatching('BGP094', at, cidr, CIDR, 'an IPv4 network in CIDR form, narrower than the whole Internet', '203.0.113.0/24')
      ?? (networks[index] !== undefined && networks.indexOf(networks[index]) < index
        ? broken('BGP099', at, 'must differ from the others', `${shown(cidr)}, the network of ${shown((value as unknown[])[networks.indexOf(networks[index])])}`, 'remove one')
        : undefined));
}

/** A network by its first address and its width; nothing for what is no CIDR, or a token. */
function networkOf(cidr: unknown): string | undefined {
  if (!known(cidr) || !CIDR.test(cidr)) {
    return undefined;
  }
  const [address, bits] = cidr.split('/');
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - Number(bits));
  return `${number - number % size}/${bits}`;
}

/** Whether a network that may reach the test listener is wider than any of one owner. */
export function isWide(cidr: string): boolean {
  return known(cidr) && Number(cidr.split('/')[1]) < 8;
}
