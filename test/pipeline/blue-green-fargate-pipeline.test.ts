import {
  App, aws_codepipeline_actions as actions, aws_ec2 as ec2, aws_ecr as ecr, aws_lambda as lambda,
  aws_secretsmanager as secretsmanager, aws_sns as sns, CfnParameter, Stack, Tags,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { fullProps, smallestProps } from '../../scripts/programs';
import { BlueGreenFargatePipeline, BuildSteps, PipelineEnvironment, RegistryLogin } from '../../src';
import { buildSpecOfProject } from '../helpers/code-build';
import { newStack, pipelineIn, references, Resource, resources, templateOf } from '../helpers/synthesis';
import { releasedTaskDefinitions } from '../helpers/templates';

function stagesOf(stack: Stack): { Name: string; Actions: { [name: string]: any }[] }[] {
  const [pipeline] = Object.values(resources(templateOf(stack), 'AWS::CodePipeline::Pipeline'));
  return pipeline.Properties.Stages;
}

test('images are stored under immutable tags', () => {
  const stack = newStack();

  pipelineIn(stack);

  Template.fromStack(stack).hasResourceProperties('AWS::ECR::Repository', { ImageTagMutability: 'IMMUTABLE' });
});

test('environments can be added, removed and renamed, and their defaults do not depend on their position', () => {
  const stack = newStack();

  const pipeline = pipelineIn(stack, { environments: [new PipelineEnvironment('qa'), new PipelineEnvironment('eu', { taskCount: 4 }), new PipelineEnvironment('live')] });

  expect(stagesOf(stack).map(({ Name }) => Name).slice(3)).toEqual(['ApproveQa', 'DeployQa', 'ApproveEu', 'DeployEu', 'ApproveLive', 'DeployLive']);
  expect(Object.keys(pipeline.deployments)).toEqual(['qa', 'eu', 'live']);
  const counts = Object.values(resources(templateOf(stack), 'AWS::ApplicationAutoScaling::ScalableTarget'))
    .map(({ Properties: { MinCapacity, MaxCapacity } }) => [MinCapacity, MaxCapacity]);
  expect(counts).toEqual([[2, 2], [4, 4], [2, 2]]);
});

test('an environment may have the name of another construct', () => {
  const names = [
    'build', 'test', 'pipeline', 'vpc', 'repository', 'artifacts', 'alarms', 'dashboard', 'source', 'deny', 'action',
  ];
  for (const some of [names.slice(0, 6), names.slice(6)]) {
    const stack = newStack();
    pipelineIn(stack, { environments: some.map((name) => new PipelineEnvironment(name)) });

    expect(() => templateOf(stack)).not.toThrow();
  }
});

test('the request for approval names the commit and the image', () => {
  const stack = newStack();

  pipelineIn(stack);

  const stages = stagesOf(stack);
  expect(stages[5].Actions[0].Configuration.CustomData).toBe(
    'Deploy commit #{Source.CommitId} to production? It was released as #{Release.IMAGE_URI} and passed its tests.');
  expect([stages[0].Actions[0].Namespace, stages[1].Actions[0].Namespace]).toEqual(['Source', 'Build']);
});

test("a pipeline uses the user's network and login, and creates none", () => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Network', { maxAzs: 2 });
  const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Registry', 'acme/registry');

  const pipeline = pipelineIn(stack, {
    vpc,
    registryCredentials: RegistryLogin.fromSecret(secret, { registry: 'ghcr.io' }),
    environments: [new PipelineEnvironment('live')],
  });

  const template = Template.fromStack(stack);
  expect([pipeline.vpc, pipeline.registryCredentials]).toEqual([vpc, secret]);
  template.resourceCountIs('AWS::EC2::VPC', 1);
  template.resourceCountIs('AWS::SecretsManager::Secret', 0);
});

test("test commands can run the built image from the user's repository", () => {
  const stack = newStack();
  const repository = new ecr.Repository(stack, 'Images', { repositoryName: 'acme-images' });

  pipelineIn(stack, { repository, testSteps: BuildSteps.commands(['docker run --rm "$IMAGE_URI" npm test'], { repository, cachePaths: [] }) });

  const template = templateOf(stack);
  expect(Object.values(resources(template, 'AWS::ECR::Repository')).map(({ Properties }) => Properties.RepositoryName)).toEqual(['acme-images']);
  expect(buildSpecOfProject(template, 'project-test-dev').phases.pre_build.commands.join('\n')).toContain('export IMAGE_URI="$IMAGE_REPOSITORY@$IMAGE_DIGEST"');
});

test('a stage of the user works: the pipeline may assume the role of its action', () => {
  const stack = newStack();
  const announce = lambda.Function.fromFunctionName(stack, 'Announcer', 'announce');

  pipelineIn(stack).pipeline.addStage({ stageName: 'Announce', actions: [new actions.LambdaInvokeAction({ actionName: 'Announce', lambda: announce })] });

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyName: 'policy-pipeline-grants-dev',
    PolicyDocument: {
      Statement: Match.arrayWith([{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('PPipelineAnnounce'), 'Arn'] } }]),
    },
  });
});

