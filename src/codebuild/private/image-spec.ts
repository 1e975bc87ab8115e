import { aws_codebuild as codebuild } from 'aws-cdk-lib';
import { BuildCache } from '../build-cache';
import { BACK_TO_SOURCE, ecrLogin, REGISTRY_LOGIN, RELEASE, START_DOCKER, strict, writeRelease } from './shell';

/** Where BuildKit keeps its layers; outside the source, so that it is never sent to the image build. */
const LAYERS = '/root/.cache/bluegreen-layers';

export interface ImageSpecOptions {
  readonly repositoryUri: string;
  readonly platform: string;
  readonly dockerfile: string;
  readonly context: string;
  readonly target?: string;
  /** The names of the build arguments; the value of each is in `BUILD_ARG_<name>`. */
  readonly buildArgs: string[];
  /** The id of each build secret, and the variable that holds its value. */
  readonly buildSecrets: { [id: string]: string };
  readonly preBuildCommands: string[];
  readonly postBuildCommands: string[];
  readonly releaseFiles: { [name: string]: string };
  readonly registryLogin: boolean;
  readonly buildkitImage: string;
  readonly cache: BuildCache['_kind'];
  /** The name of the image that the layers are kept as, with a cache in a registry. */
  readonly cacheImage?: string;
  readonly reports: object;
}

/** The variables that the buildspec sets. */
export const IMAGE_VARIABLES = ['IMAGE_REPOSITORY', 'DOCKERFILE', 'BUILD_CONTEXT', 'BUILDKIT_IMAGE', 'BUILD_TARGET', 'CACHE_IMAGE'];

/** Builds an image, pushes it, and writes the release: see `BuildSteps.image`. */
export function imageSpec(options: ImageSpecOptions): codebuild.BuildSpec {
  const cache = CACHES[options.cache];
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    env: {
      'shell': 'bash',
      'variables': {
        IMAGE_REPOSITORY: options.repositoryUri,
        DOCKERFILE: options.dockerfile,
        BUILD_CONTEXT: options.context,
        BUILDKIT_IMAGE: options.buildkitImage,
        ...(options.target !== undefined && { BUILD_TARGET: options.target }),
        ...(options.cacheImage !== undefined && { CACHE_IMAGE: options.cacheImage }),
      },
      'exported-variables': ['IMAGE_URI'],
    },
    phases: {
      install: { commands: START_DOCKER },
      pre_build: {
        commands: [
          ecrLogin('IMAGE_REPOSITORY'),
          ...cache.login,
          ...(options.registryLogin ? [REGISTRY_LOGIN] : []),
          'docker buildx create --name bluegreen --driver docker-container --driver-opt "image=$BUILDKIT_IMAGE" --use',
          // What a source calls its version may hold more than a tag may.
          'COMMIT="$(printf %s "$CODEBUILD_RESOLVED_SOURCE_VERSION" | tr -dc A-Za-z0-9 | cut -c 1-12)"',
          'export IMAGE_TAG="${COMMIT:-release}-$CODEBUILD_BUILD_NUMBER"',
          ...options.preBuildCommands.map(strict),
        ],
      },
      // Everything that follows the build stands in the same phase: CodeBuild runs post_build after a failed build, too.
      build: {
        commands: [
          BACK_TO_SOURCE,
          // BuildKit sends the name of the folder in a header, which takes only ASCII before moby/buildkit 6989.
          'ln -sfn "$PWD/$BUILD_CONTEXT" /tmp/context',
          [
            // One manifest per image, so that its digest is what ECS runs.
            `docker buildx build --push --provenance=false --platform ${options.platform}`,
            '--file "./$DOCKERFILE" --tag "$IMAGE_REPOSITORY:$IMAGE_TAG" --metadata-file /tmp/image-metadata.json',
            ...(options.target === undefined ? [] : ['--target "$BUILD_TARGET"']),
            ...options.buildArgs.map((name) => `--build-arg "${name}=$BUILD_ARG_${name}"`),
            ...Object.entries(options.buildSecrets).map(([id, variable]) => `--secret id=${id},env=${variable}`),
            ...cache.options,
            '/tmp/context',
          ].join(' '),
          ...cache.afterwards,
          'IMAGE_DIGEST="$(sed -n \'s/.*"containerimage.digest": *"\\(sha256:[0-9a-f]\\{64\\}\\)".*/\\1/p\' /tmp/image-metadata.json)"',
          'test -n "$IMAGE_DIGEST"',
          'export IMAGE_URI="$IMAGE_REPOSITORY@$IMAGE_DIGEST"',
          ...(options.postBuildCommands.length === 0 ? [] : [...options.postBuildCommands.map(strict), BACK_TO_SOURCE]),
          ...writeRelease(options.releaseFiles),
          'echo "Released $IMAGE_URI ($IMAGE_TAG)"',
        ],
      },
    },
    artifacts: { 'base-directory': RELEASE, 'files': ['**/*'] },
    ...cache.section,
    ...options.reports,
  });
}

/** What each kind of cache adds to a build; `mode=max` keeps the layers of all stages. */
const CACHES: { [kind in BuildCache['_kind']]: { login: string[]; options: string[]; afterwards: string[]; section: object } } = {
  s3: {
    login: [],
    options: [
      // A missing cache is no error: the first build has none.
      `$(test ! -f ${LAYERS}/index.json || echo --cache-from type=local,src=${LAYERS})`,
      `--cache-to type=local,mode=max,dest=${LAYERS}`,
    ],
    // The export writes what is not there yet, and only ever adds: whatever the newest cache does not name is of an older one.
    afterwards: [
      strict(`(cd ${LAYERS}/blobs/sha256; NAMED="$(cat ../../index.json)"; NAMED+="$(cat $(grep -o '[0-9a-f]\\{64\\}' <<< "$NAMED"))";`
        + ' for blob in *; do [[ "$NAMED" == *"$blob"* ]] || rm "$blob"; done)'),
    ],
    section: { cache: { paths: [`${LAYERS}/**/*`] } },
  },
  registry: {
    login: [ecrLogin('CACHE_IMAGE')],
    options: [
      '--cache-from "type=registry,ref=$CACHE_IMAGE"',
      // ECR refuses the cache unless it looks like an image.
      '--cache-to "type=registry,ref=$CACHE_IMAGE,mode=max,image-manifest=true,oci-mediatypes=true"',
    ],
    afterwards: [],
    section: {},
  },
  none: { login: [], options: [], afterwards: [], section: {} },
};

/** Writes the release of an image that another build pushed: see `BuildSteps.release`. */
export function releaseSpec(releaseFiles: { [name: string]: string }): codebuild.BuildSpec {
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    env: { shell: 'bash' },
    phases: {
      build: {
        commands: [
          'if ! [[ "$IMAGE_URI" =~ ^[^[:space:]\\"@]+@sha256:[0-9a-f]{64}$ ]]; then'
          + ' echo "IMAGE_URI is \\"$IMAGE_URI\\" instead of <repository>@sha256:<digest>: the build must export it"; exit 1; fi',
          ...writeRelease(releaseFiles),
          'echo "Released $IMAGE_URI"',
        ],
      },
    },
    artifacts: { 'base-directory': RELEASE, 'files': ['**/*'] },
  });
}
