import { Resource, SynthesisedTemplate } from './synthesis';
import { all, idOf, propertiesOf } from './templates';

export type Properties = Resource['Properties'];

interface Named {
  readonly template: SynthesisedTemplate;
  readonly suffix: string;
  readonly environmentNames: readonly string[];
}

/** The logical id and the properties of the one resource of a type that has this name. */
export function named({ template }: Named, type: string, property: string, name: string): [string, Properties] {
  const found = all(template, type).filter(([, properties]) => properties[property] === name);
  expect([name, found.length]).toEqual([name, 1]);
  return found[0];
}

/** The resources that CodeDeploy switches in one environment. */
export interface EnvironmentResources {
  readonly name: string;
  readonly group: Properties;
  readonly service: Properties;
  readonly serviceId: string;
  readonly balancer: Properties;
  readonly balancerId: string;
  /** The logical ids of the blue and the green target group. */
  readonly colours: string[];
  /** The logical ids of the production and the test listener. */
  readonly listeners: string[];
}

/** The resources of each environment of a program, by the names that they must have. */
export function environmentsOf(program: Named): EnvironmentResources[] {
  const { suffix } = program;
  return program.environmentNames.map((name) => {
    const [, group] = named(program, 'AWS::CodeDeploy::DeploymentGroup', 'DeploymentGroupName', `deployment-group-${name}-${suffix}`);
    const [serviceId, service] = named(program, 'AWS::ECS::Service', 'ServiceName', `service-${name}-${suffix}`);
    const [balancerId, balancer] = named(program, 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'Name', `alb-${name}-${suffix}`);
    const [pair, ...otherPairs] = group.LoadBalancerInfo.TargetGroupPairInfoList as Properties[];
    const colours = (pair.TargetGroups as Properties[]).map(({ Name }) => idOf(Name));
    const routes = [pair.ProdTrafficRoute, pair.TestTrafficRoute] as { ListenerArns: unknown[] }[];
    const listeners = routes.flatMap(({ ListenerArns }) => ListenerArns).map(idOf);
    expect([otherPairs.length, colours.length, listeners.length]).toEqual([0, 2, 2]);
    return { name, group, service, serviceId, balancer, balancerId, colours, listeners };
  });
}

/** The properties of both target groups of an environment. */
export function targetGroupsOf({ template }: Named, { colours }: EnvironmentResources): Properties[] {
  return colours.map((id) => propertiesOf(template, id, 'AWS::ElasticLoadBalancingV2::TargetGroup'));
}
