import {
  aws_codepipeline as codepipeline, aws_ec2 as ec2, aws_ecr as ecr, aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BlueGreenFargatePipelineProps } from './blue-green-fargate-pipeline-props';
import { PipelineEnvironment } from './pipeline-environment';
import { codePipeline } from './private/code-pipeline';
import { defaultEnvironments } from './private/default-environments';
import { imageRepository } from './private/image-repository';
import { memberOf } from './private/member-of';
import { allowOperators } from './private/operators';
import { checkOverrides } from './private/overrides';
import { pipelineViolations, propsChecks } from './private/pipeline-checks';
import { protectArtifacts } from './private/protect-artifacts';
import { reporting } from './private/reporting';
import { ApprovalGate } from '../approval/approval-gate';
import { SecureArtifactBucket } from '../artifacts/secure-artifact-bucket';
import { BuildImage } from '../codebuild/build-image';
import { BuildSteps } from '../codebuild/build-steps';
import { CachedBuildProject } from '../codebuild/cached-build-project';
import { RegistryLogin } from '../codebuild/registry-login';
import { RegistryCredentials } from '../credentials/registry-credentials';
import { EcsBlueGreenDeployment } from '../deployment/ecs-blue-green-deployment';
import { PipelineAlarms } from '../monitoring/pipeline-alarms';
import { PipelineDashboard } from '../monitoring/pipeline-dashboard';
import { throwIfInvalid, warn } from '../private/errors';
import { Names, stageName } from '../private/names';
import { network } from '../private/network';
import { isArm64 } from '../private/shared-checks';
import { warnOfUnknownKeys } from '../private/structs';

/**
 * A complete CI/CD pipeline for a containerised application on ECS Fargate, in one account: from a push to production.
 *
 * Each push starts an execution. The execution builds and pushes the image once, tests the image, and then promotes it
 * by its digest. Each environment requires an approval, which is requested by e-mail. CodeDeploy then shifts the
 * traffic to the new tasks, and rolls back automatically when a deployment fails, is stopped or triggers an alarm. A
 * newer execution supersedes an older one that waits between stages. Failures are reported by e-mail. Destroying the
 * stack deletes everything but the log group of CDK's own helper function and the task definition revisions of the
 * releases, which stay listed in ECS and cost nothing.
 *
 * The first `cdk deploy` needs no image: a bootstrap container serves requests until the first release is deployed. If
 * the connection was not created in the console, complete its handshake in the console before the first execution.
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
 *     PipelineEnvironment.staging(),
 *     new PipelineEnvironment('production', {
 *       taskCount: 3,
 *       maxTaskCount: 12,
 *       approval: Approval.byEmail({ emails: ['leads@example.com'] }),
 *     }),
 *   ],
 * });
 *
 * declare const orders: dynamodb.Table;
 * orders.grantReadWriteData(shop.deployment('production').taskRole);
 */
export class BlueGreenFargatePipeline extends Construct {
  /** CodePipeline pipeline. Add your own stages with `addStage`. */
  public readonly pipeline: codepipeline.Pipeline;

  /** ECR repository of the application's images. */
  public readonly repository: ecr.IRepository;

  /** Bucket for the artifacts that stages pass to each other. */
  public readonly artifacts: SecureArtifactBucket;

  /** CodeBuild project of the build stage. */
  public readonly buildProject: CachedBuildProject;

  /**
   * CodeBuild project that writes the release, in parallel with the test.
   *
   * It runs none of your commands, and it is the only one of the three projects that can write an artifact.
   */
  public readonly releaseProject: CachedBuildProject;

  /** CodeBuild project of the test stage. */
  public readonly testProject: CachedBuildProject;

  /** VPC of all environments. */
  public readonly vpc: ec2.IVpc;

  /** Blue/green deployments, by environment name. Use `deployment(name)` to get an error for an unknown name. */
  public readonly deployments: { [environmentName: string]: EcsBlueGreenDeployment };

  /** Approval gates, by environment name. Use `approval(name)` to get an error for an unknown name. */
  public readonly approvals: { [environmentName: string]: ApprovalGate };

  /** E-mail alerts for failed executions, builds and deployments. */
  public readonly alarms: PipelineAlarms;

  /** CloudWatch dashboard of this pipeline. */
  public readonly dashboard: PipelineDashboard;

