import { aws_ec2 as ec2 } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledged';
import { Names } from './names';

/**
 * Creates a VPC for tasks without public addresses: two Availability Zones, public subnets for the load balancers,
 * private subnets for the tasks, and one NAT gateway for both (tasks lose their route to the Internet if its zone
 * fails; a second one doubles the price).
 */
export function network(scope: Construct, id: string, names: Names): ec2.Vpc {
  const vpc = new ec2.Vpc(scope, id, {
    vpcName: names.claim('vpc'),
    maxAzs: 2,
    natGateways: 1,
    // Closing the default security group requires a custom resource whose log group would outlive the stack.
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [
      // Load balancers and the NAT gateway have their own addresses; nothing else runs in these subnets.
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    ],
  });
  names.tag(vpc, 'vpc');
  acknowledge(vpc, 'VPC7', 'Flow logs are billed by traffic, and their destination and retention are your decision: '
    + "call 'addFlowLog' of the VPC, or pass your own VPC.");
  tagSubnets(vpc.publicSubnets, 'public', names);
  tagSubnets(vpc.privateSubnets, 'private', names);
  vpc.node.findAll().filter((child) => child instanceof ec2.CfnInternetGateway)
    .forEach((gateway) => names.tag(gateway, 'internet-gateway'));
  return vpc;
}

function tagSubnets(subnets: ec2.ISubnet[], kind: string, names: Names): void {
  subnets.forEach((subnet, index) => {
    for (const child of subnet.node.findAll()) {
      if (child instanceof ec2.CfnSubnet) {
        names.tag(child, `subnet-${kind}-${index + 1}`);
      } else if (child instanceof ec2.CfnRouteTable) {
        names.tag(child, `routes-${kind}-${index + 1}`);
      } else if (child instanceof ec2.CfnNatGateway) {
        names.tag(child, `nat-${index + 1}`);
      } else if (child instanceof ec2.CfnEIP) {
        names.tag(child, `address-${index + 1}`);
      }
    }
  });
}
