import { aws_ecr as ecr, aws_secretsmanager as secretsmanager, Duration } from 'aws-cdk-lib';
import { BuildCache } from './build-cache';
import { BuildReport } from './build-report';
import { RegistryLogin } from './registry-login';

/** Options for `BuildSteps.image()`. */
export interface ImageStepsOptions {
  /**
   * ECR repository that the image is pushed to.
   *
   * The tag of the image consists of the commit and the build ID.
   *
   * @default - the repository of the pipeline; required outside a `BlueGreenFargatePipeline`
   */
  readonly repository?: ecr.IRepository;

  /**
   * Path of the Dockerfile, relative to the root of the source. The build fails if a symbolic link makes the path point
   * outside the source.
   *
   * @default "Dockerfile"
   */
  readonly dockerfile?: string;

  /**
   * Build context: the folder that is sent to BuildKit, relative to the root of the source.
   *
   * If a symbolic link makes the path point outside the source, the build fails before it sends any file.
   *
   * @default "."
   */
  readonly context?: string;

  /**
   * Name of the Dockerfile stage to build, as in `docker build --target`.
   *
   * @default - the last stage
   */
  readonly target?: string;

  /**
   * Values of `ARG` instructions in the Dockerfile, by name.
   *
   * Names consist of letters, digits and underscores and do not start with a digit. Never pass a secret: the values are
   * visible in the template, in the CodeBuild console and in the history of the image. Use `buildSecrets` instead.
   * During the build, `$BUILD_ARG_<name>` holds each value, and a pre-build command can change it:
   * `export BUILD_ARG_VERSION="$(cat VERSION)"`.
   *
   * @default - none
   */
  readonly buildArgs?: { [name: string]: string };

  /**
   * Secrets for `RUN --mount=type=secret` in the Dockerfile, by ID.
   *
   * A step with `RUN --mount=type=secret,id=<id>` reads the whole secret value from the file `/run/secrets/<id>`. The
   * value is stored in no layer and in no cache. An ID consists of letters, digits, dots, hyphens and underscores and
   * does not start with a dot or a hyphen. The role of the build is granted read access to the secret.
   *
   * @default - none
   */
  readonly buildSecrets?: { [id: string]: secretsmanager.ISecret };

  /**
   * Commands that run before the image build, after the logins.
   *
   * The first failure ends the build. The commands start in the root of the source. `$IMAGE_REPOSITORY`, `$IMAGE_TAG`
   * and `$BUILD_ARG_<name>` are set. Files that the commands write into the build context can become part of the image.
   *
   * @default - none
   */
  readonly preBuildCommands?: string[];

  /**
   * Commands that run after the image is pushed.
   *
   * If a command fails, there is no release. The commands start in the root of the source, with the variables that the
   * pre-build commands set. `$IMAGE_URI` refers to the image by digest. If the image build fails, the commands do not
   * run.
   *
   * @default - none
   */
  readonly postBuildCommands?: string[];

  /**
   * Reports that the commands write: at most one test report and one code coverage report.
   *
   * @default - none
   */
  readonly reports?: BuildReport[];

  /**
   * Cache of the image layers.
   *
   * @default BuildCache.s3()
   */
  readonly cache?: BuildCache;

  /**
   * Login to a container registry other than ECR that the Dockerfile pulls from.
   *
   * The build logs in only if `username` is no longer the placeholder `REPLACE_ME`.
   *
   * @default - the login of the pipeline; outside a `BlueGreenFargatePipeline` the build logs in to ECR
   * only
   */
  readonly registryCredentials?: RegistryLogin;

  /**
   * BuildKit image, which runs in a privileged container and builds the layers.
   *
   * The default is pinned by digest and pulled from a third party's copy on ECR Public, or from `mirror.gcr.io` if that
   * fails. Neither AWS nor the BuildKit project publishes an image on ECR Public. Synthesis warns about the default. To
   * avoid the third party, copy the image into your own repository, pass the copy by digest, and grant the build pull
   * access: `repository.grantPull(project.role)`.
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
   * Port that the container listens on, from 1 to 65535.
   *
   * @default - the container port of the pipeline; required outside a `BlueGreenFargatePipeline`
   */
  readonly port?: number;

  /**
   * Path that must return status 200: at most 1024 printable ASCII characters, starting with "/", without "#". The
   * build requests the path unchanged.
   *
   * @default - the health check path of the pipeline; required outside a `BlueGreenFargatePipeline`
   */
  readonly path?: string;

  /**
   * Environment variables of the container, by name.
   *
   * In a `BlueGreenFargatePipeline` they are added to the variables of the first environment, and take precedence over
   * them. Use them to pass placeholders for the secrets of the environments. Never pass a real secret: the values are
   * visible in the template.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * Command of the container, as a list of arguments.
   *
   * @default - the command of the pipeline's first environment, or that of the image
   */
  readonly command?: string[];

  /**
   * Maximum time until the health check path returns status 200, in whole seconds, from 5 seconds to 20 minutes.
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
   * If it is set, the build logs in to ECR and starts Docker, and `$IMAGE_URI` refers to the image by digest.
   *
   * @default - the repository of the pipeline if `docker` is true; otherwise the commands run without an
   * image
   */
  readonly repository?: ecr.IRepository;

  /**
   * Starts Docker and runs the build in privileged mode.
   *
   * In the test stage of a `BlueGreenFargatePipeline`, `$IMAGE_URI` then refers to the image by digest.
   *
   * @default - true if a `repository` is set, otherwise false
   */
  readonly docker?: boolean;

  /**
   * Glob patterns of the files to cache for the next build: absolute, or relative to the root of the source.
   *
   * @default - the download caches of npm, Yarn, pip, Maven, Gradle, Go and Cargo
   */
  readonly cachePaths?: string[];

  /**
   * Reports that the commands write: at most one test report and one code coverage report.
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
   * Enables the cache bucket of the project. Set it to true if the buildspec has `cache.paths`. A cache without paths
   * has no effect.
   *
   * @default false
   */
  readonly cached?: boolean;
}

/** Options for `BuildSteps.release()`. */
export interface ReleaseStepsOptions {
  /**
   * ECR repository of the image. The build fails if the repository does not contain the digest.
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
