import {
  aws_codepipeline as codepipeline, aws_ec2 as ec2, aws_ecr as ecr, aws_secretsmanager as secretsmanager, RemovalPolicy,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BlueGreenFargatePipelineProps } from './blue-green-fargate-pipeline-props';
import { PipelineEnvironment } from './pipeline-environment';
import { ApprovalGate } from '../approval/approval-gate';
import { SecureArtifactBucket } from '../artifacts/secure-artifact-bucket';
import { PipelineAlarms } from '../monitoring/pipeline-alarms';
import { DEFAULT_ENVIRONMENTS, pipelineProblems } from './private/pipeline-checks';
import { BuildImage } from '../codebuild/build-image';
import { BuildSteps } from '../codebuild/build-steps';
import { CachedBuildProject } from '../codebuild/cached-build-project';
import { RegistryCredentials } from '../credentials/registry-credentials';
import { EcsBlueGreenDeployment } from '../deployment/ecs-blue-green-deployment';
import { TrafficShift } from '../deployment/traffic-shift';
import { PipelineDashboard } from '../monitoring/pipeline-dashboard';
import { isArm } from '../private/checks';
import { refuse, warn } from '../private/errors';
import { given } from '../private/given';
import { nameOf, stageName } from '../private/names';
import { network } from '../private/network';
import { ScopedRole } from '../private/scoped-role';
import { serviceActingFor } from '../private/trust';

/**
 * The whole road of a containerised application in one account: from a push to production on Fargate.
 *
 * A push starts an execution: the image is built and pushed once, tried out, and then promoted by its digest. Before each
 * environment a person is asked by e-mail; CodeDeploy then moves the traffic to the new tasks, and back by itself when a
 * deployment fails, is stopped, or sets off an alarm. A newer push overtakes an older one that waits between stages.
 * Whatever fails is mailed. Destroying the stack leaves nothing behind but the log group of
 * CDK's own helper function, and in the list of ECS the task definition revisions of the releases, which cost nothing.
 *
 * The first deployment needs no image: a bootstrap container answers until the first release arrives. A connection that
 * was not made in the console needs its handshake completed there before the first execution can succeed.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/tutorials-ecs-ecr-codedeploy.html
 * @example
 *
 * const shop = new BlueGreenFargatePipeline(this, 'Shop', {
 *   environmentSuffix: 'dev',
 *   source: PipelineSource.connection({
 *     connectionArn: 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d',
 *     repository: 'acme/storefront',
 *   }),
 *   notificationEmails: ['team@example.com'],
 *   environments: [
 *     { name: 'staging' },
 *     { name: 'production', taskCount: 3, maxTaskCount: 12, approverEmails: ['leads@example.com'] },
 *   ],
 * });
 *
 * declare const orders: dynamodb.Table;
 * orders.grantReadWriteData(shop.deployments['production'].taskRole);
 */
export class BlueGreenFargatePipeline extends Construct {
  /** The pipeline; add stages of your own with `addStage`. */
  public readonly pipeline: codepipeline.Pipeline;

  /** Where the images are. */
  public readonly repository: ecr.IRepository;

  /** What the stages hand each other. */
  public readonly artifacts: SecureArtifactBucket;

  /** The build stage's project. */
  public readonly buildProject: CachedBuildProject;

  /** The test stage's project. */
  public readonly testProject: CachedBuildProject;

  /** The network of all environments. */
  public readonly vpc: ec2.IVpc;

  /** What runs in each environment, by the environment's name. */
  public readonly deployments: { [environmentName: string]: EcsBlueGreenDeployment };

  /** What stands before each environment, by the environment's name. */
  public readonly approvals: { [environmentName: string]: ApprovalGate };

  /** What is mailed. */
  public readonly alarms: PipelineAlarms;

  /** How the pipeline does. */
  public readonly dashboard: PipelineDashboard;

  /** The login of the build to a registry other than ECR. */
  public readonly registryCredentials: secretsmanager.ISecret;

