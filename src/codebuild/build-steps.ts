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
 * What a `CachedBuildProject` runs.
 *
 * Commands of yours run in bash, each with `set -eo pipefail`: the first thing that fails ends the
 * build, also in the middle of a pipe or of a loop. Folder and variables go on from one command to
 * the next; functions and options of the shell do not, because CodeBuild runs each command as a
 * script of its own. A buildspec of yours runs as you write it.
 *
 * In a `BlueGreenFargatePipeline` steps know the repository, the registry
 * credentials, port, path and task definition of the pipeline; what they say themselves counts
 * more.
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
   * The tag is `<first 12 characters of the commit>-<UUID of the build>`, so that a retry of the
   * same commit does not meet its own immutable tag. The image is made for the processor of the
   * build image. The layers of all build stages are kept in the cache. The variable `IMAGE_DIGEST`
   * is exported; the build has no output artifact.
   */
  public static image(options: ImageStepsOptions = {}): BuildSteps {
    return new BuildSteps(imageSteps(options));
  }

  /**
   * Starts the image that was built, by digest, and waits until its health path answers as the health check of the
   * load balancer expects, with 200.
   *
   * In a `BlueGreenFargatePipeline` the container runs as the task definition of the first environment says: memory,
   * CPU, init process, read-only root file system, user, limits, command, variables and health check, overrides
   * included. Elsewhere it runs with Docker's defaults. Secrets and other containers are not there: an image that
   * cannot start without a secret gets a stand-in in `environment`.
   *
   * When the container exits, does not listen, or answers something else, the build fails with the end of the
   * container's log and the reason. In a pipeline of yours the stage needs the `imageDigest`.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
   */
  public static probe(options: ProbeStepsOptions = {}): BuildSteps {
    return new BuildSteps(probeSteps(options));
  }

  /** Runs commands one by one; the first that fails ends the build. */
  public static commands(commands: string[], options: CommandStepsOptions = {}): BuildSteps {
    return new BuildSteps(commandSteps(commands, options));
  }

  /**
   * Runs a buildspec of yours as it is; grant on the project's role what its commands need.
   *
   * As the `buildSteps` of a `BlueGreenFargatePipeline` it must push one image to the repository in
   * `$IMAGE_REPOSITORY`, set `IMAGE_DIGEST` to the digest of that image (`sha256:…`), and list
   * `IMAGE_DIGEST` under `env`, `exported-variables`. For the login to the other registry,
   * `$REGISTRY_SERVER` holds its host, `$REGISTRY_LOGIN_ARN` the ARN of the secret, which the role may
   * read, and `$REGISTRY_PASSWORD` the password. The artifacts of the buildspec are not used.
   * As `testSteps` it finds the digest in `$IMAGE_DIGEST`.
   *
   * Reports: make a `codebuild.ReportGroup`, name its ARN in the buildspec, and call its
   * `grantWrite` with the project's role.
   */
  public static buildSpec(spec: codebuild.BuildSpec, options: BuildSpecStepsOptions = {}): BuildSteps {
    return new BuildSteps(buildSpecSteps(spec, options));
  }

  /**
   * Writes the release of an image that another build pushed: `imageDetail.json`, and for each
   * environment `taskdef-<environment>.json` and `appspec-<environment>.yaml`.
   *
   * The stage needs the `imageDigest` of that image, which must be in the repository. A task definition
   * is that of the revision which CloudFormation has registered when the build runs, for the family that
   * the service runs; for a deployment in another stack the newest revision. Needs the AWS CLI and jq,
   * which the default build image has. Exports `IMAGE_URI`, the image by digest.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
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
