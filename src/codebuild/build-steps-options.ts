import { aws_ecr as ecr, aws_secretsmanager as secretsmanager, Duration } from 'aws-cdk-lib';
import { BuildCache } from './build-cache';
import { BuildReport } from './build-report';
import { RegistryLogin } from './registry-login';

/** How `BuildSteps.image()` makes an image. */
export interface ImageStepsOptions {
  /**
   * Where the image is pushed to, under a tag of commit and build id.
   *
   * @default - the repository of the pipeline; required outside of a `BlueGreenFargatePipeline`
   */
  readonly repository?: ecr.IRepository;

  /**
   * The Dockerfile, relative to the root of the source. A build whose Dockerfile is a link out of the
   * source fails.
   *
   * @default "Dockerfile"
   */
  readonly dockerfile?: string;

  /**
   * The folder that is sent to the image build, relative to the root of the source. A build whose
   * folder resolves to one outside of the source, through a link, fails before anything is sent.
   *
   * @default "."
   */
  readonly context?: string;

  /**
   * The name of the stage of the Dockerfile that becomes the image.
   *
   * @default - the last one
   */
  readonly target?: string;

  /**
   * The values of `ARG`s in the Dockerfile, by names of letters, digits and underscores. Anything
   * may stand in a value.
   *
   * Never a secret: the value stands in the template, in the console of CodeBuild and in the
   * history of the image. Use `buildSecrets`. A value is in `$BUILD_ARG_<name>` of the build, where
   * a pre-build command can set another one: `export BUILD_ARG_VERSION="$(cat VERSION)"`.
   *
   * @default - none
   */
  readonly buildArgs?: { [name: string]: string };

  /**
   * Secrets that a step of the Dockerfile may read, by id: `RUN --mount=type=secret,id=<id>` finds
   * the whole value of the secret in the file `/run/secrets/<id>`. It is in no layer and in no
   * cache. The role of the build gets leave to read it.
   *
   * @default - none
   */
  readonly buildSecrets?: { [id: string]: secretsmanager.ISecret };

  /**
   * Commands before the image is built, after the logins; the first that fails ends the build.
   *
   * They begin in the root of the source. `$IMAGE_REPOSITORY`, `$IMAGE_TAG` and `$BUILD_ARG_<name>`
   * are set. What they write into the build context can get into the image.
   *
   * @default - none
   */
  readonly preBuildCommands?: string[];

  /**
   * Commands after the image was pushed; when one fails there is no release.
   *
   * They begin in the root of the source, with the variables that the pre-build commands left.
   * `$IMAGE_URI` is the image by digest. They do not run when the image could not be built.
   *
   * @default - none
   */
  readonly postBuildCommands?: string[];

  /**
   * What the commands leave behind as reports; at most one of test cases and one of coverage.
   *
   * @default - none
   */
  readonly reports?: BuildReport[];

  /**
   * Where the layers are kept between builds.
   *
   * @default BuildCache.s3()
   */
  readonly cache?: BuildCache;

  /**
   * The login to another registry that the Dockerfile pulls from.
   *
   * The build logs in only when `username` is no longer the placeholder `REPLACE_ME`.
   *
   * @default - those of the pipeline; outside of a `BlueGreenFargatePipeline` only ECR is logged in
   * to
   */
  readonly registryCredentials?: RegistryLogin;

  /**
   * The image of BuildKit itself, which builds the layers.
   *
   * The image runs privileged. The default is pinned by digest, and pulled from a third party's copy
   * on ECR Public, else from `mirror.gcr.io`; neither AWS nor the BuildKit project publishes one on ECR
   * Public. Synthesis warns about it. To depend on nobody, copy the image into a repository of your
   * own, pass its digest, and let the build pull it: `repository.grantPull(project.role)`.
   *
   * @default - BuildKit 0.33.1 by digest; with `BuildCache.none()`, the BuildKit inside Docker
   */
  readonly buildkitImage?: string;
}

/** How `BuildSteps.probe()` tries an image out. */
export interface ProbeStepsOptions {
  /**
   * Where the image was pushed to.
   *
   * @default - the repository of the pipeline; required outside of a `BlueGreenFargatePipeline`
   */
  readonly repository?: ecr.IRepository;

  /**
   * The port that the container listens on.
   *
   * @default - the container port of the pipeline; required outside of a `BlueGreenFargatePipeline`
   */
  readonly port?: number;

  /**
   * The path that must answer with status 200, sent as it is written: at most 1024 printable ASCII characters,
   * without "#".
   *
   * @default - the health path of the pipeline; required outside of a `BlueGreenFargatePipeline`
   */
  readonly path?: string;

  /**
   * Environment variables of the container, in a pipeline beside those of its first environment; of
   * two with one name this one counts.
   *
   * Use it for what is a secret in the environments: a value that is good enough to start. It is no
   * place for a real secret: it stands in the template.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * What the container runs.
   *
   * @default - the command of the first environment of the pipeline, else that of the image
   */
  readonly command?: string[];

  /**
   * How long the container may take until its health path answers, in whole seconds from 5 seconds
   * to 20 minutes.
   *
   * @default Duration.minutes(1)
   */
  readonly startupTime?: Duration;
}

/** How `BuildSteps.commands()` runs commands. */
export interface CommandStepsOptions {
  /**
   * Where the image under test was pushed to; with it the build logs in to ECR and starts Docker,
   * and the commands find the image by digest in `$IMAGE_URI`.
   *
   * @default - the repository of the pipeline, if `docker` is true; else the commands run without
   * an image
   */
  readonly repository?: ecr.IRepository;

  /**
   * Whether Docker is started, for which the build runs in privileged mode. In the test stage of a
   * `BlueGreenFargatePipeline` the commands then find the image by digest in `$IMAGE_URI`.
   *
   * @default - true if a `repository` is given, else false
   */
  readonly docker?: boolean;

  /**
   * What is carried over to the next build, as glob patterns of absolute paths or of paths in the
   * source.
   *
   * @default - where npm, Yarn, pip, Maven, Gradle, Go and Cargo keep what they download
   */
  readonly cachePaths?: string[];

  /**
   * What the commands leave behind as reports; at most one of test cases and one of coverage.
   *
   * @default - none
   */
  readonly reports?: BuildReport[];
}

/** How `BuildSteps.buildSpec()` runs a buildspec of yours. */
export interface BuildSpecStepsOptions {
  /**
   * Whether the build needs Docker and so runs in privileged mode.
   *
   * @default false
   */
  readonly docker?: boolean;

  /**
   * Whether the buildspec has `cache.paths`; a cache without paths does nothing, so without them no
   * bucket is made.
   *
   * @default false
   */
  readonly cached?: boolean;
}

/** What `BuildSteps.release()` writes. */
export interface ReleaseStepsOptions {
  /**
   * Where the image is; a digest that is not there fails the build.
   *
   * @default - the repository of the pipeline; required outside of a `BlueGreenFargatePipeline`
   */
  readonly repository?: ecr.IRepository;

  /**
   * What the release holds for each environment, by the environment's name: the `releaseSettings` of
   * each `EcsBlueGreenDeployment` that is to run the image.
   */
  readonly releaseSettings: { [environmentName: string]: string };
}