  constructor(scope: Construct, id: string, props: BlueGreenFargatePipelineProps) {
    refuse(scope, id, 'BlueGreenFargatePipeline', pipelineProblems(scope, id, props));
    const { environmentSuffix, environments = DEFAULT_ENVIRONMENTS } = props;
    refuse(scope, id, 'BlueGreenFargatePipeline', environments.flatMap((environment, index) =>
      EcsBlueGreenDeployment._hookRoleProblems(`environments[${index}].`, environment)));
    super(scope, id);

    this.vpc = props.vpc ?? network(this, 'Vpc', { environmentSuffix });
    this.repository = props.repository ?? this.createRepository(environmentSuffix);
    this.registryCredentials = props.registryCredentials ?? new RegistryCredentials(this, 'RegistryCredentials', { environmentSuffix }).secret;

    // What runs, and what it needs from each release.
    this.deployments = Object.fromEntries(environments.map((environment, index) =>
      [environment.name, this.createDeployment(props, environment, index === environments.length - 1)]));
    const deployments = environments.map(({ name }) => this.deployments[name]);
    const last = environments[environments.length - 1];
    if (last.taskCount === 1) {
      warn(this.deployments[last.name], 'BlueGreenFargatePipeline.oneTask', 'BGP118',
        `${last.name} runs one task: users wait while it is replaced; give its environment a 'taskCount' of 2 or more`);
    }

    // What makes a release and tries it out.
    const releaseFiles = Object.assign({}, ...deployments.map((deployment) => deployment.releaseFiles)) as { [name: string]: string };
    const buildImage = props.buildImage ?? (isArm(props.cpuArchitecture) ? BuildImage.AMAZON_LINUX_2023_ARM64 : BuildImage.AMAZON_LINUX_2023);
    const buildSteps = props.buildSteps ?? BuildSteps.image({ dockerfile: props.dockerfile, context: props.buildContext });
    this.buildProject = new CachedBuildProject(this, 'Build', {
      environmentSuffix,
      buildImage,
      steps: buildSteps._within({ makesImage: true, repository: this.repository, releaseFiles, registryCredentials: this.registryCredentials }),
    });
    const releaseProject = buildSteps._kind.name === 'image' ? this.buildProject : new CachedBuildProject(this, 'Release', {
      environmentSuffix, buildImage, purpose: 'release', steps: BuildSteps.release({ releaseFiles }),
    });
    this.testProject = new CachedBuildProject(this, 'Test', {
      environmentSuffix,
      purpose: 'test',
      buildImage,
      cacheBucket: this.buildProject.cacheBucket,
      steps: (props.testSteps ?? BuildSteps.probe())._within({
        repository: this.repository,
        port: props.containerPort ?? 8080,
        path: props.healthCheckPath ?? '/',
        environment: environments[0].containerEnvironment,
        command: environments[0].containerCommand,
      }),
    });

    // The road from one to the other.
    this.artifacts = new SecureArtifactBucket(this, 'Artifacts', { environmentSuffix, accessLogsBucket: props.accessLogsBucket });
    this.pipeline = this.createPipeline(environmentSuffix);
    const source = props.source._addToPipeline(this, this.pipeline, { environmentSuffix });
    const release = new codepipeline.Artifact('Release');
    if (releaseProject === this.buildProject) {
      this.buildProject.addToPipeline(this.pipeline, { stageName: 'Build', input: source, output: release });
    } else {
      this.buildProject.addToPipeline(this.pipeline, { stageName: 'Build', input: source });
      releaseProject.addToPipeline(this.pipeline, {
        stageName: 'Release', input: source, output: release, environmentVariables: { IMAGE_URI: { value: '#{Build.IMAGE_URI}' } },
      });
    }
    this.testProject.addToPipeline(this.pipeline, { stageName: 'Test', input: source, extraInputs: [release] });
    this.approvals = Object.fromEntries(environments.map((environment) => {
      const gate = this.createGate(props, environment);
      gate.addToPipeline(this.pipeline);
      this.deployments[environment.name].addToPipeline(this.pipeline, { release });
      return [environment.name, gate];
    }));

    // Who hears of what, and where it can be seen.
    const projects = [...new Set([this.buildProject, releaseProject, this.testProject])].map(({ project }) => project);
    this.alarms = new PipelineAlarms(this, 'Alarms', {
      environmentSuffix,
      pipeline: this.pipeline,
      notificationEmails: props.notificationEmails,
      projects,
      deploymentGroups: deployments.map((deployment) => deployment.deploymentGroup),
    });
    const rollbackAlarms = deployments.flatMap((deployment) => deployment.rollbackAlarms);
    rollbackAlarms.forEach((alarm) => this.alarms.notifyOn(alarm));
    this.dashboard = new PipelineDashboard(this, 'Dashboard', {
      environmentSuffix,
      pipeline: this.pipeline,
      projects,
      deployments: environments.map(({ name }) => ({ environmentName: name, stageName: this.deployments[name].stageName })),
      alarms: [...rollbackAlarms, this.alarms.undeliveredAlarm],
    });
  }

