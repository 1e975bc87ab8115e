import { allPrograms, pipelinePrograms } from '../helpers/programs';
import { irreversible } from '../helpers/promises';
import { references, Resource } from '../helpers/synthesis';
import { all, buildSpecOf, filesWrittenBy, idOf, listOf, propertiesOf, releasedTaskDefinitions } from '../helpers/templates';

interface Pair {
  readonly TargetGroups: { readonly Name: unknown }[];
  readonly ProdTrafficRoute: { readonly ListenerArns: unknown[] };
  readonly TestTrafficRoute: { readonly ListenerArns: unknown[] };
}

describe.each(allPrograms())('$name', ({ template, suffix, environmentNames }) => {
  const groups = all(template, 'AWS::CodeDeploy::DeploymentGroup').map(([, group]) => group);
  const pairOf = (group: Resource['Properties']): Pair => group.LoadBalancerInfo.TargetGroupPairInfoList[0] as Pair;
  const coloursOf = (group: Resource['Properties']): string[] => pairOf(group).TargetGroups.map(({ Name }) => idOf(Name));
  const listenersOf = (group: Resource['Properties']): string[] =>
    [...pairOf(group).ProdTrafficRoute.ListenerArns, ...pairOf(group).TestTrafficRoute.ListenerArns].map(idOf);
  const serviceOf = (group: Resource['Properties']): Resource['Properties'] =>
    propertiesOf(template, idOf(group.ECSServices[0].ServiceName), 'AWS::ECS::Service');

  test('promise 28: every environment has one deployment group, one application, one service and one cluster', () => {
    const named = (type: string, property: string): string[] => all(template, type).map(([, properties]) => String(properties[property])).sort();
    const expected = (type: string): string[] => environmentNames.map((name) => `${type}-${name}-${suffix}`).sort();

    expect(named('AWS::CodeDeploy::DeploymentGroup', 'DeploymentGroupName')).toEqual(expected('deployment-group'));
    expect(named('AWS::CodeDeploy::Application', 'ApplicationName')).toEqual(expected('application'));
    expect(named('AWS::ECS::Service', 'ServiceName')).toEqual(expected('service'));
    expect(named('AWS::ECS::Cluster', 'ClusterName')).toEqual(expected('cluster'));
  });

  test('promise 28: a deployment group deploys to the service of its environment, in the cluster of that service', () => {
    for (const group of groups) {
      const environmentName = String(group.DeploymentGroupName).split('-')[2];
      const service = serviceOf(group);
      const cluster = propertiesOf(template, idOf(group.ECSServices[0].ClusterName), 'AWS::ECS::Cluster');
      const application = propertiesOf(template, idOf(group.ApplicationName), 'AWS::CodeDeploy::Application');

      expect(group.ECSServices).toHaveLength(1);
      expect(service.ServiceName).toBe(`service-${environmentName}-${suffix}`);
      expect(cluster.ClusterName).toBe(`cluster-${environmentName}-${suffix}`);
      expect(idOf(service.Cluster)).toBe(idOf(group.ECSServices[0].ClusterName));
      expect([application.ApplicationName, application.ComputePlatform]).toEqual([`application-${environmentName}-${suffix}`, 'ECS']);
      expect(group.DeploymentStyle).toEqual({ DeploymentOption: 'WITH_TRAFFIC_CONTROL', DeploymentType: 'BLUE_GREEN' });
    }
  });

  test('promise 28: every service leaves its deployments to CodeDeploy alone', () => {
    for (const [, service] of all(template, 'AWS::ECS::Service')) {
      expect(service.DeploymentController).toEqual({ Type: 'CODE_DEPLOY' });
      expect(service.DeploymentConfiguration).toEqual({ MaximumPercent: 200, MinimumHealthyPercent: 100 });
      expect(service.LaunchType).toBe('FARGATE');
      expect(service).not.toHaveProperty('ServiceConnectConfiguration');
    }
  });

  test('promise 28: every group has two target groups of its own that differ in nothing but their name', () => {
    for (const group of groups) {
      const [blue, green] = coloursOf(group).map((id) => propertiesOf(template, id, 'AWS::ElasticLoadBalancingV2::TargetGroup'));

      expect(group.LoadBalancerInfo.TargetGroupPairInfoList).toHaveLength(1);
      expect(coloursOf(group)).toHaveLength(2);
      expect(blue.Name).not.toBe(green.Name);
      expect({ ...blue, Name: 'any' }).toEqual({ ...green, Name: 'any' });
      expect(blue.TargetType).toBe('ip');
    }
    const colours = groups.flatMap(coloursOf);
    expect(new Set(colours).size).toBe(2 * groups.length);
    expect(colours.sort()).toEqual(all(template, 'AWS::ElasticLoadBalancingV2::TargetGroup').map(([id]) => id).sort());
  });

  test('promise 28: every group has a production and a test listener on the load balancer of its environment, one for each colour', () => {
    for (const group of groups) {
      const environmentName = String(group.DeploymentGroupName).split('-')[2];
      const [production, testing] = listenersOf(group).map((id) => propertiesOf(template, id, 'AWS::ElasticLoadBalancingV2::Listener'));
      const balancers = [production, testing].map(({ LoadBalancerArn }) =>
        propertiesOf(template, idOf(LoadBalancerArn), 'AWS::ElasticLoadBalancingV2::LoadBalancer').Name as string);

      expect(listenersOf(group)).toHaveLength(2);
      expect(balancers).toEqual([`alb-${environmentName}-${suffix}`, `alb-${environmentName}-${suffix}`]);
      expect([production.Port, testing.Port]).toEqual([production.Protocol === 'HTTPS' ? 443 : 80, 9000]);
      expect(testing.Protocol).toBe(production.Protocol);
      expect([production, testing].map(({ DefaultActions: [action, ...more] }) => [action.Type, idOf(action.TargetGroupArn), more.length]))
        .toEqual(coloursOf(group).map((colour) => ['forward', colour, 0]));
    }
    expect(new Set(groups.flatMap(listenersOf)).size).toBe(2 * groups.length);
  });

  test('promise 28: a service starts behind the blue target group, with the container that the target group expects', () => {
    for (const group of groups) {
      const [{ TargetGroupArn, ContainerName, ContainerPort }, ...others] = serviceOf(group).LoadBalancers as Resource['Properties'][];
      const blue = propertiesOf(template, coloursOf(group)[0], 'AWS::ElasticLoadBalancingV2::TargetGroup');

      expect(others).toEqual([]);
      expect(idOf(TargetGroupArn)).toBe(coloursOf(group)[0]);
      expect([ContainerName, ContainerPort]).toEqual(['app', blue.Port]);
    }
  });

  test('promise 28: a service runs the bootstrap revision of its family, under the same two roles as every release', () => {
    for (const group of groups) {
      const environmentName = String(group.DeploymentGroupName).split('-')[2];
      const definitions = all(template, 'AWS::ECS::TaskDefinition').map(([, definition]) => definition);
      const running = definitions.filter(({ Family }) => Family === serviceOf(group).TaskDefinition);
      const sibling = definitions.filter(({ Family }) => Family === `taskdef-${environmentName}-${suffix}`);

      expect(running.map(({ Family }) => String(Family))).toEqual([`task-${environmentName}-${suffix}`]);
      expect(sibling).toHaveLength(1);
      expect([idOf(running[0].TaskRoleArn), idOf(running[0].ExecutionRoleArn)])
        .toEqual([idOf(sibling[0].TaskRoleArn), idOf(sibling[0].ExecutionRoleArn)]);
      expect(running[0].ContainerDefinitions[0].PortMappings[0].ContainerPort).toBe(serviceOf(group).LoadBalancers[0].ContainerPort);
    }
  });

  test('promise 29: every deployment rolls back when it fails, when it is stopped, and on one to ten alarms, also when one cannot be read', () => {
    expect(irreversible(template)).toEqual([]);
    for (const { AlarmConfiguration } of groups) {
      expect(AlarmConfiguration.IgnorePollAlarmFailure ?? false).toBe(false);
    }
  });

  test('promise 29: errors and unhealthy tasks of either colour of its own environment each set off an alarm', () => {
    for (const group of groups) {
      const watched = (group.AlarmConfiguration.Alarms as { Name: unknown }[]).map(({ Name }) => {
        const alarm = propertiesOf(template, idOf(Name), 'AWS::CloudWatch::Alarm');
        const metrics = alarm.Metrics === undefined ? [alarm] : (alarm.Metrics as Resource['Properties'][])
          .filter(({ MetricStat }) => MetricStat !== undefined).map(({ MetricStat }) => MetricStat.Metric as Resource['Properties']);
        const colours = metrics.map(({ Dimensions }) => references(Dimensions).find((id) => coloursOf(group).includes(id)) ?? 'another');
        expect(new Set(colours).size).toBe(1);
        return `${coloursOf(group).indexOf(colours[0])}: ${metrics.map(({ Namespace, MetricName }) => `${Namespace}/${MetricName}`).sort().join(' ')}`;
      });

      expect(watched.sort()).toEqual([0, 1].flatMap((colour) => [
        `${colour}: AWS/ApplicationELB/HTTPCode_Target_5XX_Count AWS/ApplicationELB/RequestCount AWS/ApplicationELB/TargetConnectionErrorCount`,
        `${colour}: AWS/ApplicationELB/UnHealthyHostCount`,
      ]));
    }
  });

  test('promise 29: the metrics of a colour are those behind the load balancer of its environment', () => {
    for (const group of groups) {
      const balancer = propertiesOf(template, listenersOf(group)[0], 'AWS::ElasticLoadBalancingV2::Listener').LoadBalancerArn as unknown;

      for (const { Name } of group.AlarmConfiguration.Alarms as { Name: unknown }[]) {
        const alarm = propertiesOf(template, idOf(Name), 'AWS::CloudWatch::Alarm');
        const dimensions = alarm.Metrics === undefined ? [alarm.Dimensions as unknown]
          : (alarm.Metrics as Resource['Properties'][]).flatMap(({ MetricStat }) => listOf(MetricStat?.Metric.Dimensions));
        const referred = new Set(references(dimensions).filter((id) => !coloursOf(group).includes(id)));

        expect([...referred].map((id) => template.Resources[id].Type === 'AWS::ElasticLoadBalancingV2::Listener'
          ? idOf(template.Resources[id].Properties.LoadBalancerArn) : id)).toEqual([idOf(balancer)]);
      }
    }
  });
});

