import { aws_codebuild as codebuild } from 'aws-cdk-lib';
import {
  BuildSpecStepsOptions, CommandStepsOptions, ImageStepsOptions, ProbeStepsOptions, ReleaseStepsOptions,
} from './build-steps-options';
import { buildSpecSteps } from './private/build-spec-steps';
import { commandSteps } from './private/command-steps';
import { imageSteps } from './private/image-steps';
import { probeSteps } from './private/probe-steps';
import { releaseSteps } from './private/release-steps';
import { Steps } from './private/steps';

/**
 * The steps of a `CachedBuildProject`.
 *
 * Your commands run in bash, each with `set -eo pipefail`: the first failure ends the build, even in a pipe or in a
 * loop. The working directory and variables carry over from one command to the next; functions and shell options do
 * not, because CodeBuild runs each command as its own script. Your own buildspec runs unchanged.
 *
 * In a `BlueGreenFargatePipeline` the steps use the repository, the registry credentials, the port, the
 * health check path and the task definition of the pipeline; values set on the steps take precedence.
 *
 * @example
 *
 * declare const repository: ecr.IRepository;
 *
 * const build = BuildSteps.image({
 *   repository,
 *   dockerfile: 'service/Dockerfile',
 *   target: 'runtime',
 *   buildArgs: { NODE_VERSION: '22' },
 *   preBuildCommands: ['export BUILD_ARG_VERSION=$(cat VERSION)'],
 * });
 * const test = BuildSteps.commands(['npm ci', 'npm test'], { reports: [BuildReport.junit(['reports/junit.xml'])] });
 */
export class BuildSteps {
  /**
   * Builds an image with BuildKit and pushes it to ECR.
   *
   * The tag is `<first 12 characters of the commit>-<UUID of the build>`, so a retry of the same commit
   * does not conflict with its own immutable tag. The image has the CPU architecture of the build image.
   * The cache keeps the layers of all build stages. The build exports the variable `IMAGE_DIGEST` and has
   * no output artifact.
   *
   * @param options the options of the image build
   */
  public static image(options: ImageStepsOptions = {}): BuildSteps {
    return new BuildSteps(imageSteps(options));
  }

  /**
   * Starts the pushed image by digest, and waits until its health check path returns status 200.
   *
   * In a `BlueGreenFargatePipeline` the container runs with the settings of the first environment's task definition:
   * memory, CPU, init process, read-only root file system, user, ulimits, command, environment variables and health
   * check, including overrides. Otherwise it runs with Docker's defaults. Secrets and other containers are not
   * available: if an image cannot start without a secret, pass a placeholder in `environment`.
   *
   * If the container exits, does not listen or returns another status, the build fails and prints the reason and the
   * end of the container's log. In your own pipeline the stage needs the `imageDigest`.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
   * @param options the image, its health check and its settings
   */
  public static probe(options: ProbeStepsOptions = {}): BuildSteps {
    return new BuildSteps(probeSteps(options));
  }

  /**
   * Runs commands one by one. The first failure ends the build.
   *
   * @param commands the bash commands, in order
   * @param options the settings for Docker, cached files and reports
   */
  public static commands(commands: string[], options: CommandStepsOptions = {}): BuildSteps {
    return new BuildSteps(commandSteps(commands, options));
  }

  /**
   * Runs your own buildspec unchanged. Grant the project's role the permissions that its commands need.
   *
   * As the `buildSteps` of a `BlueGreenFargatePipeline`, the buildspec must push one image to the repository in
   * `$IMAGE_REPOSITORY`, set `IMAGE_DIGEST` to the digest of that image (`sha256:…`), and list `IMAGE_DIGEST` in
   * `exported-variables` under `env`. For the login of `registryCredentials`, `$REGISTRY_SERVER` holds the host of the
   * registry, `$REGISTRY_LOGIN_ARN` the ARN of the secret, which the role may read, and `$REGISTRY_PASSWORD` the
   * password. The artifacts of the buildspec are ignored. In `testSteps`, `$IMAGE_DIGEST` holds the digest of the image
   * to test.
   *
   * For reports, create a `codebuild.ReportGroup`, name its ARN in the buildspec, and call its `grantWrite` with the
   * project's role.
   *
   * @param spec the buildspec
   * @param options the settings for Docker and the cache
   */
  public static buildSpec(spec: codebuild.BuildSpec, options: BuildSpecStepsOptions = {}): BuildSteps {
    return new BuildSteps(buildSpecSteps(spec, options));
  }

  /**
   * Writes the release of an image that another build pushed.
   *
   * A release consists of `imageDetail.json`, and `taskdef-<environment>.json` and `appspec-<environment>.yaml` for
   * each environment. The stage needs the `imageDigest` of the image, which must be in the repository. Each task
   * definition is written for the family that the service runs. It is a copy of the revision of
   * `EcsBlueGreenDeployment.taskDefinition` that CloudFormation has registered when the build runs. For a deployment in
   * another stack, it is a copy of the newest revision. The build image must contain the AWS CLI and jq, as the default
   * image does. The build exports `IMAGE_URI`, which refers to the image by digest.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
   * @param options the repository of the image and the release settings of the environments
   */
  public static release(options: ReleaseStepsOptions): BuildSteps {
    return new BuildSteps(releaseSteps(options));
  }

  private constructor(private readonly steps: Steps) {}

  /** @internal */
  public _bind(): Steps {
    return this.steps;
  }
}
