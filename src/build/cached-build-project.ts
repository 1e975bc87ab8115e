import {
  aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_ecr as ecr, aws_iam as iam,
  aws_logs as logs, aws_s3 as s3, Duration, RemovalPolicy,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BuildImage } from './build-image';
import { BuildSteps } from './build-steps';
import { durationProblem, environmentSuffixProblem, placeProblem, textMatching } from '../private/checks';
import { Problem, refuse } from '../private/errors';
import { globalNameOf, lengthProblem, nameOf, takenNameProblem } from '../private/names';
import { ScopedRole } from '../private/scoped-role';

/** Properties of a `CachedBuildProject`. */
export interface CachedBuildProjectProps {
  /**
   * The end of every physical name, which keeps several applications in one account apart.
   *
   * The project is called `project-<purpose>-<suffix>`.
   */
  readonly environmentSuffix: string;

  /** What the project runs. */
  readonly steps: BuildSteps;

  /**
   * What the project is for, in one word; it tells the projects of one suffix apart.
   *
   * @default "build"
   */
  readonly purpose?: string;

  /**
   * The image that the build runs in.
   *
   * @default BuildImage.AMAZON_LINUX_2023
   */
  readonly buildImage?: BuildImage;

  /**
   * A bucket that keeps the cache, under the project's purpose; give it a life cycle rule.
   *
   * @default - a bucket of its own that is emptied and deleted with the stack; none if the steps have nothing to keep
   */
  readonly cacheBucket?: s3.IBucket;

  /**
   * How long after it was written a cache entry is deleted, at most 7 days.
   *
   * @default Duration.days(7)
   */
  readonly cacheExpiration?: Duration;

  /**
   * How long a build may run before CodeBuild stops it, from 5 minutes to 36 hours.
   *
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;

  /**
   * How long a build may wait for a machine, from 5 minutes to 8 hours.
   *
   * @default Duration.minutes(30)
   */
  readonly queuedTimeout?: Duration;

  /**
   * How long the log of a build is kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Environment variables of the build. Those of type `SECRETS_MANAGER` and `PARAMETER_STORE` give the role leave to read them.
   *
   * @default - only what CodeBuild and the steps set
   */
  readonly environmentVariables?: { [name: string]: codebuild.BuildEnvironmentVariable };
}

/** How a `CachedBuildProject` stands in a pipeline. */
export interface BuildStageOptions {
  /** The name of the stage, and of its one action. */
  readonly stageName: string;

  /** What the build works on; its shell starts in this artifact's root. */
  readonly input: codepipeline.Artifact;

  /**
   * More artifacts, each found at `$CODEBUILD_SRC_DIR_<name of the artifact>`.
   *
   * @default - none
   */
  readonly extraInputs?: codepipeline.Artifact[];