/** The part of the appspec that says whom CodeDeploy calls, in the full program. */
const HOOKS: { readonly [environmentName: string]: string[] } = {
  qa: ['Hooks:', '  - AfterAllowTestTraffic: "\\$\\{PDeployQaSmokeTest\\w+\\.Arn\\}"'],
  preprod: ['Hooks:', ...[
    ['BeforeInstall', 'freeze'], ['AfterInstall', 'warm'], ['AfterAllowTestTraffic', 'try'], ['BeforeAllowTraffic', 'ask'], ['AfterAllowTraffic', 'announce'],
  ].map(([event, name]) => `  - ${event}: "arn:.*:lambda:.*:function:${name}"`)],
  live: [
    'Hooks:', '  - AfterAllowTestTraffic: "\\$\\{PDeployLiveSmokeTest\\w+\\.Arn\\}"', '  - AfterAllowTraffic: "arn:.*:lambda:.*:function:celebrate"',
  ],
};

describe.each(pipelinePrograms())('$name', ({ template, suffix, environmentNames }) => {
  test('promise 28: every release registers its revision in the family that the service runs', () => {
    const released = releasedTaskDefinitions(template);

    expect(Object.keys(released).sort()).toEqual([...environmentNames].sort());
    for (const [environmentName, file] of Object.entries(released)) {
      const service = all(template, 'AWS::ECS::Service').find(([, { ServiceName }]) => ServiceName === `service-${environmentName}-${suffix}`);

      expect(file.family).toBe(service?.[1].TaskDefinition);
    }
  });

  test('promise 28: the appspec of every environment names the container and port of its service', () => {
    const files = Object.assign({}, ...all(template, 'AWS::CodeBuild::Project').map(([, project]) => filesWrittenBy(buildSpecOf(project)))) as
      { [name: string]: string };

    for (const environmentName of environmentNames) {
      expect(files[`appspec-${environmentName}.yaml`].trimEnd().split('\n')).toEqual([
        'version: 0.0',
        'Resources:',
        '  - TargetService:',
        '      Type: AWS::ECS::Service',
        '      Properties:',
        '        TaskDefinition: <TASK_DEFINITION>',
        '        LoadBalancerInfo:',
        '          ContainerName: app',
        `          ContainerPort: ${suffix === 'shop' ? 3000 : 8080}`,
        ...(suffix === 'shop' ? HOOKS[environmentName] : []),
      ].map((line) => expect.stringMatching(new RegExp(`^${line}$`))));
    }
  });
});
