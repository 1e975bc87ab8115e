import { aws_ec2 as ec2 } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledged';
import { NameParts, nameOf, tagName } from './names';

/**
 * A VPC for tasks without public addresses: two zones, public subnets for the load balancers, private ones for the
 * tasks, and one NAT gateway for both (a zone's failure may take the way out with it; a second one doubles the price).
 */
export function network(scope: Construct, id: string, parts: NameParts): ec2.Vpc {
  const vpc = new ec2.Vpc(scope, id, {
    vpcName: nameOf(scope, 'vpc', parts),
    maxAzs: 2,
    natGateways: 1,
    // Closing the default security group takes a custom resource whose log group would outlive the stack.
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    ],
  });
  tagName(vpc, 'vpc', parts);
  acknowledge(vpc, 'VPC7', "Flow logs are billed by traffic, and who keeps them for how long is yours to say: call 'addFlowLog' of the VPC, or bring one.");
  tagSubnets(vpc.publicSubnets, 'public', parts);
  tagSubnets(vpc.privateSubnets, 'private', parts);
  const gateway = vpc.node.findChild('IGW');
  tagName(gateway, 'internet-gateway', parts);
  return vpc;
}

function tagSubnets(subnets: ec2.ISubnet[], kind: string, parts: NameParts): void {
  subnets.forEach((subnet, index) => {
    for (const child of subnet.node.findAll()) {
      if (child instanceof ec2.CfnSubnet) {
        tagName(child, `subnet-${kind}-${index + 1}`, parts);
      } else if (child instanceof ec2.CfnRouteTable) {
        tagName(child, `routes-${kind}-${index + 1}`, parts);
      } else if (child instanceof ec2.CfnNatGateway) {
        tagName(child, `nat-${index + 1}`, parts);
      } else if (child instanceof ec2.CfnEIP) {
        tagName(child, `address-${index + 1}`, parts);
      }
    }
  });
}
