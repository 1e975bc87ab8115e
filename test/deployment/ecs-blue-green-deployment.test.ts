import {
  aws_certificatemanager as acm, aws_cloudwatch as cloudwatch, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions,
  aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_s3 as s3, aws_secretsmanager as secretsmanager, Stack,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { EcsBlueGreenDeployment } from '../../src';
import { newStack, resources, templateOf } from '../helpers/synthesis';
import { rendered } from '../helpers/templates';

interface AlarmMetric {
  readonly MetricName: string;
  readonly Dimensions: { readonly Name: string; readonly Value: unknown }[];
}

/** What a release registers, with intrinsics as readable placeholders. */
function releasedTaskDefinition(deployment: EcsBlueGreenDeployment) {
  return JSON.parse(rendered(Stack.of(deployment).resolve(deployment.releaseFiles['taskdef-production.json'])));
}

test('a deployment with minimal properties runs two small tasks behind a load balancer of its own', () => {
  const stack = newStack();

  const deployment = deploymentIn(stack);

  expect([deployment.containerPort, deployment.healthCheckPath]).toEqual([8080, '/']);

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::ECS::Service', {
    ServiceName: 'service-production-dev',
    DeploymentController: { Type: 'CODE_DEPLOY' },
    DesiredCount: 2,
    LaunchType: 'FARGATE',
    TaskDefinition: 'task-production-dev',
    HealthCheckGracePeriodSeconds: 60,
    DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 200 },
    LoadBalancers: [{ ContainerName: 'app', ContainerPort: 8080, TargetGroupArn: { Ref: Match.stringLikeRegexp('BlueTargetGroup') } }],
  });
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Name: 'alb-production-dev', Scheme: 'internet-facing' });
  template.resourceCountIs('AWS::EC2::NatGateway', 1);
  template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
});

test('a release goes to the family that the service runs, with its image left open', () => {
  const stack = newStack();

  const deployment = deploymentIn(stack, { cpu: 1024, memoryLimitMiB: 2048, tasks: { command: ['serve'] } });

  expect(releasedTaskDefinition(deployment)).toMatchObject({
    family: 'task-production-dev',
    cpu: '1024',
    memory: '2048',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    containerDefinitions: [{ name: 'app', image: '<IMAGE1_NAME>', command: ['serve'], portMappings: [{ containerPort: 8080, protocol: 'tcp' }] }],
  });
});

test('the appspec names the container that gets the traffic', () => {
  const deployment = deploymentIn(newStack(), { containerPort: 3000, healthCheckPath: '/healthz' });

  expect([deployment.containerPort, deployment.healthCheckPath]).toEqual([3000, '/healthz']);
  expect(deployment.releaseFiles['appspec-production.yaml']).toBe([
    'version: 0.0',
    'Resources:',
    '  - TargetService:',
    '      Type: AWS::ECS::Service',
    '      Properties:',
    '        TaskDefinition: <TASK_DEFINITION>',
    '        LoadBalancerInfo:',
    '          ContainerName: app',
    '          ContainerPort: 3000',
    '',
  ].join('\n'));
});

test('what the user adds to the task definition is in the release, escape hatches included', () => {
  const stack = newStack();
  const deployment = deploymentIn(stack, {
    containerEnvironment: { GREETING: 'say "hi"\n$HOME' },
    containerSecrets: { TOKEN: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'token')) },
  });

  deployment.taskDefinition.addVolume({ name: 'files', efsVolumeConfiguration: { fileSystemId: 'fs-1', transitEncryption: 'ENABLED' } });
  deployment.taskDefinition.addContainer('proxy', {
    image: ecs.ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1'), dockerLabels: { 'Acme.Owner': 'web' },
  });
  (deployment.taskDefinition.node.defaultChild as ecs.CfnTaskDefinition).addPropertyOverride('RuntimePlatform.CpuArchitecture', 'ARM64');

  const released = releasedTaskDefinition(deployment);
  expect(released).toMatchObject({
    runtimePlatform: { cpuArchitecture: 'ARM64' },
    volumes: [{ name: 'files', efsVolumeConfiguration: { fileSystemId: 'fs-1', transitEncryption: 'ENABLED' } }],
    containerDefinitions: [
      { name: 'app', environment: [{ name: 'GREETING', value: 'say "hi"\n$HOME' }], secrets: [{ name: 'TOKEN', valueFrom: expect.stringContaining('secret:token') }] },
      { name: 'proxy', image: 'public.ecr.aws/nginx/nginx:1', dockerLabels: { 'Acme.Owner': 'web' } },
    ],
  });
});

test('a certificate makes both listeners speak HTTPS and redirects port 80', () => {
  const stack = newStack();
  const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate',
    'arn:aws:acm:us-east-1:111111111111:certificate/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d');

  deploymentIn(stack, { certificate });

  const template = Template.fromStack(stack);
  for (const Port of [443, 9000]) {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port, Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' });
  }
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
    Port: 80, DefaultActions: [{ Type: 'redirect', RedirectConfig: { Port: '443', Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }],
  });
  expect(stack.node.findAll().flatMap((construct) => construct.node.metadata).filter(({ type }) => type === 'aws:cdk:warning')).toEqual([]);
});

test('tasks scale between the bounds of the user', () => {
  const stack = newStack();

  deploymentIn(stack, { taskCount: 3, maxTaskCount: 9 });

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 3, MaxCapacity: 9 });
  template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
    PolicyName: 'scaling-cpu-production-dev',
    TargetTrackingScalingPolicyConfiguration: { TargetValue: 60, PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' } },
  });
});

