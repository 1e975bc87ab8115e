import { aws_ec2 as ec2, aws_elasticloadbalancingv2 as elbv2, Stack } from 'aws-cdk-lib';
import { acknowledge } from '../../private/acknowledged';

/**
 * Acknowledges that users reach a load balancer. cdk-nag says the same of an open test listener, or
 * of a port that a user opens to all: only the way of the users is acknowledged.
 */
export function acknowledgeUsers(
  loadBalancer: elbv2.ApplicationLoadBalancer,
  ports: number[],
  internetFacing: boolean,
): void {
  const [securityGroup] = loadBalancer.connections.securityGroups;
  const resource = securityGroup.node.defaultChild as ec2.CfnSecurityGroup;
  const isOurs = ({ cidrIp, fromPort }: Ingress) => ports.includes(fromPort)
    && (internetFacing ? cidrIp === '0.0.0.0/0' : typeof cidrIp === 'object');
  const reason = internetFacing
    ? 'The load balancer answers the users of a public application; '
      + 'an internal one is had with loadBalancer.internetFacing: false.'
    : 'The load balancer answers its own network, whose range is known at the deployment only.';
  acknowledge(securityGroup, 'EC23', reason, () => {
    const reported = reportedIngress(resource);
    return reported.length > 0 && reported.every(isOurs);
  });
}

interface Ingress {
  readonly cidrIp?: string | object;
  readonly cidrIpv6?: string | object;
  readonly fromPort: number;
}

/** What cdk-nag reports: open to all, or to a range that it cannot read. */
function reportedIngress(securityGroup: ec2.CfnSecurityGroup): Ingress[] {
  const ingress = Stack.of(securityGroup).resolve(securityGroup.securityGroupIngress) as Ingress[];
  return ingress.filter(({ cidrIp, cidrIpv6 }) => [cidrIp, cidrIpv6]
    .some((cidr) => typeof cidr === 'object' || cidr?.endsWith('/0')));
}