test('values of another stack are imported by the task definition that a release is created from', () => {
  const app = new App();
  const data = new Stack(app, 'Data', { env: { region: 'us-east-1' } });
  const topic = new sns.Topic(data, 'Orders');
  const stack = new Stack(app, 'Storefront', { env: { region: 'us-east-1' } });

  pipelineIn(stack, { environments: [new PipelineEnvironment('live', { containerEnvironment: { ORDERS: topic.topicArn, NAME: `the topic ${topic.topicName}` } })] });

  const template = templateOf(stack);
  const ids = new Set(Object.keys(template.Resources));
  expect(Object.values(template.Resources).flatMap(({ Properties }) => references(Properties)).filter((id) => !ids.has(id))).toEqual([]);
  expect(JSON.stringify(releasedTaskDefinitions(template).live.ContainerDefinitions)).toContain('{"Fn::ImportValue":"Data:ExportsOutputRefOrders');
});

/** Tags are a list of keys and values for most types of resources, and a map for some. */
function isTagged({ Properties: { Tags: tags } }: Resource, key: string, value: string): boolean {
  return Array.isArray(tags)
    ? tags.some((tag: { readonly Key: string; readonly Value: string }) => tag.Key === key && tag.Value === value)
    : tags?.[key] === value;
}

/** Types that AWS, or the oldest CDK, cannot tag. */
const UNTAGGED = [
  'Custom::LiveColour',
  'AWS::ApplicationAutoScaling::ScalableTarget', 'AWS::ApplicationAutoScaling::ScalingPolicy', 'AWS::CloudWatch::Dashboard', 'AWS::CodeDeploy::DeploymentConfig',
  'AWS::EC2::Route', 'AWS::EC2::SecurityGroupEgress', 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPCGatewayAttachment', 'AWS::IAM::Policy', 'AWS::Lambda::Permission', 'AWS::S3::BucketPolicy', 'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy', 'AWS::SecretsManager::ResourcePolicy', 'AWS::SecretsManager::RotationSchedule', 'Custom::S3AutoDeleteObjects',
];

test('tags of the app reach every taggable resource except the service, and reach the tasks through the release', () => {
  const stack = newStack();
  pipelineIn(stack, fullProps(stack));
  Tags.of(stack.node.root).add('team', 'web');

  const template = templateOf(stack);
  // CDK makes the function that empties buckets, and its role, outside of any construct of the library.
  const ours = Object.entries(template.Resources).filter(([id]) => !id.startsWith('CustomS3AutoDeleteObjects'));

  const untagged = new Set(ours.filter(([, resource]) => !isTagged(resource, 'team', 'web')).map(([, { Type }]) => Type));

  // The oldest aws-cdk-lib gives listeners no tags.
  expect([...untagged].filter((type) => ![...UNTAGGED, 'AWS::ElasticLoadBalancingV2::Listener'].includes(type))).toEqual(['AWS::ECS::Service']);
  expect(Object.values(releasedTaskDefinitions(template))).toEqual(Array(3).fill(expect.objectContaining({ Tags: [{ Key: 'team', Value: 'web' }] })));
});

test('tags on a service change neither the service nor its template, and tasks have the tags of their task definition', () => {
  const stack = newStack();
  const pipeline = pipelineIn(stack);
  const { service, taskDefinition } = pipeline.deployment('production');
  Tags.of(service).add('team', 'web');
  Tags.of(taskDefinition).add('cost-centre', '7');

  const template = templateOf(stack);

  for (const [, { Properties }] of Object.entries(resources(template, 'AWS::ECS::Service'))) {
    expect(Properties).toMatchObject({ PropagateTags: 'TASK_DEFINITION', EnableECSManagedTags: true, AvailabilityZoneRebalancing: 'DISABLED' });
    expect(Properties).not.toHaveProperty('Tags');
  }
  expect(releasedTaskDefinitions(template).production).toMatchObject({ Tags: [{ Key: 'cost-centre', Value: '7' }] });
  expect(releasedTaskDefinitions(template).staging).not.toHaveProperty('Tags');
});

test('tokens are accepted wherever no value is needed at synthesis', () => {
  const stack = newStack();

  pipelineIn(stack, { notificationEmails: [new CfnParameter(stack, 'Email').valueAsString] });

  Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', { Endpoint: { Ref: 'Email' } });
});

test('two applications can share a stack and an app', () => {
  const app = new App();
  const first = new Stack(app, 'First', { env: { region: 'us-east-1' } });
  const second = new Stack(app, 'Second', { env: { region: 'us-east-1' } });
  new BlueGreenFargatePipeline(first, 'A', { ...smallestProps(), environmentSuffix: 'a' });
  new BlueGreenFargatePipeline(first, 'B', { ...smallestProps(), environmentSuffix: 'b' });

  new BlueGreenFargatePipeline(second, 'C', { ...smallestProps(), environmentSuffix: 'c' });

  expect(Object.keys(templateOf(first).Resources).length).toBeGreaterThan(200);
});

test('the same suffix can be used in another region and another account', () => {
  const app = new App();
  for (const [index, env] of [{ region: 'us-east-1' }, { region: 'eu-west-1' }].entries()) {
    new BlueGreenFargatePipeline(new Stack(app, `S${index}`, { env }), 'P', smallestProps());
  }

  expect(() => app.synth()).not.toThrow();
});
