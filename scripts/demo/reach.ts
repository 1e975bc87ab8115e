import { listed } from './layout';
import { Value } from './template';

/** Who may open a connection to a port that security groups guard; nobody is an empty list. */
export function whoReaches(securityGroups: Value, port: number): string[] {
  return [...new Set(securityGroups.items.flatMap((value) => {
    const group = value.target;
    return group === undefined ? [`whoever ${value.text}, which is not in this stack, lets in`] : [
      ...group.at('SecurityGroupIngress').items,
      ...group.template.ofType('AWS::EC2::SecurityGroupIngress').filter((rule) => rule.at('GroupId').target === group).map((rule) => rule.at()),
    ].filter((rule) => covers(rule, port)).map(sourceOf);
  }))];
}

function covers(rule: Value, port: number): boolean {
  const everyProtocol = rule.at('IpProtocol').text === '-1';
  return everyProtocol || (rule.at('FromPort').number <= port && port <= rule.at('ToPort').number);
}

function sourceOf(rule: Value): string {
  const sources = ['CidrIp', 'CidrIpv6', 'SourceSecurityGroupId', 'SourceSecurityGroupName', 'SourcePrefixListId'].map((property) => rule.at(property));
  return sources.find((source) => source.exists)?.text ?? 'an unknown source';
}

/** The same in words, to follow a port. */
export function reachInWords(sources: string[]): string {
  return sources.length === 0 ? 'closed: no security group rule opens it'
    : `open to ${listed(sources.map((source) => (['0.0.0.0/0', '::/0'].includes(source) ? `everybody (${source})` : source)))}`;
}
