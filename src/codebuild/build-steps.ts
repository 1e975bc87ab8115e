import { aws_codebuild as codebuild, aws_ecr as ecr, Duration, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { BuildCache } from './build-cache';
import { BuildSpecStepsProps, CommandStepsProps, ImageStepsProps, ProbeStepsProps, ReleaseStepsProps } from './build-steps-props';
import { Problem, refuseValue } from '../private/errors';
import { given } from '../private/given';
import { IMAGE_VARIABLES, imageSpec, releaseSpec } from './private/image-spec';
import { loginVariables, reportsSection, Steps, StepsKind, Surroundings } from './private/steps';
import {
  buildSpecProblems, commandsProblems, imageProblems, madeImageProblem, needed, openSecretProblems,
  pathInSource, probeProblems, releaseProblems,
} from './private/steps-checks';
import { commandsSpec, PROBE_VARIABLES, probeSpec } from './private/trial-specs';

/**
 * What a `CachedBuildProject` runs.
 *
 * Commands of yours run in bash, each with `set -eo pipefail`: the first thing that fails ends the build, also in the middle of a
 * pipe or of a loop. Folder and variables go on from one command to the next; functions and options of the shell do not, because
 * CodeBuild runs each command as a script of its own. A buildspec of yours runs as you write it.
 *
 * In a `BlueGreenFargatePipeline` steps know the repository, the release files, the registry credentials, port, path, variables
 * and command of the pipeline; what they say themselves counts more.
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
   * The tag is `<first 12 characters of the commit>-<number of the build>`, so that a retry of the same commit does not
   * meet its own immutable tag. The image is made for the processor of the build image. The output artifact `Release` holds
   * `imageDetail.json` with the image by digest, and the `releaseFiles`, nothing else. The layers of all build stages are
   * kept in the cache. The variable `IMAGE_URI` is exported.
   */
  public static image(props: ImageStepsProps = {}): BuildSteps {
    refuseValue('BuildSteps.image', imageProblems(props));
    const { buildArgs = {}, preBuildCommands = [], postBuildCommands = [], reports = [], cache = BuildCache.s3(), buildkitImage = 'public.ecr.aws/vend/moby/buildkit:buildx-stable-1' } = props;
    const secrets = Object.entries(props.buildSecrets ?? {}).map(([id, secret], index) => ({ id, secret, name: `BUILD_SECRET_${index + 1}` }));
    return new BuildSteps({
      name: 'image',
      repository: props.repository,
      texts: { ...paths('buildArgs', buildArgs), ...paths('preBuildCommands', preBuildCommands), ...paths('postBuildCommands', postBuildCommands) },
      specVariables: IMAGE_VARIABLES,
      buildkitImage,
      layerCache: cache,
      problems: (around) => [needed('BuildSteps.image', 'repository', props.repository ?? around.repository)],
      bind: (around) => {
        const { repository, registryCredentials } = { ...around, ...given(props) } as Surroundings & { repository: ecr.IRepository };
        return {
          spec: ({ platform, reportGroupArns, cacheImage }) => imageSpec({
            platform,
            buildkitImage,
            repositoryUri: repository.repositoryUri,
            dockerfile: props.dockerfile ?? 'Dockerfile',
            context: props.context ?? '.',
            target: props.target,
            buildArgs: Object.keys(buildArgs),
            buildSecrets: Object.fromEntries(secrets.map(({ id, name }) => [id, name])),
            preBuildCommands,
            postBuildCommands,
            releaseFiles: { ...around.releaseFiles, ...props.releaseFiles },
            registryLogin: registryCredentials !== undefined,
            cache: cache._kind,
            cacheImage,
            reports: reportsSection(reports, reportGroupArns),
          }),
          privileged: true,
          cached: cache._kind === 's3',
          pushTo: repository,
          variables: Object.fromEntries(Object.entries(buildArgs).map(([name, value]) => [`BUILD_ARG_${name}`, value])),
          secretVariables: [...loginVariables(registryCredentials), ...secrets],
          reports,
        };
      },
    });
  }

  /**
   * Starts the image that was built, by digest, and waits until its health path answers with 200.
   *
   * Expects the artifact `Release` among its inputs. When the container exits, listens on another port or on none, or
   * answers something else, the build fails with the container's log and a sentence that says which. Secrets of the
   * container are not there: an image that cannot start without them gets stand-ins in `environment`.
   */
  public static probe(props: ProbeStepsProps = {}): BuildSteps {
    refuseValue('BuildSteps.probe', probeProblems(props));
    const { startupTime = Duration.minutes(1) } = props;
    return new BuildSteps({
      name: 'probe',
      repository: props.repository,
      texts: { ...paths('environment', props.environment), ...paths('command', props.command) },
      specVariables: PROBE_VARIABLES,
      wait: startupTime,
      problems: (around) => (['repository', 'port', 'path'] as const).map((prop) => needed('BuildSteps.probe', prop, props[prop] ?? around[prop])),
      bind: (around) => {
        const { repository, port, path, command } = { ...around, ...given(props) } as Surroundings & Required<Pick<Surroundings, 'repository' | 'port' | 'path'>>;
        const pairs = Object.entries({ ...around.environment, ...props.environment }).map(([name, value]) => `${name}=${value}`);
        const environment = numbered('CONTAINER_VARIABLE', pairs);
        const words = numbered('CONTAINER_ARGUMENT', command ?? []);
        return {
          spec: () => probeSpec({
            repositoryUri: repository.repositoryUri,
            port: Tokenization.stringifyNumber(port),
            path,
            startupSeconds: Tokenization.stringifyNumber(startupTime.toSeconds()),
            environment: Object.keys(environment),
            command: Object.keys(words),
          }),
          privileged: true,
          cached: false,
          pullFrom: repository,
          variables: { ...environment, ...words },
          secretVariables: [],
          reports: [],
        };
      },
    });
  }

  /** Runs commands one by one; the first that fails ends the build. */
  public static commands(commands: string[], props: CommandStepsProps = {}): BuildSteps {
    refuseValue('BuildSteps.commands', commandsProblems(commands, props));
    const { cachePaths = DOWNLOADS, docker = props.repository !== undefined, reports = [] } = props;
    return new BuildSteps({
      name: 'commands',
      repository: props.repository,
      texts: paths('commands', commands),
      specVariables: docker ? ['IMAGE_REPOSITORY'] : [],
      problems: () => [],
      bind: (around) => {
        const repository = docker ? props.repository ?? around.repository : undefined;
        return {
          spec: ({ reportGroupArns }) => commandsSpec({
            commands, cachePaths, docker, repositoryUri: repository?.repositoryUri, reports: reportsSection(reports, reportGroupArns),
          }),
          privileged: docker,
          cached: cachePaths.length > 0,
          pullFrom: repository,
          variables: {},
          secretVariables: [],
          reports,
        };
      },
    });
  }

  /**
   * Runs a buildspec of yours as it is; grant on the project's role what its commands need.
   *
   * As the `buildSteps` of a `BlueGreenFargatePipeline` it must push one image to the repository in `$IMAGE_REPOSITORY`, set
   * `IMAGE_URI` to that image by digest (`<repository>@sha256:…`), and list `IMAGE_URI` under `env`, `exported-variables`.
   * `$REGISTRY_SERVER`, `$REGISTRY_USERNAME` and `$REGISTRY_PASSWORD` hold the login to the other registry. Its artifacts
   * are not used: a stage `Release` writes the release. As `testSteps` it finds the release at `$CODEBUILD_SRC_DIR_Release`.
   *
   * Reports: make a `codebuild.ReportGroup`, name its ARN in the buildspec, and call its `grantWrite` with the project's role.
   */
  public static buildSpec(spec: codebuild.BuildSpec, props: BuildSpecStepsProps = {}): BuildSteps {
    refuseValue('BuildSteps.buildSpec', buildSpecProblems(spec, props));
    return new BuildSteps({
      name: 'buildSpec',
      ownSpec: spec,
      texts: {},
      specVariables: [],
      problems: () => [],
      bind: ({ repository, registryCredentials, makesImage }): Steps => ({
        spec: () => spec,
        privileged: props.docker ?? false,
        cached: props.cached ?? false,
        ...(makesImage ? { pushTo: repository } : { pullFrom: repository }),
        variables: { ...(repository && { IMAGE_REPOSITORY: repository.repositoryUri }) },
        secretVariables: loginVariables(registryCredentials),
        reports: [],
      }),
    });
  }

  /**
   * Writes the release of an image that another build pushed: `imageDetail.json` and the `releaseFiles`.
   *
   * The image by digest must be in `$IMAGE_URI`: hand it on with the `environmentVariables` of `addToPipeline`.
   */
  public static release(props: ReleaseStepsProps): BuildSteps {
    refuseValue('BuildSteps.release', releaseProblems(props));
    return new BuildSteps({
      name: 'release',
      texts: {},
      specVariables: [],
      problems: () => [],
      bind: () => ({
        spec: () => releaseSpec(props.releaseFiles),
        privileged: false,
        cached: false,
        variables: {},
        secretVariables: [],
        reports: [],
      }),
    });
  }

  /**
   * What is wrong about a path that another construct hands on.
   *
   * @internal
   */
  public static _pathProblem(prop: string, path: unknown, example: string): Problem {
    return pathInSource(prop, path, example);
  }

  private constructor(
    /** @internal */
    public readonly _kind: StepsKind,
    private readonly surroundings: Surroundings = {},
  ) {}

  /** @internal */
  public _within(surroundings: Surroundings): BuildSteps {
    return new BuildSteps(this._kind, surroundings);
  }

  /** @internal */
  public _problems(): Problem[] {
    return this._kind.problems(this.surroundings);
  }

  /** @internal */
  public _openSecretProblems(scope: IConstruct): Problem[] {
    return openSecretProblems(scope, this._kind.texts);
  }

  /** The names of the variables that the steps set. @internal */
  public _takenVariables(): string[] {
    const { variables, secretVariables } = this._bind();
    return [...this._kind.specVariables, ...Object.keys(variables), ...secretVariables.map(({ name }) => name)];
  }

  /** @internal */
  public _madeImageProblem(scope: IConstruct): Problem {
    return madeImageProblem(scope, this._kind);
  }

  /** @internal */
  public _bind(): Steps {
    return this._kind.bind(this.surroundings);
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

/** Texts by the path to them in the props. */
function paths(prop: string, texts: readonly string[] | { readonly [name: string]: string } = {}): { [path: string]: string } {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [Array.isArray(texts) ? `${prop}[${key}]` : `${prop}.${key}`, text]));
}

/** Values that mean themselves in the shell, whatever is in them: as variables of the build, `<name>_1` and so on. */
function numbered(name: string, values: string[]): { [name: string]: string } {
  return Object.fromEntries(values.map((value, index) => [`${name}_${index + 1}`, value]));
}
