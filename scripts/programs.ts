import {
  Aws, aws_certificatemanager as acm, aws_codepipeline as codepipeline, aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam,
  aws_lambda as lambda, aws_s3 as s3, aws_secretsmanager as secretsmanager, aws_ssm as ssm, Duration, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  Approval, ApprovalGate, BlueGreenFargatePipelineProps, BuildCache, BuildImage, BuildReport, BuildSteps, CachedBuildProject, DashboardDeployment,
  EcsBlueGreenDeployment, PipelineAlarms, PipelineDashboard, PipelineEnvironment, PipelineSource, RegistryCredentials, RegistryLogin,
  SecureArtifactBucket, SmokeTest, TrafficShift,
} from '../src';

/** The props of the smallest program. */
export function smallestProps(): BlueGreenFargatePipelineProps {
  return {
    environmentSuffix: 'dev',
    source: PipelineSource.connection({
      connectionArn: 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d',
      repository: 'acme/storefront',
      branch: 'main',
    }),
    notificationEmails: ['team@example.com'],
  };
}

/** The networks that may use the test listeners of the full program, by environment. */
export const TESTERS: { readonly [environmentName: string]: string[] } = {
  qa: ['203.0.113.0/24', '198.51.100.7/32'],
  live: ['192.0.2.0/28'],
};

/** The environments of the full program whose releases are smoke-tested through the test listener. */
export const SMOKE_TESTED = ['qa', 'live'];

/** An ARN in the account that a program is deployed to, for resources of the user. */
export function arn(service: string, resource: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
}

/** All props, three environments, none of them with a default name. */
export function fullProps(stack: Stack): BlueGreenFargatePipelineProps {
  const given = new Construct(stack, 'Given');
  const certificate = acm.Certificate.fromCertificateArn(given, 'Certificate', arn('acm', 'certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c'));
  const database = secretsmanager.Secret.fromSecretCompleteArn(given, 'Database', arn('secretsmanager', 'secret:orders-AbCdEf'));
  const pepper = ssm.StringParameter.fromSecureStringParameterAttributes(given, 'Pepper', { parameterName: '/orders/pepper' });
  const rotation = lambda.Function.fromFunctionAttributes(given, 'Rotation', {
    functionArn: arn('lambda', 'function:rotate-registry'),
    sameEnvironment: true,
  });
  const login = new RegistryCredentials(stack, 'Login', {
    environmentSuffix: 'shop', registry: 'ghcr.io', rotationFunction: rotation, rotationInterval: Duration.days(14),
  });
  const hook = (name: string): lambda.IFunction => lambda.Function.fromFunctionAttributes(given, name, {
    functionArn: arn('lambda', `function:${name}`), role: iam.Role.fromRoleName(given, `${name}Role`, name, { defaultPolicyName: `reports-${name}` }), sameEnvironment: true,
  });
  return {
    ...smallestProps(),
    environmentSuffix: 'shop',
    approverEmails: ['leads@example.com', 'owners@example.com'],
    containerPort: 3000,
    healthCheckPath: '/healthz',
    buildSteps: BuildSteps.image({ dockerfile: 'service/Dockerfile', context: 'service' }),
    testSteps: BuildSteps.commands(['npm ci', 'npm test']),
    registryCredentials: RegistryLogin.fromSecret(login.secret, { registry: 'ghcr.io' }),
    platform: {
      buildImage: BuildImage.fromEcrRepository(ecr.Repository.fromRepositoryName(given, 'Tools', 'tools'), '2026-11'),
      bootstrapImage: ecs.ContainerImage.fromRegistry('public.ecr.aws/acme/waiting:1'),
    },
    storage: { accessLogsBucket: s3.Bucket.fromBucketName(given, 'AccessLogs', 'acme-access-logs') },
    environments: [
      new PipelineEnvironment('qa', {
        taskCount: 1,
        containerEnvironment: { LOG_LEVEL: 'debug' },
        trafficShift: TrafficShift.allAtOnce(),
        hooks: { smokeTest: SmokeTest.http({ path: '/products' }) },
        loadBalancer: { testListenerCidrs: TESTERS.qa },
        rollback: { minimumRequests: 5 },
      }),
      new PipelineEnvironment('preprod', {
        taskCount: 1,
        certificate,
        containerSecrets: { DB_PASSWORD: ecs.Secret.fromSecretsManager(database, 'password') },
        trafficShift: TrafficShift.linear({ percentage: 20, interval: Duration.minutes(2) }),
        hooks: {
          beforeInstall: hook('freeze'),
          afterInstall: hook('warm'),
          afterAllowTestTraffic: hook('try'),
          beforeAllowTraffic: hook('ask'),
          afterAllowTraffic: hook('announce'),
        },
        loadBalancer: { internetFacing: false },
      }),
      new PipelineEnvironment('live', {
        certificate,
        cpu: 1024,
        memoryLimitMiB: 2048,
        taskCount: 3,
        maxTaskCount: 9,
        containerEnvironment: { LOG_LEVEL: 'info' },
        containerSecrets: {
          DB_PASSWORD: ecs.Secret.fromSecretsManager(database, 'password'),
          PEPPER: ecs.Secret.fromSsmParameter(pepper),
        },
        trafficShift: TrafficShift.canary({ percentage: 25, interval: Duration.minutes(7) }),
        approval: Approval.byEmail({
          emails: ['cto@example.com'],
          roles: [iam.Role.fromRoleName(given, 'Leads', 'leads')],
        }),
        hooks: {
          smokeTest: SmokeTest.http({
            path: '/products',
            status: 206,
            body: 'In stock',
            host: 'shop.example.com',
            timeout: Duration.minutes(3),
          }),
          afterAllowTraffic: hook('celebrate'),
        },
        loadBalancer: {
          accessLogsBucket: s3.Bucket.fromBucketName(given, 'LoadBalancerLogs', 'acme-alb-logs'),
          testListenerCidrs: TESTERS.live,
        },
        rollback: { errorRate: 2, terminationWaitTime: Duration.minutes(30) },
        tasks: {
          command: ['node', 'server.js'],
          policies: [new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [arn('sqs', 'orders')] })],
          guardDutyAgent: true,
        },
      }),
    ],
  };
}

