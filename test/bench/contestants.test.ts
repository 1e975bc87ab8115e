import { App, Stack } from 'aws-cdk-lib';
import { Storefront as Library } from '../../bench/contestants/library';
import { Storefront as Stock } from '../../bench/contestants/stock';
import { templateSizes } from '../../bench/sizes';
import { Template } from '../../src/cli/template';
import { smallest } from '../helpers/programs';
import { Resource, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all, buildSpecOf, listOf, rendered } from '../helpers/templates';

const library = contestant(Library);
const stock = contestant(Stock);

function contestant(Storefront: new (app: App, id: string, suffix: string) => Stack): SynthesisedTemplate {
  return templateOf(new Storefront(new App(), 'Storefront', 'dev'));
}

function countsOf({ Resources }: SynthesisedTemplate): { [type: string]: number } {
  const counts: { [type: string]: number } = {};
  Object.values(Resources).forEach(({ Type }) => (counts[Type] = (counts[Type] ?? 0) + 1));
  return counts;
}

/** The properties of one type that both contestants must share. */
function both(type: string, read: (properties: Resource['Properties']) => unknown): [stock: unknown[], library: unknown[]] {
  const sorted = (template: SynthesisedTemplate) => all(template, type).map(([, properties]) => JSON.stringify(read(properties))).sort();
  return [sorted(stock), sorted(library)];
}

test('the measured program is the smallest program', () => {
  expect(library.Resources).toEqual(smallest().template.Resources);
});

test('both programs create the same resources, except the second task definition family and the policies of CDK grants', () => {
  const { 'AWS::ECS::TaskDefinition': stockDefinitions, 'AWS::IAM::Policy': stockPolicies, ...stockOthers } = countsOf(stock);
  const { 'AWS::ECS::TaskDefinition': definitions, 'AWS::IAM::Policy': policies, ...others } = countsOf(library);

  expect(stockOthers).toEqual(others);
  expect(others['AWS::IAM::Role']).toBe(25);
  expect([stockDefinitions, definitions]).toEqual([2, 4]);
  expect(stockPolicies).toBeGreaterThan(policies);
});

test.each<[string, string, (properties: Resource['Properties']) => unknown]>([
  ['services under CodeDeploy, without public addresses', 'AWS::ECS::Service', ({ DeploymentController, NetworkConfiguration }) =>
    [DeploymentController, NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp]],
  ['deployments that roll back on failure, stop and alarm', 'AWS::CodeDeploy::DeploymentGroup', (group) =>
    [group.AutoRollbackConfiguration, group.AlarmConfiguration.Enabled, group.AlarmConfiguration.Alarms.length, group.DeploymentConfigName,
      group.BlueGreenDeploymentConfiguration]],
  ['target groups', 'AWS::ElasticLoadBalancingV2::TargetGroup', ({ Name, HealthCheckIntervalSeconds, Matcher, Port, TargetGroupAttributes }) =>
    [Name, HealthCheckIntervalSeconds, Matcher, Port, TargetGroupAttributes]],
  ['listeners', 'AWS::ElasticLoadBalancingV2::Listener', ({ Port, Protocol, DefaultActions }) => [Port, Protocol, DefaultActions.length]],
  ['stages and actions', 'AWS::CodePipeline::Pipeline', ({ PipelineType, ExecutionMode, Stages }) =>
    [PipelineType, ExecutionMode, Stages.map(({ Name, Actions }: { Name: string; Actions: { ActionTypeId: unknown }[] }) =>
      [Name, Actions.map(({ ActionTypeId }) => ActionTypeId)])]],
  ['buckets', 'AWS::S3::Bucket', ({ BucketEncryption, LifecycleConfiguration, OwnershipControls, PublicAccessBlockConfiguration, VersioningConfiguration }) =>
    [BucketEncryption, LifecycleConfiguration.Rules.map(({ Id, ...rule }: { Id?: string }) => rule), OwnershipControls,
      PublicAccessBlockConfiguration, VersioningConfiguration]],
  ['builds', 'AWS::CodeBuild::Project', ({ Cache, Environment, TimeoutInMinutes, LogsConfig }) =>
    [Cache.Type, Environment.Image, Environment.ComputeType, Environment.PrivilegedMode, Environment.EnvironmentVariables?.length ?? 0,
      TimeoutInMinutes, LogsConfig.CloudWatchLogs.Status]],
  ['images', 'AWS::ECR::Repository', ({ ImageTagMutability, ImageScanningConfiguration, EmptyOnDelete }) =>
    [ImageTagMutability, ImageScanningConfiguration, EmptyOnDelete]],
  ['alarms', 'AWS::CloudWatch::Alarm', ({ AlarmName, Metrics, Threshold, EvaluationPeriods, DatapointsToAlarm, AlarmActions }) =>
    [AlarmName, listOf(Metrics).length, Threshold, EvaluationPeriods, DatapointsToAlarm, AlarmActions.length]],
  ['event rules', 'AWS::Events::Rule', ({ Name, EventPattern, Targets }) => [Name, EventPattern.source, EventPattern.detail.state, Targets.length]],
  ['mails', 'AWS::SNS::Subscription', ({ Protocol, Endpoint }) => [Protocol, Endpoint]],
  ['dashboards', 'AWS::CloudWatch::Dashboard', ({ DashboardBody }) =>
    (JSON.parse(rendered(DashboardBody)) as { widgets: { type: string; properties: { metrics?: unknown[]; alarms?: unknown[] } }[] }).widgets
      .map(({ type, properties }) => [type, properties.metrics?.length, properties.alarms?.length])],
  ['log groups', 'AWS::Logs::LogGroup', ({ LogGroupName, RetentionInDays }) => [LogGroupName, RetentionInDays]],
])('both programs have the same %s', (_, type, read) => {
  const [ofStock, ofLibrary] = both(type, read);

  expect(ofStock).toEqual(ofLibrary);
});

