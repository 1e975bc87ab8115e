import { aws_ec2 as ec2, aws_elasticloadbalancingv2 as elbv2, Token } from 'aws-cdk-lib';
import { acknowledge } from '../../private/acknowledged';

export interface UserIngressOptions {
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  readonly vpc: ec2.IVpc;
  readonly internetFacing: boolean;
  readonly ports: number[];
}

/**
 * Opens a load balancer to its users: to the Internet, or to its VPC only.
 *
 * Rules inside of the security group would change before the load balancer, which CloudFormation cannot replace
 * under its name: users would have no access until the rollback. Separate resources change after it, so they never
 * do.
 */
export function admitUsers(options: UserIngressOptions): void {
  const { loadBalancer, vpc, internetFacing, ports } = options;
  const [securityGroup] = loadBalancer.connections.securityGroups;
  for (const port of ports) {
    const rule = new ec2.CfnSecurityGroupIngress(securityGroup, `Users${port}`, {
      groupId: securityGroup.securityGroupId,
      cidrIp: internetFacing ? '0.0.0.0/0' : vpc.vpcCidrBlock,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      description: internetFacing ? 'Users' : 'Users in the network',
    });
    rule.node.addDependency(loadBalancer);
    const isReported = internetFacing || Token.isUnresolved(rule.cidrIp);
    acknowledge(rule, 'EC23', internetFacing ? PUBLIC : INTERNAL, () => isReported);
  }
}

const PUBLIC = 'The load balancer serves the users of a public application; '
  + 'set loadBalancer.internetFacing: false for an internal one.';
const INTERNAL = 'The load balancer serves its own VPC, whose CIDR range is known only at deployment.';
