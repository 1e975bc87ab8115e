import { aws_codebuild as codebuild, aws_ecr as ecr } from 'aws-cdk-lib';
import { Builder, containerBuilder, DOCKER_BUILDER } from './builder';
import { Cache, NO_CACHE } from './cache';
import { exposedSecretViolations, textByPath } from './exposed-secrets';
import { imageViolations } from './image-checks';
import { IMAGE_VARIABLES, imageSpec } from './image-spec';
import { loginVariables } from './login';
import { BoundSteps, BuildContext, SpecResources, Steps } from './steps';
import { requiredOutsidePipeline, TESTS_NO_IMAGE } from './steps-checks';
import { SecretVariable } from './variables';
import { throwIfInvalid } from '../../private/errors';
import { CDK } from '../../private/types';
import { BuildCache } from '../build-cache';
import { ImageStepsOptions } from '../build-steps-options';
import { DEFAULT_BUILD_CONTEXT, DEFAULT_DOCKERFILE } from '../defaults';

const FACTORY = 'BuildSteps.image';

/** Builds an image and pushes it: see `BuildSteps.image`. */
export function imageSteps(options: ImageStepsOptions): Steps {
  throwIfInvalid({ type: FACTORY }, imageViolations('options', options));
  const cache = (options.cache ?? BuildCache.s3())._bind();
  const builder = cache === NO_CACHE && options.buildkitImage === undefined
    ? DOCKER_BUILDER
    : containerBuilder(options.buildkitImage);
  const text = {
    ...textByPath('buildArgs', options.buildArgs),
    ...textByPath('preBuildCommands', options.preBuildCommands),
    ...textByPath('postBuildCommands', options.postBuildCommands),
  };
  return {
    repository: options.repository,
    buildkitImage: builder.variables.BUILDKIT_IMAGE,
    expiresLayers: cache !== NO_CACHE,
    cacheImage: cache.image,
    violations: (scope, context) => [
      requiredOutsidePipeline({
        factory: FACTORY,
        prop: 'repository',
        value: options.repository ?? context.repository,
        example: CDK.repository.example,
      }),
      exposedSecretViolations(scope, text),
    ],
    violationsAsBuildStage: (scope) => exposedSecretViolations(scope, text),
    violationsAsTestStage: () => TESTS_NO_IMAGE,
    bind: (context) => bindImageSteps({ options, context, cache, builder }),
  };
}

interface ImageStepsInContext {
  readonly options: ImageStepsOptions;
  readonly context: BuildContext;
  readonly cache: Cache;
  readonly builder: Builder;
}

function bindImageSteps(steps: ImageStepsInContext): BoundSteps {
  const { options, context, cache } = steps;
  const secrets = buildSecrets(options);
  const login = loginVariables((options.registryCredentials ?? context.registryLogin)?._bind());
  return {
    buildSpec: (resources) => renderImageSpec(steps, secrets, resources),
    specVariables: IMAGE_VARIABLES,
    variables: {
      plain: { ...login.plain, ...buildArgVariables(options) },
      secret: [...login.secret, ...secrets],
    },
    privileged: true,
    pullsPublicImages: true,
    needsCacheBucket: cache.needsBucket,
    pushTo: options.repository ?? context.repository,
    reports: options.reports?.map((report) => report._bind()) ?? [],
  };
}

/** A build secret in a variable, whose name does not contain the user's ID. */
interface BuildSecret extends SecretVariable {
  readonly id: string;
}

function buildSecrets(options: ImageStepsOptions): BuildSecret[] {
  return Object.entries(options.buildSecrets ?? {})
    .map(([id, secret], index) => ({ id, secret, name: `BUILD_SECRET_${index + 1}` }));
}

function buildArgVariables({ buildArgs = {} }: ImageStepsOptions): { [name: string]: string } {
  return Object.fromEntries(Object.entries(buildArgs).map(([name, value]) => [`BUILD_ARG_${name}`, value]));
}

function renderImageSpec(
  { options, context, cache, builder }: ImageStepsInContext,
  secrets: readonly BuildSecret[],
  resources: SpecResources,
): codebuild.BuildSpec {
  // `violations` has found one of the two.
  const { repositoryUri } = (options.repository ?? context.repository) as ecr.IRepository;
  return imageSpec({
    repositoryUri,
    resources,
    cache,
    dockerfile: options.dockerfile ?? DEFAULT_DOCKERFILE,
    context: options.context ?? DEFAULT_BUILD_CONTEXT,
    target: options.target,
    builder,
    buildArgs: Object.keys(options.buildArgs ?? {}),
    buildSecrets: secrets,
    preBuildCommands: options.preBuildCommands ?? [],
    postBuildCommands: options.postBuildCommands ?? [],
    registryLogin: (options.registryCredentials ?? context.registryLogin) !== undefined,
    reports: options.reports?.map((report) => report._bind()) ?? [],
  });
}
