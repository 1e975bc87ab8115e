import {
  aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_ecr as ecr,
  aws_iam as iam, aws_logs as logs, aws_s3 as s3, Duration, RemovalPolicy, Stack, Tokenization,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BuildImage } from './build-image';
import { propsChecks, violations } from './cached-build-project-checks';
import { BuildStageOptions, CachedBuildProjectProps } from './cached-build-project-props';
import {
  DEFAULT_CACHE_EXPIRATION, DEFAULT_LOG_RETENTION, DEFAULT_PURPOSE, DEFAULT_QUEUED_TIMEOUT, DEFAULT_TIMEOUT,
} from './defaults';
import { allowArtifacts, allowBuild, allowSecrets } from './private/build-permissions';
import { Image } from './private/image';
import { addProjectPreflight } from './private/project-preflight';
import { DIGEST, holdsDigest, lostConditionViolation, namespaceOf, StageAction } from './private/stage-action';
import { buildStageViolations } from './private/stage-checks';
import { BoundSteps, CacheImage, reservedVariables } from './private/steps';
import { cacheBucket, cacheRepository, reportGroup } from './private/stores';
import { defaultBuilderWarnings, unpinnedImageWarnings } from './private/unpinned-images';
import { addLazyVariables, environmentVariables } from './private/variables';
import { acknowledge, acknowledgeNamesInBraces } from '../private/acknowledged';
import { throwIfInvalid, warn } from '../private/errors';
import { Names } from '../private/names';
import { ScopedRole } from '../private/scoped-role';
import { isArm64 } from '../private/shared-checks';
import { warnOfUnknownKeys } from '../private/structs';
import { checkAtSynthesis } from '../private/synthesis-check';
import { serviceActingFor } from '../private/trust';
import { warnOfImmutablePipelineRole } from '../private/user-roles';