  /**
   * The artifact that holds what the build made.
   *
   * @default - nothing is handed on: the action is a test
   */
  readonly output?: codepipeline.Artifact;
}

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
  /** @internal */
  public static _problems(props: CachedBuildProjectProps): Problem[] {
    return [
      environmentSuffixProblem(props?.environmentSuffix),
      lengthProblem(props ?? {}, { bucket: `cache-${props?.purpose ?? 'build'}`, role: `role-project-${props?.purpose ?? 'build'}` }),
      props?.steps === undefined ? "'steps' is required; for example BuildSteps.commands(['npm ci', 'npm test'])" : undefined,
      props?.purpose === undefined ? undefined : textMatching('purpose', props.purpose, /^[a-z][a-z0-9]{0,15}$/,
        'one word of at most 16 lower-case letters and digits', 'lint'),
      durationProblem('cacheExpiration', props?.cacheExpiration, Duration.days(1), Duration.days(7), 'days'),
      durationProblem('timeout', props?.timeout, Duration.minutes(5), Duration.hours(36)),
      durationProblem('queuedTimeout', props?.queuedTimeout, Duration.minutes(5), Duration.hours(8)),
      props?.cacheBucket !== undefined && props.cacheExpiration !== undefined
        ? "'cacheExpiration' must not come with 'cacheBucket': a bucket of yours has life cycle rules of its own; remove one of the two"
        : undefined,
    ];
  }

  /** The project itself. */
  public readonly project: codebuild.Project;

  /** What the build may do; grant on it what your commands need. */
  public readonly role: iam.Role;

  /** Where builds log to. */
  public readonly logGroup: logs.LogGroup;

  /** Where the cache is kept; undefined if the steps have nothing to keep. */
  public readonly cacheBucket?: s3.IBucket;

  private readonly scopedRole: ScopedRole;
  private readonly names: { readonly environmentSuffix: string };
  private readonly purpose: string;

  constructor(scope: Construct, id: string, props: CachedBuildProjectProps) {
    const purpose = props?.purpose ?? 'build';
    refuse(scope, id, 'CachedBuildProject', CachedBuildProject._problems(props));
    refuse(scope, id, 'CachedBuildProject', [takenNameProblem(scope, `project-${purpose}`, props, "a 'purpose' of its own")]);
    super(scope, id);

    const steps = props.steps._bind();
    const image = props.buildImage ?? BuildImage.AMAZON_LINUX_2023;
    this.purpose = purpose;
    this.names = { environmentSuffix: props.environmentSuffix };
    this.logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: nameOf(this, `logs-project-${purpose}`, props),
      retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.cacheBucket = steps.cached ? props.cacheBucket ?? this.createCacheBucket(props) : undefined;
    this.scopedRole = new ScopedRole(this, 'Role', {
      environmentSuffix: props.environmentSuffix,
      purpose: `project-${purpose}`,
      assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com'),
      description: `Runs the builds of project-${purpose}-${props.environmentSuffix}`,
    });
    this.role = this.scopedRole;
    this.allowBuild([image._repository, steps.pullFrom], steps.pushTo);

    this.project = this.scopedRole.whileClosed(() => new codebuild.PipelineProject(this, 'Resource', {
      projectName: nameOf(this, `project-${purpose}`, props),
      description: `${purpose} of the pipeline ${props.environmentSuffix}`,
      role: this.scopedRole,
      buildSpec: steps.spec,
      environment: {
        buildImage: image._bind(),
        computeType: codebuild.ComputeType.SMALL,
        privileged: steps.privileged,
      },
      environmentVariables: { ...credentialVariables(steps.registryCredentials), ...props.environmentVariables },
      cache: this.cacheBucket && codebuild.Cache.bucket(this.cacheBucket, { prefix: purpose }),
      logging: { cloudWatch: { logGroup: this.logGroup } },
      timeout: props.timeout ?? Duration.minutes(30),
      queuedTimeout: props.queuedTimeout ?? Duration.minutes(30),
      // An automatic report group would outlive the stack.
      grantReportGroupPermissions: false,
    }));
    if (steps.registryCredentials) {
      // A secret that is imported by its name has an ARN that ends in six characters nobody knows.
      const { secretArn, secretFullArn } = steps.registryCredentials;
      this.scopedRole.allow(['secretsmanager:GetSecretValue'], [secretFullArn ?? `${secretArn}-??????`]);
      steps.registryCredentials.encryptionKey?.grantDecrypt(this.scopedRole);
    }
    codebuild.Project.serializeEnvVariables(props.environmentVariables ?? {}, true, this.scopedRole);
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
    refuse(this, '', 'CachedBuildProject', [placeProblem(this, 'ActionRole', pipeline)]);
    const bucket = pipeline.artifactBucket;
    const actionRole = new ScopedRole(this, 'ActionRole', {
      ...this.names,
      purpose: `start-${this.purpose}`,
      assumedBy: new iam.ArnPrincipal(pipeline.role.roleArn),
      description: `Starts project-${this.purpose}-${this.names.environmentSuffix} for the pipeline`,
    });
    actionRole.allow(['codebuild:BatchGetBuilds', 'codebuild:StartBuild', 'codebuild:StopBuild'], [this.project.projectArn]);
    this.scopedRole.allow(['s3:GetBucketAcl', 's3:GetBucketLocation'], [bucket.bucketArn]);
    this.scopedRole.allow(['s3:GetObject', 's3:GetObjectVersion', ...(options.output ? ['s3:PutObject'] : [])], [bucket.arnForObjects('*')]);
    this.scopedRole.allowKeyOf(bucket, options.output ? 'write' : 'read');

    const action = new actions.CodeBuildAction({
      actionName: options.stageName,
      type: options.output ? actions.CodeBuildActionType.BUILD : actions.CodeBuildActionType.TEST,
      project: this.project,
      input: options.input,
      extraInputs: options.extraInputs,
      outputs: options.output && [options.output],
      variablesNamespace: options.stageName,
      role: actionRole,
    });
    return this.scopedRole.whileClosed(() => actionRole.whileClosed(() =>
      pipeline.addStage({ stageName: options.stageName, actions: [action] })));
  }

  private createCacheBucket(props: CachedBuildProjectProps): s3.Bucket {
    return new s3.Bucket(this, 'Cache', {
      bucketName: globalNameOf(this, `cache-${this.purpose}`, props),
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: false,
      lifecycleRules: [{
        id: 'forget',
        expiration: props.cacheExpiration ?? Duration.days(7),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      }],
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
  }

  private allowBuild(pullFrom: (ecr.IRepository | undefined)[], pushTo?: ecr.IRepository): void {
    this.scopedRole.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [this.logGroup.logGroupArn]);
    if (this.cacheBucket) {
      this.scopedRole.allow(['s3:GetBucketAcl', 's3:GetBucketLocation'], [this.cacheBucket.bucketArn]);
      this.scopedRole.allow(['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], [this.cacheBucket.arnForObjects(`${this.purpose}/*`)]);
    }
    const repositories = [...pullFrom, pushTo].filter((repository): repository is ecr.IRepository => repository !== undefined);
    if (repositories.length > 0) {
      // The token is for the registry as a whole: AWS offers no narrower resource.
      this.scopedRole.allow(['ecr:GetAuthorizationToken'], ['*']);
      this.scopedRole.allow(PULL, repositories.map((repository) => repository.repositoryArn));
    }
    if (pushTo) {
      this.scopedRole.allow(PUSH, [pushTo.repositoryArn]);
    }
  }
}

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const PUSH = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];

/** CodeBuild reads the secret at the start of a build and masks the values in the log. */
function credentialVariables(secret: { readonly secretArn: string } | undefined): { [name: string]: codebuild.BuildEnvironmentVariable } {
  const key = (name: string) => ({
    type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER,
    value: `${secret?.secretArn}:${name}`,
  });
  return secret === undefined ? {} : {
    REGISTRY_SERVER: key('registry'),
    REGISTRY_USERNAME: key('username'),
    REGISTRY_PASSWORD: key('password'),
  };
}
