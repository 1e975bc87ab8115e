import { aws_codebuild as codebuild, aws_ecr as ecr, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { requiredText, shown, wholeNumberProblem } from '../private/checks';
import { Problem, refuseValue } from '../private/errors';
import { commandsSpec, imageSpec, probeSpec } from './private/build-specs';

/** How `BuildSteps.image()` makes an image. */
export interface ImageStepsProps {
  /** Where the image is pushed to, under a tag of commit and build number. */
  readonly repository: ecr.IRepository;

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
  readonly context?: string;

  /**
   * Files that go into the release beside `imageDetail.json`, by name: the `releaseFiles` of each
   * `EcsBlueGreenDeployment` that is to run the image.
   *
   * @default - the release holds `imageDetail.json` alone
   */
  readonly releaseFiles?: { [name: string]: string };

  /**
   * User name and password of another registry that the Dockerfile pulls from, under the keys `username`, `password`
   * and `registry`; a `RegistryCredentials` makes one.
   *
   * The build logs in only when `username` is no longer the placeholder `REPLACE_ME`.
   *
   * @default - only ECR is logged in to
   */
  readonly registryCredentials?: secretsmanager.ISecret;

  /**
   * The image of BuildKit itself, which builds the layers.
   *
   * @default "public.ecr.aws/vend/moby/buildkit:buildx-stable-1"
   */
  readonly buildkitImage?: string;
}

/** How `BuildSteps.probe()` tries an image out. */
export interface ProbeStepsProps {
  /** Where the image was pushed to. */
  readonly repository: ecr.IRepository;

  /** The port that the container listens on. */
  readonly port: number;

  /** The path that must answer with status 200. */
  readonly path: string;

  /**
   * Environment variables of the container.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * What the container runs.
   *
   * @default - the command of the image
   */
  readonly command?: string[];
}

/** How `BuildSteps.commands()` runs commands. */
export interface CommandStepsProps {
  /**
   * Where the image under test was pushed to; with it the build logs in to ECR and starts Docker, and the commands
   * find the image by digest in `$IMAGE_URI`.
   *
   * @default - the commands run without Docker and without an image
   */
  readonly repository?: ecr.IRepository;

  /**
   * What is carried over to the next build, as glob patterns of absolute paths or of paths in the source.
   *
   * @default - where npm, Yarn, pip, Maven, Gradle, Go and Cargo keep what they download
   */
  readonly cachePaths?: string[];
}

/** How `BuildSteps.buildSpec()` runs a buildspec of yours. */
export interface BuildSpecStepsProps {
  /**
   * Whether the build needs Docker and so runs in privileged mode.
   *
   * @default false
   */
  readonly docker?: boolean;

  /**
   * Whether the buildspec has `cache.paths`; a cache without paths does nothing, so without them no bucket is made.
   *
   * @default false
   */
  readonly cached?: boolean;
}

/** What is fixed about the steps once they are chosen. */
interface Steps {
  readonly spec: codebuild.BuildSpec;
  readonly privileged: boolean;
  readonly cached: boolean;
  readonly pushTo?: ecr.IRepository;
  readonly pullFrom?: ecr.IRepository;
  readonly registryCredentials?: secretsmanager.ISecret;
}

/**
 * What a `CachedBuildProject` runs.
 *
 * @example
 *
 * declare const repository: ecr.IRepository;
 *
 * const build = BuildSteps.image({ repository, dockerfile: 'service/Dockerfile' });
 * const test = BuildSteps.commands(['npm ci', 'npm test']);
 */
export class BuildSteps {
  /**
   * Builds an image with BuildKit and pushes it to ECR.
   *
   * The tag is `<first 12 characters of the commit>-<number of the build>`, so that a retry of the same commit does not
   * meet its own immutable tag. The output artifact `Release` holds `imageDetail.json` with the image by digest, and
   * the `releaseFiles`. The layers of all build stages are kept in the cache. The variable `IMAGE_URI` is exported.
   */
  public static image(props: ImageStepsProps): BuildSteps {
    refuseValue('BuildSteps.image', [
      props?.repository === undefined ? "'repository' is required; for example new ecr.Repository(this, 'Images')" : undefined,
      optionalText('dockerfile', props?.dockerfile, 'Dockerfile'),
      optionalText('context', props?.context, '.'),
      optionalText('buildkitImage', props?.buildkitImage, 'public.ecr.aws/vend/moby/buildkit:buildx-stable-1'),
    ]);
    return new BuildSteps({
      spec: imageSpec({
        repositoryUri: props.repository.repositoryUri,
        dockerfile: props.dockerfile ?? 'Dockerfile',
        context: props.context ?? '.',
        releaseFiles: props.releaseFiles ?? {},
        registryLogin: props.registryCredentials !== undefined,
        buildkitImage: props.buildkitImage ?? 'public.ecr.aws/vend/moby/buildkit:buildx-stable-1',
      }),
      privileged: true,
      cached: true,
      pushTo: props.repository,
      registryCredentials: props.registryCredentials,
    });
  }

  /**
   * Starts the image that was built, by digest, and waits up to a minute until its health path answers with 200.
   *
   * Expects the artifact `Release` among its inputs. The container's log is in the build's log when it fails.
   * Secrets of the container are not there: an image that cannot start without them needs test steps of its own.
   */
  public static probe(props: ProbeStepsProps): BuildSteps {
    refuseValue('BuildSteps.probe', [
      props?.repository === undefined ? "'repository' is required; for example new ecr.Repository(this, 'Images')" : undefined,
      wholeNumberProblem('port', props?.port, 1, 65535),
      pathProblem('path', props?.path),
    ]);
    return new BuildSteps({
      spec: probeSpec({
        repositoryUri: props.repository.repositoryUri,
        port: props.port,
        path: props.path,
        environment: props.environment ?? {},
        command: props.command ?? [],
      }),
      privileged: true,
      cached: false,
      pullFrom: props.repository,
    });
  }

  /** Runs commands one by one; the first that fails ends the build. */
  public static commands(commands: string[], props: CommandStepsProps = {}): BuildSteps {
    refuseValue('BuildSteps.commands', [
      Array.isArray(commands) && commands.length > 0 && commands.every((command) => typeof command === 'string' && command.trim() !== '')
        ? undefined
        : `'commands' must be a list of at least one command, got ${shown(commands)}; for example ["npm ci", "npm test"]`,
    ]);
    const cachePaths = props.cachePaths ?? DOWNLOADS;
    return new BuildSteps({
      spec: commandsSpec({ commands, cachePaths, repositoryUri: props.repository?.repositoryUri }),
      privileged: props.repository !== undefined,
      cached: cachePaths.length > 0,
      pullFrom: props.repository,
    });
  }

  /** Runs a buildspec of yours as it is; grant on the project's role what its commands need. */
  public static buildSpec(spec: codebuild.BuildSpec, props: BuildSpecStepsProps = {}): BuildSteps {
    return new BuildSteps({ spec, privileged: props.docker ?? false, cached: props.cached ?? false });
  }

  private constructor(private readonly steps: Steps) {}

  /** @internal */
  public _bind(): Steps {
    return this.steps;
  }
}

/** Where common tools keep what they download, for a build that runs as root. */
const DOWNLOADS = [
  '/root/.npm/**/*',
  '/root/.cache/**/*',
  '/root/.m2/repository/**/*',
  '/root/.gradle/caches/**/*',
  '/root/go/pkg/mod/**/*',
  '/root/.cargo/registry/**/*',
];

function optionalText(prop: string, value: unknown, example: string): Problem {
  return value === undefined ? undefined : requiredText(prop, value, example);
}

function pathProblem(prop: string, value: unknown): Problem {
  return typeof value === 'string' && value.startsWith('/') ? undefined : `'${prop}' must start with "/", got ${shown(value)}; for example "/healthz"`;
}
