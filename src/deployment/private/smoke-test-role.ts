import { ArnFormat, aws_ec2 as ec2, aws_iam as iam, aws_logs as logs, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { deploymentGroupArn } from './hooks';
import { Names } from '../../private/names';
import { ScopedRole } from '../../private/scoped-role';

export interface SmokeTestRoleOptions {
  readonly names: Names;
  readonly functionName: string;
  readonly logGroup: logs.ILogGroup;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly subnets: ec2.SelectedSubnets;
}

const INTERFACES = 'Lambda creates the network interfaces of the function, '
  + 'and another account may share the subnets.';

/** Creates the role of the smoke test: log, report, and the permissions that Lambda needs for a function in a VPC. */
export function smokeTestRole(scope: Construct, options: SmokeTestRoleOptions): ScopedRole {
  const { names } = options;
  const role = new ScopedRole(scope, 'SmokeTestRole', {
    names,
    purpose: 'smoke',
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: `Tests a new release in ${names.environmentName} before it gets traffic`,
    deploys: true,
  });
  role.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [options.logGroup.logGroupArn]);
  role.allow(['codedeploy:PutLifecycleEventHookExecutionStatus'], [deploymentGroupArn(scope, names)]);
  allowNetworkInterfaces(role, options);
  return role;
}

/**
 * Lambda puts the function into the network in the role's name from outside; the code that runs in
 * the function may not. It finds the load balancer with DescribeNetworkInterfaces.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function allowNetworkInterfaces(role: ScopedRole, options: SmokeTestRoleOptions): void {
  const { functionName, securityGroup, subnets } = options;
  const stack = Stack.of(role);
  const ec2Arn = (resource: string, resourceName: string, account = stack.account) =>
    stack.formatArn({ service: 'ec2', resource, resourceName, account });
  const interfaces = ec2Arn('network-interface', '*');
  role.allowWildcard(
    'AWS offers no narrower resource for describing EC2 resources.',
    ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
    ['*'],
  );
  role.allowWildcard(INTERFACES, ['ec2:CreateNetworkInterface'], [
    // A subnet may belong to another account, which shares it.
    ...subnets.subnetIds.map((id) => ec2Arn('subnet', id, '*')),
    ec2Arn('security-group', securityGroup.securityGroupId),
    interfaces,
  ]);
  role.allowWildcard(
    INTERFACES,
    ['ec2:AssignPrivateIpAddresses', 'ec2:DeleteNetworkInterface', 'ec2:UnassignPrivateIpAddresses'],
    [interfaces],
  );
  const functionArn = stack.formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: functionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  role.deny([
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ], { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } });
}
