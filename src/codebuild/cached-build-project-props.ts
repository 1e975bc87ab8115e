import {
  aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_logs as logs, aws_s3 as s3, Duration,
} from 'aws-cdk-lib';
import { BuildImage } from './build-image';
import { BuildSteps } from './build-steps';
import { BuildContext } from './private/steps';

/** Properties of a `CachedBuildProject`. */
export interface CachedBuildProjectProps {
  /**
   * Name of this instance of the stack (an application, a branch or a person), not of a deployment environment.
   *
   * It is part of every physical name, so several instances can share an account. Use lower-case letters, digits and
   * single hyphens, starting with a letter and not ending in a hyphen. The suffix and the `purpose` can have at most 27
   * characters in total. The project is named `project-<purpose>-<suffix>`.
   */
  readonly environmentSuffix: string;

  /** Steps that a build runs. */
  readonly steps: BuildSteps;

  /**
   * Purpose of the project in one word: at most 16 lower-case letters and digits, starting with a letter.
   *
   * It must be unique among the projects with the same suffix.
   *
   * @default "build"
   */
  readonly purpose?: string;

  /**
   * Image that the build runs in. The image also determines the CPU architecture of the build machine.
   *
   * @default BuildImage.AMAZON_LINUX_2023
   */
  readonly buildImage?: BuildImage;

  /**
   * Bucket that stores the cache, under `<purpose>-<suffix>/`.
   *
   * Several projects may share a bucket. Set a lifecycle rule on it.
   *
   * @default - a new bucket that is emptied and deleted with the stack; none if the steps cache nothing in
   * S3
   */
  readonly cacheBucket?: s3.IBucket;

  /**
   * Maximum age of the cache, in whole days, from 1 to 7 days.
   *
   * A build does not reuse older image layers, even from your own bucket or repository. The age of a layer is measured
   * from the build that first wrote the layer, the age of any other cached file from the last write. A bucket or
   * repository that the project created deletes older entries. `cacheExpiration` cannot be combined with `cacheBucket`
   * unless the steps cache image layers.
   *
   * @default Duration.days(7)
   */
  readonly cacheExpiration?: Duration;

  /**
   * Time after which CodeBuild stops a build, in whole minutes, from 5 minutes to 36 hours.
   *
   * The timeout must be longer than the `startupTime` of `BuildSteps.probe()`.
   *
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;

  /**
   * Maximum time that a build waits in the queue, in whole minutes, from 5 minutes to 8 hours.
   *
   * @default Duration.minutes(30)
   */
  readonly queuedTimeout?: Duration;

  /**
   * Retention of the build logs.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Environment variables of the build.
   *
   * The role is granted read access to the values of type `SECRETS_MANAGER` and `PARAMETER_STORE`. Names consist of
   * letters, digits and underscores and do not start with a digit. They must not start with `CODEBUILD_`, and must not
   * be names of variables that the steps set.
   *
   * @default - only the variables that CodeBuild and the steps set
   */
  readonly environmentVariables?: { [name: string]: codebuild.BuildEnvironmentVariable };

  /**
   * Repository, port and other values of the pipeline that the steps belong to.
   *
   * @internal
   */
  readonly _context?: BuildContext;
}

/** Options for `CachedBuildProject.addToPipeline()`. */
export interface BuildStageOptions {
  /**
   * Name of the stage and of its only action, at most 100 characters: letters, digits and `.@_-`.
   *
   * It is also the namespace of the variables that the build exports, with hyphens instead of dots.
   */
  readonly stageName: string;

  /** Input artifact, usually the source. Commands start in its root. */
  readonly input: codepipeline.Artifact;

  /**
   * Additional input artifacts, at most 4. `$CODEBUILD_SRC_DIR_<artifact name>` holds the path of each artifact.
   *
   * @default - none
   */
  readonly extraInputs?: codepipeline.Artifact[];

  /**
   * Additional environment variables of this action, at most 1000 characters as JSON in total.
   *
   * The values can refer to variables that earlier stages export, such as `#{Source.CommitId}`. CodePipeline inserts
   * the value of such a reference into the JSON, so an untrusted value, such as a commit message, can define another
   * variable.
   *
   * @default - none
   */
  readonly environmentVariables?: { [name: string]: codebuild.BuildEnvironmentVariable };

  /**
   * Digest of the image that the steps use, as a reference to a variable that an earlier build exports. The build reads
   * the digest from `$IMAGE_DIGEST`.
   *
   * The stage is entered only if the variable holds exactly `sha256:` and 64 hexadecimal digits: CodePipeline inserts
   * the value into the JSON of the action's environment variables, where any other value could define another variable.
   *
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-VariableCheck.html
   * @example "#{Build.IMAGE_DIGEST}"
   * @default - none; required by `BuildSteps.release`, `BuildSteps.probe`, and `BuildSteps.commands` with Docker
   */
  readonly imageDigest?: string;

  /**
   * Output artifact of the build.
   *
   * @default - no output artifact: the action is a test
   */
  readonly output?: codepipeline.Artifact;
}