  private createRepository(environmentSuffix: string): ecr.Repository {
    return new ecr.Repository(this, 'Repository', {
      repositoryName: nameOf(this, 'repository', { environmentSuffix }),
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      lifecycleRules: [{ description: 'Keep the last 100 images', maxImageCount: 100 }],
      emptyOnDelete: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private createDeployment(props: BlueGreenFargatePipelineProps, environment: PipelineEnvironment, last: boolean): EcsBlueGreenDeployment {
    const { name, approverEmails, approverRoles, ...options } = environment;
    const gentle = last ? {} : { taskCount: 1, trafficShift: TrafficShift.allAtOnce() };
    return new EcsBlueGreenDeployment(this, stageName('Deploy', name), {
      ...gentle,
      ...given(options),
      environmentName: name,
      environmentSuffix: props.environmentSuffix,
      repository: this.repository,
      vpc: this.vpc,
      containerPort: props.containerPort,
      healthCheckPath: props.healthCheckPath,
      bootstrapImage: props.bootstrapImage,
      cpuArchitecture: props.cpuArchitecture,
    });
  }

  private createPipeline(environmentSuffix: string): codepipeline.Pipeline {
    const role = new ScopedRole(this, 'PipelineRole', {
      environmentSuffix,
      purpose: 'pipeline',
      // The account is what AWS's own console asks for; no page says which ARN CodePipeline would name.
      assumedBy: serviceActingFor(this, 'codepipeline.amazonaws.com'),
      description: `Runs the pipeline ${environmentSuffix}: assumes the role of each action`,
      deploys: true,
    });
    const { bucket } = this.artifacts;
    role.allow(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'], [bucket.bucketArn]);
    role.allowObjects(bucket, ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:PutObjectAcl']);
    const pipeline = role.whileClosed(() => new codepipeline.Pipeline(this, 'Pipeline', {
      pipelineName: nameOf(this, 'pipeline', { environmentSuffix }),
      role,
      artifactBucket: bucket,
      pipelineType: codepipeline.PipelineType.V2,
      executionMode: codepipeline.ExecutionMode.SUPERSEDED,
      crossAccountKeys: false,
    }));
    // On deletion the pipeline goes first, and then the bucket is emptied.
    pipeline.node.addDependency(this.artifacts);
    return pipeline;
  }

  private createGate(props: BlueGreenFargatePipelineProps, environment: PipelineEnvironment): ApprovalGate {
    return new ApprovalGate(this, stageName('Approve', environment.name), {
      environmentSuffix: props.environmentSuffix,
      environmentName: environment.name,
      approverEmails: environment.approverEmails ?? props.approverEmails ?? props.notificationEmails,
      approverRoles: environment.approverRoles,
      message: `Deploy commit #{Source.CommitId} to ${environment.name}? It was built as #{Build.IMAGE_URI} and passed its tests.`,
    });
  }
}