/**
 * A CodeBuild project for a pipeline, on the smallest compute type, with a cache that expires after at most 7 days.
 *
 * Builds run in an image from ECR. The pipeline provides the source and receives the artifacts. The cache bucket is
 * unversioned, encrypted by S3, reachable over TLS only and not public. The log group is deleted with the stack.
 * Privileged mode is on only for steps that use Docker. The role can write to the log group and use the project's own
 * prefix of the cache bucket, and it has the permissions that the steps need.
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
  /** CodeBuild project. */
  public readonly project: codebuild.Project;

  /** Service role of the project. Grant it the permissions that your commands need. */
  public readonly role: iam.Role;

  /** CloudWatch log group of the builds. */
  public readonly logGroup: logs.LogGroup;

  /** Bucket that stores the cache. Undefined if the steps cache nothing in S3. */
  public readonly cacheBucket?: s3.IBucket;

  /** ECR repository that stores the layers. Undefined without `BuildCache.registry()`. */
  public readonly cacheRepository?: ecr.IRepository;

  /** Report groups for the reports of the steps, in the same order. */
  public readonly reportGroups: codebuild.ReportGroup[];

  private readonly scopedRole: ScopedRole;
  private readonly names: Names;
  private readonly purpose: string;
  private readonly boundSteps: BoundSteps;
  /** Prefix of this project in the cache bucket, which other projects may share. */
  private readonly cachePrefix: string;

  constructor(scope: Construct, id: string, props: CachedBuildProjectProps) {
    throwIfInvalid({ type: 'CachedBuildProject', scope, id }, violations(scope, id, props));
    super(scope, id);
    warnOfUnknownKeys(this, props, propsChecks(this, props));

    const image = (props.buildImage ?? BuildImage.AMAZON_LINUX_2023)._bind();
    const steps = props.steps._bind();
    this.boundSteps = steps.bind(props._context ?? {});
    this.names = new Names(this, props);
    this.purpose = props.purpose ?? DEFAULT_PURPOSE;
    this.cachePrefix = `${this.purpose}-${this.names.environmentSuffix}`;

    this.logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: this.names.claim(`logs-project-${this.purpose}`),
      retention: props.logRetention ?? DEFAULT_LOG_RETENTION,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stores = { names: this.names, purpose: this.purpose, cacheExpiration: props.cacheExpiration };
    if (this.boundSteps.needsCacheBucket) {
      this.cacheBucket = props.cacheBucket ?? cacheBucket(this, stores);
    }
    if (steps.cacheImage) {
      this.cacheRepository = steps.cacheImage.repository ?? cacheRepository(this, stores);
    }
    this.reportGroups = this.boundSteps.reports.map((report) => reportGroup(this, report, stores));

    const projectName = this.names.claim(`project-${this.purpose}`);
    this.scopedRole = this.createRole(projectName);
    this.role = this.scopedRole;
    allowBuild(this.scopedRole, {
      logGroup: this.logGroup,
      cacheBucket: this.cacheBucket,
      cachePrefix: this.cachePrefix,
      pullFrom: dropUndefinedItems([image.repository, this.boundSteps.pullFrom]),
      pushTo: dropUndefinedItems([this.boundSteps.pushTo, this.cacheRepository]),
      releaseFrom: this.boundSteps.releaseFrom,
      reportGroups: this.reportGroups,
      pullsPublicImages: this.boundSteps.pullsPublicImages,
    });
    const buildSpec = this.renderBuildSpec(image, steps.cacheImage, props.cacheExpiration);
    this.project = this.createProject({ projectName, buildSpec, image, props });
    const secrets = this.boundSteps.variables.secret.map(({ secret }) => secret);
    allowSecrets(this.scopedRole, secrets);
    this.allowVariables(props.environmentVariables);

    const { privileged } = this.boundSteps;
    addProjectPreflight(this, { ...this, role: this.scopedRole, privileged, secrets, buildSpec });
    for (const { code, text } of unpinnedImageWarnings(image, steps)) {
      warn(this, 'CachedBuildProject.latest', code, text);
    }
    for (const { code, text } of defaultBuilderWarnings(steps)) {
      warn(this, 'CachedBuildProject.defaultBuildkitImage', code, text);
    }
    // On deletion the project is deleted first, and then the bucket is emptied.
    if (this.cacheBucket) {
      this.project.node.addDependency(this.cacheBucket);
    }
  }

  /**
   * Adds a stage with this build to a pipeline.
   *
   * The service role is granted read access to the pipeline's artifacts and, with an `output`, write
   * access.
   *
   * @param pipeline the pipeline that the stage is added to
   * @param options the name, the inputs and the output of the stage
   */
  public addToPipeline(pipeline: codepipeline.Pipeline, options: BuildStageOptions): codepipeline.IStage {
    throwIfInvalid({ type: 'CachedBuildProject', scope: this }, buildStageViolations({
      project: this,
      pipeline,
      options,
      reserved: [...reservedVariables(this.boundSteps), DIGEST],
      needsDigest: this.boundSteps.needsDigest ?? false,
      writesArtifact: this.boundSteps.writesArtifact ?? false,
    }));
    const action = this.createAction(pipeline, options);
    const { stageName, imageDigest } = options;
    const beforeEntry = imageDigest === undefined ? undefined : holdsDigest(imageDigest, stageName);
    return action.ignoringGrants(() => pipeline.addStage({ stageName, actions: [action.action], beforeEntry }));
  }

  /**
   * Adds this build to a stage of another build, in parallel with that build.
   *
   * @internal
   */
  public _addToStage(stage: codepipeline.IStage, pipeline: codepipeline.Pipeline, options: BuildStageOptions): void {
    const action = this.createAction(pipeline, options);
    action.ignoringGrants(() => stage.addAction(action.action));
  }

  private createAction(pipeline: codepipeline.Pipeline, options: BuildStageOptions): StageAction {
    const { stageName, input, extraInputs, output, imageDigest } = options;
    const actionRole = new ScopedRole(this, 'ActionRole', {
      names: this.names,
      purpose: `start-${this.purpose}`,
      assumedBy: new iam.ArnPrincipal(pipeline.role.roleArn),
      description: `Starts project-${this.purpose}-${this.names.environmentSuffix} for the pipeline`,
      deploys: this.writesRelease,
    });
    actionRole.allow(
      ['codebuild:BatchGetBuilds', 'codebuild:StartBuild', 'codebuild:StopBuild'],
      [this.project.projectArn],
    );
    allowArtifacts(this.scopedRole, pipeline.artifactBucket, output ? 'write' : 'read');

    const action = new actions.CodeBuildAction({
      actionName: stageName,
      type: output || this.boundSteps.pushTo ? actions.CodeBuildActionType.BUILD : actions.CodeBuildActionType.TEST,
      project: this.project,
      input,
      extraInputs,
      environmentVariables: {
        ...(imageDigest !== undefined && { [DIGEST]: { value: imageDigest } }),
        ...options.environmentVariables,
      },
      outputs: output && [output],
      variablesNamespace: namespaceOf(stageName),
      role: actionRole,
    });
    warnOfImmutablePipelineRole(this, 'CachedBuildProject.immutablePipelineRole', pipeline.role, actionRole);
    if (imageDigest !== undefined) {
      const { project } = this;
      checkAtSynthesis(this, () => lostConditionViolation({ pipeline, project, imageDigest }));
    }
    // The action cannot grant what its variables need while grants are ignored.
    this.allowVariables(options.environmentVariables);
    return {
      action,
      ignoringGrants: (add) => this.scopedRole.ignoringGrants(() => actionRole.ignoringGrants(add)),
    };
  }

  /**
   * True if builds write the task definitions that are deployed. Their roles then take part in each
   * deployment.
   */
  private get writesRelease(): boolean {
    return this.boundSteps.releaseFrom !== undefined;
  }

  private createRole(projectName: string): ScopedRole {
    const projectArn = Stack.of(this).formatArn({
      service: 'codebuild',
      resource: 'project',
      resourceName: projectName,
    });
    return new ScopedRole(this, 'Role', {
      names: this.names,
      purpose: `project-${this.purpose}`,
      // See https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
      assumedBy: serviceActingFor(this, 'codebuild.amazonaws.com', projectArn),
      description: `Runs the builds of project-${this.purpose}-${this.names.environmentSuffix}`,
      deploys: this.writesRelease,
    });
  }

  private renderBuildSpec(
    image: Image,
    cacheImage: CacheImage | undefined,
    cacheExpiration: Duration = DEFAULT_CACHE_EXPIRATION,
  ): codebuild.BuildSpec {
    return this.boundSteps.buildSpec({
      platform: isArm64(image.cpuArchitecture) ? 'linux/arm64' : 'linux/amd64',
      reportGroupArns: this.reportGroups.map((group) => group.reportGroupArn),
      cacheDays: Tokenization.stringifyNumber(cacheExpiration.toDays()),
      cacheImage: this.cacheRepository?.repositoryUriForTag(cacheImage?.tag),
    });
  }

  private createProject({ projectName, buildSpec, image, props }: ProjectOptions): codebuild.Project {
    const project = this.scopedRole.ignoringGrants(() => new codebuild.PipelineProject(this, 'Resource', {
      projectName,
      description: `Runs the ${this.purpose} of pipeline ${this.names.environmentSuffix}`,
      role: this.scopedRole,
      buildSpec,
      environment: {
        buildImage: image.buildImage(),
        computeType: codebuild.ComputeType.SMALL,
        privileged: this.boundSteps.privileged,
      },
      environmentVariables: {
        ...environmentVariables(this.boundSteps.variables),
        ...props.environmentVariables,
      },
      cache: this.cacheBucket && codebuild.Cache.bucket(this.cacheBucket, { prefix: this.cachePrefix }),
      logging: { cloudWatch: { logGroup: this.logGroup } },
      timeout: props.timeout ?? DEFAULT_TIMEOUT,
      queuedTimeout: props.queuedTimeout ?? DEFAULT_QUEUED_TIMEOUT,
      // An automatic report group would outlive the stack.
      grantReportGroupPermissions: false,
    }));
    addLazyVariables(project, this.boundSteps.variables);
    acknowledge(project, 'CB4', 'Artifacts and cache are encrypted with the AWS-managed key aws/s3: '
      + 'the library neither creates nor requires a KMS key.');
    acknowledge(project, 'CB5', 'Builds run in an image from ECR: '
      + 'by default the one that AWS publishes for CodeBuild, otherwise your own.');
    acknowledgeNamesInBraces(project, ['Environment', 'Source'], 'The shell of the build resolves these names.');
    return project;
  }

  /** Grants the role read access to the values of variables that Secrets Manager or Parameter Store hold. */
  private allowVariables(variables: { [name: string]: codebuild.BuildEnvironmentVariable } = {}): void {
    const refusePlainSecrets = true;
    codebuild.Project.serializeEnvVariables(variables, refusePlainSecrets, this.scopedRole);
  }
}

interface ProjectOptions {
  readonly projectName: string;
  readonly buildSpec: codebuild.BuildSpec;
  readonly image: Image;
  readonly props: CachedBuildProjectProps;
}

function dropUndefinedItems<T>(values: (T | undefined)[]): T[] {
  return values.filter((value): value is T => value !== undefined);
}
