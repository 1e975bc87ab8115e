import { SMOKE_TESTED, TESTERS } from '../../../scripts/programs';
import { environmentsOf, named, Properties, targetGroupsOf } from '../../helpers/environments';
import { allPrograms } from '../../helpers/programs';
import { references, resources } from '../../helpers/synthesis';
import { all, idOf, propertiesOf, waitsFor } from '../../helpers/templates';

describe.each(allPrograms())('$name', (program) => {
  const { template, suffix, stack } = program;
  const isFull = suffix === 'shop';
  const containerPort = isFull ? 3000 : 8080;
  const environments = environmentsOf(program).map((environment) => {
    const groupNamed = (what: string): string =>
      named(program, 'AWS::EC2::SecurityGroup', 'GroupName', `security-group-${what}-${environment.name}-${suffix}`)[0];
    const smokeGroup = isFull && SMOKE_TESTED.includes(environment.name) ? groupNamed('smoke') : undefined;
    return { ...environment, taskGroup: groupNamed('service'), balancerGroup: groupNamed('alb'), smokeGroup };
  });

  /** The ingress or egress of a security group, in any kind of rule: `tcp 80-80 <peer>`. */
  function rulesOf(group: string, direction: 'Ingress' | 'Egress'): string[] {
    const inline = (template.Resources[group].Properties[`SecurityGroup${direction}`] ?? []) as Properties[];
    const apart = Object.values(resources(template, `AWS::EC2::SecurityGroup${direction}`)).map((resource) => resource.Properties)
      .filter(({ GroupId }) => references(GroupId).includes(group));
    return [...inline, ...apart].map((rule) => {
      const cidrs: unknown = rule.CidrIp ?? rule.CidrIpv6;
      const peer = cidrs ?? rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId;
      const name = typeof peer === 'string' ? peer : references(peer).join() || 'nobody known';
      return `${rule.IpProtocol} ${rule.FromPort}-${rule.ToPort} ${name}`;
    }).sort();
  }

  test('no subnet of the library assigns public addresses: load balancers and the NAT gateway have addresses of their own', () => {
    const subnets = Object.entries(resources(template, 'AWS::EC2::Subnet')).filter(([id]) => !program.given.includes(id));

    expect(subnets.filter(([, subnet]) => subnet.Properties.MapPublicIpOnLaunch === true)).toEqual([]);
  });

  test('the load balancer checks the health path of every task, on the port of the container', () => {
    for (const targetGroup of environments.flatMap((environment) => targetGroupsOf(program, environment))) {
      expect(targetGroup).toMatchObject({ HealthCheckPath: isFull ? '/healthz' : '/', Port: containerPort });
    }
  });

  test('a task has time to start and to finish before the old tasks are terminated', () => {
    for (const environment of environments) {
      const { TerminationWaitTimeInMinutes, Action } =
        environment.group.BlueGreenDeploymentConfiguration.TerminateBlueInstancesOnDeploymentSuccess as Properties;
      const delays = targetGroupsOf(program, environment).flatMap(({ TargetGroupAttributes }) => (TargetGroupAttributes as Properties[])
        .filter(({ Key }) => Key === 'deregistration_delay.timeout_seconds').map(({ Value }) => Number(Value)));

      expect(Action).toBe('TERMINATE');
      expect(delays).toHaveLength(2);
      for (const seconds of [environment.service.HealthCheckGracePeriodSeconds as number, ...delays]) {
        expect(seconds).toBeGreaterThan(0);
        expect(seconds).toBeLessThan(60 * TerminationWaitTimeInMinutes);
      }
    }
  });

  test('the last environment runs at least two tasks', () => {
    expect(all(template, 'AWS::ApplicationAutoScaling::ScalableTarget').at(-1)?.[1].MinCapacity).toBeGreaterThanOrEqual(2);
  });

  test('every service and load balancer is in two subnets or more, of different zones', () => {
    for (const { service, balancer } of environments) {
      for (const subnets of [service.NetworkConfiguration.AwsvpcConfiguration.Subnets, balancer.Subnets] as unknown[][]) {
        const zones = subnets.map((subnet) => JSON.stringify(references(subnet).length === 0 ? subnet
          : propertiesOf(template, idOf(subnet), 'AWS::EC2::Subnet').AvailabilityZone));

        expect(zones.length).toBeGreaterThanOrEqual(2);
        expect(new Set(zones).size).toBe(zones.length);
      }
    }
  });

  test('a task is in a subnet without public addresses, whose only way out is a NAT gateway', () => {
    for (const subnet of environments.flatMap(({ service }) => service.NetworkConfiguration.AwsvpcConfiguration.Subnets as unknown[])) {
      if (typeof subnet === 'string') {
        expect(subnet).toMatch(/^subnet-1000000000000000[ab]$/);
      } else {
        const id = idOf(subnet);
        const [[, { RouteTableId }]] = all(template, 'AWS::EC2::SubnetRouteTableAssociation').filter(([, { SubnetId }]) => idOf(SubnetId) === id);
        const routes = all(template, 'AWS::EC2::Route').filter(([, route]) => idOf(route.RouteTableId) === idOf(RouteTableId));

        expect(propertiesOf(template, id, 'AWS::EC2::Subnet').MapPublicIpOnLaunch).toBe(false);
        expect(routes.map(([, { GatewayId, NatGatewayId }]) => [GatewayId, template.Resources[idOf(NatGatewayId)].Type]))
          .toEqual([[undefined, 'AWS::EC2::NatGateway']]);
      }
    }
  });

  test('only the load balancer of its environment reaches a task, and the load balancer reaches nothing else', () => {
    for (const { service, balancer, taskGroup, balancerGroup } of environments) {
      expect((service.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups as unknown[]).map(idOf)).toEqual([taskGroup]);
      expect((balancer.SecurityGroups as unknown[]).map(idOf)).toEqual([balancerGroup]);
      expect(rulesOf(taskGroup, 'Ingress')).toEqual([`tcp ${containerPort}-${containerPort} ${balancerGroup}`]);
      expect(rulesOf(balancerGroup, 'Egress')).toEqual([`tcp ${containerPort}-${containerPort} ${taskGroup}`]);
    }
  });

  test('users can reach the web ports, and only named networks and the smoke test can reach the test listener', () => {
    const brought = stack.node.tryFindChild('Brought') !== undefined;
    for (const { name, balancer, balancerGroup, listeners, smokeGroup } of environments) {
      const isInternal = isFull && name === 'preprod';
      const [ownNetwork] = isInternal && !brought ? Object.keys(resources(template, 'AWS::EC2::VPC')) : ['10.20.0.0/16'];
      const users = isInternal ? ownNetwork : '0.0.0.0/0';
      const ports = template.Resources[listeners[0]].Properties.Protocol === 'HTTPS' ? [80, 443] : [80];
      const testers = [...(isFull ? TESTERS[name] ?? [] : []), ...(smokeGroup === undefined ? [] : [smokeGroup])];

      expect([name, balancer.Scheme]).toEqual([name, isInternal ? 'internal' : 'internet-facing']);
      if (brought) {
        const subnets = isInternal ? 'subnet-1000000000000000' : 'subnet-0000000000000000';
        expect(balancer.Subnets).toEqual([`${subnets}a`, `${subnets}b`]);
      }
      expect(rulesOf(balancerGroup, 'Ingress')).toEqual([
        ...ports.map((port) => `tcp ${port}-${port} ${users}`), ...testers.map((tester) => `tcp 9000-9000 ${tester}`),
      ].sort());
    }
  });

  test('the ingress of the web ports changes after the load balancer, which CloudFormation cannot replace', () => {
    for (const { balancerId, balancerGroup, listeners } of environments) {
      const ports = template.Resources[listeners[0]].Properties.Protocol === 'HTTPS' ? [80, 443] : [80];
      const users = all(template, 'AWS::EC2::SecurityGroupIngress')
        .filter(([, { GroupId, FromPort }]) => idOf(GroupId) === balancerGroup && ports.includes(FromPort as number));

      expect(users).toHaveLength(ports.length);
      users.forEach(([id]) => expect(waitsFor(template, id)).toContain(balancerId));
    }
  });

  test('a smoke test runs in the subnets of the tasks, can reach its load balancer and AWS, and accepts no connections', () => {
    for (const { name, service, balancerGroup, smokeGroup } of environments) {
      if (smokeGroup !== undefined) {
        const [, { VpcConfig }] = named(program, 'AWS::Lambda::Function', 'FunctionName', `function-smoke-${name}-${suffix}`);

        expect(VpcConfig.SecurityGroupIds.map(idOf)).toEqual([smokeGroup]);
        expect(VpcConfig.SubnetIds).toEqual(service.NetworkConfiguration.AwsvpcConfiguration.Subnets);
        expect(rulesOf(smokeGroup, 'Egress')).toEqual(['tcp 443-443 0.0.0.0/0', `tcp 9000-9000 ${balancerGroup}`]);
        expect(rulesOf(smokeGroup, 'Ingress')).toEqual([]);
      }
    }
  });
});