/** A network from outside the app. */
export function userNetwork(scope: Construct): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(scope, 'Brought', {
    vpcId: 'vpc-0123456789abcdef0',
    vpcCidrBlock: '10.20.0.0/16',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    publicSubnetIds: ['subnet-0000000000000000a', 'subnet-0000000000000000b'],
    publicSubnetRouteTableIds: ['rtb-0000000000000000a', 'rtb-0000000000000000b'],
    privateSubnetIds: ['subnet-1000000000000000a', 'subnet-1000000000000000b'],
    privateSubnetRouteTableIds: ['rtb-1000000000000000a', 'rtb-1000000000000000b'],
  });
}

/** Every construct on its own, without a BlueGreenFargatePipeline. */
export function separateConstructs(stack: Stack): void {
  const given = new Construct(stack, 'Given');
  const environmentSuffix = 'modules';
  const repository = ecr.Repository.fromRepositoryName(given, 'Images', 'images');
  const pipeline = codepipeline.Pipeline.fromPipelineArn(given, 'Theirs', arn('codepipeline', 'theirs'));
  new SecureArtifactBucket(stack, 'Artifacts', { environmentSuffix });
  new RegistryCredentials(stack, 'Credentials', { environmentSuffix });
  new ApprovalGate(stack, 'Gate', { environmentSuffix, environmentName: 'live', approverEmails: ['leads@example.com'] });
  const lint = new CachedBuildProject(stack, 'Lint', {
    environmentSuffix,
    purpose: 'lint',
    steps: BuildSteps.commands(['npm ci', 'npm run lint'], { reports: [BuildReport.junit(['lint.xml']), BuildReport.clover(['clover.xml'])] }),
  });
  const image = new CachedBuildProject(stack, 'Image', { environmentSuffix, purpose: 'image', steps: BuildSteps.image({ repository, cache: BuildCache.registry() }) });
  const deployment = new EcsBlueGreenDeployment(stack, 'Live', { environmentSuffix, environmentName: 'live', repository });
  const environmentAlarms = [...deployment.rollbackAlarms, ...deployment.outageAlarms];
  const dashboard = new PipelineDashboard(stack, 'Dashboard', {
    environmentSuffix,
    pipeline,
    projects: [lint.project, image.project],
    deployments: [new DashboardDeployment('live', 'DeployLive')],
    alarms: environmentAlarms,
  });
  const alarms = new PipelineAlarms(stack, 'Alarms', {
    environmentSuffix,
    pipeline,
    notificationEmails: ['team@example.com'],
    projects: [lint.project, image.project],
    deploymentGroups: [deployment.deploymentGroup],
    watchedRules: dashboard.rules,
  });
  environmentAlarms.forEach((alarm) => alarms.notifyOn(alarm));
  alarms.undeliveredAlarms.forEach((alarm) => dashboard.addAlarm(alarm));
}
