import { aws_codebuild as codebuild } from 'aws-cdk-lib';
import { Builder } from './builder';
import { Cache, METADATA_FILE, NO_CACHE } from './cache';
import { Report, reportsSection } from './report';
import {
  BACK_TO_SOURCE, ECR_PUBLIC_LOGIN, ecrLogin, REGISTRY_LOGIN, START_DOCKER, strict,
} from './shell';
import { CHECK_PATHS } from './source-paths';
import { SpecResources } from './steps';

export interface ImageSpecOptions {
  readonly repositoryUri: string;
  readonly resources: SpecResources;
  readonly cache: Cache;
  readonly dockerfile: string;
  readonly context: string;
  readonly target?: string;
  readonly builder: Builder;
  /** The names of the build arguments; the value of each is in `BUILD_ARG_<name>`. */
  readonly buildArgs: readonly string[];
  /** The id of each build secret, and the name of the variable that holds it. */
  readonly buildSecrets: readonly { readonly id: string; readonly name: string }[];
  readonly preBuildCommands: readonly string[];
  readonly postBuildCommands: readonly string[];
  readonly registryLogin: boolean;
  readonly reports: readonly Report[];
}

/** The variables that the buildspec sets. */
export const IMAGE_VARIABLES = [
  'IMAGE_REPOSITORY', 'DOCKERFILE', 'BUILD_CONTEXT', 'BUILDKIT_IMAGE', 'BUILDKIT_MIRROR', 'BUILD_TARGET', 'CACHE_IMAGE',
  'CACHE_DAYS',
];

/** Builds an image, pushes it, and exports its digest. */
export function imageSpec(options: ImageSpecOptions): codebuild.BuildSpec {
  const { cache, reports, resources } = options;
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    env: {
      'shell': 'bash',
      'variables': specVariables(options),
      'exported-variables': ['IMAGE_DIGEST'],
    },
    phases: {
      install: { commands: START_DOCKER },
      pre_build: { commands: preBuild(options) },
      // Everything after the image build is in the same phase: CodeBuild runs post_build after a failed build, too.
      build: { commands: build(options) },
    },
    ...cache.section,
    ...reportsSection(reports, resources.reportGroupArns),
  });
}

function specVariables(options: ImageSpecOptions): object {
  const { cache, target, resources: { cacheDays, cacheImage } } = options;
  return {
    IMAGE_REPOSITORY: options.repositoryUri,
    DOCKERFILE: options.dockerfile,
    BUILD_CONTEXT: options.context,
    ...options.builder.variables,
    ...(target !== undefined && { BUILD_TARGET: target }),
    ...(cacheImage !== undefined && { CACHE_IMAGE: cacheImage }),
    ...(cache !== NO_CACHE && { CACHE_DAYS: cacheDays }),
  };
}

function preBuild({ builder, cache, registryLogin, preBuildCommands }: ImageSpecOptions): string[] {
  return [
    ecrLogin('IMAGE_REPOSITORY'),
    ECR_PUBLIC_LOGIN,
    ...cache.login,
    ...(registryLogin ? [REGISTRY_LOGIN] : []),
    ...builder.start,
    // A source version may hold characters that a tag may not.
    'COMMIT="$(printf %s "$CODEBUILD_RESOLVED_SOURCE_VERSION" | tr -dc A-Za-z0-9 | cut -c 1-12)"',
    // The id of a build is unique in AWS; its number is not, with two pipelines on one repository or a new project.
    'export IMAGE_TAG="${COMMIT:-release}-${CODEBUILD_BUILD_ID##*:}"',
    ...preBuildCommands.map(strict),
  ];
}

/** BuildKit writes the digest after the push; an older or another one might not. */
const FIND_DIGEST = [
  'export IMAGE_DIGEST="$(sed -n',
  '\'s/.*"containerimage.digest": *"\\(sha256:[0-9a-f]\\{64\\}\\)".*/\\1/p\'',
  `${METADATA_FILE} 2> /dev/null)";`,
  'if [ -z "$IMAGE_DIGEST" ]; then echo "BuildKit reported no digest for the image that it pushed"; exit 1; fi',
].join(' ');

function build(options: ImageSpecOptions): string[] {
  const { cache, postBuildCommands } = options;
  return [
    BACK_TO_SOURCE,
    CHECK_PATHS,
    // BuildKit sends the name of the folder in a header, which takes only ASCII before moby/buildkit 6989.
    'ln -sfn "$CONTEXT" /tmp/context',
    ...cache.beforeBuild,
    pushCommand(options),
    FIND_DIGEST,
    'export IMAGE_URI="$IMAGE_REPOSITORY@$IMAGE_DIGEST"',
    ...cache.afterBuild((output, added) => buildCommand(options, output, added)),
    ...postBuildCommands.map(strict),
    'echo "Pushed $IMAGE_URI ($IMAGE_TAG)"',
  ];
}

function pushCommand(options: ImageSpecOptions): string {
  const { buildOptions, log } = options.cache;
  const pushed = ['--tag "$IMAGE_REPOSITORY:$IMAGE_TAG"', `--metadata-file ${METADATA_FILE}`];
  const command = buildCommand(options, '--push', [...pushed, ...buildOptions]);
  return log === undefined ? command : strict(`${command} 2>&1 | tee ${log}`);
}

function buildCommand(
  { builder, resources, target, buildArgs, buildSecrets }: ImageSpecOptions,
  output: string,
  added: readonly string[],
): string {
  return [
    // One manifest per image, so that its digest is what ECS runs.
    `docker buildx build ${output} --builder ${builder.name} --provenance=false --platform ${resources.platform}`,
    '--file "./$DOCKERFILE"',
    ...(target === undefined ? [] : ['--target "$BUILD_TARGET"']),
    ...buildArgs.map((name) => `--build-arg "${name}=$BUILD_ARG_${name}"`),
    ...buildSecrets.map(({ id, name }) => `--secret id=${id},env=${name}`),
    ...added,
    '/tmp/context',
  ].join(' ');
}
