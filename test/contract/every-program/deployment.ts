import { environmentsOf, named, Properties, targetGroupsOf } from '../../helpers/environments';
import { allPrograms, pipelinePrograms } from '../../helpers/programs';
import { references, resources } from '../../helpers/synthesis';
import { all, idOf, listOf, propertiesOf, releaseSettingsIn, waitsFor } from '../../helpers/templates';

/** The metrics of the alarms of a colour, by the type of the alarm. */
const WATCHED = ['HTTPCode_Target_5XX_Count RequestCount', 'UnHealthyHostCount'];
/** The metrics of each colour in the alarm for both colours. */
const WATCHED_TOGETHER = ['RequestCount', 'TargetConnectionErrorCount'];

describe.each(allPrograms())('$name', (program) => {
  const { template, suffix, environmentNames } = program;
  const environments = environmentsOf(program);

  test.each([
    'AWS::CodeDeploy::DeploymentGroup', 'AWS::CodeDeploy::Application', 'AWS::ECS::Cluster', 'AWS::ECS::Service',
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
  ])('every environment has one %s', (type) => {
    expect(all(template, type)).toHaveLength(environmentNames.length);
  });

  test('a deployment group deploys to the service of its environment, in the cluster of that service', () => {
    for (const { name, group, service, serviceId } of environments) {
      const [cluster] = named(program, 'AWS::ECS::Cluster', 'ClusterName', `cluster-${name}-${suffix}`);
      const [application] = named(program, 'AWS::CodeDeploy::Application', 'ApplicationName', `application-${name}-${suffix}`);
      const targets = (group.ECSServices as Properties[]).map(({ ServiceName, ClusterName }) => [idOf(ServiceName), idOf(ClusterName)]);

      expect(targets).toEqual([[serviceId, cluster]]);
      expect([idOf(service.Cluster), idOf(group.ApplicationName)]).toEqual([cluster, application]);
    }
  });

  test('the two target groups of an environment are its own and differ only in their names', () => {
    for (const environment of environments) {
      const [blue, green] = targetGroupsOf(program, environment);

      expect(blue.Name).not.toBe(green.Name);
      expect({ ...blue, Name: 'any' }).toEqual({ ...green, Name: 'any' });
    }
    expect(environments.flatMap(({ colours }) => colours).sort())
      .toEqual(Object.keys(resources(template, 'AWS::ElasticLoadBalancingV2::TargetGroup')).sort());
  });

  test('the listeners of an environment forward to the colours that the function returns', () => {
    for (const { balancerId, colours, listeners } of environments) {
      const [production, testing] = listeners.map((id) => propertiesOf(template, id, 'AWS::ElasticLoadBalancingV2::Listener'));
      const actions = [production, testing].map(({ DefaultActions }) =>
        (DefaultActions as Properties[]).map(({ Type, TargetGroupArn }) => [Type, TargetGroupArn]));

      expect([production, testing].map(({ LoadBalancerArn }) => idOf(LoadBalancerArn))).toEqual([balancerId, balancerId]);
      expect([production.Port, testing.Port]).toEqual([production.Protocol === 'HTTPS' ? 443 : 80, 9000]);
      expect(testing.Protocol).toBe(production.Protocol);
      const [[answer]] = all(template, 'Custom::LiveColour').filter(([, { Blue, Green }]) => [idOf(Blue), idOf(Green)].join() === colours.join());
      expect(actions).toEqual(['Production', 'Test'].map((attribute) => [['forward', { 'Fn::GetAtt': [answer, attribute] }]]));
    }
    expect(new Set(environments.flatMap(({ listeners }) => listeners)).size).toBe(2 * environments.length);
  });

  test('the live colour is looked up before any change of a listener, and waits for neither listener nor service', () => {
    for (const { colours, listeners, serviceId, service, name } of environments) {
      const [[answer, { Blue, Green, Cluster, Service, Listeners }]] = all(template, 'Custom::LiveColour')
        .filter(([, properties]) => idOf(properties.Blue) === colours[0]);
      const before = waitsFor(template, answer);

      expect([idOf(Blue), idOf(Green)]).toEqual(colours);
      expect([Cluster, Service]).toEqual([`cluster-${name}-${suffix}`, service.ServiceName]);
      expect(Listeners).toEqual(listeners.map((id) => {
        const { DefaultActions: _, ...others } = propertiesOf(template, id, 'AWS::ElasticLoadBalancingV2::Listener');
        return others;
      }));
      expect([...listeners, serviceId].filter((id) => before.has(id))).toEqual([]);
      expect(colours.filter((id) => before.has(id))).toEqual(colours);
      expect([...before].filter((id) => JSON.stringify(template.Resources[id].Properties?.RoleName)?.includes(`role-colour-${name}-`))).toHaveLength(1);
      [...listeners, serviceId].forEach((id) => expect(waitsFor(template, id)).toContain(answer));
    }
  });

  test('a service starts behind the blue target group, with the container that the target group expects', () => {
    for (const environment of environments) {
      const [blue] = targetGroupsOf(program, environment);

      expect(environment.service.LoadBalancers).toEqual([{
        ContainerName: 'app',
        ContainerPort: blue.Port,
        TargetGroupArn: { Ref: environment.colours[0] },
      }]);
    }
  });

  test('a service runs the bootstrap revision of its family, under the roles of every release', () => {
    for (const { name, service } of environments) {
      const [, running] = named(program, 'AWS::ECS::TaskDefinition', 'Family', `task-${name}-${suffix}`);
      const [, sibling] = named(program, 'AWS::ECS::TaskDefinition', 'Family', `taskdef-${name}-${suffix}`);

      expect(service.TaskDefinition).toBe(running.Family);
      expect(running.ContainerDefinitions[0].PortMappings[0].ContainerPort).toBe(service.LoadBalancers[0].ContainerPort);
      expect([running.TaskRoleArn, running.ExecutionRoleArn]).toEqual([sibling.TaskRoleArn, sibling.ExecutionRoleArn]);
    }
  });

  test('errors, unhealthy tasks and refused connections of either colour cause a rollback in their own environment', () => {
    for (const { group, balancerId, colours } of environments) {
      const watched = (group.AlarmConfiguration.Alarms as Properties[]).map(({ Name }) => {
        const alarm = propertiesOf(template, idOf(Name), 'AWS::CloudWatch::Alarm');
        const stats = listOf(alarm.Metrics as Properties[] | undefined).flatMap(({ MetricStat }) => listOf(MetricStat?.Metric));
        const metrics: Properties[] = stats.length > 0 ? stats : [alarm];
        const owners = [...new Set(metrics.map(ownersOf))].sort();
        return owners.map((owner) =>
          `${owner}: ${metrics.filter((metric) => ownersOf(metric) === owner).map(({ MetricName }) => MetricName as string).sort().join(' ')}`).join('; ');
      });
      const of = (colour: string, metrics: string) => `AWS/ApplicationELB,${[colour, balancerId].sort().join()}: ${metrics}`;

      expect(watched.sort()).toEqual([
        ...colours.flatMap((colour) => WATCHED.map((metrics) => of(colour, metrics))),
        colours.map((colour) => of(colour, WATCHED_TOGETHER.join(' '))).sort().join('; '),
      ].sort());
    }
  });

  /** The namespace of a metric, and the owner of its resource. */
  function ownersOf({ Namespace, Dimensions }: Properties): string {
    return [Namespace, ...new Set(references(Dimensions).map(ownerOf).sort())].join();
  }

  /** The load balancer of a listener, from whose ARN the dimension of a load balancer is cut; any other resource itself. */
  function ownerOf(id: string): string {
    const owner = template.Resources[id];
    return owner.Type === 'AWS::ElasticLoadBalancingV2::Listener' ? idOf(owner.Properties.LoadBalancerArn) : id;
  }
});

