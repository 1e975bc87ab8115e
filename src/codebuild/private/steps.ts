import { aws_codebuild as codebuild, aws_ecr as ecr, Duration } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ProbedService } from './probe-container';
import { Report } from './report';
import { Variables } from './variables';
import { Violations } from '../../private/violations';
import { RegistryLogin } from '../registry-login';

/** Values of the pipeline that the steps belong to; options that are set on the steps take precedence. */
export interface BuildContext {
  readonly repository?: ecr.IRepository;
  readonly registryLogin?: RegistryLogin;
  readonly port?: number;
  readonly path?: string;
  /** Resources that run the image in the first environment. */
  readonly service?: ProbedService;
  /** True if the steps build the image; otherwise they test it. */
  readonly makesImage?: boolean;
}

/** One kind of steps. */
export interface Steps {
  /** The repository in the options of the steps. */
  readonly repository?: ecr.IRepository;
  /** Time that the steps wait for a container, which the timeout of the project must exceed. */
  readonly startupTime?: Duration;
  readonly buildkitImage?: string;
  /** True if the build drops cached layers that are older than the expiration of the cache. */
  readonly expiresLayers?: boolean;
  /** The cache of layers that is kept as an image. */
  readonly cacheImage?: CacheImage;

  /** Checks the steps for a project in this place. */
  violations(scope: IConstruct, context: BuildContext): Violations;

  /** Checks the steps for the build stage of a pipeline, whatever `scope` is. */
  violationsAsBuildStage(scope: IConstruct): Violations;

  /** Checks the steps for the test stage of a pipeline, whatever `scope` is. */
  violationsAsTestStage(scope: IConstruct): Violations;

  /** Completes the steps; their `violations` must be empty before `buildSpec` is called. */
  bind(context: BuildContext): BoundSteps;
}

/** Steps with everything that the project needs to know. */
export interface BoundSteps {
  readonly buildSpec: (resources: SpecResources) => codebuild.BuildSpec;
  /**
   * The names of the variables in the buildspec; one of the project with the same name would
   * override it.
   */
  readonly specVariables: readonly string[];
  readonly variables: Variables;
  readonly privileged: boolean;
  /** True if the buildspec pulls from ECR Public. */
  readonly pullsPublicImages?: boolean;
  /** True if the buildspec has paths to keep in S3. */
  readonly needsCacheBucket: boolean;
  readonly pushTo?: ecr.IRepository;
  readonly pullFrom?: ecr.IRepository;
  /** The repository whose image the steps release. */
  readonly releaseFrom?: ecr.IRepository;
  /** True if the buildspec has, or may have, files for an output artifact. */
  readonly writesArtifact?: boolean;
  /** True if the steps work on the image in `$IMAGE_DIGEST`. */
  readonly needsDigest?: boolean;
  readonly reports: readonly Report[];
}

/** Resources of the project that a buildspec refers to. */
export interface SpecResources {
  readonly platform: string;
  /** The ARN of the group of each report, in their order. */
  readonly reportGroupArns: readonly string[];
  /** Maximum age of the layers, in days. */
  readonly cacheDays: string;
  /** The name of the cache that is kept as an image, up to what a build adds to its tag. */
  readonly cacheImage?: string;
}

/** A cache of layers that is kept as an image. */
export interface CacheImage {
  /** The repository; one of the project's own if left out. */
  readonly repository?: ecr.IRepository;
  readonly tag: string;
}

/** The names of all variables that the steps set. */
export function reservedVariables({ specVariables, variables }: BoundSteps): string[] {
  return [
    ...specVariables,
    ...Object.keys(variables.plain),
    ...variables.secret.map(({ name }) => name),
  ];
}
