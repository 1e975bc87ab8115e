/** When these list prices were noted, and where they hold. AWS changes them: its own pages have the last word. */
export const PRICES_AS_OF = 'November 2026';
export const PRICES_REGION = 'us-east-1';

/** A month as AWS counts it in its own examples. */
export const HOURS_A_MONTH = 730;

/** List prices in dollars, without tax and discounts. */
export const PRICES = {
  // https://aws.amazon.com/vpc/pricing/ (NAT gateway; public IPv4 address, in use or idle)
  natGatewayHour: 0.045,
  natGatewayGigabyte: 0.045,
  publicAddressHour: 0.005,
  // https://aws.amazon.com/elasticloadbalancing/pricing/ (Application Load Balancer)
  loadBalancerHour: 0.0225,
  loadBalancerCapacityUnitHour: 0.008,
  // https://aws.amazon.com/fargate/pricing/ (Linux on x86)
  fargateCpuHour: 0.04048,
  fargateGigabyteHour: 0.004445,
  // https://aws.amazon.com/secrets-manager/pricing/
  secretMonth: 0.40,
  // https://aws.amazon.com/cloudwatch/pricing/ (an alarm is billed for each metric that it looks at)
  alarmMetricMonth: 0.10,
  alarmMetricsFree: 10,
  dashboardMonth: 3,
  dashboardsFree: 3,
  logGigabyte: 0.50,
  // https://aws.amazon.com/kms/pricing/ (a key of one's own; the AWS-managed ones are free)
  keyMonth: 1,
  // https://aws.amazon.com/codepipeline/pricing/ (pipelines of type V2; approvals are free)
  pipelineActionMinute: 0.002,
  pipelineMinutesFree: 100,
  // https://aws.amazon.com/codebuild/pricing/ (general1.small on Linux)
  buildMinute: 0.005,
  buildMinutesFree: 100,
  // https://aws.amazon.com/ecr/pricing/ and https://aws.amazon.com/s3/pricing/
  imageGigabyteMonth: 0.10,
  storageGigabyteMonth: 0.023,
} as const;
