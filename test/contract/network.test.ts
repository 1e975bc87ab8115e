import { allPrograms, broughtNetwork, fullProps, SMOKE_TESTED, TESTERS } from '../helpers/programs';
import { newStack, pipelineIn, references, Resource, resources, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all, idOf, propertiesOf } from '../helpers/templates';

type Rule = Resource['Properties'];

/** Every rule that lets something into (or out of) a security group, wherever it is written. */
function rulesOf(template: SynthesisedTemplate, group: string, direction: 'Ingress' | 'Egress'): Rule[] {
  const inline = (template.Resources[group].Properties[`SecurityGroup${direction}`] ?? []) as Rule[];
  const apart = Object.values(resources(template, `AWS::EC2::SecurityGroup${direction}`)).map(({ Properties }) => Properties);
  return [...inline, ...apart.filter(({ GroupId }) => references(GroupId).includes(group))];
}

function isSmokeTested(suffix: string, environmentName: string): boolean {
  return suffix === 'shop' && SMOKE_TESTED.includes(environmentName);
}

function covers(rule: Rule, port: number): boolean {
  return rule.IpProtocol === '-1' || (rule.FromPort <= port && port <= rule.ToPort);
}

describe.each(allPrograms())('$name', ({ template, suffix, environmentNames }) => {
  const named = (type: string, property: string, name: string): [string, Resource['Properties']] => {
    const found = all(template, type).filter(([, properties]) => properties[property] === name);
    expect([name, found.length]).toEqual([name, 1]);
    return found[0];
  };
  const environments = environmentNames.map((name) => {
    const [, service] = named('AWS::ECS::Service', 'ServiceName', `service-${name}-${suffix}`);
    const [, group] = named('AWS::CodeDeploy::DeploymentGroup', 'DeploymentGroupName', `deployment-group-${name}-${suffix}`);
    const [, balancer] = named('AWS::ElasticLoadBalancingV2::LoadBalancer', 'Name', `alb-${name}-${suffix}`);
    const [taskGroup] = named('AWS::EC2::SecurityGroup', 'GroupName', `security-group-service-${name}-${suffix}`);
    const [balancerGroup] = named('AWS::EC2::SecurityGroup', 'GroupName', `security-group-alb-${name}-${suffix}`);
    const targetGroups = ['blue', 'green'].map((colour) =>
      named('AWS::ElasticLoadBalancingV2::TargetGroup', 'Name', `tg-${colour}-${name}-${suffix}`)[1]);
    return { name, service, group, balancer, taskGroup, balancerGroup, targetGroups };
  });
  const containerPort = suffix === 'shop' ? 3000 : 8080;

  test('promise 31: the load balancer asks the health path of every task, on the port of the container', () => {
    for (const { targetGroups } of environments) {
      for (const targetGroup of targetGroups) {
        expect(targetGroup).toEqual(expect.objectContaining({
          HealthCheckPath: suffix === 'shop' ? '/healthz' : '/',
          HealthCheckIntervalSeconds: 15,
          HealthCheckTimeoutSeconds: 5,
          HealthyThresholdCount: 2,
          UnhealthyThresholdCount: 3,
          Matcher: { HttpCode: '200' },
          Port: containerPort,
          Protocol: 'HTTP',
        }));
        expect(targetGroup.HealthCheckEnabled ?? true).toBe(true);
        expect(targetGroup.HealthCheckPort ?? 'traffic-port').toBe('traffic-port');
      }
    }
  });

  test('promise 31: a task has time to start and to finish before the old ones are gone', () => {
    for (const { service, group, targetGroups } of environments) {
      const { TerminationWaitTimeInMinutes, Action } = group.BlueGreenDeploymentConfiguration.TerminateBlueInstancesOnDeploymentSuccess as
        { TerminationWaitTimeInMinutes: number; Action: string };

      expect(Action).toBe('TERMINATE');
      expect(service.HealthCheckGracePeriodSeconds).toBeGreaterThan(0);
      expect(service.HealthCheckGracePeriodSeconds).toBeLessThan(60 * TerminationWaitTimeInMinutes);
      for (const { TargetGroupAttributes } of targetGroups) {
        const delay = (TargetGroupAttributes as { Key: string; Value: string }[]).find(({ Key }) => Key === 'deregistration_delay.timeout_seconds');

        expect(Number(delay?.Value)).toBeGreaterThan(0);
        expect(Number(delay?.Value)).toBeLessThan(60 * TerminationWaitTimeInMinutes);
      }
    }
  });

  test('promise 31: the last environment runs at least two tasks, over at least two subnets', () => {
    const { service } = environments[environments.length - 1];
    const subnets = service.NetworkConfiguration.AwsvpcConfiguration.Subnets as unknown[];

    expect(service.DesiredCount).toBeGreaterThanOrEqual(2);
    expect(new Set(subnets.map((subnet) => JSON.stringify(subnet))).size).toBeGreaterThanOrEqual(2);
  });

  test('promise 31: the subnets of every service and load balancer are in different zones', () => {
    const zones = (subnets: unknown[]): string[] => subnets.filter((subnet) => references(subnet).length > 0)
      .map((subnet) => JSON.stringify(propertiesOf(template, idOf(subnet), 'AWS::EC2::Subnet').AvailabilityZone));

    for (const { service, balancer } of environments) {
      for (const subnets of [service.NetworkConfiguration.AwsvpcConfiguration.Subnets, balancer.Subnets] as unknown[][]) {
        expect(subnets.length).toBeGreaterThanOrEqual(2);
        expect(new Set(zones(subnets)).size).toBe(zones(subnets).length);
      }
    }
  });

  test('promise 32: no task has a public address, and its way out is a NAT gateway', () => {
    for (const { service } of environments) {
      const { AssignPublicIp, Subnets } = service.NetworkConfiguration.AwsvpcConfiguration as { AssignPublicIp: string; Subnets: unknown[] };

      expect(AssignPublicIp).toBe('DISABLED');
      for (const subnet of Subnets) {
        const [id] = references(subnet);
        if (id === undefined) {
          expect(['subnet-1000000000000000a', 'subnet-1000000000000000b']).toContain(subnet);
        } else {
          const [, { RouteTableId }] = all(template, 'AWS::EC2::SubnetRouteTableAssociation').filter(([, { SubnetId }]) => idOf(SubnetId) === id)[0];
          const routes = all(template, 'AWS::EC2::Route').filter(([, route]) => idOf(route.RouteTableId) === idOf(RouteTableId));

          expect(propertiesOf(template, id, 'AWS::EC2::Subnet').MapPublicIpOnLaunch).toBe(false);
          expect(routes.map(([, { GatewayId, NatGatewayId }]) => [GatewayId, template.Resources[idOf(NatGatewayId)].Type]))
            .toEqual([[undefined, 'AWS::EC2::NatGateway']]);
        }
      }
    }
  });

  test('promise 32: the load balancer of its own environment reaches the tasks, on the port of the container, and nobody else does', () => {
    for (const { service, taskGroup, balancerGroup } of environments) {
      const rules = rulesOf(template, taskGroup, 'Ingress');

      expect((service.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups as unknown[]).map(idOf)).toEqual([taskGroup]);
      expect(rules.map(({ IpProtocol, FromPort, ToPort }) => [IpProtocol, FromPort, ToPort])).toEqual([['tcp', containerPort, containerPort]]);
      expect(idOf(rules[0].SourceSecurityGroupId)).toBe(balancerGroup);
      expect(rules[0]).not.toHaveProperty('CidrIp');
    }
  });

  test('promise 32: a load balancer talks to the tasks of its environment and to nothing else', () => {
    for (const { balancer, taskGroup, balancerGroup } of environments) {
      const rules = rulesOf(template, balancerGroup, 'Egress');

      expect((balancer.SecurityGroups as unknown[]).map(idOf)).toEqual([balancerGroup]);
      expect(rules.map(({ IpProtocol, FromPort, ToPort }) => [IpProtocol, FromPort, ToPort])).toEqual([['tcp', containerPort, containerPort]]);
      expect(idOf(rules[0].DestinationSecurityGroupId)).toBe(taskGroup);
    }
  });

  test('promise 32: nothing reaches the test listener but the networks that the user names, and the smoke test of its environment', () => {
    for (const { name, balancerGroup } of environments) {
      const open = rulesOf(template, balancerGroup, 'Ingress').filter((rule) => covers(rule, 9000));
      const fromNetworks = open.filter(({ CidrIp }) => CidrIp !== undefined);
      const others = open.filter(({ CidrIp }) => CidrIp === undefined);
      const named9000 = suffix === 'shop' ? TESTERS[name] ?? [] : [];

      expect([name, fromNetworks.map(({ CidrIp, IpProtocol, FromPort, ToPort }) => [CidrIp, IpProtocol, FromPort, ToPort])])
        .toEqual([name, named9000.map((cidr) => [cidr, 'tcp', 9000, 9000])]);
      expect(others.map(({ SourceSecurityGroupId, IpProtocol, FromPort, ToPort }) =>
        [propertiesOf(template, idOf(SourceSecurityGroupId), 'AWS::EC2::SecurityGroup').GroupName, IpProtocol, FromPort, ToPort]))
        .toEqual(isSmokeTested(suffix, name) ? [[`security-group-smoke-${name}-${suffix}`, 'tcp', 9000, 9000]] : []);
    }
  });

  test('promise 32: a smoke test stands where the tasks stand, talks to its load balancer and to AWS, and nobody talks to it', () => {
    for (const { name, service, balancerGroup } of environments.filter((environment) => isSmokeTested(suffix, environment.name))) {
      const [, lambda] = named('AWS::Lambda::Function', 'FunctionName', `function-smoke-${name}-${suffix}`);
      const [group] = named('AWS::EC2::SecurityGroup', 'GroupName', `security-group-smoke-${name}-${suffix}`);
      const egress = rulesOf(template, group, 'Egress').map(({ IpProtocol, FromPort, ToPort, CidrIp, DestinationSecurityGroupId }) =>
        [IpProtocol, FromPort, ToPort, CidrIp ?? idOf(DestinationSecurityGroupId)]);

      expect(lambda.VpcConfig.SecurityGroupIds.map(idOf)).toEqual([group]);
      expect(lambda.VpcConfig.SubnetIds).toEqual(service.NetworkConfiguration.AwsvpcConfiguration.Subnets);
      expect(egress.sort()).toEqual([['tcp', 443, 443, '0.0.0.0/0'], ['tcp', 9000, 9000, balancerGroup]]);
      expect(rulesOf(template, group, 'Ingress')).toEqual([]);
    }
  });

  test('promise 32: the world reaches a public load balancer on its web ports alone, and a private one not at all', () => {
    for (const { balancer, balancerGroup } of environments) {
      const rules = rulesOf(template, balancerGroup, 'Ingress').filter((rule) => !covers(rule, 9000));
      const fromTheWorld = rules.filter(({ CidrIp, CidrIpv6 }) => CidrIp === '0.0.0.0/0' || CidrIpv6 !== undefined);

      expect(rules.map(({ FromPort, ToPort, IpProtocol }) => [FromPort, ToPort, IpProtocol].join()).filter((ports) => !/^(80,80|443,443),tcp$/.test(ports)))
        .toEqual([]);
      expect(fromTheWorld).toHaveLength(balancer.Scheme === 'internal' ? 0 : rules.length);
      expect(rules.length).toBeGreaterThan(0);
    }
  });
});

test('promise 32: a private load balancer is for the network alone', () => {
  const stack = newStack();
  pipelineIn(stack, { ...fullProps(stack), vpc: broughtNetwork(stack) });
  const template = templateOf(stack);

  const [[, balancer]] = all(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer').filter(([, { Name }]) => Name === 'alb-preprod-shop');
  const rules = rulesOf(template, idOf(balancer.SecurityGroups[0]), 'Ingress');

  expect(balancer.Scheme).toBe('internal');
  expect(balancer.Subnets).toEqual(['subnet-1000000000000000a', 'subnet-1000000000000000b']);
  expect(rules.map(({ CidrIp, FromPort }) => [CidrIp, FromPort])).toEqual([['10.20.0.0/16', 80], ['10.20.0.0/16', 443]]);
});
