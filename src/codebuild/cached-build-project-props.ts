import {
  aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_logs as logs, aws_s3 as s3, Duration,
} from 'aws-cdk-lib';
import { BuildImage } from './build-image';
import { BuildSteps } from './build-steps';
import { BuildContext } from './private/steps';

/** Properties of a `CachedBuildProject`. */
export interface CachedBuildProjectProps {
  /**
   * Name of this instance of the stack (an application, a branch or a person), not of a deployment
   * environment.
   *
   * Every physical name ends with it, so several instances can share an account. The project is called
   * `project-<purpose>-<suffix>`.
   */
  readonly environmentSuffix: string;

  /** Steps that the project runs. */
  readonly steps: BuildSteps;

  /**
   * Purpose of the project in one word: at most 16 lower-case letters and digits.
   *
   * It distinguishes the projects of one suffix from each other.
   *
   * @default "build"
   */
  readonly purpose?: string;

  /**
   * Image that the build runs in. It also sets the CPU architecture of the machine.
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
   * Maximum age of the cache, in whole days from 1 to 7.
   *
   * A build drops image layers that are older, also from your own bucket or repository; their age counts
   * from the first build that wrote them. The age of everything else counts from the last write; the
   * project's own bucket or repository then deletes it.
   *
   * @default Duration.days(7)
   */
  readonly cacheExpiration?: Duration;

  /**
   * Time after which CodeBuild stops a build, in whole minutes from 5 minutes to 36 hours.
   *
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;

  /**
   * Time that a build may wait for a machine, in whole minutes from 5 minutes to 8 hours.
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
   * The role is granted read access to the values of type `SECRETS_MANAGER` and `PARAMETER_STORE`. Names
   * must be letters, digits and underscores, must not start with `CODEBUILD_`, and must not be set by the
   * steps.
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

/** Options for the stage of a `CachedBuildProject`. */
export interface BuildStageOptions {
  /**
   * Name of the stage and of its one action: at most 100 letters, digits and `.@_-`.
   *
   * It is also the namespace of the variables that the build exports, with a hyphen for each dot.
   */
  readonly stageName: string;

  /** Artifact that the build works on. Commands start in its root. */
  readonly input: codepipeline.Artifact;

  /**
   * Additional artifacts, at most 4, each at `$CODEBUILD_SRC_DIR_<name of the artifact>`.
   *
   * @default - none
   */
  readonly extraInputs?: codepipeline.Artifact[];

  /**
   * Additional environment variables of this action, at most 1000 characters as JSON in total.
   *
   * They may refer to variables that earlier stages export, such as `#{Source.CommitId}`. CodePipeline
   * inserts the value of a reference into that JSON, so an untrusted value, such as a commit message, can
   * define a second variable.
   *
   * @default - none
   */
  readonly environmentVariables?: { [name: string]: codebuild.BuildEnvironmentVariable };

  /**
   * Digest of the image that the steps work on, as a variable of an earlier build. The build finds it in
   * `$IMAGE_DIGEST`.
   *
   * The stage is entered only if the variable holds exactly `sha256:` and 64 hexadecimal digits:
   * CodePipeline inserts the value into the JSON of the action, where any other value could define another
   * variable.
   *
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-VariableCheck.html
   * @example "#{Build.IMAGE_DIGEST}"
   * @default - none; required by `BuildSteps.release`, `BuildSteps.probe`, and `BuildSteps.commands` with
   * Docker
   */
  readonly imageDigest?: string;

  /**
   * Artifact that holds the output of the build.
   *
   * @default - no output artifact: the action is a test
   */
  readonly output?: codepipeline.Artifact;
}
