import {
  aws_certificatemanager as acm, aws_cloudwatch as cloudwatch, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions,
  aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs,
  aws_elasticloadbalancingv2 as elbv2, aws_iam as iam,
  aws_kms as kms, aws_lambda as lambda, aws_s3 as s3, aws_secretsmanager as secretsmanager, CfnResource, Duration, Stack,
} from 'aws-cdk-lib';
import { deploymentIn, loginOf, newStack, pipelineIn, pipelineWith } from './subjects';
import {
  BuildImage, BuildSteps, EcsBlueGreenDeployment, EcsBlueGreenDeploymentProps, PipelineEnvironment,
  SmokeTest, TrafficShift,
} from '../../../src';

type Props = Partial<EcsBlueGreenDeploymentProps>;

/** A deployment with invalid props; the resources that they need are in the same stack. */
function deployment(props: Props | ((stack: Stack) => Props), stack: () => Stack = newStack): () => unknown {
  return () => {
    const place = stack();
    return deploymentIn(place, typeof props === 'function' ? props(place) : props);
  };
}

/** A deployment that is changed after its creation. */
function changedDeployment(change: (made: EcsBlueGreenDeployment, stack: Stack) => void): () => unknown {
  return () => {
    const stack = newStack();
    const made = deploymentIn(stack);
    change(made, stack);
    return made;
  };
}

/** The same, through a property that only its template has. */
function overriddenDeployment(part: (made: EcsBlueGreenDeployment) => CfnResource, path: string, value: unknown): () => unknown {
  return changedDeployment((made) => part(made).addPropertyOverride(path, value));
}

function hook(stack: Stack, attributes: Partial<lambda.FunctionAttributes> = {}): lambda.IFunction {
  return lambda.Function.fromFunctionAttributes(stack, 'Hook', {
    functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:ask', role: iam.Role.fromRoleName(stack, 'HookRole', 'ask'), ...attributes,
  });
}

function certificate(stack: Stack, arn: string): acm.ICertificate {
  return acm.Certificate.fromCertificateArn(stack, 'Certificate', arn);
}

function network(stack: Stack, subnetType: ec2.SubnetType[], maxAzs = 2): ec2.IVpc {
  return new ec2.Vpc(stack, 'Network', { maxAzs, natGateways: 1, subnetConfiguration: subnetType.map((type) => ({ name: type, subnetType: type })) });
}

