import {
  aws_codepipeline as codepipeline, aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_s3 as s3,
  aws_secretsmanager as secretsmanager, RemovalPolicy,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PipelineAlarms } from './alarms/pipeline-alarms';
import { ApprovalGate } from './approval/approval-gate';
import { SecureArtifactBucket } from './artifacts/secure-artifact-bucket';
import { BuildImage } from './build/build-image';
import { BuildSteps } from './build/build-steps';
import { CachedBuildProject } from './build/cached-build-project';
import { RegistryCredentials } from './credentials/registry-credentials';
import { PipelineDashboard } from './dashboard/pipeline-dashboard';
import { EcsBlueGreenDeployment } from './deployment/ecs-blue-green-deployment';
import { TrafficShift } from './deployment/traffic-shift';
import { PipelineEnvironment } from './pipeline-environment';
import { emailsProblems, environmentNameProblem, environmentSuffixProblem, shown } from './private/checks';
import { Problem, refuse } from './private/errors';
import { lengthProblem, nameOf, takenNameProblem } from './private/names';
import { network } from './private/network';
import { ScopedRole } from './private/scoped-role';
import { PipelineSource } from './source/pipeline-source';

/** Properties of a `BlueGreenFargatePipeline`. */
export interface BlueGreenFargatePipelineProps {
  /**
   * The end of every physical name, which keeps several applications in one account apart.
   *
   * Lower-case letters, digits and single hyphens, starting with a letter. It must be short enough for every name that is
   * made from it: 12 characters beside an environment called `production`. Frozen once deployed: every name would change.
   */
  readonly environmentSuffix: string;

  /** Where the code comes from. */
  readonly source: PipelineSource;

  /**
   * Who gets the alerts, by e-mail, and is asked for approvals unless `approverEmails` says otherwise.
   *
   * Each address first gets messages from SNS that it must confirm; until then it gets nothing else.
   */
  readonly notificationEmails: string[];

  /**
   * Who is asked before a release goes to an environment.
   *
   * @default - the `notificationEmails`
   */
  readonly approverEmails?: string[];

  /**
   * The environments, in the order in which a release reaches them.
   *
   * Those before the last run one task and shift traffic all at once unless they say otherwise; the last runs two tasks
   * and starts with a canary.
   *
   * @default - `staging`, then `production`
   */
  readonly environments?: PipelineEnvironment[];

  /**
   * The network of all environments; needs public subnets, and private subnets with a way out. Frozen once deployed.
   *
   * @default - a network of its own: two zones and one NAT gateway
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The port that the container listens on. Frozen once deployed.
   *
   * @default 8080
   */
  readonly containerPort?: number;

  /**
   * The path that must answer with status 200 for a task to be healthy.
   *
   * @default "/"
   */
  readonly healthCheckPath?: string;

  /**
   * The Dockerfile, relative to the root of the source.
   *
   * @default "Dockerfile"
   */
  readonly dockerfile?: string;

  /**
   * The folder that is sent to the image build, relative to the root of the source.
   *
   * @default "."
   */
  readonly buildContext?: string;

  /**
   * The image that builds and tests run in.
   *
   * @default BuildImage.AMAZON_LINUX_2023
   */
  readonly buildImage?: BuildImage;

  /**
   * What the test stage runs; it finds the source in its working folder and the release at `$CODEBUILD_SRC_DIR_Release`.
   *
   * @default - the image is started with the plain environment variables of the first environment and must answer on its health path
   */
  readonly testSteps?: BuildSteps;

  /**
   * The login to a registry other than ECR, with the keys `registry`, `username` and `password`.
   *
   * @default - an entry for Docker Hub with placeholders, which the build ignores until a person replaces them
   */
  readonly registryCredentials?: secretsmanager.ISecret;

  /**
   * The image of the tasks before the first release. It must listen on the container port and answer 200 on the health path.
   * Needed where tasks cannot reach ECR Public. Frozen once deployed.
   *
   * @default - a Node.js image from ECR Public that answers 200 on every path
   */
  readonly bootstrapImage?: ecs.ContainerImage;

