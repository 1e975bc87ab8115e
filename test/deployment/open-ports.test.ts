import { aws_ec2 as ec2, CfnParameter, CfnResource, Fn, Stack, Validations } from 'aws-cdk-lib';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { EcsBlueGreenDeployment, EcsBlueGreenDeploymentProps } from '../../src';
import { newStack, pipelineIn } from '../helpers/synthesis';
import { warningsOf } from '../helpers/warnings';

function warningsAfter(change: (made: EcsBlueGreenDeployment, stack: Stack) => void, props: Partial<EcsBlueGreenDeploymentProps> = {}): string[] {
  const stack = newStack();
  change(deploymentIn(stack, props), stack);
  return warningsOf(stack);
}

const cfn = (construct: { readonly node: { readonly defaultChild?: unknown } }) => construct.node.defaultChild as CfnResource;
const groupOf = ({ loadBalancer }: EcsBlueGreenDeployment) => cfn(loadBalancer.connections.securityGroups[0]);
const open = (rule: object) => (made: EcsBlueGreenDeployment) => groupOf(made).addPropertyOverride('SecurityGroupIngress', [{ IpProtocol: 'tcp', ...rule }]);

test.each<[string, (made: EcsBlueGreenDeployment, stack: Stack) => void, string]>([
  ['everybody', ({ testListener }) => testListener.connections.allowDefaultPortFromAnyIpv4(), '["0.0.0.0/0"]'],
  ['everybody over IPv6', open({ CidrIpv6: '::/0', FromPort: 9000, ToPort: 9000 }), '["::/0"]'],
  ['half of all addresses', open({ CidrIp: '128.0.0.0/1', FromPort: 9000, ToPort: 9000 }), '["128.0.0.0/1"]'],
  ['everybody through a port range', open({ CidrIp: '0.0.0.0/0', FromPort: 8000, ToPort: 9999 }), '["0.0.0.0/0"]'],
  ['everybody through all protocols', open({ CidrIp: '0.0.0.0/0', IpProtocol: '-1' }), '["0.0.0.0/0"]'],
  ['everybody through a separate rule', (made, stack) => new ec2.CfnSecurityGroupIngress(stack, 'Open', {
    groupId: made.loadBalancer.connections.securityGroups[0].securityGroupId, ipProtocol: 'tcp', fromPort: 9000, toPort: 9000, cidrIp: '0.0.0.0/0',
  }), '["0.0.0.0/0"]'],
  ['everybody at another port of the listener', (made) => {
    cfn(made.testListener).addPropertyOverride('Port', 9443);
    open({ CidrIp: '0.0.0.0/0', FromPort: 9443, ToPort: 9443 })(made);
  }, '["0.0.0.0/0"]'],
  ['users, on the same port', ({ testListener, productionListener }) => {
    cfn(testListener).addPropertyOverride('Port', 80);
    cfn(productionListener).addPropertyOverride('Port', 9000);
  }, '["0.0.0.0/0"]'],
  ['a network from a parameter', (made, stack) => open({ CidrIp: { Ref: new CfnParameter(stack, 'Testers').logicalId }, FromPort: 9000, ToPort: 9000 })(made), '[{"Ref":"Testers"}]'],
  ['a network from a condition', open({ CidrIp: Fn.conditionIf('C', '10.0.0.0/8', '0.0.0.0/0'), FromPort: 9000, ToPort: 9000 }), '[{"Fn::If":["C","10.0.0.0/8","0.0.0.0/0"]}]'],
  ['everybody on a port from a parameter', open({ CidrIp: '0.0.0.0/0', FromPort: { Ref: 'Port' }, ToPort: { Ref: 'Port' } }), '["0.0.0.0/0"]'],
  ['the peers of an imported security group', ({ loadBalancer }, stack) =>
    loadBalancer.addSecurityGroup(ec2.SecurityGroup.fromSecurityGroupId(stack, 'Theirs', 'sg-0123456789abcdef0')), '["sg-0123456789abcdef0"]'],
])('synthesis warns about a test listener that is open to %s', (_, change, shown) => {
  const [warning, ...others] = warningsAfter(change);

  expect(others).toEqual([]);
  expect(warning).toContain(`${shown} can reach the test listener of production, so an unreleased version may be public`);
  expect(warning).toContain('[BGP189]');
});

test.each<[string, (made: EcsBlueGreenDeployment, stack: Stack) => void]>([
  ['nobody', () => undefined],
  ['a function', ({ testListener, vpc }, stack) => testListener.connections.allowFrom(new ec2.SecurityGroup(stack, 'Probe', { vpc }), ec2.Port.tcp(9000))],
  ['the range of its own VPC', ({ testListener, vpc }) => testListener.connections.allowFrom(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.tcp(9000))],
  ['a network of one organisation', ({ testListener }) => testListener.connections.allowDefaultPortFrom(ec2.Peer.ipv4('203.0.113.0/24'))],
  ['an IPv6 network', open({ CidrIpv6: '2001:db8::/32', FromPort: 9000, ToPort: 9000 })],
  ['everybody, at another port', open({ CidrIp: '0.0.0.0/0', FromPort: 8443, ToPort: 8443 })],
])('synthesis does not warn about a test listener that is open to %s', (_, change) => {
  expect(warningsAfter(change)).toEqual([]);
});

test('a wide network in the props has one warning', () => {
  expect(warningsAfter(() => undefined, { loadBalancer: { testListenerCidrs: ['128.0.0.0/1'] } })).toEqual([expect.stringContaining('[BGP139]')]);
});

test.each<[string, (made: EcsBlueGreenDeployment) => void, string]>([
  ['an ingress rule for everybody', ({ service }) => service.connections.allowFromAnyIpv4(ec2.Port.tcp(8080)), '["0.0.0.0/0"] can reach its tasks'],
  ['a public address', ({ service }) => (service.node.findChild('Service') as CfnResource)
    .addPropertyOverride('NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp', 'ENABLED'), 'its tasks have public addresses'],
  ['a security group that is not in the stack', ({ service }) => (service.node.findChild('Service') as CfnResource)
    .addPropertyOverride('NetworkConfiguration.AwsvpcConfiguration.SecurityGroups', ['sg-0']), '["sg-0"] can reach its tasks'],
])('synthesis warns about tasks with %s', (_, change, shown) => {
  const [warning, ...others] = warningsAfter(change);

  expect(others).toEqual([]);
  expect(warning).toContain(`production can be reached without its load balancer, because ${shown}`);
  expect(warning).toContain('[BGP194]');
});

test('the warnings can be acknowledged', () => {
  expect(warningsAfter((made, stack) => {
    made.testListener.connections.allowDefaultPortFromAnyIpv4();
    made.service.connections.allowFromAnyIpv4(ec2.Port.tcp(8080));
    Validations.of(stack).acknowledge(
      { id: '@org/bluegreen-pipeline:EcsBlueGreenDeployment.openTestListener', reason: 'a beta for everybody' },
      { id: '@org/bluegreen-pipeline:EcsBlueGreenDeployment.openTasks', reason: 'probed from outside' },
    );
  })).toEqual([]);
});

test('each environment of a pipeline has its own warning', () => {
  const stack = newStack();
  pipelineIn(stack).deployment('staging').testListener.connections.allowDefaultPortFromAnyIpv4();

  expect(warningsOf(stack)).toEqual([expect.stringContaining('the test listener of staging')]);
});
