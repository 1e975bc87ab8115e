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
 * Your commands run in bash, each with `set -eo pipefail`: the first failure ends the build, also in a pipe
 * or in a loop. The working directory and variables carry over from one command to the next; functions and
 * shell options do not, because CodeBuild runs each command as its own script. Your own buildspec runs as
 * you write it.
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
   */
  public static image(options: ImageStepsOptions = {}): BuildSteps {
    return new BuildSteps(imageSteps(options));
  }

  /**
   * Starts the pushed image by digest, and waits until its health check path answers with status 200.
   *
   * In a `BlueGreenFargatePipeline` the container runs with the settings of the first environment's task
   * definition: memory, CPU, init process, read-only root file system, user, limits, command, variables and
   * health check, including overrides. Otherwise it runs with Docker's defaults. Secrets and other
   * containers are not available: if an image cannot start without a secret, pass a placeholder in
   * `environment`.
   *
   * If the container exits, does not listen or answers otherwise, the build fails and prints the reason and
   * the end of the container's log. In your own pipeline the stage needs the `imageDigest`.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
   */
  public static probe(options: ProbeStepsOptions = {}): BuildSteps {
    return new BuildSteps(probeSteps(options));
  }

  /** Runs commands one by one. The first failure ends the build. */
  public static commands(commands: string[], options: CommandStepsOptions = {}): BuildSteps {
    return new BuildSteps(commandSteps(commands, options));
  }

  /**
   * Runs your own buildspec unchanged. Grant the project's role the permissions that its commands need.
   *
   * As the `buildSteps` of a `BlueGreenFargatePipeline` it must push one image to the repository in
   * `$IMAGE_REPOSITORY`, set `IMAGE_DIGEST` to the digest of that image (`sha256:…`), and list
   * `IMAGE_DIGEST` under `env`, `exported-variables`. For the login to the other registry,
   * `$REGISTRY_SERVER` holds its host, `$REGISTRY_LOGIN_ARN` the ARN of the secret, which the role may
   * read, and `$REGISTRY_PASSWORD` the password. The artifacts of the buildspec are ignored. As `testSteps`
   * it finds the digest in `$IMAGE_DIGEST`.
   *
   * For reports, create a `codebuild.ReportGroup`, name its ARN in the buildspec, and call its `grantWrite`
   * with the project's role.
   */
  public static buildSpec(spec: codebuild.BuildSpec, options: BuildSpecStepsOptions = {}): BuildSteps {
    return new BuildSteps(buildSpecSteps(spec, options));
  }

  /**
   * Writes the release of an image that another build pushed.
   *
   * A release is `imageDetail.json`, and for each environment `taskdef-<environment>.json` and
   * `appspec-<environment>.yaml`. The stage needs the `imageDigest` of the image, which must be in the
   * repository. Each task definition is a copy of the revision that CloudFormation has registered when the
   * build runs, in the family that the service runs; for a deployment in another stack it is a copy of the
   * newest revision. Requires the AWS CLI and jq, which the default build image contains. Exports
   * `IMAGE_URI`, the image by digest.
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