const arn = (name: string) => expect.stringMatching(new RegExp(`^arn:.*:function:${name}$`));
const smokeTest = (environment: string) => expect.stringMatching(new RegExp(`^\\$\\{PDeploy${environment}SmokeTest\\w+\\.Arn\\}$`));

/** The hooks of the full program. */
const HOOKS: { readonly [environmentName: string]: object } = {
  qa: { AfterAllowTestTraffic: smokeTest('Qa') },
  preprod: {
    BeforeInstall: arn('freeze'),
    AfterInstall: arn('warm'),
    AfterAllowTestTraffic: arn('try'),
    BeforeAllowTraffic: arn('ask'),
    AfterAllowTraffic: arn('announce'),
  },
  live: { AfterAllowTestTraffic: smokeTest('Live'), AfterAllowTraffic: arn('celebrate') },
};

describe.each(pipelinePrograms())('$name', ({ template, suffix, environmentNames }) => {
  test('every release is created from the template revision, for the family that the service runs, with the container, port and hooks', () => {
    const expected = environmentNames.map((name) => [name, {
      taskDefinition: `\${${all(template, 'AWS::ECS::TaskDefinition').find(([, { Family }]) => Family === `taskdef-${name}-${suffix}`)?.[0]}}`,
      family: `task-${name}-${suffix}`,
      container: 'app',
      port: suffix === 'shop' ? 3000 : 8080,
      ...(HOOKS[name] && { hooks: HOOKS[name] }),
    }]);

    expect(releaseSettingsIn(template)).toEqual(Object.fromEntries(expected));
  });
});
