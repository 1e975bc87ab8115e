import { readFileSync } from 'fs';
import { join } from 'path';
import {
  aws_certificatemanager as acm, aws_ec2 as ec2, aws_elasticloadbalancingv2 as elbv2, aws_events as events,
  aws_events_targets as targets, aws_lambda as lambda, aws_logs as logs, Duration, RemovalPolicy, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { smokeTestRole } from './smoke-test-role';
import { Names } from '../../private/names';
import { TEST_PORT } from '../defaults';
import { SmokeTest } from '../smoke-test';

export interface SmokeTestFunctionOptions {
  readonly names: Names;
  readonly vpc: ec2.IVpc;
  readonly subnets: ec2.SelectedSubnets;
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  readonly certificate?: acm.ICertificate;
  readonly smokeTest: SmokeTest;
  readonly logRetention: logs.RetentionDays;
}

/** Time that the function has left after the test, so that it can still report a test that uses all its time. */
const REPORT_TIME = Duration.minutes(1);

/** Timeout of a request, and of the function for the next request. */
const ATTEMPT_TIMEOUT = Duration.seconds(10);
const INTERVAL = Duration.seconds(5);

/**
 * Creates the hook that requests the test listener; see `smoke-test-handler.js` for its behaviour.
 *
 * It runs in the subnets of the tasks and requests the load balancer's private addresses, because the security
 * group rule that admits it only matches there. See docs/decisions/0013 for the alternatives.
 */
export function smokeTestFunction(scope: Construct, options: SmokeTestFunctionOptions): lambda.Function {
  const { names, vpc, subnets, smokeTest, loadBalancer } = options;
  const securityGroup = new ec2.SecurityGroup(scope, 'SmokeTestSecurityGroup', {
    vpc,
    securityGroupName: names.claim('security-group-smoke'),
    description: `Smoke test of ${names.environmentName}`,
    allowAllOutbound: false,
  });
  securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'APIs of EC2 and CodeDeploy');
  loadBalancer.connections.allowFrom(securityGroup, ec2.Port.tcp(TEST_PORT), 'Smoke test');
  const logGroup = new logs.LogGroup(scope, 'SmokeTestLogs', {
    logGroupName: names.claim('logs-smoke'),
    retention: options.logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const functionName = names.claim('function-smoke');
  const role = smokeTestRole(scope, { names, functionName, logGroup, securityGroup, subnets });
  const smoke = role.ignoringGrants(() => new lambda.Function(scope, 'SmokeTest', {
    functionName,
    description: `Tests a new release in ${names.environmentName} before it gets traffic`,
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    // In the template, where a reviewer sees it; the SDK is that of the runtime.
    code: lambda.Code.fromInline(readFileSync(join(__dirname, 'smoke-test-handler.js'), 'utf8')),
    timeout: smokeTest._bind().timeout.plus(REPORT_TIME),
    memorySize: 256,
    environment: { SMOKE_TEST: Stack.of(scope).toJsonString(handlerSettings(options)) },
    vpc,
    vpcSubnets: { subnets: subnets.subnets },
    securityGroups: [securityGroup],
    logGroup,
    role,
  }));
  keepActive(scope, names, smoke);
  return smoke;
}

/**
 * Lambda makes an idle function in a VPC inactive after some weeks, and its next invocation fails: the
 * first release after a quiet month would roll back.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
 */
function keepActive(scope: Construct, names: Names, smoke: lambda.Function): void {
  new events.Rule(scope, 'KeepSmokeTestActive', {
    ruleName: names.claim('rule-keep-active'),
    description: `Keeps the smoke test function of ${names.environmentName} active`,
    schedule: events.Schedule.rate(Duration.days(1)),
    targets: [new targets.LambdaFunction(smoke, {
      event: events.RuleTargetInput.fromObject({ keepActive: true }),
      retryAttempts: 2,
    })],
  });
}

function handlerSettings({ loadBalancer, certificate, smokeTest }: SmokeTestFunctionOptions): object {
  const test = smokeTest._bind();
  return {
    loadBalancer: loadBalancer.loadBalancerFullName,
    protocol: certificate === undefined ? 'http' : 'https',
    port: TEST_PORT,
    ...test.expectedAnswer(loadBalancer),
    timeout: test.timeout.toMilliseconds(),
    interval: INTERVAL.toMilliseconds(),
    answerTime: ATTEMPT_TIMEOUT.toMilliseconds(),
  };
}
