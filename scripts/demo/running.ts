import { Environment, environmentsOf, scalingOf, taskDefinitionsOf, taskSizeInWords } from './environment';
import { counted, labelled, listed, retention } from './layout';
import { reachInWords, whoReaches } from './reach';
import { Resource, Template, Value } from './template';

/** What runs in each environment. */
export function running(template: Template): string[] {
  return environmentsOf(template).flatMap((environment, index) => [
    ...(index === 0 ? [] : ['']),
    environment.name,
    ...facts(environment).flatMap(([label, ...texts]) => labelled(label, texts, 2, 18)),
  ]);
}

type Fact = [label: string, ...texts: string[]];

function facts(environment: Environment): Fact[] {
  const { service } = environment;
  const { first, released } = taskDefinitionsOf(service);
  return [
    ['Service', `${service.name} in ${service.at('Cluster').text}, on ${service.at('LaunchType').text === 'FARGATE' ? 'Fargate' : service.at('LaunchType').text}; `
      + `${service.at('DeploymentController', 'Type').text === 'CODE_DEPLOY' ? 'CodeDeploy' : 'ECS itself'} replaces its tasks`],
    ['Tasks', `${counted(service.at('DesiredCount').number, 'task')} of ${taskSizeInWords(released)}, ${scalingInWords(service)}`],
    ...released.at('ContainerDefinitions').items.flatMap(containerFacts),
    ['Health check', healthCheckInWords(environment.targetGroups)],
    ...listenerFacts(environment),
    ['Network', networkInWords(service)],
    ['Task access', taskReach(environment)],
    ['Logs', ...logsInWords(released)],
    ['First deployment', `${listed(first.at('ContainerDefinitions').items.map((container) => container.at('Image').text))} `
      + `(${taskSizeInWords(first)}) answers until the first release arrives`],
  ];
}

function scalingInWords(service: Resource): string {
  const scaling = scalingOf(service);
  return scaling === undefined ? 'a fixed number' : `from ${scaling.least} to ${scaling.most} to keep ${listed(scaling.targets)}`;
}

function containerFacts(container: Value): Fact[] {
  const variables = container.at('Environment').items.map((variable) => `${variable.at('Name').text}=${variable.at('Value').text}`);
  // The names alone: a report is passed on.
  const secrets = container.at('Secrets').items.map((secret) => secret.at('Name').text);
  return [
    ['Container', `${container.at('Name').text}, listens on port ${listed(container.at('PortMappings').items.map((port) => port.at('ContainerPort').text))}`],
    ['  variables', variables.length === 0 ? 'none' : variables.join(', ')],
    ['  secrets', secrets.length === 0 ? 'none' : secrets.join(', ')],
  ];
}

function healthCheckInWords(targetGroups: Resource[]): string {
  const checks = targetGroups.map((group) => `GET ${group.at('HealthCheckPath').text} every ${group.at('HealthCheckIntervalSeconds').text} s must answer `
    + `${group.at('Matcher', 'HttpCode').text} within ${group.at('HealthCheckTimeoutSeconds').text} s; healthy after ${group.at('HealthyThresholdCount').text} `
    + `in a row, unhealthy after ${group.at('UnhealthyThresholdCount').text}`);
  return [...new Set(checks)].join('; and ');
}

function listenerFacts(environment: Environment): Fact[] {
  const { loadBalancer, production, test } = environment;
  const groups = loadBalancer.at('SecurityGroups');
  const others = loadBalancer.template.ofType('AWS::ElasticLoadBalancingV2::Listener')
    .filter((listener) => listener.at('LoadBalancerArn').target === loadBalancer && listener !== production && listener !== test);
  const reach = (listener: Resource) => reachInWords(whoReaches(groups, listener.at('Port').number));
  const open = (listener: Resource) => `${listener.at('Protocol').text} on port ${listener.at('Port').text}${tlsInWords(listener)}, ${reach(listener)}`;
  return [
    ['Load balancer', `${loadBalancer.name}, ${loadBalancer.at('Scheme').text === 'internet-facing' ? 'on the Internet' : 'inside the network'}, `
      + `in ${counted(loadBalancer.at('Subnets').items.length, 'subnet')}`],
    ['  users', open(production)],
    ['  testers', test === undefined ? 'no test listener: a release answers nobody before it goes live' : open(test)],
    ...others.map((listener): Fact => ['  also', `${open(listener)}${redirectInWords(listener)}`]),
  ];
}

function tlsInWords(listener: Resource): string {
  const policy = listener.at('SslPolicy').text;
  return policy === '' ? '' : ` (${policy})`;
}

function redirectInWords(listener: Resource): string {
  const redirect = listener.at('DefaultActions').items.map((action) => action.at('RedirectConfig')).find((config) => config.exists);
  return redirect === undefined ? '' : `; redirects to ${redirect.at('Protocol').text} on port ${redirect.at('Port').text}`;
}

function networkInWords(service: Resource): string {
  const network = service.at('NetworkConfiguration', 'AwsvpcConfiguration');
  const addresses = network.at('AssignPublicIp').text === 'ENABLED' ? 'with public addresses' : 'without public addresses';
  const gateways = service.template.ofType('AWS::EC2::NatGateway').length;
  const subnets = network.at('Subnets').items;
  const vpc = subnets[0]?.target?.at('VpcId').text;
  return vpc === undefined
    ? `${counted(subnets.length, 'subnet')} of a network that is not in this stack, ${addresses}`
    : `${counted(subnets.length, 'subnet')} of ${vpc}, ${addresses}; the way out is ${gateways === 0 ? 'not through a NAT gateway' : counted(gateways, 'NAT gateway')}`;
}

function taskReach({ service, targetGroups }: Environment): string {
  const groups = service.at('NetworkConfiguration', 'AwsvpcConfiguration', 'SecurityGroups');
  const port = targetGroups[0]?.at('Port').number ?? NaN;
  const exits = groups.targets.flatMap((group) => group.at('SecurityGroupEgress').items.map((rule) => rule.at('CidrIp').text));
  const out = exits.includes('0.0.0.0/0') ? 'tasks may call out anywhere' : `tasks may call out to ${listed([...new Set(exits)]) || 'nothing'}`;
  return `port ${port}, ${reachInWords(whoReaches(groups, port))}; ${out}`;
}

function logsInWords(definition: Resource): string[] {
  const groups = definition.at('ContainerDefinitions').items
    .map((container) => container.at('LogConfiguration', 'Options', 'awslogs-group').target)
    .filter((group) => group !== undefined);
  return [...new Set(groups)].map((group) => `${group.name}, kept ${retention(group.at('RetentionInDays').number)}`);
}
