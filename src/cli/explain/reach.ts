import { listed } from '../layout';
import { Resource, Value } from '../template';

/** Describes the sources that may connect to a port of security groups, to follow the port in a sentence. */
export function reachInWords(securityGroups: Value, port: number): string {
  const sources = securityGroups.items.flatMap(({ target: group, text }) => (group === undefined
    ? [`the sources that ${text}, which is not in this stack, allows`]
    : ingressOf(group).filter((rule) => covers(rule, port)).map(sourceOf)));
  const words = [...new Set(sources)]
    .map((source) => (['0.0.0.0/0', '::/0'].includes(source) ? `everybody (${source})` : source));
  return words.length === 0 ? 'closed: no security group rule opens it' : `open to ${listed(words)}`;
}

/** The rules of a group, its own and those that are resources of their own. */
function ingressOf(group: Resource): Value[] {
  const apart = group.template.ofType('AWS::EC2::SecurityGroupIngress')
    .filter((rule) => rule.at('GroupId').target === group);
  return [...group.at('SecurityGroupIngress').items, ...apart.map((rule) => rule.at())];
}

function covers(rule: Value, port: number): boolean {
  const everyProtocol = rule.at('IpProtocol').text === '-1';
  return everyProtocol || (rule.at('FromPort').number <= port && port <= rule.at('ToPort').number);
}

function sourceOf(rule: Value): string {
  const properties = ['CidrIp', 'CidrIpv6', 'SourceSecurityGroupId', 'SourceSecurityGroupName', 'SourcePrefixListId'];
  return properties.map((property) => rule.at(property)).find((source) => source.exists)?.text ?? 'an unknown source';
}
