import {
  aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_ecr as ecr, aws_iam as iam,
  aws_logs as logs, aws_s3 as s3, Duration, RemovalPolicy, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BuildImage } from './build-image';
import { BuildStageOptions, CachedBuildProjectProps } from './cached-build-project-props';
import { acknowledge } from '../private/acknowledged';
import { isArm } from '../private/checks';
import { inWords, refuse, warn } from '../private/errors';
import { nameOf } from '../private/names';
import { ScopedRole } from '../private/scoped-role';
import { serviceActingFor } from '../private/trust';
import { buildStageProblems, latestProblems, projectProblems } from './private/project-checks';
import { SecretVariable } from './private/steps';
import { buildSpecLengthProblem, literalLength } from './private/steps-checks';
import { cacheBucket, cacheRepository, reportGroup } from './private/stores';

/**
 * A CodeBuild project on the smallest machine, in an image from ECR, whose cache is in S3 and forgets after 7 days.
 *
 * It is a project for a pipeline: source and artifacts are the pipeline's. The cache bucket is unversioned, encrypted by
 * S3, reachable over TLS only and not public. The log group belongs to the stack. Privileged mode is on only for steps
 * that use Docker. The role may write to the log group, use its own part of the cache bucket, and do what its steps need.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/caching-s3.html
 * @example
 *
 * declare const pipeline: codepipeline.Pipeline;
 * declare const source: codepipeline.Artifact;
 *
 * const lint = new CachedBuildProject(this, 'Lint', {
 *   environmentSuffix: 'dev',
 *   purpose: 'lint',
 *   steps: BuildSteps.commands(['npm ci', 'npm run lint']),
 * });
 * lint.addToPipeline(pipeline, { stageName: 'Lint', input: source });
 */
export class CachedBuildProject extends Construct {
  /** The project itself. */
  public readonly project: codebuild.Project;

  /** What the build may do; grant on it what your commands need. */
  public readonly role: iam.Role;

  /** Where builds log to. */
  public readonly logGroup: logs.LogGroup;

  /** Where the cache is kept; undefined if the steps have nothing to keep in S3. */
  public readonly cacheBucket?: s3.IBucket;

  /** Where the layers are kept with `BuildCache.registry`; else undefined. */
  public readonly cacheRepository?: ecr.IRepository;

  /** Where the reports of the steps go, in their order. */
  public readonly reportGroups: codebuild.ReportGroup[];

  private readonly scopedRole: ScopedRole;
  private readonly names: { readonly environmentSuffix: string };
  private readonly purpose: string;
  private readonly takenVariables: string[];

  constructor(scope: Construct, id: string, props: CachedBuildProjectProps) {
    const purpose = props?.purpose ?? 'build';
    refuse(scope, id, 'CachedBuildProject', projectProblems(scope, id, props));
    const steps = props.steps._bind();
    const { layerCache } = props.steps._kind;
    super(scope, id);

    const image = props.buildImage ?? BuildImage.AMAZON_LINUX_2023;
    const stores = { environmentSuffix: props.environmentSuffix, purpose, cacheExpiration: props.cacheExpiration };
    this.purpose = purpose;
    this.takenVariables = props.steps._takenVariables();
    this.names = { environmentSuffix: props.environmentSuffix };
    this.logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: nameOf(this, `logs-project-${purpose}`, props),
      retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.cacheBucket = steps.cached ? props.cacheBucket ?? cacheBucket(this, stores) : undefined;
    this.cacheRepository = layerCache?._kind === 'registry' ? layerCache._repository ?? cacheRepository(this, stores) : undefined;
    this.reportGroups = steps.reports.map((report) => reportGroup(this, report, stores));
    const projectName = nameOf(this, `project-${purpose}`, props);
    this.scopedRole = new ScopedRole(this, 'Role', {
      environmentSuffix: props.environmentSuffix,
      purpose: `project-${purpose}`,
      // See https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
      assumedBy: serviceActingFor(this, 'codebuild.amazonaws.com',
        Stack.of(this).formatArn({ service: 'codebuild', resource: 'project', resourceName: projectName })),
      description: `Runs the builds of project-${purpose}-${props.environmentSuffix}`,
    });
    this.role = this.scopedRole;
    this.allowBuild(present([image._repository, steps.pullFrom]), present([steps.pushTo, this.cacheRepository]));

    const buildSpec = steps.spec({
      platform: isArm(image.cpuArchitecture) ? 'linux/arm64' : 'linux/amd64',
      reportGroupArns: this.reportGroups.map((group) => group.reportGroupArn),
      cacheImage: this.cacheRepository?.repositoryUriForTag(layerCache?._tag),
    });
    this.project = this.scopedRole.whileClosed(() => new codebuild.PipelineProject(this, 'Resource', {
      projectName,
      description: `${purpose} of the pipeline ${props.environmentSuffix}`,
      role: this.scopedRole,
      buildSpec,
      environment: {
        buildImage: image._bind(),
        computeType: codebuild.ComputeType.SMALL,
        privileged: steps.privileged,
      },
      environmentVariables: { ...secretVariables(steps.secretVariables), ...plainVariables(steps.variables), ...props.environmentVariables },
      cache: this.cacheBucket && codebuild.Cache.bucket(this.cacheBucket, { prefix: purpose }),
      logging: { cloudWatch: { logGroup: this.logGroup } },
      timeout: props.timeout ?? Duration.minutes(30),
      queuedTimeout: props.queuedTimeout ?? Duration.minutes(30),
      // An automatic report group would outlive the stack.
      grantReportGroupPermissions: false,
    }));
    acknowledge(this.project, 'CB4', 'Artifacts and cache are under the AWS-managed key aws/s3: the library neither makes nor asks for a key of its own.');
    acknowledge(this.project, 'CB5', 'Builds run in an image that ECR hosts: by default the one that AWS publishes for CodeBuild, else one that you chose.');
    for (const secret of new Set(steps.secretVariables.map((variable) => variable.secret))) {
      // A secret that is imported by its name has an ARN that ends in six characters nobody knows.
      this.scopedRole.allow(['secretsmanager:GetSecretValue'], [secret.secretFullArn ?? `${secret.secretArn}-??????`]);
      secret.encryptionKey?.grantDecrypt(this.scopedRole);
    }
    codebuild.Project.serializeEnvVariables(props.environmentVariables ?? {}, true, this.scopedRole);
    // What is in a release is only known when everything is made.
    this.node.addValidation({
      validate: () => {
        const problem = buildSpecLengthProblem('steps', literalLength(Stack.of(this).resolve(buildSpec.toBuildSpec())));
        return problem === undefined ? [] : [inWords(problem)];
      },
    });
    latestProblems(props).forEach(({ code, text }) => warn(this, 'CachedBuildProject.latest', code, text));
    // On deletion the project goes first, and then the bucket is emptied.
    if (this.cacheBucket) {
      this.project.node.addDependency(this.cacheBucket);
    }
  }

