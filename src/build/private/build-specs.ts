import { aws_codebuild as codebuild } from 'aws-cdk-lib';

/** Where BuildKit keeps its layers; outside the source, so that it is never sent to the image build. */
const LAYERS = '/root/.cache/bluegreen-layers';

/** The folder of the release in the source, made anew by each build. */
const RELEASE = '.bluegreen-release';

export interface ImageSpecOptions {
  readonly repositoryUri: string;
  readonly dockerfile: string;
  readonly context: string;
  readonly releaseFiles: { [name: string]: string };
  readonly registryLogin: boolean;
  readonly buildkitImage: string;
}

/** Builds an image, pushes it, and writes the release: see `BuildSteps.image`. */
export function imageSpec(options: ImageSpecOptions): codebuild.BuildSpec {
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    env: {
      'shell': 'bash',
      'variables': {
        IMAGE_REPOSITORY: options.repositoryUri,
        DOCKERFILE: options.dockerfile,
        BUILD_CONTEXT: options.context,
        BUILDKIT_IMAGE: options.buildkitImage,
      },
      'exported-variables': ['IMAGE_URI'],
    },
    phases: {
      install: { commands: START_DOCKER },
      pre_build: {
        commands: [
          'set -o pipefail',
          ECR_LOGIN,
          ...(options.registryLogin ? [REGISTRY_LOGIN] : []),
          'docker buildx create --name bluegreen --driver docker-container --driver-opt "image=$BUILDKIT_IMAGE" --use',
        ],
      },
      // Everything that follows the build stands in the same phase: CodeBuild runs post_build after a failed build, too.
      build: {
        commands: [
          'set -o pipefail',
          // The version of an object in S3 may begin with a dot, which no tag may.
          'IMAGE_TAG="$(printf %.12s "${CODEBUILD_RESOLVED_SOURCE_VERSION:-release}" | tr -c "[:alnum:]" x)-$CODEBUILD_BUILD_NUMBER"',
          // One manifest per image, so that its digest is what ECS runs; a missing cache is no error.
          'docker buildx build --push --provenance=false'
          + ' --file "$DOCKERFILE" --tag "$IMAGE_REPOSITORY:$IMAGE_TAG" --metadata-file /tmp/image-metadata.json'
          + ` $(test ! -f ${LAYERS}/index.json || echo --cache-from type=local,src=${LAYERS})`
          + ` --cache-to type=local,mode=max,dest=${LAYERS}.new "$BUILD_CONTEXT"`,
          // The export only ever adds: a new folder for each build keeps layers that nothing uses out of the cache.
          `rm -rf ${LAYERS} && mv ${LAYERS}.new ${LAYERS}`,
          'IMAGE_DIGEST="$(sed -n \'s/.*"containerimage.digest": *"\\(sha256:[0-9a-f]\\{64\\}\\)".*/\\1/p\' /tmp/image-metadata.json)"',
          'test -n "$IMAGE_DIGEST"',
          'export IMAGE_URI="$IMAGE_REPOSITORY@$IMAGE_DIGEST"',
          `rm -rf ${RELEASE} && mkdir ${RELEASE}`,
          `printf '{"ImageURI":"%s"}' "$IMAGE_URI" > ${RELEASE}/imageDetail.json`,
          ...Object.entries(options.releaseFiles).map(([name, content]) =>
            `cat > ${RELEASE}/${name} <<'END_OF_RELEASE_FILE'\n${content}\nEND_OF_RELEASE_FILE`),
          'echo "Released $IMAGE_URI ($IMAGE_TAG)"',
        ],
      },
    },
    artifacts: { 'base-directory': RELEASE, 'files': ['**/*'] },
    cache: { paths: [`${LAYERS}/**/*`] },
  });
}

export interface ProbeSpecOptions {
  readonly repositoryUri: string;
  readonly port: number;
  readonly path: string;
  readonly environment: { [name: string]: string };
  readonly command: string[];
}

/** Runs the released image and asks its health path: see `BuildSteps.probe`. */
export function probeSpec(options: ProbeSpecOptions): codebuild.BuildSpec {
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    env: {
      shell: 'bash',
      variables: {
        IMAGE_REPOSITORY: options.repositoryUri,
        HEALTH_URL: `http://127.0.0.1:${options.port}${options.path}`,
      },
    },
    phases: {
      install: { commands: START_DOCKER },
      pre_build: { commands: ['set -o pipefail', ECR_LOGIN, ...FIND_IMAGE, 'docker pull "$IMAGE_URI"'] },
      build: {
        commands: [
          [
            `docker run --detach --name candidate --publish 127.0.0.1:${options.port}:${options.port}`,
            ...Object.entries(options.environment).map(([name, value]) => `--env ${quoted(`${name}=${value}`)}`),
            '"$IMAGE_URI"',
            ...options.command.map(quoted),
          ].join(' '),
          'for attempt in $(seq 30); do'
          + ' STATUS="$(curl --silent --output /dev/null --max-time 5 --write-out "%{http_code}" "$HEALTH_URL" || true)";'
          + ' if [ "$STATUS" = 200 ]; then break; fi; sleep 2; done',
          'if [ "$STATUS" != 200 ]; then docker logs candidate;'
          + ' echo "$HEALTH_URL answered ${STATUS:-nothing} instead of 200; the log of the container is above"; exit 1; fi',
          'echo "$IMAGE_URI is healthy"',
        ],
      },
    },
  });
}

export interface CommandsSpecOptions {
  readonly commands: string[];
  readonly cachePaths: string[];
  readonly repositoryUri?: string;
}

/** Runs the user's commands: see `BuildSteps.commands`. */
export function commandsSpec(options: CommandsSpecOptions): codebuild.BuildSpec {
  const withImage = options.repositoryUri !== undefined;
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    env: {
      shell: 'bash',
      ...(withImage && { variables: { IMAGE_REPOSITORY: options.repositoryUri } }),
    },
    phases: {
      ...(withImage && {
        install: { commands: START_DOCKER },
        pre_build: { commands: ['set -o pipefail', ECR_LOGIN, ...FIND_IMAGE] },
      }),
      build: { commands: options.commands },
    },
    ...(options.cachePaths.length > 0 && { cache: { paths: options.cachePaths } }),
  });
}

/** CodeBuild starts Docker in its curated images only; the same image from ECR may or may not have it running. */
const START_DOCKER = [
  'docker info > /dev/null 2>&1 || (nohup dockerd > /tmp/dockerd.log 2>&1 &)',
  'timeout 60 sh -c "until docker info > /dev/null 2>&1; do sleep 1; done" || (cat /tmp/dockerd.log; exit 1)',
];

const ECR_LOGIN = 'aws ecr get-login-password --region "$AWS_DEFAULT_REGION"'
  + ' | docker login --username AWS --password-stdin "${IMAGE_REPOSITORY%%/*}"';

/** The placeholder is a real value to Docker Hub, which would count failed logins against the address. */
const REGISTRY_LOGIN = 'if [ "$REGISTRY_USERNAME" = REPLACE_ME ]; then echo "No registry credentials yet: pulling anonymously";'
  + ' else printf %s "$REGISTRY_PASSWORD" | docker login --username "$REGISTRY_USERNAME" --password-stdin "$REGISTRY_SERVER"; fi';

const FIND_IMAGE = [
  'export IMAGE_URI="$(sed -n \'s/.*"ImageURI": *"\\([^"]*\\)".*/\\1/p\' "$CODEBUILD_SRC_DIR_Release/imageDetail.json")"',
  'test -n "$IMAGE_URI"',
];

/** A word of the shell that means itself, whatever is in it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
