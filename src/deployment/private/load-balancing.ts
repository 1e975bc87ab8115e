import { aws_certificatemanager as acm, aws_ec2 as ec2, aws_elasticloadbalancingv2 as elbv2, aws_s3 as s3, Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { acknowledge } from '../../private/acknowledged';
import { NameParts, nameOf } from '../../private/names';

export interface LoadBalancingOptions extends Required<NameParts> {
  readonly vpc: ec2.IVpc;
  readonly containerPort: number;
  readonly healthCheckPath?: string;
  readonly certificate?: acm.ICertificate;
  readonly publicLoadBalancer?: boolean;
  readonly loadBalancerLogsBucket?: s3.IBucket;
  readonly testListenerCidrs?: string[];
}

export interface LoadBalancing {
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  readonly blue: elbv2.ApplicationTargetGroup;
  readonly green: elbv2.ApplicationTargetGroup;
  readonly production: elbv2.ApplicationListener;
  readonly test: elbv2.ApplicationListener;
}

/** Where a new release answers before users reach it. */
export const TEST_PORT = 9000;

/**
 * One load balancer, two target groups that differ in nothing but their name, and a listener for each colour at first.
 *
 * CodeDeploy rewrites the listeners' actions at every deployment, so nothing here may change once it is deployed:
 * CloudFormation would send its own action again and point production at the colour it knew first.
 */
export function loadBalancing(scope: Construct, options: LoadBalancingOptions): LoadBalancing {
  const isPublic = options.publicLoadBalancer ?? true;
  const loadBalancer = createLoadBalancer(scope, options, isPublic);
  const blue = createTargetGroup(scope, 'Blue', options);
  const green = createTargetGroup(scope, 'Green', options);

  // Both listeners speak the same protocol, so that a test sees what users will see.
  const security = options.certificate
    ? { protocol: elbv2.ApplicationProtocol.HTTPS, certificates: [options.certificate], sslPolicy: elbv2.SslPolicy.RECOMMENDED_TLS }
    : { protocol: elbv2.ApplicationProtocol.HTTP };
  const port = options.certificate ? 443 : 80;
  const production = loadBalancer.addListener('Production', { ...security, port, open: isPublic, defaultTargetGroups: [blue] });
  if (options.certificate) {
    // After production, which held port 80 if the certificate came later.
    loadBalancer.addRedirect({ open: isPublic }).node.addDependency(production);
  }
  acknowledgeUsers(loadBalancer, isPublic, options.certificate ? [80, 443] : [80]);
  const test = loadBalancer.addListener('Test', { ...security, port: TEST_PORT, open: false, defaultTargetGroups: [green] });

  if (!isPublic) {
    const users = ec2.Peer.ipv4(options.vpc.vpcCidrBlock);
    [80, ...(options.certificate ? [443] : [])].forEach((open) =>
      loadBalancer.connections.allowFrom(users, ec2.Port.tcp(open), 'Users in the network'));
  }
  options.testListenerCidrs?.forEach((cidr) =>
    loadBalancer.connections.allowFrom(ec2.Peer.ipv4(cidr), ec2.Port.tcp(TEST_PORT), 'Testers'));

  // When green is live, its target group must outlive the listener, too: CloudFormation knows of one colour each.
  production.node.addDependency(green);
  test.node.addDependency(blue);
  return { loadBalancer, blue, green, production, test };
}

function createLoadBalancer(scope: Construct, options: LoadBalancingOptions, isPublic: boolean): elbv2.ApplicationLoadBalancer {
  const loadBalancer = new elbv2.ApplicationLoadBalancer(scope, 'LoadBalancer', {
    loadBalancerName: nameOf(scope, 'alb', options),
    vpc: options.vpc,
    internetFacing: isPublic,
    securityGroup: new ec2.SecurityGroup(scope, 'LoadBalancerSecurityGroup', {
      vpc: options.vpc,
      securityGroupName: nameOf(scope, 'security-group-alb', options),
      description: `Load balancer of ${options.environmentName}`,
      allowAllOutbound: false,
    }),
    deletionProtection: false,
    dropInvalidHeaderFields: true,
  });
  if (options.loadBalancerLogsBucket) {
    loadBalancer.logAccessLogs(options.loadBalancerLogsBucket, `alb-${options.environmentName}-${options.environmentSuffix}`);
  } else {
    acknowledge(loadBalancer, 'ELB2', "Access logs want a bucket that outlives the load balancer, which is yours to bring with 'loadBalancerLogsBucket'.");
  }
  return loadBalancer;
}

/** cdk-nag says the same of an open test listener, or of a port that a user opens to all: only the way of the users is acknowledged. */
function acknowledgeUsers(loadBalancer: elbv2.ApplicationLoadBalancer, isPublic: boolean, ports: number[]): void {
  const [securityGroup] = loadBalancer.connections.securityGroups;
  // What cdk-nag reports: open to all, or to a range that it cannot read.
  const reported = () => (Stack.of(loadBalancer).resolve((securityGroup.node.defaultChild as ec2.CfnSecurityGroup).securityGroupIngress) as Ingress[])
    .filter(({ cidrIp, cidrIpv6 }) => [cidrIp, cidrIpv6].some((cidr) => typeof cidr === 'object' || cidr?.endsWith('/0')));
  const isOurs = ({ cidrIp, fromPort }: Ingress) => ports.includes(fromPort) && (isPublic ? cidrIp === '0.0.0.0/0' : typeof cidrIp === 'object');
  acknowledge(securityGroup, 'EC23', isPublic
    ? 'The load balancer answers the users of a public application; an internal one is had with publicLoadBalancer: false.'
    : 'The load balancer answers its own network, whose range is known at the deployment only.',
  () => reported().length > 0 && reported().every(isOurs));
}

interface Ingress {
  readonly cidrIp?: string | object;
  readonly cidrIpv6?: string | object;
  readonly fromPort: number;
}

function createTargetGroup(scope: Construct, colour: 'Blue' | 'Green', options: LoadBalancingOptions): elbv2.ApplicationTargetGroup {
  return new elbv2.ApplicationTargetGroup(scope, `${colour}TargetGroup`, {
    targetGroupName: nameOf(scope, `tg-${colour.toLowerCase()}`, options),
    vpc: options.vpc,
    port: options.containerPort,
    protocol: elbv2.ApplicationProtocol.HTTP,
    targetType: elbv2.TargetType.IP,
    deregistrationDelay: Duration.seconds(30),
    healthCheck: {
      path: options.healthCheckPath ?? '/',
      healthyHttpCodes: '200',
      interval: Duration.seconds(15),
      timeout: Duration.seconds(5),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 3,
    },
  });
}
