import { fullDiff, ResourceDifference, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { aws_ec2 as ec2, aws_ecs as ecs, Stack } from 'aws-cdk-lib';
import { BlueGreenFargatePipelineProps, PipelineEnvironment } from '../../src';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { waitsFor } from '../helpers/templates';

/** The claims of the section "Frozen options" of docs/changes.md, checked with the differences that `cdk diff` computes. */
type Props = (stack: Stack) => Partial<BlueGreenFargatePipelineProps>;

function templateWith(props: Props): SynthesisedTemplate {
  const stack = newStack();
  pipelineIn(stack, { environments: [new PipelineEnvironment('live')], ...props(stack) });
  return templateOf(stack);
}

const BEFORE = templateWith(() => ({}));
const NAMES = ['Name', 'GroupName', 'ServiceName'];

/** The differences, by logical id and without those of resources that do not serve users. */
function changes(after: SynthesisedTemplate): [string, ResourceDifference][] {
  const found: [string, ResourceDifference][] = [];
  fullDiff(BEFORE, after).resources.forEachDifference((id: string, change: ResourceDifference) => found.push([id, change]));
  return found;
}

const typesOf = (found: [string, ResourceDifference][]) => [...new Set(found.map(([, { resourceType }]) => resourceType!.replace(/^AWS::/, '')))].sort();

/** Resources that CloudFormation refuses to replace, because they keep the name that the template gives them. */
function refusedIn(found: [string, ResourceDifference][]): [string, ResourceDifference][] {
  return found.filter(([, { changeImpact, oldProperties = {}, newProperties = {} }]) =>
    changeImpact === ResourceImpact.WILL_REPLACE && NAMES.some((name) => oldProperties[name] && oldProperties[name] === newProperties[name]));
}

/** Types whose change users would notice. */
const SERVING = /^AWS::(ECS::Service|ElasticLoadBalancingV2::(LoadBalancer|Listener))$/;

test.each<[string, Props, string[]]>([
  ['vpc', (stack) => ({ vpc: new ec2.Vpc(stack, 'Network', { maxAzs: 2, natGateways: 1 }) }), ['EC2::SecurityGroup', 'ElasticLoadBalancingV2::TargetGroup']],
  ['containerPort', () => ({ containerPort: 9090 }), ['ElasticLoadBalancingV2::TargetGroup']],
  ['loadBalancer.internetFacing', () => ({ environments: [new PipelineEnvironment('live', { loadBalancer: { internetFacing: false } })] }),
    ['ElasticLoadBalancingV2::LoadBalancer']],
])('another %s is rejected before anything that serves users changes', (_, props, types) => {
  const after = templateWith(props);
  const refused = refusedIn(changes(after));
  const isRefused = (id: string) => refused.some(([one]) => one === id);
  const serving = changes(after).filter(([id, { resourceType, isAddition }]) =>
    !isAddition && (SERVING.test(resourceType!) || /Users\d+/.test(id)));

  expect(typesOf(refused)).toEqual(types);
  expect(serving.length).toBeGreaterThan(0);
  expect(serving.filter(([id]) => !isRefused(id) && ![...waitsFor(after, id)].some(isRefused))).toEqual([]);
});

test.each<[string, Props, string[]]>([
  ['platform.cpuArchitecture', () => ({ platform: { cpuArchitecture: ecs.CpuArchitecture.ARM64 } }), ['CodeBuild::Project', 'ECS::TaskDefinition']],
  ['platform.bootstrapImage', () => ({ platform: { bootstrapImage: ecs.ContainerImage.fromRegistry('acme/waiting:1') } }), ['ECS::TaskDefinition']],
])('another %s registers a revision in the family of the service, and changes nothing that runs', (_, props, types) => {
  const found = changes(templateWith(props));

  expect(typesOf(found)).toEqual(types);
  expect(found.filter(([, { newProperties }]) => newProperties?.Family === 'task-live-dev')).toHaveLength(1);
});

test('another name of an environment replaces production', () => {
  const found = changes(templateWith(() => ({ environments: [new PipelineEnvironment('production')] })));

  expect(refusedIn(found)).toEqual([]);
  expect(typesOf(found.filter(([, { changeImpact }]) => [ResourceImpact.WILL_REPLACE, ResourceImpact.WILL_DESTROY].includes(changeImpact))))
    .toEqual(expect.arrayContaining(['ECS::Service', 'ElasticLoadBalancingV2::LoadBalancer', 'ElasticLoadBalancingV2::TargetGroup']));
});

test('another healthCheckPath changes the health check of both target groups, and nothing else that runs', () => {
  const found = changes(templateWith(() => ({ healthCheckPath: '/ready' })));
  const groups = found.filter(([, { resourceType }]) => resourceType === 'AWS::ElasticLoadBalancingV2::TargetGroup');

  expect(typesOf(found)).toEqual(['CodeBuild::Project', 'ElasticLoadBalancingV2::TargetGroup']);
  expect(groups.map(([, { propertyUpdates, changeImpact }]) => [Object.keys(propertyUpdates), changeImpact]))
    .toEqual(Array(2).fill([['HealthCheckPath'], ResourceImpact.WILL_UPDATE]));
});
