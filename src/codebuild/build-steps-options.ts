import { aws_ecr as ecr, aws_secretsmanager as secretsmanager, Duration } from 'aws-cdk-lib';
import { BuildCache } from './build-cache';
import { BuildReport } from './build-report';
import { RegistryLogin } from './registry-login';

/** Options for `BuildSteps.image()`. */
export interface ImageStepsOptions {
  /**
   * ECR repository that the image is pushed to, with a tag of commit and build ID.
   *
   * @default - the repository of the pipeline; required outside a `BlueGreenFargatePipeline`
   */
  readonly repository?: ecr.IRepository;

  /**
   * Path of the Dockerfile, relative to the root of the source. The build fails if the path is a link out
   * of the source.
   *
   * @default "Dockerfile"
   */
  readonly dockerfile?: string;

  /**
   * Build context: the folder that is sent to the image build, relative to the root of the source.
   *
   * The build fails before it sends anything if the folder resolves, through a link, to one outside the
   * source.
   *
   * @default "."
   */
  readonly context?: string;

  /**
   * Stage of the Dockerfile that becomes the image.
   *
   * @default - the last stage
   */
  readonly target?: string;

  /**
   * Values of `ARG` instructions in the Dockerfile, by name.
   *
   * Names must be letters, digits and underscores; values may contain anything. Never pass a secret: the values are
   * visible in the template, in the CodeBuild console and in the history of the image. Use `buildSecrets` instead.
   * During the build each value is in `$BUILD_ARG_<name>`, and a pre-build command can change it:
   * `export BUILD_ARG_VERSION="$(cat VERSION)"`.
   *
   * @default - none
   */
  readonly buildArgs?: { [name: string]: string };

  /**
   * Secrets that a step of the Dockerfile may read, by ID.
   *
   * `RUN --mount=type=secret,id=<id>` finds the whole value of the secret in the file `/run/secrets/<id>`.
   * The value is in no layer and in no cache. The role of the build is granted read access to the secret.
   *
   * @default - none
   */
  readonly buildSecrets?: { [id: string]: secretsmanager.ISecret };

  /**
   * Commands that run before the image build, after the logins; the first failure ends the build.
   *
   * They start in the root of the source. `$IMAGE_REPOSITORY`, `$IMAGE_TAG` and `$BUILD_ARG_<name>` are
   * set. Files that they write into the build context can become part of the image.
   *
   * @default - none
   */
  readonly preBuildCommands?: string[];

  /**
   * Commands that run after the image is pushed; if one fails, there is no release.
   *
   * They start in the root of the source, with the variables that the pre-build commands set. `$IMAGE_URI`
   * is the image by digest. They do not run if the image build fails.
   *
   * @default - none
   */
  readonly postBuildCommands?: string[];

  /**
   * Reports that the commands write. At most one of test cases and one of coverage.
   *
   * @default - none
   */
  readonly reports?: BuildReport[];

  /**
   * Cache that keeps the layers between builds.
   *
   * @default BuildCache.s3()
   */
  readonly cache?: BuildCache;

  /**
   * Login to another registry that the Dockerfile pulls from.
   *
   * The build logs in only if `username` is no longer the placeholder `REPLACE_ME`.
   *
   * @default - the login of the pipeline; outside a `BlueGreenFargatePipeline` the build logs in to ECR
   * only
   */
  readonly registryCredentials?: RegistryLogin;

  /**
   * Image of BuildKit, which builds the layers in a privileged container.
   *
   * The default is pinned by digest and pulled from a third party's copy on ECR Public, or from
   * `mirror.gcr.io` if that fails; neither AWS nor the BuildKit project publishes an image on ECR Public.
   * Synthesis warns about it. To avoid the third party, copy the image into your own repository, pass its
   * digest, and let the build pull it: `repository.grantPull(project.role)`.
   *
   * @default - BuildKit 0.33.1 by digest; with `BuildCache.none()`, the BuildKit inside Docker
   */
  readonly buildkitImage?: string;
}

/** Options for `BuildSteps.probe()`. */
export interface ProbeStepsOptions {
  /**
   * ECR repository that the image was pushed to.
   *
   * @default - the repository of the pipeline; required outside a `BlueGreenFargatePipeline`
   */
  readonly repository?: ecr.IRepository;

  /**
   * Port that the container listens on.
   *
   * @default - the container port of the pipeline; required outside a `BlueGreenFargatePipeline`
   */
  readonly port?: number;

  /**
   * Path that must answer with status 200: at most 1024 printable ASCII characters, without "#". It is sent
   * unchanged.
   *
   * @default - the health check path of the pipeline; required outside a `BlueGreenFargatePipeline`
   */
  readonly path?: string;

  /**
   * Environment variables of the container.
   *
   * In a pipeline they are added to the variables of the first environment, and take precedence. Use them
   * for placeholders of the secrets that the environments have. Never pass a real secret: the values are
   * visible in the template.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * Command that the container runs.
   *
   * @default - the command of the pipeline's first environment, or that of the image
   */
  readonly command?: string[];

  /**
   * Time that the container may take until its health check path answers, in whole seconds from 5 seconds
   * to 20 minutes.
   *
   * @default Duration.minutes(1)
   */
  readonly startupTime?: Duration;
}

/** Options for `BuildSteps.commands()`. */
export interface CommandStepsOptions {
  /**
   * ECR repository of the image under test.
   *
   * If it is set, the build logs in to ECR and starts Docker, and the commands find the image by digest in
   * `$IMAGE_URI`.
   *
   * @default - the repository of the pipeline if `docker` is true; otherwise the commands run without an
   * image
   */
  readonly repository?: ecr.IRepository;

  /**
   * Starts Docker and runs the build in privileged mode.
   *
   * In the test stage of a `BlueGreenFargatePipeline` the commands then find the image by digest in
   * `$IMAGE_URI`.
   *
   * @default - true if a `repository` is set, otherwise false
   */
  readonly docker?: boolean;

  /**
   * Files to cache for the next build, as glob patterns of absolute paths or of paths in the source.
   *
   * @default - the download caches of npm, Yarn, pip, Maven, Gradle, Go and Cargo
   */
  readonly cachePaths?: string[];

  /**
   * Reports that the commands write. At most one of test cases and one of coverage.
   *
   * @default - none
   */
  readonly reports?: BuildReport[];
}

/** Options for `BuildSteps.buildSpec()`. */
export interface BuildSpecStepsOptions {
  /**
   * Runs the build in privileged mode, so that it can use Docker.
   *
   * @default false
   */
  readonly docker?: boolean;

  /**
   * Creates or uses a cache bucket. Set it to true if the buildspec has `cache.paths`; a cache without
   * paths has no effect.
   *
   * @default false
   */
  readonly cached?: boolean;
}

/** Options for `BuildSteps.release()`. */
export interface ReleaseStepsOptions {
  /**
   * ECR repository of the image. The build fails if the repository does not hold the digest.
   *
   * @default - the repository of the pipeline; required outside a `BlueGreenFargatePipeline`
   */
  readonly repository?: ecr.IRepository;

  /**
   * Release settings by environment name: the `releaseSettings` of each `EcsBlueGreenDeployment` that will
   * run the image.
   */
  readonly releaseSettings: { [environmentName: string]: string };
}
