import { reachInWords } from './reach';
import { inWords } from './words';
import {
  Environment, environmentsOf, scalingOf, taskCountOf, taskDefinitionsOf, taskSizeInWords,
} from '../environments';
import { counted, Entry, Fact, listed, retention } from '../layout';
import { Resource, Template, Value } from '../template';

/** Describes the tasks and the load balancer of each environment. */
export function running(template: Template): Entry[] {
  return environmentsOf(template).map((environment) => ({ name: environment.name, facts: factsOf(environment) }));
}

function factsOf(environment: Environment): Fact[] {
  const { service, group, targetGroups } = environment;
  const { first, released } = taskDefinitionsOf(service) ?? {};
  const tasks = counted(taskCountOf(service), 'task');
  return [
    ['Service', `${service.name} in ${service.at('Cluster').text || 'the default cluster'}, on ${launchOf(service)}; `
      + `${controllerOf(service)} replaces its tasks`],
    ['Tasks', released === undefined
      ? `${tasks} of ${service.at('TaskDefinition').text}, which is not in this stack`
      : `${tasks} of ${taskSizeInWords(released)}, ${scalingInWords(service)}`],
    ...(released?.at('ContainerDefinitions').items.flatMap(containerFacts) ?? []),
    ['Health check', ...healthChecks(targetGroups)],
    ...listenerFacts(environment),
    ['Network', networkInWords(service)],
    ['Task access', taskReach(environment)],
    ...(released === undefined ? [] : [['Logs', ...logsInWords(released)] satisfies Fact]),
    ...(group === undefined || first === undefined ? [] : [['First deployment', beforeReleases(first)] satisfies Fact]),
  ];
}

function launchOf(service: Resource): string {
  const provider = service.at('CapacityProviderStrategy').items.map((one) => one.at('CapacityProvider').text);
  const type = service.at('LaunchType').text || listed(provider) || 'EC2';
  return type === 'FARGATE' ? 'Fargate' : type;
}

function controllerOf(service: Resource): string {
  const controller = service.at('DeploymentController', 'Type').text || 'ECS';
  const strategy = service.at('DeploymentConfiguration', 'Strategy').text;
  return inWords('controllers', controller) + (controller === 'ECS' && strategy !== '' ? ` (${strategy})` : '');
}

function scalingInWords(service: Resource): string {
  const scaling = scalingOf(service);
  return scaling === undefined
    ? 'a fixed number'
    : `from ${scaling.least || 'unknown'} to ${scaling.most || 'unknown'} to keep ${listed(scaling.targets)}`;
}

function containerFacts(container: Value): Fact[] {
  const variables = container.at('Environment').items
    .map((variable) => `${variable.at('Name').text}=${variable.at('Value').text}`);
  // Only the names, because reports are shared.
  const secrets = container.at('Secrets').items.map((secret) => secret.at('Name').text);
  const ports = container.at('PortMappings').items.map((port) => port.at('ContainerPort').text);
  return [
    ['Container', `${container.at('Name').text}, listens on port ${listed(ports) || 'none'}`],
    ['  variables', variables.join(', ') || 'none'],
    ['  secrets', secrets.join(', ') || 'none'],
  ];
}

function healthChecks(targetGroups: Resource[]): string[] {
  const checks = targetGroups.map((group) => {
    const value = (name: string, otherwise: string) => group.at(name).text || otherwise;
    return `GET ${value('HealthCheckPath', '/')} every ${value('HealthCheckIntervalSeconds', '30')} s must answer `
      + `${group.at('Matcher', 'HttpCode').text || '200'} within ${value('HealthCheckTimeoutSeconds', '5')} s; `
      + `healthy after ${value('HealthyThresholdCount', '5')} in a row, `
      + `unhealthy after ${value('UnhealthyThresholdCount', '2')}`;
  });
  return checks.length === 0 ? ['no target group in this stack'] : [...new Set(checks)];
}

function listenerFacts({ loadBalancer, production, test, targetGroups }: Environment): Fact[] {
  if (loadBalancer === undefined || production === undefined) {
    return [['Load balancer', targetGroups.length === 0 ? 'none in this stack' : 'not in this stack']];
  }
  const groups = loadBalancer.at('SecurityGroups');
  const others = loadBalancer.template.ofType('AWS::ElasticLoadBalancingV2::Listener').filter((listener) =>
    listener.at('LoadBalancerArn').target === loadBalancer && ![production, test].includes(listener));
  const open = (listener: Resource) => {
    const tls = listener.at('SslPolicy').text;
    return `${listener.at('Protocol').text} on port ${listener.at('Port').text}${tls && ` (${tls})`}, `
      + reachInWords(groups, listener.at('Port').number);
  };
  const redirects = (listener: Resource) => listener.at('DefaultActions').items
    .map((action) => action.at('RedirectConfig')).filter((config) => config.exists).slice(0, 1)
    .map((config) => `; redirects to ${config.at('Protocol').text} on port ${config.at('Port').text}`);
  const where = loadBalancer.at('Scheme').text === 'internal' ? 'inside the network' : 'on the Internet';
  const subnets = counted(loadBalancer.at('Subnets').items.length, 'subnet');
  return [
    ['Load balancer', `${loadBalancer.name}, ${where}, in ${subnets}`],
    ['  users', open(production)],
    ['  testers', test === undefined ? 'none: a release is not reachable before it goes live' : open(test)],
    ...others.map((listener): Fact => ['  also', `${open(listener)}${redirects(listener).join('')}`]),
  ];
}

function networkInWords(service: Resource): string {
  const network = service.at('NetworkConfiguration', 'AwsvpcConfiguration');
  const addresses = `with${network.at('AssignPublicIp').text === 'ENABLED' ? '' : 'out'} public addresses`;
  const gateways = service.template.ofType('AWS::EC2::NatGateway').length;
  const subnets = network.at('Subnets').items;
  const vpc = subnets[0]?.target?.at('VpcId').text;
  const place = `${counted(subnets.length, 'subnet')} of ${vpc ?? 'a network that is not in this stack'}, ${addresses}`;
  const exit = gateways === 0 ? 'without a NAT gateway' : `through ${counted(gateways, 'NAT gateway')}`;
  return vpc === undefined ? place : `${place}; egress ${exit}`;
}

function taskReach({ service, targetGroups }: Environment): string {
  const groups = service.at('NetworkConfiguration', 'AwsvpcConfiguration', 'SecurityGroups');
  const port = targetGroups[0]?.at('Port');
  const exits = groups.targets.flatMap((group) => group.at('SecurityGroupEgress').items)
    .map((rule) => rule.at('CidrIp').text);
  const out = exits.includes('0.0.0.0/0') ? 'anywhere' : `to ${listed([...new Set(exits)]) || 'nothing'}`;
  const inward = port === undefined ? 'port not known' : `port ${port.text}, ${reachInWords(groups, port.number)}`;
  return `${inward}; tasks can connect ${out}`;
}

function logsInWords(definition: Resource): string[] {
  const groups = definition.at('ContainerDefinitions').items
    .map((container) => container.at('LogConfiguration', 'Options', 'awslogs-group').target)
    .filter((group) => group !== undefined);
  const kept = [...new Set(groups)]
    .map((group) => `${group.name}, kept ${retention(group.at('RetentionInDays').number)}`);
  return kept.length === 0 ? ['no log group in this stack'] : kept;
}

/** The container before the first release, where releases come from another task definition. */
function beforeReleases(first: Resource): string {
  const images = first.at('ContainerDefinitions').items.map((container) => container.at('Image').text);
  return `${listed(images)} (${taskSizeInWords(first)}) serves requests until the first release`;
}
