import { Environment, environmentsOf } from '../../environments';
import { Resource, Template } from '../../template';
import { Differences, isCustom } from '../differences';
import { Finding, finding, nameOf } from '../findings';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

/** Findings about the way of a request: listeners that a deployment moves, and ports. */
export function trafficFindings(differences: Differences): Finding[] {
  return [...resets(differences), ...closedPorts(differences)];
}

/**
 * Listeners and rules that CloudFormation sends with a target group of the template. A custom resource that is asked
 * again in the same update can report the live one instead.
 */
function resets(differences: Differences): Finding[] {
  const moved = environmentsOf(differences.before);
  return differences
    .ofType(LISTENER, RULE)
    .filter(({ kind }) => kind === 'changed')
    .flatMap((change) => {
      const { before, after } = change;
      const environment = moved.find((one) => routesOf(one).includes(before));
      const actions = after!.type === LISTENER ? 'DefaultActions' : 'Actions';
      const reporters = after!.at(actions).targets.filter(({ type }) => isCustom(type));
      const isAsked = reporters.length > 0 && reporters.every((one) => differences.of(one) !== undefined);
      const isMoved =
        environment !== undefined ||
        moved.some(
          ({ group, targetGroups }) =>
            group !== undefined && before!.at(actions).targets.some((target) => targetGroups.includes(target)),
        );
      return isMoved && !isAsked ? [finding('listener-reset', environment?.name ?? nameOf(before!), [change])] : [];
    });
}

/** The listeners and rules that a deployment points to another target group. ECS moves those that the service names. */
function routesOf({ service, group, production, test }: Environment): (Resource | undefined)[] {
  return group !== undefined
    ? [production, test]
    : service
      .at('LoadBalancers')
      .items.map((one) => one.at('AdvancedConfiguration'))
      .flatMap((one) => [one.at('ProductionListenerRule').target, one.at('TestListenerRule').target]);
}

/** A rule of a security group, as it lets packets through. */
interface Opening {
  readonly direction: string;
  readonly group: Resource;
  readonly rule: Resource;
  /** Protocol, ports and peer. */
  readonly text: string;
  readonly ports: readonly [from: number, to: number];
}

/** Ports that stay closed after the update, of security groups and load balancers that stay. */
function closedPorts(differences: Differences): Finding[] {
  const { before, after } = differences;
  const environments = environmentsOf(before);
  const left = openings(after);
  const closed = openings(before).filter((one) => {
    const group = differences.successor(one.group);
    const stays = group !== undefined && differences.of(group)?.kind !== 'replaced';
    return (
      stays &&
      !servesTestsAlone(one, environments) &&
      !left.some((other) => other.group === group && covers(other, one))
    );
  });
  const listeners = environments.flatMap(({ name, loadBalancer }) => {
    const balancer = differences.successor(loadBalancer);
    if (loadBalancer === undefined || balancer === undefined || differences.of(balancer)?.kind === 'replaced') {
      return [];
    }
    const ports = portsOf(balancer);
    return listenersOf(loadBalancer)
      .filter((one) => !isTestListener(one, environments) && !ports.includes(one.at('Port').text))
      .map((one) => ({ name, one }));
  });
  return [
    ...closed.map(({ group, rule, text, direction }) =>
      finding(
        'port-closed',
        nameOf(group),
        [differences.of(rule) ?? differences.of(group)!].filter((change) => change !== undefined),
        [`${direction} ${text} is removed`],
      ),
    ),
    ...listeners.map(({ name, one }) =>
      finding('port-closed', name, [differences.of(one)!], [`nothing listens on port ${one.at('Port').text} any more`]),
    ),
  ];
}

function listenersOf(loadBalancer: Resource): Resource[] {
  return loadBalancer.template.ofType(LISTENER).filter((one) => one.at('LoadBalancerArn').target === loadBalancer);
}

function portsOf(loadBalancer: Resource): string[] {
  return listenersOf(loadBalancer).map((one) => one.at('Port').text);
}

function isTestListener(listener: Resource, environments: Environment[]): boolean {
  return environments.some(({ test }) => test === listener);
}

/** Every rule of the security groups, those in the group itself and those that are resources of their own. */
function openings(template: Template): Opening[] {
  const resources = ['Ingress', 'Egress'].flatMap((direction) => [
    ...template
      .ofType('AWS::EC2::SecurityGroup')
      .flatMap((group) =>
        group.at(`SecurityGroup${direction}`).items.map((value) => ({ direction, group, rule: group, value })),
      ),
    ...template
      .ofType(`AWS::EC2::SecurityGroup${direction}`)
      .map((rule) => ({ direction, group: rule.at('GroupId').target, rule, value: rule.at() })),
  ]);
  return resources.flatMap(({ direction, group, rule, value }) => {
    const [from, to] = ['FromPort', 'ToPort'].map((name) => value.at(name).number);
    const every = value.at('IpProtocol').text === '-1' || Number.isNaN(from);
    const peer = [
      'CidrIp',
      'CidrIpv6',
      'SourceSecurityGroupId',
      'DestinationSecurityGroupId',
      'SourcePrefixListId',
      'DestinationPrefixListId',
    ]
      .map((name) => value.at(name).exact)
      .filter((text) => text !== '')
      .join(' ');
    const ports = every ? ([0, 65535] as const) : ([from, to] as const);
    const shown = every ? 'every port' : `port ${[...new Set(ports)].join('-')}`;
    const isRule = peer !== '255.255.255.255/32';
    return group === undefined || !isRule
      ? []
      : [{ direction, group, rule, ports, text: `${shown} (${value.at('IpProtocol').text}) ${peer}` }];
  });
}

/** Returns true if a rule lets through what another one does. */
function covers(other: Opening, one: Opening): boolean {
  const peerOf = ({ text }: Opening) => text.slice(text.indexOf('('));
  const isAnyone = (text: string) => /0\.0\.0\.0\/0$/.test(text);
  const [wide, narrow] = [peerOf(other), peerOf(one)];
  return (
    other.direction === one.direction &&
    other.ports[0] <= one.ports[0] &&
    other.ports[1] >= one.ports[1] &&
    (wide === narrow || (isAnyone(wide) && !narrow.includes('::')))
  );
}

/** Returns true if no listener but that of tests uses the port of the rule. */
function servesTestsAlone({ group, ports }: Opening, environments: Environment[]): boolean {
  return environments.some(({ loadBalancer, test }) => {
    const groups = loadBalancer?.at('SecurityGroups').targets ?? [];
    const used =
      loadBalancer === undefined
        ? []
        : listenersOf(loadBalancer).filter(
          (one) => one.at('Port').number >= ports[0] && one.at('Port').number <= ports[1],
        );
    return groups.includes(group) && used.every((one) => one === test);
  });
}