test('both programs release the same files, from task definitions with the same container', () => {
  const releasedBy = (template: SynthesisedTemplate) => all(template, 'AWS::CodeBuild::Project')
    .filter(([, { Name }]) => String(Name).startsWith('project-release-'))
    .flatMap(([, project]) => buildSpecOf(project).phases.build.commands)
    .flatMap((command) => /> \S+\/(\S+\.(?:json|yaml))/.exec(command)?.[1] ?? []);
  const [ofStock, ofLibrary] = both('AWS::ECS::TaskDefinition', ({ Family, ContainerDefinitions: [{ Name, LogConfiguration }] }) =>
    [Family.replace('taskdef-', 'task-'), Name, Object.keys(LogConfiguration.Options).sort()]);

  expect(releasedBy(stock)).toEqual(['imageDetail.json', 'taskdef-staging.json', 'appspec-staging.yaml', 'taskdef-production.json', 'appspec-production.yaml']);
  expect(releasedBy(stock)).toEqual(releasedBy(library));
  expect(new Set(ofStock)).toEqual(new Set(ofLibrary));
});

test('both programs delete everything with their stack', () => {
  const retained = ({ Resources }: SynthesisedTemplate) => Object.values(Resources)
    .filter(({ DeletionPolicy, UpdateReplacePolicy }) => [DeletionPolicy, UpdateReplacePolicy].some((policy) => policy !== undefined && policy !== 'Delete'));

  expect(retained(stock)).toEqual([]);
  expect(retained(library)).toEqual([]);
});

test('only the library denies its deploying roles to terminate instances, and grants no wildcard actions', () => {
  const denies = (template: SynthesisedTemplate) => JSON.stringify(template).split('"ec2:TerminateInstances"').length - 1;
  const sizes = (template: SynthesisedTemplate) => templateSizes(new Template(template, { stackName: 'Storefront', region: 'us-east-1' }));

  expect([denies(stock), denies(library)]).toEqual([0, 13]);
  expect(sizes(library)).toMatchObject({ wildcardActions: 0, managedPolicies: 1, resources: 142 });
  expect(sizes(stock)).toMatchObject({ managedPolicies: 5 });
  expect(sizes(stock).wildcardActions).toBeGreaterThan(0);
});