  /**
   * A bucket that receives S3 server access logs of the artifact bucket.
   *
   * @default - no access logs are written
   */
  readonly accessLogsBucket?: s3.IBucket;
}

/**
 * The whole road of a containerised application in one account: from a push to production on Fargate.
 *
 * A push starts an execution: the image is built and pushed once, tried out, and then promoted by its digest. Before each
 * environment a person is asked by e-mail; CodeDeploy then moves the traffic to the new tasks, and back by itself when a
 * deployment fails, is stopped, or sets off an alarm. A newer push overtakes an older one that waits between stages.
 * Whatever fails is mailed. Destroying the stack leaves nothing behind but the log group of CDK's own helper function.
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
 *     { name: 'production', cpu: 512, memoryLimitMiB: 1024, taskCount: 3, maxTaskCount: 12, approverEmails: ['leads@example.com'] },
 *   ],
 * });
 *
 * declare const orders: dynamodb.Table;
 * orders.grantReadWriteData(shop.deployments.production.taskRole);
 */
export class BlueGreenFargatePipeline extends Construct {
  /** @internal */
  public static _problems(props: BlueGreenFargatePipelineProps): Problem[] {
    return [
      environmentSuffixProblem(props?.environmentSuffix),
      lengthProblem({ environmentSuffix: props?.environmentSuffix }, { bucket: 'build-cache', role: 'role-build-action', rule: 'rule-deployment-failed' }),
      typeof props?.source?._addToPipeline === 'function' ? undefined
        : `'source' must be a PipelineSource, got ${shown(props?.source)}; for example PipelineSource.connection({ connectionArn, repository })`,
      ...emailsProblems('notificationEmails', props?.notificationEmails),
      ...(props?.approverEmails === undefined ? [] : emailsProblems('approverEmails', props.approverEmails)),
      ...EcsBlueGreenDeployment._containerProblems(props ?? {}),
      ...environmentsProblems(props?.environmentSuffix, props?.environments ?? DEFAULT_ENVIRONMENTS),
    ];
  }

  /** The pipeline; add stages of your own with `addStage`. */
  public readonly pipeline: codepipeline.Pipeline;

  /** Where the images are. */
  public readonly repository: ecr.Repository;

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
    refuse(scope, id, 'BlueGreenFargatePipeline', BlueGreenFargatePipeline._problems(props));
    refuse(scope, id, 'BlueGreenFargatePipeline', [takenNameProblem(scope, 'pipeline', props)]);
    super(scope, id);

    const { environmentSuffix } = props;
    const environments = props.environments ?? DEFAULT_ENVIRONMENTS;
    this.vpc = props.vpc ?? network(this, 'Vpc', { environmentSuffix });
    this.repository = this.createRepository(environmentSuffix);
    this.registryCredentials = props.registryCredentials ?? new RegistryCredentials(this, 'RegistryCredentials', { environmentSuffix }).secret;

    // What runs, and what it needs from each release.
    this.deployments = Object.fromEntries(environments.map((environment, index) =>
      [environment.name, this.createDeployment(props, environment, index === environments.length - 1)]));
    const deployments = environments.map(({ name }) => this.deployments[name]);

    // What makes a release and tries it out.
    this.buildProject = new CachedBuildProject(this, 'Build', {
      environmentSuffix,
      buildImage: props.buildImage,
      steps: BuildSteps.image({
        repository: this.repository,
        dockerfile: props.dockerfile,
        context: props.buildContext,
        releaseFiles: Object.assign({}, ...deployments.map((deployment) => deployment.releaseFiles)),
        registryCredentials: this.registryCredentials,
      }),
    });
    this.testProject = new CachedBuildProject(this, 'Test', {
      environmentSuffix,
      purpose: 'test',
      buildImage: props.buildImage,
      cacheBucket: this.buildProject.cacheBucket,
      steps: props.testSteps ?? BuildSteps.probe({
        repository: this.repository,
        port: props.containerPort ?? 8080,
        path: props.healthCheckPath ?? '/',
        environment: environments[0].containerEnvironment,
      }),
    });

