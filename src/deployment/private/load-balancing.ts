import {
  aws_certificatemanager as acm, aws_ec2 as ec2, aws_elasticloadbalancingv2 as elbv2, aws_logs as logs, Duration,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { LiveColour, liveColour } from './live-colour';
import { admitUsers } from './user-ingress';
import { acknowledge } from '../../private/acknowledged';
import { Names } from '../../private/names';
import { DEFAULT_INTERNET_FACING, TEST_PORT } from '../defaults';
import { LoadBalancerOptions } from '../load-balancer-options';

export interface LoadBalancingOptions extends LoadBalancerOptions {
  readonly names: Names;
  readonly vpc: ec2.IVpc;
  readonly containerPort: number;
  readonly healthCheckPath: string;
  readonly certificate?: acm.ICertificate;
  readonly logRetention: logs.RetentionDays;
}

export interface LoadBalancing {
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  readonly blue: elbv2.ApplicationTargetGroup;
  readonly green: elbv2.ApplicationTargetGroup;
  readonly production: elbv2.ApplicationListener;
  readonly test: elbv2.ApplicationListener;
  readonly live: LiveColour;
}

/**
 * One load balancer, two target groups that differ in nothing but their name, and two listeners,
 * whose actions CodeDeploy rewrites at every deployment.
 */
export function loadBalancing(scope: Construct, options: LoadBalancingOptions): LoadBalancing {
  const { certificate, internetFacing = DEFAULT_INTERNET_FACING } = options;
  const loadBalancer = createLoadBalancer(scope, { ...options, internetFacing });
  const blue = createTargetGroup(scope, 'Blue', options);
  const green = createTargetGroup(scope, 'Green', options);

  // Both listeners use the same protocol, so that a test gets the same responses as users.
  const security = listenerSecurity(certificate);
  const live = liveColour(scope, { ...options, blue, green, listeners: () => [production, test] });
  const production = loadBalancer.addListener('Production', {
    ...security,
    port: certificate ? 443 : 80,
    open: false,
    defaultAction: live.production,
  });
  if (certificate) {
    // After production, which held port 80 if the certificate came later.
    loadBalancer.addRedirect({ open: false }).node.addDependency(production);
  }
  admitUsers({ ...options, loadBalancer, internetFacing, ports: certificate ? [80, 443] : [80] });
  const test = loadBalancer.addListener('Test', {
    ...security,
    port: TEST_PORT,
    open: false,
    defaultAction: live.test,
  });

  options.testListenerCidrs?.forEach((cidr) =>
    loadBalancer.connections.allowFrom(ec2.Peer.ipv4(cidr), ec2.Port.tcp(TEST_PORT), 'Testers'));
  return { loadBalancer, blue, green, production, test, live };
}

/**
 * Not `SslPolicy.RECOMMENDED_TLS`, which changes with aws-cdk-lib: clients would lose a cipher with an update of a
 * package.
 */
const SSL_POLICY = 'ELBSecurityPolicy-TLS13-1-2-2021-06' as elbv2.SslPolicy;

function listenerSecurity(certificate: acm.ICertificate | undefined): elbv2.BaseApplicationListenerProps {
  return certificate === undefined ? { protocol: elbv2.ApplicationProtocol.HTTP } : {
    protocol: elbv2.ApplicationProtocol.HTTPS,
    certificates: [certificate],
    sslPolicy: SSL_POLICY,
  };
}

function createLoadBalancer(scope: Construct, options: LoadBalancingOptions): elbv2.ApplicationLoadBalancer {
  const { names, vpc, internetFacing, accessLogsBucket } = options;
  const loadBalancer = new elbv2.ApplicationLoadBalancer(scope, 'LoadBalancer', {
    loadBalancerName: names.claim('alb'),
    vpc,
    internetFacing,
    securityGroup: new ec2.SecurityGroup(scope, 'LoadBalancerSecurityGroup', {
      vpc,
      securityGroupName: names.claim('security-group-alb'),
      description: `Load balancer of ${names.environmentName}`,
      allowAllOutbound: false,
    }),
    deletionProtection: false,
    dropInvalidHeaderFields: true,
  });
  if (accessLogsBucket) {
    loadBalancer.logAccessLogs(accessLogsBucket, names.of('alb'));
  } else {
    acknowledge(loadBalancer, 'ELB2', 'Access logs need a bucket that outlives the load balancer: '
      + "pass your own as 'loadBalancer.accessLogsBucket'.");
  }
  return loadBalancer;
}

function createTargetGroup(
  scope: Construct,
  colour: 'Blue' | 'Green',
  { names, vpc, containerPort, healthCheckPath }: LoadBalancingOptions,
): elbv2.ApplicationTargetGroup {
  return new elbv2.ApplicationTargetGroup(scope, `${colour}TargetGroup`, {
    targetGroupName: names.claim(`tg-${colour.toLowerCase()}`),
    vpc,
    port: containerPort,
    protocol: elbv2.ApplicationProtocol.HTTP,
    targetType: elbv2.TargetType.IP,
    deregistrationDelay: Duration.seconds(30),
    healthCheck: {
      path: healthCheckPath,
      healthyHttpCodes: '200',
      interval: Duration.seconds(15),
      timeout: Duration.seconds(5),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 3,
    },
  });
}
