import {
  AppProps, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_ec2 as ec2, aws_ecr as ecr,
  aws_s3 as s3, CfnResource, Stack, StackProps, Validations,
} from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { Construct } from 'constructs';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from './synthesis';
import { arn, fullProps } from '../../scripts/programs';
import {
  ApprovalGate, BuildCache, BuildReport, BuildSteps, CachedBuildProject, DashboardDeployment, EcsBlueGreenDeployment,
  PipelineAlarms, PipelineDashboard, RegistryCredentials, SecureArtifactBucket,
} from '../../src';

/** A program under the contract, with its synthesised template. */
export interface Program {
  readonly name: string;
  readonly suffix: string;
  readonly environmentNames: string[];
  readonly stack: Stack;
  readonly template: SynthesisedTemplate;
  /** Logical IDs of resources of the user, which the contract does not cover. */
  readonly given: string[];
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

/** The smallest program. */
export function smallest(stackProps: StackProps & { readonly app?: AppProps } = {}, name = 'the smallest program'): Program {
  const stack = newStack(stackProps);
  pipelineIn(stack);
  return program(name, 'dev', ['staging', 'production'], stack);
}

/** The program with everything set. */
export function full(stackProps: StackProps & { readonly app?: AppProps } = {}, name = 'the full program'): Program {
  const stack = newStack(stackProps);
  pipelineIn(stack, fullProps(stack));
  return program(name, 'shop', ['qa', 'preprod', 'live'], stack);
}

/** A pipeline that starts with code from a bucket, and creates no bucket itself. */
export function pipelineOfTheUser(
  scope: Construct, source = new codepipeline.Artifact('Source'), { role, pipelineType = codepipeline.PipelineType.V2 }: codepipeline.PipelineProps = {},
): codepipeline.Pipeline {
  return new codepipeline.Pipeline(scope, 'Pipeline', {
    role,
    pipelineType,
    artifactBucket: s3.Bucket.fromBucketName(scope, 'TheirArtifacts', 'acme-artifacts'),
    stages: [sourceStage(scope, source)],
  });
}

/** A stage with code from a bucket. */
export function sourceStage(scope: Construct, output = new codepipeline.Artifact('Source')): codepipeline.StageProps {
  const bucket = s3.Bucket.fromBucketName(scope, 'Code', 'acme-code');
  return { stageName: 'Source', actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'code.zip', output })] };
}

/** Every construct on its own, without a BlueGreenFargatePipeline. */
export function separateConstructs(): Program {
  const stack = newStack();
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
  return program('the constructs on their own', environmentSuffix, ['live'], stack);
}

function fullInUserNetwork(): Program {
  const stack = newStack({ app: { context: recommendedFlags } });
  pipelineIn(stack, { ...fullProps(stack), vpc: userNetwork(stack) });
  return program('the full program in a network of the user, with all recommended flags', 'shop', ['qa', 'preprod', 'live'], stack);
}

/** Created once per test file: nothing changes a program after its synthesis. */
let pipelines: Program[] | undefined;
let alone: Program | undefined;

/**
 * Whole pipelines: with nothing set, with everything set, and with everything set in a network of the user and all recommended
 * feature flags. What flags change in both programs is in test/contract/everywhere.test.ts.
 */
export function pipelinePrograms(): Program[] {
  pipelines ??= [smallest(), full(), fullInUserNetwork()];
  return pipelines;
}

/** Whole pipelines, and the separate constructs. */
export function allPrograms(): Program[] {
  alone ??= separateConstructs();
  return [...pipelinePrograms(), alone];
}

function program(name: string, suffix: string, environmentNames: string[], stack: Stack): Program {
  Validations.of(stack).acknowledge(
    { id: '@org/bluegreen-pipeline:EcsBlueGreenDeployment.http', reason: 'The programs show what is there without a certificate, too' },
    { id: '@org/bluegreen-pipeline:EcsBlueGreenDeployment.importedAccessLogsBucket', reason: 'The user allows the load balancer to write there' },
    { id: 'Annotation::@aws-cdk/aws-s3:accessLogsPolicyNotAdded', reason: 'The bucket for access logs belongs to the user' },
  );
  const template = templateOf(stack);
  const given = stack.node.findAll()
    .filter((construct): construct is CfnResource => CfnResource.isCfnResource(construct) && construct.node.path.includes('/Given/'))
    .map((resource) => String(stack.resolve(resource.logicalId)));
  return { name, suffix, environmentNames, stack, template, given };
}
