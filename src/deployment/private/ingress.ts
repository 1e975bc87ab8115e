import { aws_ec2 as ec2, CfnResource, Stack } from 'aws-cdk-lib';
import { renderedList, renderedProperties } from '../../private/rendered-properties';

/** A rule of a security group in the template. */
export interface IngressRule {
  readonly CidrIp?: unknown;
  readonly CidrIpv6?: unknown;
  readonly FromPort?: unknown;
  readonly IpProtocol?: unknown;
  readonly ToPort?: unknown;
}

/**
 * The rules of security groups as the template refers to them: those inline, and those that are resources of
 * the stack. A group that is not in the stack stands for itself: its rules are not known.
 */
export function ingressOf(stack: Stack, groups: unknown): { rules: IngressRule[]; unknown: unknown[] } {
  const resources = stack.node.findAll().filter((construct): construct is CfnResource =>
    CfnResource.isCfnResource(construct) && construct.stack === stack);
  const ofType = (type: string) => resources.filter(({ cfnResourceType }) => cfnResourceType === type);
  const known = ofType(ec2.CfnSecurityGroup.CFN_RESOURCE_TYPE_NAME)
    .map((group) => ({ group, id: JSON.stringify(stack.resolve((group as ec2.CfnSecurityGroup).attrGroupId)) }));
  const wanted = Array.isArray(groups) ? groups.map((group) => JSON.stringify(group)) : [JSON.stringify(groups)];
  const inline = known.filter(({ id }) => wanted.includes(id))
    .flatMap(({ group }) => renderedList<IngressRule>(renderedProperties(group).SecurityGroupIngress));
  const separate = ofType(ec2.CfnSecurityGroupIngress.CFN_RESOURCE_TYPE_NAME).map(renderedProperties)
    .filter(({ GroupId: id }) => wanted.includes(JSON.stringify(id)));
  return {
    rules: [...inline, ...separate],
    unknown: wanted.filter((id) => !known.some((one) => one.id === id)).map((id) => JSON.parse(id) as unknown),
  };
}

/** The widest networks of one owner: a /8 of IPv4, and a /16 of IPv6. */
const WIDEST_IPV4 = 8;
const WIDEST_IPV6 = 16;

/** The networks that no single owner has, or that are not known at synthesis, by the rules for a port. */
export function wideNetworks(rules: IngressRule[], port?: unknown): unknown[] {
  return rules.filter((rule) => covers(rule, port)).flatMap(({ CidrIp: ipv4, CidrIpv6: ipv6 }) => [
    ...(isNarrow(ipv4, WIDEST_IPV4) ? [] : [ipv4]),
    ...(isNarrow(ipv6, WIDEST_IPV6) ? [] : [ipv6]),
  ]);
}

function covers({ IpProtocol: protocol, FromPort: from, ToPort: to }: IngressRule, port: unknown): boolean {
  const isOutside = Number(port) < Number(from) || Number(port) > Number(to);
  // A value that is not a number, for example a parameter, may be any port.
  return port === undefined || String(protocol) === '-1' || !isOutside;
}

function isNarrow(cidr: unknown, widest: number): boolean {
  return cidr === undefined
    || isRangeOfNetwork(cidr)
    || (typeof cidr === 'string' && Number(cidr.split('/')[1]) >= widest);
}

/** The address range of a VPC or a subnet of the stack is a /16 at most. */
function isRangeOfNetwork(cidr: unknown): boolean {
  const { 'Fn::GetAtt': attribute } = Object(cidr) as { readonly 'Fn::GetAtt'?: unknown };
  return Array.isArray(attribute) && attribute[1] === 'CidrBlock';
}
