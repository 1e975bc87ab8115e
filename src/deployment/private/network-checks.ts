import { aws_ec2 as ec2, Token } from 'aws-cdk-lib';
import { CdkType, isCdkType } from '../../private/types';
import { violation, Violations } from '../../private/violations';
import { DEFAULT_INTERNET_FACING } from '../defaults';
import { EnvironmentOptions } from '../environment-options';

export const VPC: CdkType = {
  type: 'an ec2.IVpc',
  member: 'privateSubnets',
  example: 'new ec2.Vpc(this, "Network")',
};

export interface NetworkOptions {
  readonly vpc?: ec2.IVpc;
  readonly bootstrapImage?: unknown;
  /** The options of one environment that passed their own checks. */
  readonly options: Partial<EnvironmentOptions>;
  readonly at: (key: 'hooks' | 'loadBalancer' | 'retiring') => string;
}

/**
 * Checks the requirements of one environment on the user's VPC. Only the VPC itself knows if its subnets have a
 * route to the Internet.
 */
export function networkViolations({ vpc, bootstrapImage, options, at }: NetworkOptions): Violations {
  if (vpc === undefined || !isCdkType(VPC, vpc)) {
    return undefined;
  }
  const isolated = vpc.privateSubnets.length === 0;
  return [
    taskSubnetsViolation(vpc),
    'loadBalancer' in options ? loadBalancerViolation(vpc, options, at('loadBalancer')) : undefined,
    isolated && vpc.isolatedSubnets.length > 0 && bootstrapImage === undefined
      ? needsImageViolation(options)
      : undefined,
    ...SMOKE_TESTS.filter((key) => isolated && options[key]?.smokeTest !== undefined)
      .map((key) => smokeTestViolation(at(key))),
  ];
}

function taskSubnetsViolation(vpc: ec2.IVpc): Violations {
  const subnets = vpc.privateSubnets.length > 0 ? vpc.privateSubnets : vpc.isolatedSubnets;
  return subnets.length > 0 ? zonesViolation('private subnets for the tasks', subnets) : violation({
    code: 'BGP121',
    prop: 'vpc',
    rule: 'must have private subnets for the tasks',
    remedy: 'add private subnets with a route to the Internet',
  });
}

function loadBalancerViolation(vpc: ec2.IVpc, { loadBalancer }: Partial<EnvironmentOptions>, at: string): Violations {
  if (!(loadBalancer?.internetFacing ?? DEFAULT_INTERNET_FACING)) {
    return addressesViolation(vpc, at);
  }
  return vpc.publicSubnets.length > 0
    ? zonesViolation('public subnets for the load balancer', vpc.publicSubnets)
    : violation({
      code: 'BGP120',
      prop: 'vpc',
      rule: 'must have public subnets for an internet-facing load balancer',
      remedy: `add public subnets, or set '${at}.internetFacing' to false`,
    });
}

/**
 * A load balancer needs two Availability Zones, and tasks in one zone fail with it. Zones that an imported VPC does
 * not list are not checked.
 */
function zonesViolation(which: string, subnets: ec2.ISubnet[]): Violations {
  if (Token.isUnresolved(subnets.map(({ subnetId }) => subnetId))) {
    return undefined;
  }
  const zones = subnets.map((subnet) => readImported(() => subnet.availabilityZone));
  return zones.includes(undefined) || new Set(zones).size > 1 ? undefined : violation({
    code: 'BGP123',
    prop: 'vpc',
    rule: `must have ${which} in at least two Availability Zones`,
    got: 'one zone',
    remedy: 'add another zone, for example with maxAzs: 2',
  });
}

function addressesViolation(vpc: ec2.IVpc, at: string): Violations {
  return readImported(() => vpc.vpcCidrBlock) !== undefined ? undefined : violation({
    code: 'BGP124',
    prop: 'vpc',
    rule: `must have a known CIDR block for an internal load balancer ('${at}.internetFacing' is false)`,
    remedy: 'import the VPC with vpcCidrBlock',
  });
}

/** Reads a property of an imported VPC, for which the CDK throws if it was imported without the property. */
function readImported(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function needsImageViolation({ containerSecrets }: Partial<EnvironmentOptions>): Violations {
  const secrets = Object.keys(containerSecrets ?? {}).length > 0;
  return violation({
    code: 'BGP122',
    prop: 'bootstrapImage',
    rule: "is required in a 'vpc' whose private subnets are isolated: tasks in them cannot reach ECR Public, which "
      + 'hosts the default image',
    remedy: 'use an image in an ECR repository, and create VPC endpoints for ECR (api and dkr), S3 and CloudWatch '
      + `Logs${secrets ? ", and for Secrets Manager or Systems Manager, where the 'containerSecrets' are" : ''}`,
  });
}

/** Options that make the function of a smoke test. */
const SMOKE_TESTS = ['hooks', 'retiring'] as const;

function smokeTestViolation(at: string): Violations {
  return violation({
    code: 'BGP117',
    prop: `${at}.smokeTest`,
    rule: "must not be set in a 'vpc' whose private subnets have no route to the Internet: "
      + 'its function calls EC2 and CodeDeploy from these subnets',
    remedy: `pass your own function as '${at}.afterAllowTestTraffic'`,
  });
}