    // The road from one to the other.
    this.artifacts = new SecureArtifactBucket(this, 'Artifacts', { environmentSuffix, accessLogsBucket: props.accessLogsBucket });
    this.pipeline = this.createPipeline(environmentSuffix);
    const source = props.source._addToPipeline(this, this.pipeline, { environmentSuffix });
    const release = new codepipeline.Artifact('Release');
    this.buildProject.addToPipeline(this.pipeline, { stageName: 'Build', input: source, output: release });
    this.testProject.addToPipeline(this.pipeline, { stageName: 'Test', input: source, extraInputs: [release] });
    this.approvals = Object.fromEntries(environments.map((environment) => {
      const gate = this.createGate(props, environment);
      gate.addToPipeline(this.pipeline);
      this.deployments[environment.name].addToPipeline(this.pipeline, { release });
      return [environment.name, gate];
    }));

    // Who hears of what, and where it can be seen.
    const projects = [this.buildProject.project, this.testProject.project];
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
    return new EcsBlueGreenDeployment(this, `${name[0].toUpperCase()}${name.slice(1)}`, {
      ...gentle,
      ...given(options),
      environmentName: name,
      environmentSuffix: props.environmentSuffix,
      repository: this.repository,
      vpc: this.vpc,
      containerPort: props.containerPort,
      healthCheckPath: props.healthCheckPath,
      bootstrapImage: props.bootstrapImage,
    });
  }

  private createPipeline(environmentSuffix: string): codepipeline.Pipeline {
    const role = new ScopedRole(this, 'PipelineRole', {
      environmentSuffix,
      purpose: 'pipeline',
      assumedBy: new iam.ServicePrincipal('codepipeline.amazonaws.com'),
      description: `Runs the pipeline ${environmentSuffix}: assumes the role of each action`,
      deploys: true,
    });
    const { bucket } = this.artifacts;
    role.allow(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'], [bucket.bucketArn]);
    role.allow(['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:PutObjectAcl'], [bucket.arnForObjects('*')]);
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
    return new ApprovalGate(this, `Approve${environment.name[0].toUpperCase()}${environment.name.slice(1)}`, {
      environmentSuffix: props.environmentSuffix,
      environmentName: environment.name,
      approverEmails: environment.approverEmails ?? props.approverEmails ?? props.notificationEmails,
      approverRoles: environment.approverRoles,
      message: `Deploy commit #{Source.CommitId} to ${environment.name}? It was built as #{Build.IMAGE_URI} and passed its tests.`,
    });
  }
}

const DEFAULT_ENVIRONMENTS: PipelineEnvironment[] = [{ name: 'staging' }, { name: 'production' }];

/** Python callers send `undefined` for what they left out; it must not take the place of a default. */
function given<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function environmentsProblems(environmentSuffix: string, environments: PipelineEnvironment[]): Problem[] {
  if (!Array.isArray(environments) || environments.length === 0) {
    return [`'environments' must be a list of at least one environment, got ${shown(environments)}; for example [{ name: "production" }]`];
  }
  return environments.flatMap((environment, index) => {
    const at = `environments[${index}].`;
    const name = environment?.name;
    return [
      environmentNameProblem(`${at}name`, name),
      environments.findIndex((other) => other?.name === name) < index ? `'${at}name' must differ from the others, got ${shown(name)} twice` : undefined,
      lengthProblem({ environmentName: name, environmentSuffix }, { targetGroup: 'tg-green', role: 'role-codedeploy', rule: 'rule-deploy-succeeded' }),
      ...(environment?.approverEmails === undefined ? [] : emailsProblems(`${at}approverEmails`, environment.approverEmails)),
      ...EcsBlueGreenDeployment._environmentProblems(at, environment ?? {}),
    ];
  });
}
