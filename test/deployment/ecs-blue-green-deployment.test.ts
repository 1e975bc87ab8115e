import {
  aws_certificatemanager as acm, aws_cloudwatch as cloudwatch, aws_cloudwatch_actions as cloudwatchActions, aws_codepipeline as codepipeline,
  aws_codepipeline_actions as actions, aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_lambda as lambda, aws_s3 as s3,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { newStack, resources, templateOf } from '../helpers/synthesis';
import { settingsOf, waitsFor } from '../helpers/templates';

describe('a deployment with all props', () => {
  const stack = newStack();
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-1',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    publicSubnetIds: ['subnet-a', 'subnet-b'],
    privateSubnetIds: ['subnet-c', 'subnet-d'],
  });
  const deployment = deploymentIn(stack, {
    vpc,
    certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate',
      'arn:aws:acm:us-east-1:111111111111:certificate/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d'),
    containerPort: 3000,
    healthCheckPath: '/healthz',
    cpu: 1024,
    memoryLimitMiB: 2048,
    taskCount: 3,
    maxTaskCount: 9,
    bootstrapImage: ecs.ContainerImage.fromRegistry('registry.example.com/hello:1'),
    tasks: { command: ['serve'] },
    loadBalancer: { accessLogsBucket: new s3.Bucket(stack, 'AccessLogs') },
    rollback: { errorRate: 2, minimumRequests: 50 },
  });
  const template = Template.fromStack(stack);

  test('a deployment with all props has port and health path, and causes no warning', () => {
    expect([deployment.containerPort, deployment.healthCheckPath]).toEqual([3000, '/healthz']);
    const metadata = stack.node.findAll().flatMap(({ node }) => node.metadata);
    expect(metadata.filter(({ data }) => /BGP\d{3}/.test(String(data)))).toEqual([]);
  });

  test('a deployment with a certificate serves production and test traffic over HTTPS, and redirects port 80', () => {
    for (const Port of [443, 9000]) {
      template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
        Port, Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      });
    }
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 80,
      DefaultActions: [
        { Type: 'redirect', RedirectConfig: { Port: '443', Protocol: 'HTTPS', StatusCode: 'HTTP_301' } },
      ],
    });
  });

  test('a deployment scales its tasks between the configured bounds, by their CPU use', () => {
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 3, MaxCapacity: 9 });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      },
    });
  });

  test('a deployment releases the configured size and command, and starts with the unchanged bootstrap image', () => {
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Family: 'taskdef-production-dev',
      Cpu: '1024',
      Memory: '2048',
      ContainerDefinitions: [Match.objectLike({ Command: ['serve'] })],
    });
    expect(settingsOf(deployment)).toEqual({
      taskDefinition: expect.stringMatching(/^\$\{ProductionTaskDefinition\w+\}$/), family: 'task-production-dev', container: 'app', port: expect.any(Number),
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Family: 'task-production-dev',
      ContainerDefinitions: [Match.objectLike({ Image: 'registry.example.com/hello:1', Command: Match.absent() })],
    });
  });

  test('a deployment writes the logs of its load balancer under its own name', () => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      LoadBalancerAttributes: Match.arrayWith([
        { Key: 'access_logs.s3.enabled', Value: 'true' }, { Key: 'access_logs.s3.prefix', Value: 'alb-production-dev' },
      ]),
    });
  });

  test('a deployment compares the error rate of each colour once it has enough requests', () => {
    template.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', {
      Threshold: 2,
      Metrics: Match.arrayWith([Match.objectLike({
        Expression: 'IF(requests >= 50, 100 * answers / requests)',
      })]),
    }, 2);
  });
});

test('an alarm of the user causes a rollback, too, and CodeDeploy may read it', () => {
  const stack = newStack();
  const deployment = deploymentIn(stack);

  deployment.addRollbackAlarm(cloudwatch.Alarm.fromAlarmArn(stack, 'Slow', 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:slow'));

  const template = templateOf(stack);
  const [{ Properties: group }] = Object.values(resources(template, 'AWS::CodeDeploy::DeploymentGroup'));
  expect(group.AlarmConfiguration.Alarms).toHaveLength(6);
  expect(deployment.rollbackAlarms).toHaveLength(5);
  expect(group.AlarmConfiguration.Alarms).toContainEqual({ Name: 'slow' });
  expect(JSON.stringify(template.Resources)).toContain('"Action":"cloudwatch:DescribeAlarms","Effect":"Allow","Resource":"arn:aws:cloudwatch:us-east-1:111111111111:alarm:slow"');
});

test('alarms, their actions and hooks may refer to the service', () => {
  const stack = newStack();
  const refersToService = (id: string) => new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });
  const [asked, alarmed] = ['Asked', 'Alarmed'].map(refersToService);
  const deployment = deploymentIn(stack, { hooks: { beforeInstall: asked } });
  const { service, rollbackAlarms } = deployment;
  [asked, alarmed].forEach((handler) => handler.addEnvironment('SERVICE', service.serviceName));
  const busy = service.metricCpuUtilization().createAlarm(stack, 'Busy', { threshold: 90, evaluationPeriods: 2 });
  rollbackAlarms[0].addAlarmAction(new cloudwatchActions.LambdaAction(alarmed));

  deployment.addRollbackAlarm(busy);

  const template = templateOf(stack);
  expect(Object.keys(template.Resources).filter((id) => waitsFor(template, id).has(id))).toEqual([]);
});

test("a deployment in the user's own pipeline may read artifacts that are encrypted with its key", () => {
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

test('the first tasks wait for the permission to pull the bootstrap image', () => {
  const stack = newStack();
  const hello = ecr.Repository.fromRepositoryName(stack, 'Hello', 'hello');

  deploymentIn(stack, { bootstrapImage: ecs.ContainerImage.fromEcrRepository(hello, '1') });

  const [{ DependsOn }] = Object.values(resources(templateOf(stack), 'AWS::ECS::Service'));
  expect(DependsOn).toContainEqual(expect.stringMatching(/ExecutionRoleGrants/));
});