/** A network that was imported without its addresses, and has only private subnets. */
function privateNetwork(stack: Stack): ec2.IVpc {
  const privateSubnetIds = ['subnet-0000000000000000a', 'subnet-0000000000000000b'];
  return ec2.Vpc.fromVpcAttributes(stack, 'Network', { vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a', 'us-east-1b'], privateSubnetIds });
}

const { PUBLIC, PRIVATE_WITH_EGRESS, PRIVATE_ISOLATED } = ec2.SubnetType;
const BOOTSTRAP = ecs.ContainerImage.fromRegistry('111111111111.dkr.ecr.us-east-1.amazonaws.com/waiting:1');

/** The user's own pipeline, which contains only what a test adds. */
function inPipeline(made: EcsBlueGreenDeployment, stack: Stack): void {
  made.addToPipeline(new codepipeline.Pipeline(stack, 'Pipeline'), { release: new codepipeline.Artifact('Release') });
}

/** BGP090 to BGP150, BGP158 and BGP159: deployments, whole pipelines, and the network. */
export const DEPLOYMENT = {
  BGP102: deployment({ trafficShift: TrafficShift.linear({ percentage: 10, interval: Duration.days(1) }) }),
  BGP104: deployment((stack) => ({
    containerEnvironment: { TOKEN: 'unknown' },
    containerSecrets: { TOKEN: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'token')) },
  })),
  BGP106: deployment({ tasks: { policies: [new iam.PolicyStatement({ actions: ['sqs:SendMessage'] })] } }),
  BGP108: deployment((stack) => ({
    hooks: { afterInstall: hook(stack, { role: iam.Role.fromRoleName(stack, 'Fixed', 'fixed', { mutable: false }) }) },
  })),
  BGP111: () => SmokeTest.http({ path: '/products', body: '?'.repeat(1001) }),
  BGP114: deployment((stack) => ({ hooks: { smokeTest: SmokeTest.http({ path: '/products' }), afterAllowTestTraffic: hook(stack) } })),
  BGP201: deployment({ hooks: { smokeTest: SmokeTest.http({ path: '/ready' }) }, retiring: { smokeTest: SmokeTest.http({ path: '/' }) } }),
  BGP115: deployment((stack) => ({ hooks: { afterInstall: hook(stack, { role: undefined }) } })),
  BGP116: deployment((stack) => ({ hooks: { afterInstall: hook(stack, { functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:ask' }) } })),
  BGP117: deployment((stack) => ({ vpc: network(stack, [PUBLIC, PRIVATE_ISOLATED]), bootstrapImage: BOOTSTRAP, hooks: { smokeTest: SmokeTest.http({ path: '/products' }) } })),
  BGP118: pipelineWith({ environments: [new PipelineEnvironment('production', { taskCount: 1 })] }),
  BGP119: deployment({ bootstrapImage: ecs.ContainerImage.fromRegistry('public.ecr.aws/acme/waiting:latest') }),
  BGP120: deployment((stack) => ({ vpc: privateNetwork(stack) })),
  BGP121: deployment((stack) => ({ vpc: network(stack, [PUBLIC]) })),
  BGP122: deployment((stack) => ({ vpc: network(stack, [PUBLIC, PRIVATE_ISOLATED]) })),
  BGP123: deployment((stack) => ({ loadBalancer: { internetFacing: false }, vpc: network(stack, [PUBLIC, PRIVATE_WITH_EGRESS], 1) })),
  BGP124: deployment((stack) => ({ loadBalancer: { internetFacing: false }, vpc: privateNetwork(stack) })),
  BGP125: deployment((stack) => ({ certificate: certificate(stack, 'shop.example.com') })),
  BGP126: deployment((stack) => ({ certificate: certificate(stack, 'arn:aws:acm:eu-west-1:111111111111:certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c') })),
  BGP127: deployment((stack) => ({ loadBalancer: { accessLogsBucket: s3.Bucket.fromBucketName(stack, 'Logs', 'acme-logs') } }), () => newStack({ env: {} })),
  BGP128: deployment((stack) => ({ loadBalancer: { accessLogsBucket: new s3.Bucket(stack, 'Logs', { encryptionKey: new kms.Key(stack, 'Key') }) } })),
  BGP129: changedDeployment((made, stack) => made.addRollbackAlarm(new cloudwatch.CompositeAlarm(stack, 'Any', { alarmRule: cloudwatch.AlarmRule.fromBoolean(false) }))),
  BGP130: changedDeployment((made, stack) => ['A', 'B', 'C', 'D', 'E', 'F'].forEach((name) =>
    made.addRollbackAlarm(cloudwatch.Alarm.fromAlarmArn(stack, name, `arn:aws:cloudwatch:us-east-1:111111111111:alarm:${name}`)))),
  BGP133: pipelineWith({ environments: [new PipelineEnvironment('staging'), new PipelineEnvironment('staging')] }),
  BGP134: pipelineWith({ environments: Array.from({ length: 16 }, (_, index) => new PipelineEnvironment(`e${index}`)) }),
  BGP135: pipelineWith({
    platform: { cpuArchitecture: ecs.CpuArchitecture.ARM64, buildImage: BuildImage.AMAZON_LINUX_2023 },
  }),
  BGP137: pipelineWith({ buildSteps: BuildSteps.image({ repository: ecr.Repository.fromRepositoryName(newStack(), 'Images', 'images') }) }),
  BGP138: pipelineWith({ testSteps: BuildSteps.image() }),
  BGP144: changedDeployment(({ service: running, greenTargetGroup }) => running.attachToApplicationTargetGroup(greenTargetGroup)),
  BGP145: changedDeployment(({ deploymentGroup, blueTargetGroup }) => (deploymentGroup.node.defaultChild as CfnResource)
    .addPropertyOverride('LoadBalancerInfo.TargetGroupPairInfoList.0.TargetGroups.1.Name', blueTargetGroup.targetGroupName)),
  BGP146: changedDeployment(({ greenTargetGroup }) => greenTargetGroup.configureHealthCheck({ path: '/up' })),
  BGP147: overriddenDeployment(({ taskDefinition }) => taskDefinition.node.defaultChild as CfnResource, 'ContainerDefinitions.0.Name', 'web'),
  BGP172: changedDeployment(({ productionListener, greenTargetGroup }) => (productionListener.node.defaultChild as CfnResource)
    .addPropertyOverride('DefaultActions', [{ Type: 'forward', TargetGroupArn: greenTargetGroup.targetGroupArn }])),
  BGP173: changedDeployment(({ cluster }) => (cluster.node.defaultChild as CfnResource).addPropertyOverride('ClusterName', 'mine')),
  BGP202: () => {
    const stack = newStack();
    return pipelineIn(stack, { operatorRoles: [iam.Role.fromRoleName(stack, 'Fixed', 'fixed', { mutable: false })] });
  },
  BGP162: pipelineWith({ environments: [new PipelineEnvironment('live', { rollback: { terminationWaitTime: Duration.minutes(0) } })] }),
  BGP163: () => SmokeTest.http({ path: `/${'x'.repeat(1000)}`, body: '漢'.repeat(1000) }),
  BGP168: deployment({ containerEnvironment: { CATALOGUE: '漢'.repeat(22_000) } }),
  BGP148: changedDeployment(inPipeline),
  BGP149: changedDeployment(inPipeline),
  BGP200: () => {
    const stack = newStack({ tags: { team: 'web' } });
    deploymentIn(stack);
    return stack;
  },
  BGP165: () => {
    const stack = newStack();
    const repository = new ecr.Repository(stack, 'Own', { lifecycleRules: [{ maxImageCount: 100 }] });
    const made = deploymentIn(stack, { repository });
    inPipeline(made, stack);
    return made;
  },
  BGP179: pipelineWith({}, (made) =>
    (made.pipeline.node.defaultChild as CfnResource).addPropertyOverride('Stages.3.Actions.1', {
      Name: 'ReleaseAgain',
      ActionTypeId: { Category: 'Build', Owner: 'AWS', Provider: 'CodeBuild', Version: '1' },
      Configuration: { ProjectName: 'project-release-dev' },
    })),
  BGP180: pipelineWith({}, (made) =>
    (made.artifacts.bucket.policy?.node.defaultChild as CfnResource).addPropertyOverride('PolicyDocument.Statement.2.Effect', 'Allow')),
  BGP197: pipelineWith({}, (made) => made.pipeline.addStage({
    stageName: 'Notes',
    actions: [new actions.LambdaInvokeAction({
      actionName: 'Write', lambda: lambda.Function.fromFunctionName(made, 'Writer', 'write'), outputs: [new codepipeline.Artifact('Notes')],
    })],
  })),
  BGP175: pipelineWith({
    repository: ecr.Repository.fromRepositoryName(newStack(), 'Images', 'images'), storage: { maxImageCount: 1500 },
  }),
  BGP158: changedDeployment((made) => made.productionListener.addAction('Login', { action: loginOf(made.blueTargetGroup) })),
  BGP159: changedDeployment((made) => made.productionListener.addAction('Login', {
    action: loginOf(made.blueTargetGroup), priority: 1, conditions: [elbv2.ListenerCondition.pathPatterns(['/admin'])],
  })),
  BGP150: overriddenDeployment(({ deploymentGroup }) => deploymentGroup.role?.node.defaultChild as CfnResource, 'Policies', []),
};