  /** Secret with which the build logs in to a container registry other than ECR. */
  public readonly registryCredentials: secretsmanager.ISecret;

  private readonly props: BlueGreenFargatePipelineProps;
  private readonly names: Names;
  private readonly environments: readonly PipelineEnvironment[];

  constructor(scope: Construct, id: string, props: BlueGreenFargatePipelineProps) {
    throwIfInvalid({ type: 'BlueGreenFargatePipeline', scope, id }, pipelineViolations(scope, id, props));
    super(scope, id);
    warnOfUnknownKeys(this, props, propsChecks(scope, props));
    this.props = props;
    this.names = new Names(this, props);
    this.environments = props.environments ?? defaultEnvironments();

    // The environments, and the settings that each release needs from them.
    this.vpc = props.vpc ?? network(this, 'Vpc', this.names);
    this.repository = props.repository ?? imageRepository(this, {
      names: this.names,
      environmentNames: this.environments.map(({ name }) => name),
      maxImageCount: props.storage?.maxImageCount,
    });
    const login = props.registryCredentials ?? this.createLogin();
    this.registryCredentials = login._bind().secret;
    this.deployments = this.byEnvironment((environment) => this.createDeployment(environment));
    this.warnOfLastEnvironment();

    // The projects that build and test a release.
    this.buildProject = this.createBuildProject(login);
    this.releaseProject = this.createReleaseProject();
    this.testProject = this.createTestProject();

    // The stages from the source to the last environment.
    this.artifacts = new SecureArtifactBucket(this, 'Artifacts', {
      environmentSuffix: props.environmentSuffix,
      expiration: props.storage?.artifactExpiration,
      accessLogsBucket: props.storage?.accessLogsBucket,
    });
    this.pipeline = codePipeline(this, this.names, this.artifacts);
    const release = this.addReleaseStages();
    protectArtifacts(this, this.pipeline, [this.releaseProject.role, ...props.storage?.artifactWriters ?? []]);
    this.approvals = this.byEnvironment((environment) => this.addEnvironmentStages(environment, release));

    // Alerts and dashboard.
    const projects = [this.buildProject, this.testProject, this.releaseProject].map(({ project }) => project);
    const { deployments } = this;
    const { dashboard, alarms } = reporting(this, { ...props, pipeline: this.pipeline, projects, deployments });
    this.dashboard = dashboard;
    this.alarms = alarms;
    allowOperators(this, { ...props, names: this.names, parts: this });
    checkOverrides(this, this);
  }

  /**
   * Returns the deployment of an environment.
   *
   * An unknown name throws an error that lists the valid names.
   *
   * @param environmentName the name of the environment
   */
  public deployment(environmentName: string): EcsBlueGreenDeployment {
    return memberOf(this.deployments, environmentName, { type: 'BlueGreenFargatePipeline.deployment', scope: this });
  }

  /**
   * Returns the approval gate before an environment.
   *
   * An unknown name throws an error that lists the valid names.
   *
   * @param environmentName the name of the environment
   */
  public approval(environmentName: string): ApprovalGate {
    return memberOf(this.approvals, environmentName, { type: 'BlueGreenFargatePipeline.approval', scope: this });
  }

  private byEnvironment<T>(create: (environment: PipelineEnvironment) => T): { [environmentName: string]: T } {
    return Object.fromEntries(this.environments.map((environment) => [environment.name, create(environment)]));
  }

  private createLogin(): RegistryLogin {
    const { environmentSuffix } = this.props;
    return RegistryLogin.fromSecret(new RegistryCredentials(this, 'RegistryCredentials', { environmentSuffix }).secret);
  }

  private createDeployment({ name, options }: PipelineEnvironment): EcsBlueGreenDeployment {
    const { approval, ...environment } = options;
    return new EcsBlueGreenDeployment(this, stageName('Deploy', name), {
      ...environment,
      environmentName: name,
      environmentSuffix: this.props.environmentSuffix,
      repository: this.repository,
      vpc: this.vpc,
      containerPort: this.props.containerPort,
      healthCheckPath: this.props.healthCheckPath,
      bootstrapImage: this.props.platform?.bootstrapImage,
      cpuArchitecture: this.props.platform?.cpuArchitecture,
    });
  }