test('a network, an image and log buckets of the user are taken', () => {
  const stack = newStack();
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-1', availabilityZones: ['us-east-1a', 'us-east-1b'], publicSubnetIds: ['subnet-a', 'subnet-b'], privateSubnetIds: ['subnet-c', 'subnet-d'],
  });

  deploymentIn(stack, {
    vpc,
    bootstrapImage: ecs.ContainerImage.fromRegistry('registry.example.com/hello:1'),
    loadBalancer: { accessLogsBucket: new s3.Bucket(stack, 'AccessLogs') },
  });

  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::EC2::VPC', 0);
  template.hasResourceProperties('AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED', Subnets: ['subnet-c', 'subnet-d'] } } });
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    Family: 'task-production-dev',
    ContainerDefinitions: [Match.objectLike({ Image: 'registry.example.com/hello:1', Command: Match.absent() })],
  });
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    LoadBalancerAttributes: Match.arrayWith([{ Key: 'access_logs.s3.enabled', Value: 'true' }, { Key: 'access_logs.s3.prefix', Value: 'alb-production-dev' }]),
  });
});

test('each colour is judged by its own requests', () => {
  const stack = newStack();

  deploymentIn(stack, { rollback: { errorRate: 2, minimumRequests: 50 } });

  const alarms = Object.values(resources(templateOf(stack), 'AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  expect(alarms.map(({ AlarmName }) => AlarmName)).toEqual([
    'alarm-errors-blue-production-dev', 'alarm-unhealthy-blue-production-dev', 'alarm-errors-green-production-dev', 'alarm-unhealthy-green-production-dev',
  ]);
  for (const [index, colour] of [[0, 'Blue'], [2, 'Green']] as const) {
    const metrics = (alarms[index].Metrics.slice(1) as { MetricStat: { Metric: AlarmMetric } }[]).map(({ MetricStat }) => MetricStat.Metric);
    expect(alarms[index].Threshold).toBe(2);
    expect(alarms[index].Metrics[0].Expression).toBe('IF(FILL(requests, 0) >= 50, 100 * (FILL(answers, 0) + FILL(refusals, 0)) / FILL(requests, 1), 0)');
    expect(metrics.map(({ MetricName }) => MetricName)).toEqual(['RequestCount', 'HTTPCode_Target_5XX_Count', 'TargetConnectionErrorCount']);
    for (const { Dimensions } of metrics) {
      expect(rendered(Dimensions.find(({ Name }) => Name === 'TargetGroup')?.Value)).toMatch(new RegExp(`${colour}TargetGroup\\w+\\.TargetGroupFullName`));
    }
  }
});

test('an alarm of the user rolls back, too, and CodeDeploy may see it', () => {
  const stack = newStack();
  const deployment = deploymentIn(stack);

  deployment.addRollbackAlarm(cloudwatch.Alarm.fromAlarmArn(stack, 'Slow', 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:slow'));

  const template = templateOf(stack);
  const [{ Properties: group }] = Object.values(resources(template, 'AWS::CodeDeploy::DeploymentGroup'));
  expect(group.AlarmConfiguration.Alarms).toHaveLength(5);
  expect(deployment.rollbackAlarms).toHaveLength(4);
  expect(group.AlarmConfiguration.Alarms).toContainEqual({ Name: 'slow' });
  expect(JSON.stringify(template.Resources)).toContain('"Action":"cloudwatch:DescribeAlarms","Effect":"Allow","Resource":"arn:aws:cloudwatch:us-east-1:111111111111:alarm:slow"');
});

test('in a pipeline of the user, artifacts under its key can be read', () => {
  const stack = newStack();
  const release = new codepipeline.Artifact('Release');
  const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', {
    pipelineType: codepipeline.PipelineType.V2,
    crossAccountKeys: true,
    stages: [{
      stageName: 'Source',
      actions: [new actions.S3SourceAction({
        actionName: 'Source', bucket: s3.Bucket.fromBucketName(stack, 'Releases', 'acme-releases'), bucketKey: 'release.zip', output: release,
      })],
    }, { stageName: 'Ask', actions: [new actions.ManualApprovalAction({ actionName: 'Ask' })] }],
  });
  const deployment = deploymentIn(stack);
  deployment.rollbackAlarms.forEach((alarm) => alarm.addAlarmAction({ bind: () => ({ alarmActionArn: 'arn:aws:sns:us-east-1:111111111111:oncall' }) }));

  deployment.addToPipeline(pipeline, { release });

  const key = { 'Fn::GetAtt': [Match.stringLikeRegexp('PipelineArtifactsBucketEncryptionKey'), 'Arn'] };
  for (const purpose of ['codedeploy', 'deploy']) {
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      RoleName: `role-${purpose}-production-dev-us-east-1`,
      Policies: Match.arrayWith([Match.objectLike({
        PolicyDocument: Match.objectLike({ Statement: Match.arrayWith([{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: key }]) }),
      })]),
    });
  }
});

test('the first tasks wait for leave to pull an image of the user', () => {
  const stack = newStack();
  const hello = ecr.Repository.fromRepositoryName(stack, 'Hello', 'hello');

  deploymentIn(stack, { bootstrapImage: ecs.ContainerImage.fromEcrRepository(hello, '1') });

  const [{ DependsOn }] = Object.values(resources(templateOf(stack), 'AWS::ECS::Service'));
  expect(DependsOn).toContainEqual(expect.stringMatching(/ExecutionRoleGrants/));
});
