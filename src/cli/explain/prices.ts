/** When these list prices were noted, and where they hold. AWS changes them: its own pages have the last word. */
export const PRICES_AS_OF = 'November 2026';
export const PRICES_REGION = 'us-east-1';

/** A month as AWS counts it in its own examples. */
export const HOURS_A_MONTH = 730;

/** A list price in dollars, without tax and discounts. */
export interface Price {
  readonly dollars: number;
  readonly what: string;
  readonly unit: string;
  /** AWS's own page that has it. */
  readonly page: string;
  /** Where it was read: in a copy of that page, or in texts of 2026 that quote it; or it was taken as known. */
  readonly read: 'AWS' | 'others' | 'not confirmed';
}

function price(dollars: number, what: string, unit: string, page: string, read: Price['read'] = 'others'): Price {
  return { dollars, what, unit, page: `https://aws.amazon.com/${page}/pricing/`, read };
}

export const PRICES = {
  natGatewayHour: price(0.045, 'NAT gateway', 'hour', 'vpc'),
  natGatewayGigabyte: price(0.045, 'traffic through a NAT gateway', 'GB', 'vpc'),
  publicAddressHour: price(0.005, 'public IPv4 address, in use or idle', 'hour', 'vpc'),
  interfaceEndpointHour: price(0.01, 'interface endpoint', 'hour and zone', 'privatelink'),
  nanoInstanceHour: price(0.0042, 'EC2 instance of type t4g.nano', 'hour', 'ec2'),
  diskGigabyteMonth: price(0.08, 'EBS volume of type gp3', 'GB and month', 'ebs', 'not confirmed'),
  loadBalancerHour: price(0.0225, 'application load balancer', 'hour', 'elasticloadbalancing'),
  loadBalancerCapacityUnitHour: price(0.008, 'capacity unit of a load balancer', 'hour', 'elasticloadbalancing'),
  fargateCpuHour: price(0.04048, 'Fargate vCPU, Linux on x86', 'hour', 'fargate'),
  fargateGigabyteHour: price(0.004445, 'Fargate memory, Linux on x86', 'GB and hour', 'fargate'),
  secretMonth: price(0.40, 'secret', 'month', 'secrets-manager'),
  alarmMetricMonth: price(0.10, 'metric that an alarm looks at', 'month', 'cloudwatch'),
  dashboardMonth: price(3, 'dashboard', 'month', 'cloudwatch'),
  logGigabyte: price(0.50, 'logs written', 'GB', 'cloudwatch'),
  keyMonth: price(1, 'KMS key of one\'s own', 'month', 'kms'),
  pipelineActionMinute: price(
    0.002, 'action of a pipeline of type V2, approvals excepted', 'minute, begun ones count', 'codepipeline', 'AWS'),
  buildMinute: price(0.005, 'build on BUILD_GENERAL1_SMALL, Linux', 'minute', 'codebuild'),
  imageGigabyteMonth: price(0.10, 'images', 'GB and month', 'ecr'),
  storageGigabyteMonth: price(0.023, 'objects in S3', 'GB and month', 's3', 'not confirmed'),
} as const;

/** What every account has for nothing, in each month. */
export const FREE = {
  alarmMetrics: 10,
  dashboards: 3,
  pipelineMinutes: 100,
  buildMinutes: 100,
} as const;
