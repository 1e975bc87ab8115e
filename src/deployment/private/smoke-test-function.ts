import { readFileSync } from 'fs';
import { join } from 'path';
import {
  ArnFormat, aws_certificatemanager as acm, aws_ec2 as ec2, aws_elasticloadbalancingv2 as elbv2, aws_iam as iam, aws_lambda as lambda,
  aws_logs as logs, Duration, RemovalPolicy, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { NameParts, nameOf } from '../../private/names';
import { ScopedRole } from '../../private/scoped-role';
import { SmokeTest } from '../smoke-test';
import { deploymentGroupArn } from './hooks';
import { TEST_PORT } from './load-balancing';

export interface SmokeTestFunctionProps {
  readonly names: Required<NameParts>;
  readonly vpc: ec2.IVpc;
  readonly subnets: ec2.SelectedSubnets;
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  readonly certificate?: acm.ICertificate;
  readonly smokeTest: SmokeTest;
  readonly logRetention: logs.RetentionDays;
}

/** How long the function has left after the test, to report: a test that takes all its time must still be heard. */
const REPORT_TIME = Duration.minutes(1);

/**
 * The hook that asks the test listener; see `smoke-test-handler.js` for what it does.
 *
 * It stands where the tasks stand, and asks the load balancer's private addresses: only there does the rule that lets it in
 * match. See docs/decisions/0013 for the other ways.
 */
export function smokeTestFunction(scope: Construct, props: SmokeTestFunctionProps): lambda.Function {
  const { names, smokeTest, loadBalancer } = props;
  const timeout = smokeTest._timeout;
  const securityGroup = new ec2.SecurityGroup(scope, 'SmokeTestSecurityGroup', {
    vpc: props.vpc,
    securityGroupName: nameOf(scope, 'security-group-smoke', names),
    description: `Smoke test of ${names.environmentName}`,
    allowAllOutbound: false,
  });
  securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'APIs of EC2 and CodeDeploy');
  loadBalancer.connections.allowFrom(securityGroup, ec2.Port.tcp(TEST_PORT), 'Smoke test');
  const logGroup = new logs.LogGroup(scope, 'SmokeTestLogs', {
    logGroupName: nameOf(scope, 'logs-smoke', names),
    retention: props.logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const functionName = nameOf(scope, 'function-smoke', names);
  const role = smokeTestRole(scope, { ...props, functionName, logGroup, securityGroup });
  return role.whileClosed(() => new lambda.Function(scope, 'SmokeTest', {
    functionName,
    description: `Asks a new release in ${names.environmentName} before it gets traffic`,
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    // In the template, where a reviewer sees it; the SDK is that of the runtime.
    code: lambda.Code.fromInline(readFileSync(join(__dirname, 'smoke-test-handler.js'), 'utf8')),
    timeout: timeout.plus(REPORT_TIME),
    memorySize: 256,
    environment: {
      SMOKE_TEST: Stack.of(scope).toJsonString({
        loadBalancer: loadBalancer.loadBalancerFullName,
        protocol: props.certificate === undefined ? 'http' : 'https',
        port: TEST_PORT,
        host: smokeTest._props.host ?? loadBalancer.loadBalancerDnsName,
        path: smokeTest._props.path,
        status: smokeTest._props.status ?? 200,
        body: smokeTest._props.body,
        timeout: timeout.toMilliseconds(),
        interval: Duration.seconds(5).toMilliseconds(),
        answerTime: Duration.seconds(10).toMilliseconds(),
      }),
    },
    vpc: props.vpc,
    vpcSubnets: { subnets: props.subnets.subnets },
    securityGroups: [securityGroup],
    logGroup,
    role,
  }));
}

const INTERFACES = 'Lambda makes the network interfaces of the function, and the subnets may be shared by another account.';

function smokeTestRole(scope: Construct, props: SmokeTestFunctionProps & {
  readonly functionName: string;
  readonly logGroup: logs.ILogGroup;
  readonly securityGroup: ec2.ISecurityGroup;
}): ScopedRole {
  const role = new ScopedRole(scope, 'SmokeTestRole', {
    ...props.names,
    purpose: 'smoke',
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: `Asks a new release in ${props.names.environmentName} before it gets traffic`,
    deploys: true,
  });
  const stack = Stack.of(scope);
  const ec2Arn = (resource: string, resourceName: string, account = stack.account) => stack.formatArn({ service: 'ec2', resource, resourceName, account });
  const interfaces = ec2Arn('network-interface', '*');
  role.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [props.logGroup.logGroupArn]);
  role.allow(['codedeploy:PutLifecycleEventHookExecutionStatus'], [deploymentGroupArn(scope, props.names)]);
  // What Lambda wants, to put a function into a network; the function itself finds the load balancer with DescribeNetworkInterfaces.
  role.allowWildcard('AWS offers no narrower resource for a Describe of EC2.', ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'], ['*']);
  role.allowWildcard(INTERFACES, ['ec2:CreateNetworkInterface'], [
    // A subnet may belong to another account, which shares it.
    ...props.subnets.subnetIds.map((id) => ec2Arn('subnet', id, '*')), ec2Arn('security-group', props.securityGroup.securityGroupId), interfaces,
  ]);
  role.allowWildcard(INTERFACES, ['ec2:AssignPrivateIpAddresses', 'ec2:DeleteNetworkInterface', 'ec2:UnassignPrivateIpAddresses'], [interfaces]);
  // Lambda does that in the role's name from outside; the code that runs in the function may not.
  // See https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
  const functionArn = stack.formatArn({ service: 'lambda', resource: 'function', resourceName: props.functionName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  role.deny(
    ['ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses'],
    { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
  );
  return role;
}
