import { Change, resourceOf } from './differences';
import { Code, detailsOf, Finding, finding, nameOf } from './findings';
import { Environment } from '../environments';
import { Resource } from '../template';

/**
 * Returns one finding for each environment whose resources change, and one for each other resource, or one for all of
 * them if they have a subject.
 */
export function byEnvironment(
  code: Code,
  changes: readonly Change[],
  environments: readonly Environment[],
  words: (change: Change) => string[] = detailsOf,
  others?: string,
): Finding[] {
  const subjects = new Map<string, Change[]>();
  const parts = environments
    .map((environment) => partsOf(environment))
    .map((resources, index) => ({ name: environments[index].name, resources, names: resources.map(nameOf) }));
  for (const change of changes) {
    const resource = resourceOf(change);
    // A moved resource is known by the logical id of the new template.
    const name =
      parts.find(({ resources, names }) => resources.includes(resource) || names.includes(nameOf(resource)))?.name ??
      others ??
      nameOf(resource);
    subjects.set(name, [...(subjects.get(name) ?? []), change]);
  }
  return [...subjects].map(([subject, own]) => finding(code, subject, own, own.flatMap(words)));
}

/** The resources of an environment that serve users. */
function partsOf({ service, group, loadBalancer, targetGroups, production, test }: Environment): Resource[] {
  const { template } = service;
  const own = [
    service,
    group,
    loadBalancer,
    production,
    test,
    ...targetGroups,
    service.at('Cluster').target,
    group?.at('ApplicationName').target,
  ].filter((one) => one !== undefined);
  const listeners = template
    .ofType('AWS::ElasticLoadBalancingV2::Listener')
    .filter((listener) => loadBalancer !== undefined && listener.at('LoadBalancerArn').target === loadBalancer);
  const rules = template
    .ofType('AWS::ElasticLoadBalancingV2::ListenerRule')
    .filter((rule) => listeners.some((listener) => rule.at('ListenerArn').target === listener));
  return [...own, ...listeners, ...rules];
}
