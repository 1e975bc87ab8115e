import { aws_codebuild as codebuild, aws_ecr as ecr } from 'aws-cdk-lib';
import { Environment } from './stock-environment';

const LAYERS = '/root/.cache/layers';

const START_DOCKER = [
  'docker info > /dev/null 2>&1 || (nohup dockerd > /tmp/dockerd.log 2>&1 &)',
  'timeout 60 sh -c "until docker info > /dev/null 2>&1; do sleep 1; done" || (cat /tmp/dockerd.log; exit 1)',
];

const LOGIN = 'aws ecr get-login-password | docker login --username AWS --password-stdin "${IMAGE_REPOSITORY%%/*}"';

/** Builds the image with its layers cached in S3. */
export function imageSpec(repository: ecr.IRepository): codebuild.BuildSpec {
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    env: { 'shell': 'bash', 'variables': { IMAGE_REPOSITORY: repository.repositoryUri }, 'exported-variables': ['IMAGE_DIGEST'] },
    phases: {
      install: { commands: START_DOCKER },
      pre_build: {
        commands: [
          'set -o pipefail',
          LOGIN,
          'if [ "$REGISTRY_USERNAME" = REPLACE_ME ]; then echo "No registry credentials yet";'
          + ' else printf %s "$REGISTRY_PASSWORD" | docker login --username "$REGISTRY_USERNAME" --password-stdin "$REGISTRY_REGISTRY"; fi',
          'docker buildx create --name builder --driver docker-container'
          + ' --driver-opt image=public.ecr.aws/vend/moby/buildkit:buildx-stable-1 --use',
        ],
      },
      build: {
        commands: [
          'set -o pipefail',
          'IMAGE_TAG="$(printf %.12s "$CODEBUILD_RESOLVED_SOURCE_VERSION")-$CODEBUILD_BUILD_NUMBER"',
          'docker buildx build --push --provenance=false --tag "$IMAGE_REPOSITORY:$IMAGE_TAG" --metadata-file /tmp/metadata.json'
          + ` $(test ! -f ${LAYERS}/index.json || echo --cache-from type=local,src=${LAYERS})`
          + ` --cache-to type=local,mode=max,dest=${LAYERS}.new .`,
          `rm -rf ${LAYERS} && mv ${LAYERS}.new ${LAYERS}`,
          'export IMAGE_DIGEST="$(sed -n \'s/.*"containerimage.digest": *"\\(sha256:[0-9a-f]\\{64\\}\\)".*/\\1/p\' /tmp/metadata.json)"',
          'test -n "$IMAGE_DIGEST"',
        ],
      },
    },
    cache: { paths: [`${LAYERS}/**/*`] },
  });
}

/** Writes the input of the deploy actions. */
export function releaseSpec(environments: Environment[]): codebuild.BuildSpec {
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    env: { 'shell': 'bash', 'exported-variables': ['IMAGE_URI'] },
    phases: {
      build: {
        commands: [
          'export IMAGE_URI="$IMAGE_REPOSITORY@$IMAGE_DIGEST"',
          'aws ecr describe-images --repository-name "${IMAGE_REPOSITORY#*/}" --image-ids "imageDigest=$IMAGE_DIGEST" > /dev/null',
          'rm -rf release && mkdir release',
          'printf \'{"ImageURI":"%s"}\' "$IMAGE_URI" > release/imageDetail.json',
          ...environments.flatMap(({ name, appSpec }, index) => [
            `printf %s "$TASK_DEFINITION_${index + 1}" > release/taskdef-${name}.json`,
            `cat > release/appspec-${name}.yaml <<'END'\n${appSpec}END`,
          ]),
        ],
      },
    },
    artifacts: { 'base-directory': 'release', 'files': ['**/*'] },
  });
}

/** The settings of the container in staging and of its health check; as many variables as the library has. */
export const PROBE_VARIABLES: { readonly [name: string]: codebuild.BuildEnvironmentVariable } = {
  CPU_QUOTA: { value: '25000' },
  MEMORY: { value: '512m' },
  MEMORY_SWAP: { value: '512m' },
  OPEN_FILES: { value: 'nofile=65535:65535' },
  PORT: { value: '8080' },
  ATTEMPTS: { value: '30' },
  PAUSE: { value: '2' },
  HEALTH_PATH: { value: '/' },
  HEALTH_TIMEOUT: { value: '5' },
  HEALTHY_CODE: { value: '200' },
};

/** Starts the built image and sends it a request. */
export function probeSpec(repository: ecr.IRepository): codebuild.BuildSpec {
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    env: { shell: 'bash', variables: { IMAGE_REPOSITORY: repository.repositoryUri } },
    phases: {
      install: { commands: START_DOCKER },
      pre_build: {
        commands: [
          'set -o pipefail',
          LOGIN,
          'IMAGE_URI="$IMAGE_REPOSITORY@$IMAGE_DIGEST"',
          'docker pull "$IMAGE_URI"',
        ],
      },
      build: {
        commands: [
          'docker run --detach --name candidate --cpu-quota "$CPU_QUOTA" --memory "$MEMORY" --memory-swap "$MEMORY_SWAP" --ulimit "$OPEN_FILES"'
          + ' --publish "127.0.0.1:$PORT:$PORT" "$IMAGE_URI"',
          'for attempt in $(seq "$ATTEMPTS"); do STATUS="$(curl --silent --output /dev/null --max-time "$HEALTH_TIMEOUT"'
          + ' --write-out "%{http_code}" "http://127.0.0.1:$PORT$HEALTH_PATH" || true)";'
          + ' if [ "$STATUS" = "$HEALTHY_CODE" ]; then break; fi; sleep "$PAUSE"; done',
          'if [ "$STATUS" != "$HEALTHY_CODE" ]; then docker logs candidate; exit 1; fi',
        ],
      },
    },
  });
}