  /**
   * Adds a stage with this build to a pipeline. The role may then read the pipeline's artifacts, and write its own.
   *
   * @param pipeline the pipeline
   * @param options name, inputs and output
   */
  public addToPipeline(pipeline: codepipeline.Pipeline, options: BuildStageOptions): codepipeline.IStage {
    refuse(this, '', 'CachedBuildProject', buildStageProblems(this, pipeline, options, this.takenVariables));
    const bucket = pipeline.artifactBucket;
    const actionRole = new ScopedRole(this, 'ActionRole', {
      ...this.names,
      purpose: `start-${this.purpose}`,
      assumedBy: new iam.ArnPrincipal(pipeline.role.roleArn),
      description: `Starts project-${this.purpose}-${this.names.environmentSuffix} for the pipeline`,
    });
    actionRole.allow(['codebuild:BatchGetBuilds', 'codebuild:StartBuild', 'codebuild:StopBuild'], [this.project.projectArn]);
    this.scopedRole.allow(['s3:GetBucketAcl', 's3:GetBucketLocation'], [bucket.bucketArn]);
    this.scopedRole.allowObjects(bucket, ['s3:GetObject', 's3:GetObjectVersion', ...(options.output ? ['s3:PutObject'] : [])]);
    this.scopedRole.allowKeyOf(bucket, options.output ? 'write' : 'read');

    const action = new actions.CodeBuildAction({
      actionName: options.stageName,
      type: options.output ? actions.CodeBuildActionType.BUILD : actions.CodeBuildActionType.TEST,
      project: this.project,
      input: options.input,
      extraInputs: options.extraInputs,
      environmentVariables: options.environmentVariables,
      outputs: options.output && [options.output],
      // A namespace takes no dots.
      variablesNamespace: options.stageName.replaceAll('.', '-'),
      role: actionRole,
    });
    // While the roles are closed the action cannot grant what its variables need.
    codebuild.Project.serializeEnvVariables(options.environmentVariables ?? {}, true, this.scopedRole);
    return this.scopedRole.whileClosed(() => actionRole.whileClosed(() =>
      pipeline.addStage({ stageName: options.stageName, actions: [action] })));
  }

  private allowBuild(pullFrom: ecr.IRepository[], pushTo: ecr.IRepository[]): void {
    this.scopedRole.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [this.logGroup.logGroupArn]);
    if (this.cacheBucket) {
      this.scopedRole.allow(['s3:GetBucketAcl', 's3:GetBucketLocation'], [this.cacheBucket.bucketArn]);
      this.scopedRole.allowObjects(this.cacheBucket, ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], `${this.purpose}/`);
      this.scopedRole.allowKeyOf(this.cacheBucket, 'write');
    }
    if (pullFrom.length + pushTo.length > 0) {
      this.scopedRole.allowRegistryToken();
      this.scopedRole.allow(PULL, [...pullFrom, ...pushTo].map((repository) => repository.repositoryArn));
    }
    if (pushTo.length > 0) {
      this.scopedRole.allow(PUSH, pushTo.map((repository) => repository.repositoryArn));
    }
    if (this.reportGroups.length > 0) {
      this.scopedRole.allow(REPORT, this.reportGroups.map((group) => group.reportGroupArn));
    }
  }
}

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const PUSH = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];
const REPORT = ['codebuild:BatchPutCodeCoverages', 'codebuild:BatchPutTestCases', 'codebuild:CreateReport', 'codebuild:UpdateReport'];

function present<T>(values: (T | undefined)[]): T[] {
  return values.filter((value): value is T => value !== undefined);
}

function plainVariables(values: { [name: string]: string }): { [name: string]: codebuild.BuildEnvironmentVariable } {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

/** CodeBuild reads the secrets at the start of a build and masks the values in the log. */
function secretVariables(variables: SecretVariable[]): { [name: string]: codebuild.BuildEnvironmentVariable } {
  return Object.fromEntries(variables.map(({ name, secret, key }) => [name, {
    type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER,
    value: key === undefined ? secret.secretArn : `${secret.secretArn}:${key}`,
  }]));
}
