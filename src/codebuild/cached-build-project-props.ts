import {
  aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_logs as logs, aws_s3 as s3, Duration,
} from 'aws-cdk-lib';
import { BuildImage } from './build-image';
import { BuildSteps } from './build-steps';
import { BuildContext } from './private/steps';

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
   * What the project is for, in one word of at most 16 lower-case letters and digits; it tells the
   * projects of one suffix apart.
   *
   * @default "build"
   */
  readonly purpose?: string;

  /**
   * The image that the build runs in, and with it the processor of the machine.
   *
   * @default BuildImage.AMAZON_LINUX_2023
   */
  readonly buildImage?: BuildImage;

  /**
   * A bucket that keeps the cache, under `<purpose>-<suffix>/`; several projects may share it. Set a
   * lifecycle rule on it.
   *
   * @default - a bucket of its own that is emptied and deleted with the stack; none if the steps
   * have nothing to keep
   */
  readonly cacheBucket?: s3.IBucket;

  /**
   * Maximum age of the cache, in whole days from 1 to 7.
   *
   * A build drops image layers that are older, in a store of yours as well; their age counts from
   * the first build that wrote them. Everything else counts from the last write: the bucket or the
   * repository of the project deletes it then.
   *
   * @default Duration.days(7)
   */
  readonly cacheExpiration?: Duration;

  /**
   * How long a build may run before CodeBuild stops it, in whole minutes from 5 minutes to 36
   * hours.
   *
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;

  /**
   * How long a build may wait for a machine, in whole minutes from 5 minutes to 8 hours.
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
   * Environment variables of the build. Those of type `SECRETS_MANAGER` and `PARAMETER_STORE` give
   * the role leave to read them.
   *
   * Names have letters, digits and underscores, do not begin with `CODEBUILD_`, and are none that
   * the steps set.
   *
   * @default - only what CodeBuild and the steps set
   */
  readonly environmentVariables?: { [name: string]: codebuild.BuildEnvironmentVariable };

  /**
   * What a pipeline knows about the steps.
   *
   * @internal
   */
  readonly _context?: BuildContext;
}

/** How a `CachedBuildProject` stands in a pipeline. */
export interface BuildStageOptions {
  /**
   * The name of the stage, and of its one action: at most 100 letters, digits, dots, hyphens,
   * underscores and @.
   *
   * It is also the namespace of what the build exports, with a hyphen for each dot.
   */
  readonly stageName: string;

  /** What the build works on; its shell starts in this artifact's root. */
  readonly input: codepipeline.Artifact;

  /**
   * At most 4 more artifacts, each found at `$CODEBUILD_SRC_DIR_<name of the artifact>`.
   *
   * @default - none
   */
  readonly extraInputs?: codepipeline.Artifact[];

  /**
   * More environment variables of this action, which may refer to what earlier stages export:
   * `#{Source.CommitId}`. They have at most 1000 characters as JSON, all together.
   *
   * CodePipeline pastes what a reference stands for into that JSON. A value that somebody else writes, such
   * as a commit message, can become a second variable.
   *
   * @default - none
   */
  readonly environmentVariables?: { [name: string]: codebuild.BuildEnvironmentVariable };

  /**
   * The digest of the image that the steps work on, as a variable of an earlier build. The build finds it in
   * `$IMAGE_DIGEST`.
   *
   * The stage is entered only if the variable holds `sha256:` and 64 hexadecimal digits and nothing more:
   * CodePipeline pastes it into the JSON of the action, where more than that could become another variable.
   *
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-VariableCheck.html
   * @example "#{Build.IMAGE_DIGEST}"
   * @default - none; required by `BuildSteps.release`, `BuildSteps.probe`, and `BuildSteps.commands` with Docker
   */
  readonly imageDigest?: string;

  /**
   * The artifact that holds what the build made.
   *
   * @default - nothing is handed on: the action is a test
   */
  readonly output?: codepipeline.Artifact;
}