  private warnOfLastEnvironment(): void {
    const { name, options } = this.environments[this.environments.length - 1];
    const { terminationWaitTime } = options.rollback ?? {};
    if (options.taskCount === 1) {
      warn(this.deployments[name], 'BlueGreenFargatePipeline.oneTask', 'BGP118',
        `${name} runs a single task, so requests fail while it is replaced: set 'taskCount' of its environment to 2 `
        + 'or more');
    }
    if (terminationWaitTime?.toMinutes() === 0) {
      warn(this.deployments[name], 'BlueGreenFargatePipeline.noTerminationWaitTime', 'BGP162',
        `${name} stops the old tasks as soon as all traffic has shifted, so CodeDeploy cannot roll back afterwards: `
        + "set its 'rollback.terminationWaitTime' to a few minutes");
    }
  }

  private get buildImage(): BuildImage {
    const { buildImage, cpuArchitecture } = this.props.platform ?? {};
    return buildImage ?? (isArm64(cpuArchitecture) ? BuildImage.AMAZON_LINUX_2023_ARM64 : BuildImage.AMAZON_LINUX_2023);
  }

  private get releaseSettings(): { [environmentName: string]: string } {
    return Object.assign({}, ...this.environments.map(({ name }) => this.deployments[name].releaseSettings));
  }

  private createBuildProject(registryLogin: RegistryLogin): CachedBuildProject {
    return new CachedBuildProject(this, 'Build', {
      environmentSuffix: this.props.environmentSuffix,
      buildImage: this.buildImage,
      steps: this.props.buildSteps ?? BuildSteps.image(),
      _context: { makesImage: true, repository: this.repository, registryLogin },
    });
  }

  /** Creates the project that writes the release. It always runs in AWS's own image, regardless of `buildImage`. */
  private createReleaseProject(): CachedBuildProject {
    return new CachedBuildProject(this, 'Release', {
      environmentSuffix: this.props.environmentSuffix,
      purpose: 'release',
      steps: BuildSteps.release({ repository: this.repository, releaseSettings: this.releaseSettings }),
    });
  }

  /** Creates the project of the test stage, where the image runs as it does in the first environment. */
  private createTestProject(): CachedBuildProject {
    const [{ name }] = this.environments;
    const { containerPort, healthCheckPath, service, taskDefinition, blueTargetGroup } = this.deployments[name];
    return new CachedBuildProject(this, 'Test', {
      environmentSuffix: this.props.environmentSuffix,
      purpose: 'test',
      buildImage: this.buildImage,
      cacheBucket: this.buildProject.cacheBucket,
      steps: this.props.testSteps ?? BuildSteps.probe(),
      _context: {
        repository: this.repository,
        port: containerPort,
        path: healthCheckPath,
        service: { service, taskDefinition, targetGroup: blueTargetGroup },
      },
    });
  }

  /** Adds the stages that lead to a tested release. */
  private addReleaseStages(): codepipeline.Artifact {
    const { pipeline } = this;
    const input = this.props.source._bind().addToPipeline(this, pipeline, this.names);
    const release = new codepipeline.Artifact('Release');
    const imageDigest = '#{Build.IMAGE_DIGEST}';
    this.buildProject.addToPipeline(pipeline, { stageName: 'Build', input });
    const stage = this.testProject.addToPipeline(pipeline, { stageName: 'Test', input, imageDigest });
    // In parallel with the test, so it adds no time. A failed test fails the stage, and nothing is deployed.
    this.releaseProject._addToStage(stage, pipeline, { stageName: 'Release', input, output: release, imageDigest });
    return release;
  }

  private addEnvironmentStages(environment: PipelineEnvironment, release: codepipeline.Artifact): ApprovalGate {
    const { name, options } = environment;
    const { approverEmails, notificationEmails } = this.props;
    const { emails, roles } = options.approval?._bind() ?? {};
    const gate = new ApprovalGate(this, stageName('Approve', name), {
      environmentSuffix: this.props.environmentSuffix,
      environmentName: name,
      approverEmails: emails ?? approverEmails ?? notificationEmails,
      approverRoles: roles,
      message: `Deploy commit #{Source.CommitId} to ${name}? `
        + 'It was released as #{Release.IMAGE_URI} and passed its tests.',
    });
    gate.addToPipeline(this.pipeline);
    this.deployments[name].addToPipeline(this.pipeline, { release });
    return gate;
  }
}
