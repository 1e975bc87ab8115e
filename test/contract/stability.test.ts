import { readFileSync } from 'fs';
import {
  App, ArnFormat, aws_certificatemanager as acm, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda, aws_s3 as s3,
  aws_secretsmanager as secretsmanager, Duration, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  BlueGreenFargatePipelineProps, BuildCache, BuildImage, BuildSteps, PipelineEnvironment, PipelineSource, SmokeTest, TrafficShift,
} from '../../src';
import { broughtNetwork, full, smallest } from '../helpers/programs';
import { CONNECTION_ARN, newStack, pipelineIn, Resource, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

/**
 * The logical ids of everything with data or a name in the smallest program. CloudFormation replaces what gets another id,
 * which for a named resource fails and for a bucket loses what is in it: so none of these changes without a new major version.
 */
const LOGICAL_IDS: { readonly [type: string]: string[] } = {
  'AWS::CloudWatch::Alarm': [
    'PAlarmsUndelivered9485A4F2',
    'PDeployProductionBlueErrors0CFEB0B6', 'PDeployProductionBlueUnhealthy89A3E152',
    'PDeployProductionGreenErrorsD17ACF89', 'PDeployProductionGreenUnhealthyDDB5BE6F',
    'PDeployStagingBlueErrorsD170319F', 'PDeployStagingBlueUnhealthyF2D72777',
    'PDeployStagingGreenErrors6CD64575', 'PDeployStagingGreenUnhealthy15D1A567',
  ],
  'AWS::CloudWatch::Dashboard': ['PDashboard2CD3C087'],
  'AWS::CodeBuild::Project': ['PBuildA2790048', 'PTest5A32D1E6'],
  'AWS::CodeDeploy::Application': ['PDeployProductionApplication2B2F42E5', 'PDeployStagingApplication083CA47F'],
  'AWS::CodeDeploy::DeploymentGroup': ['PDeployProductionDeploymentGroup63D08B69', 'PDeployStagingDeploymentGroupDF027770'],
  'AWS::CodePipeline::Pipeline': ['PPipelineD5EF2824'],
  'AWS::EC2::EIP': ['PVpcPublicSubnet1EIP6F0FD5C7'],
  'AWS::EC2::InternetGateway': ['PVpcIGWC112E8A8'],
  'AWS::EC2::NatGateway': ['PVpcPublicSubnet1NATGateway12D77D8C'],
  'AWS::EC2::RouteTable': [
    'PVpcPrivateSubnet1RouteTable4AB4B06F', 'PVpcPrivateSubnet2RouteTable96A41992',
    'PVpcPublicSubnet1RouteTable04DC0AA9', 'PVpcPublicSubnet2RouteTable2A7671C2',
  ],
  'AWS::EC2::SecurityGroup': [
    'PDeployProductionLoadBalancerSecurityGroupE633BE17', 'PDeployProductionServiceSecurityGroup92172E7E',
    'PDeployStagingLoadBalancerSecurityGroupC79B2A27', 'PDeployStagingServiceSecurityGroup598AB51B',
  ],
  'AWS::EC2::Subnet': [
    'PVpcPrivateSubnet1Subnet64C0C89E', 'PVpcPrivateSubnet2Subnet0395657D',
    'PVpcPublicSubnet1Subnet5D3BADC5', 'PVpcPublicSubnet2SubnetA088A5D4',
  ],
  'AWS::EC2::VPC': ['PVpc75020802'],
  'AWS::ECR::Repository': ['PRepository3A4D5272'],
  'AWS::ECS::Cluster': ['PDeployProductionCluster0E38C011', 'PDeployStagingClusterB6268E97'],
  'AWS::ECS::Service': ['PDeployProductionServiceAD10EF0B', 'PDeployStagingService3C4DCF17'],
  'AWS::ECS::TaskDefinition': [
    'PDeployProductionBootstrap0C1120F6', 'PDeployProductionTaskDefinitionC7B52EDF',
    'PDeployStagingBootstrap19445174', 'PDeployStagingTaskDefinitionC331143A',
  ],
  'AWS::ElasticLoadBalancingV2::Listener': [
    'PDeployProductionLoadBalancerProduction308ACDFA', 'PDeployProductionLoadBalancerTestC1AB311D',
    'PDeployStagingLoadBalancerProductionD55E2360', 'PDeployStagingLoadBalancerTest9555F9F3',
  ],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['PDeployProductionLoadBalancerFAC6374A', 'PDeployStagingLoadBalancerA63C94C6'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': [
    'PDeployProductionBlueTargetGroup68F2C94F', 'PDeployProductionGreenTargetGroup2E6C8D13',
    'PDeployStagingBlueTargetGroup25B8C68C', 'PDeployStagingGreenTargetGroupB7000EAC',
  ],
  'AWS::Events::Rule': [
    'PAlarmsBuildFailed2C7E582B', 'PAlarmsDeploymentFailed0E82BA67', 'PAlarmsPipelineFailed3437955E', 'PDashboardApprovalRejected165041D7',
    'PDashboardProductionFailed6089E82B', 'PDashboardProductionSucceededFEAA9E08',
    'PDashboardStagingFailedCEDC9D50', 'PDashboardStagingSucceeded22C3CD17',
  ],
  'AWS::IAM::Policy': ['PPipelineRoleGrants643F9A56'],
  'AWS::IAM::Role': [
    'CustomS3AutoDeleteObjectsCustomResourceProviderRole3B1BD092',
    'PApproveProductionRole0A9FAE52', 'PApproveStagingRoleE3F51A44', 'PBuildActionRoleB3CFE37E', 'PBuildRole5063A857',
    'PDeployProductionActionRole3CC4B566', 'PDeployProductionCodeDeployRole5A87A721',
    'PDeployProductionExecutionRoleE33093A0', 'PDeployProductionTaskRole63EBFA61',
    'PDeployStagingActionRole3710F9CB', 'PDeployStagingCodeDeployRole27C06D54',
    'PDeployStagingExecutionRole21FA8AA6', 'PDeployStagingTaskRoleE915BE95',
    'PPipelineRole8816570E', 'PSourceRole868095B9', 'PTestActionRoleE7122A4F', 'PTestRole3CADA098',
  ],
  'AWS::Logs::LogGroup': ['PBuildLogsB3ED0817', 'PDeployProductionLogsB114909B', 'PDeployStagingLogs8C813EBD', 'PTestLogs397D5960'],
  'AWS::S3::Bucket': ['PArtifactsA55DB58D', 'PBuildCache724C982F'],
  'AWS::SNS::Subscription': [
    'PAlarmsTopicteamexamplecom004DDD25', 'PApproveProductionTopicteamexamplecom61257F4D', 'PApproveStagingTopicteamexamplecom039FBB6F',
  ],
  'AWS::SNS::Topic': [
    'PAlarmsTopicF1EC62CF', 'PApproveProductionTopic626C2611', 'PApproveStagingTopicCA796AD0', 'PDashboardDeployments62C574C1',
  ],
  'AWS::SecretsManager::Secret': ['PRegistryCredentials7684B354'],
};

/** What only connects those above, and may come and go. */
const UNNAMED = [
  'AWS::EC2::Route', 'AWS::EC2::SecurityGroupEgress', 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPCGatewayAttachment', 'AWS::Lambda::Function', 'AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy', 'Custom::S3AutoDeleteObjects',
];

/** The one revision that CloudFormation may register: with a second one the next update of the service fails. */
function bootstrapOf(environmentName: 'staging' | 'production'): Resource {
  const [logs, execution, task] = {
    staging: ['PDeployStagingLogs8C813EBD', 'PDeployStagingExecutionRole21FA8AA6', 'PDeployStagingTaskRoleE915BE95'],
    production: ['PDeployProductionLogsB114909B', 'PDeployProductionExecutionRoleE33093A0', 'PDeployProductionTaskRole63EBFA61'],
  }[environmentName];
  return {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: {
      ContainerDefinitions: [{
        Command: [
          'node', '-e', "process.on('SIGTERM',()=>process.exit());require('http').createServer((_,answer)=>"
          + "answer.end('waiting for the first release')).listen(8080)",
        ],
        Essential: true,
        Image: 'public.ecr.aws/docker/library/node:22-alpine',
        LogConfiguration: {
          LogDriver: 'awslogs',
          Options: { 'awslogs-group': { Ref: logs }, 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'bootstrap' },
        },
        Name: 'app',
        PortMappings: [{ ContainerPort: 8080, Protocol: 'tcp' }],
      }],
      Cpu: '256',
      ExecutionRoleArn: { 'Fn::GetAtt': [execution, 'Arn'] },
      Family: `task-${environmentName}-dev`,
      Memory: '512',
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: ['FARGATE'],
      TaskRoleArn: { 'Fn::GetAtt': [task, 'Arn'] },
    },
  };
}

const BOOTSTRAP: { readonly [id: string]: Resource } = {
  PDeployStagingBootstrap19445174: bootstrapOf('staging'),
  PDeployProductionBootstrap0C1120F6: bootstrapOf('production'),
};

function bootstrapIn(template: SynthesisedTemplate): { [id: string]: Resource } {
  return Object.fromEntries(Object.keys(BOOTSTRAP).map((id) => [id, template.Resources[id]]));
}

describe.each([{ name: 'the smallest program', make: smallest }, { name: 'the full program', make: full }])('$name', ({ make }) => {
  test('promise 44: becomes the same template, byte for byte, on every day', () => {
    const files = ['2026-11-23T12:00:00Z', '2031-02-28T23:59:59Z'].map((now) => {
      jest.useFakeTimers({ now: new Date(now), doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
      const { stack } = make();
      jest.useRealTimers();
      return readFileSync((stack.node.root as App).synth().getStackArtifact(stack.artifactId).templateFullPath, 'utf8');
    });

    expect(files[0].length).toBeGreaterThan(50_000);
    expect(files[1] === files[0]).toBe(true);
  });
});

test('promise 44: the logical ids of everything with data or a name are the ones that they were first deployed with', () => {
  const { template } = smallest();
  const found: { [type: string]: string[] } = {};

  for (const [id, { Type }] of Object.entries(template.Resources)) {
    if (!UNNAMED.includes(Type)) {
      found[Type] = [...found[Type] ?? [], id].sort();
    }
  }

  expect(found).toEqual(LOGICAL_IDS);
});

test('promise 44: the task definitions that the first tasks run are frozen, to the last property', () => {
  expect(bootstrapIn(smallest().template)).toEqual(BOOTSTRAP);
});

/** Every setting of an environment, with a value that is not its default; the compiler knows when one is missing. */
function environmentSettings(scope: Construct): Required<Omit<PipelineEnvironment, 'name'>> {
  const secret = secretsmanager.Secret.fromSecretNameV2(scope, 'Secret', 'orders');
  return {
    cpu: 2048,
    memoryLimitMiB: 8192,
    containerEnvironment: { LOG_LEVEL: 'debug' },
    containerSecrets: { DB_PASSWORD: ecs.Secret.fromSecretsManager(secret) },
    containerCommand: ['node', 'server.js'],
    taskCount: 5,
    maxTaskCount: 20,
    taskPolicies: [new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['*'] })],
    certificate: acm.Certificate.fromCertificateArn(scope, 'Certificate', Stack.of(scope).formatArn({ service: 'acm', resource: 'certificate/x' })),
    publicLoadBalancer: false,
    loadBalancerLogsBucket: s3.Bucket.fromBucketName(scope, 'LoadBalancerLogs', 'acme-alb-logs'),
    trafficShift: TrafficShift.linear({ percentage: 30, interval: Duration.minutes(4) }),
    terminationWaitTime: Duration.hours(5),
    testListenerCidrs: ['203.0.113.0/24'],
    smokeTest: SmokeTest.http({ path: '/products' }),
    hooks: {
      afterAllowTraffic: lambda.Function.fromFunctionAttributes(scope, 'Hook', {
        functionArn: Stack.of(scope).formatArn({ service: 'lambda', resource: 'function', resourceName: 'x', arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
        role: iam.Role.fromRoleName(scope, 'HookRole', 'hook'),
      }),
    },
    rollbackErrorRate: 1,
    rollbackMinimumRequests: 100,
    approverEmails: ['leads@example.com'],
    approverRoles: [iam.Role.fromRoleName(scope, 'Leads', 'leads')],
  };
}

/** What the first tasks are made of, and so must not change once they run. */
type Frozen = 'environmentSuffix' | 'containerPort' | 'bootstrapImage';

/** Every other setting of a pipeline. */
function pipelineSettings(scope: Construct): Required<Omit<BlueGreenFargatePipelineProps, Frozen | 'environments'>> {
  return {
    source: PipelineSource.connection({ connectionArn: CONNECTION_ARN, repository: 'acme/other', branch: 'next' }),
    notificationEmails: ['others@example.com'],
    approverEmails: ['leads@example.com'],
    vpc: broughtNetwork(Stack.of(scope)),
    healthCheckPath: '/healthz',
    // The roles of the tasks may pull from it, and the tasks name it nowhere but in what a release puts in.
    repository: ecr.Repository.fromRepositoryName(scope, 'Images', 'images'),
    dockerfile: 'service/Dockerfile',
    buildContext: 'service',
    buildSteps: BuildSteps.image({ target: 'runtime', buildArgs: { A: 'b' }, cache: BuildCache.registry() }),
    // The processor of the default, said aloud.
    cpuArchitecture: ecs.CpuArchitecture.X86_64,
    buildImage: BuildImage.fromEcrRepository(ecr.Repository.fromRepositoryName(scope, 'Tools', 'tools'), '2026-11'),
    testSteps: BuildSteps.commands(['npm test']),
    registryCredentials: secretsmanager.Secret.fromSecretNameV2(scope, 'Login', 'login'),
    accessLogsBucket: s3.Bucket.fromBucketName(scope, 'AccessLogs', 'acme-access-logs'),
  };
}

/** Fargate takes only some sizes, and more tasks at most than at least. */
const TOGETHER = [['cpu', 'memoryLimitMiB'], ['taskCount', 'maxTaskCount']];

test.each(Object.keys(environmentSettings(newStack())))('promise 44: another %s leaves the frozen task definitions as they are', (name) => {
  const stack = newStack();
  const settings = environmentSettings(stack);
  const names = TOGETHER.find((group) => group.includes(name)) ?? [name];
  const setting = Object.fromEntries(Object.entries(settings).filter(([each]) => names.includes(each)));
  pipelineIn(stack, { environments: [{ name: 'staging', ...setting }, { name: 'production', ...setting }] });

  expect(bootstrapIn(templateOf(stack))).toEqual(BOOTSTRAP);
});

test.each(Object.keys(pipelineSettings(newStack())))('promise 44: another %s of the pipeline leaves the frozen task definitions as they are', (name) => {
  const stack = newStack();
  pipelineIn(stack, Object.fromEntries(Object.entries(pipelineSettings(stack)).filter(([each]) => each === name)));

  expect(bootstrapIn(templateOf(stack))).toEqual(BOOTSTRAP);
});

test('promise 44: what a user adds to the task definition of the releases leaves the frozen ones as they are', () => {
  const stack = newStack();
  const { deployments } = pipelineIn(stack);
  deployments.production.taskDefinition.addContainer('Sidecar', { image: ecs.ContainerImage.fromRegistry('public.ecr.aws/acme/sidecar:1') });
  deployments.production.taskDefinition.addVolume({ name: 'scratch' });
  deployments.production.taskRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }));
  const template = templateOf(stack);

  expect(bootstrapIn(template)).toEqual(BOOTSTRAP);
  expect(all(template, 'AWS::ECS::TaskDefinition').map(([, { ContainerDefinitions }]) => ContainerDefinitions.length as number).sort()).toEqual([1, 1, 1, 2]);
});
