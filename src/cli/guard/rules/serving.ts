import { Environment, environmentsOf, taskDefinitionsOf } from '../../environments';
import { Resource } from '../../template';
import { Change, changesProperty, deletes, Differences } from '../differences';
import { Finding, finding } from '../findings';
import { byEnvironment } from '../grouping';

/** Types whose removal users notice. Listeners alone are a matter of ports. */
const SERVING = [
  'AWS::ApiGatewayV2::VpcLink',
  'AWS::CloudFront::Distribution',
  'AWS::CodeDeploy::Application',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::ECS::Cluster',
  'AWS::ECS::Service',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::GlobalAccelerator::Accelerator',
  'AWS::Route53::RecordSet',
  'AWS::Route53::RecordSetGroup',
];

/** Findings about what serves users: services, load balancers, target groups and DNS records. */
export function servingFindings(differences: Differences): Finding[] {
  const environments = environmentsOf(differences.before);
  return [
    ...byEnvironment(
      'service-deleted',
      differences.ofType(...SERVING).filter((change) => deletes(change) || losesRecord(change)),
      environments,
    ),
    ...environments.flatMap((environment) => rejections(differences, environment)),
    ...byEnvironment(
      'health-check-changed',
      differences
        .ofType('AWS::ElasticLoadBalancingV2::TargetGroup')
        .filter(
          (change) =>
            change.kind === 'changed' &&
            changesProperty(change, 'HealthCheckPath', 'HealthCheckPort', 'HealthCheckProtocol', 'Matcher'),
        ),
      environments,
    ),
  ];
}

/** Returns true if a group of DNS records no longer has one of them. */
function losesRecord({ kind, before, after }: Change): boolean {
  const recordsOf = (group: Resource) =>
    group.at('RecordSets').items.map((record) =>
      ['Name', 'Type', 'SetIdentifier'].map((name) => record.at(name).exact).join(' '),
    );
  return (
    kind === 'changed' &&
    !recordsOf(before!).every((record) => recordsOf(after!).includes(record))
  );
}

/** Changes of a service under CodeDeploy that ECS rejects, now or with the next update of the service. */
function rejections(differences: Differences, { name, service }: Environment): Finding[] {
  if (service.at('DeploymentController', 'Type').text !== 'CODE_DEPLOY') {
    return [];
  }
  const change = differences.of(service);
  if (change?.kind === 'changed') {
    return [finding('service-rejected', name, [change])];
  }
  // Where releases deploy the first task definition itself, the newest revision is the one that runs.
  const { first, released } = taskDefinitionsOf(service) ?? {};
  const registered = first === released ? undefined : differences.of(first);
  // CloudFormation changes the tags of a revision in place. A service that refers to a new revision changes itself.
  return change === undefined && registered !== undefined && registered.kind !== 'changed'
    ? [finding('task-definition-frozen', name, [registered])]
    : [];
}
