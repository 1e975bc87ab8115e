import { truncateSync } from 'fs';
import { join } from 'path';
import { Project, projectOf } from './deployed';
import { build, digestInRegistry, engine, onEngine, Release, removeBuilds, RunOptions } from './engine';
import { BUSYBOX_IMAGE, PRIVATE_IMAGE } from '../../scripts/engine/images';
import { refusalOf } from '../../scripts/engine/validator';
import { BuildSteps } from '../../src';
import { BUILD_UUID } from '../helpers/code-build-agent';
import { full, smallest } from '../helpers/programs';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';
import { filesWrittenBy } from '../helpers/templates';

afterAll(removeBuilds);

const DOCKERFILE = `FROM ${BUSYBOX_IMAGE}\nCOPY . /app\nRUN test -s /app/hello\n`;
const SOURCE = { Dockerfile: DOCKERFILE, hello: 'hello' };
const CREDENTIALS = { username: 'acme', password: 'acme-password' };

const MEGABYTE = 1024 * 1024;
/** CodeDeployToECS takes no larger artifact. */
const LARGEST_RELEASE = 3 * MEGABYTE;

const SMALLEST = projectOf(smallest().template, 'project-build-dev');
const FULL = projectOf(full().template, 'project-build-shop');

/** Everything that a release must be, whatever it was built from. */
async function expectRelease(result: Release, { spec }: Project, suffix = 'dev', environments = ['staging', 'production']): Promise<void> {
  expect(result.output).toContain('Released ');
  expect(result.phases).toEqual({ install: 'SUCCEEDED', pre_build: 'SUCCEEDED', build: 'SUCCEEDED', post_build: 'SUCCEEDED' });

  const repository = `repository-${suffix}`;
  const digest = result.exported.IMAGE_URI.split('@')[1];
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(result.exported.IMAGE_URI).toBe(`111111111111.dkr.ecr.us-east-1.amazonaws.com/${repository}@${digest}`);
  if (engine) {
    expect(await digestInRegistry(repository, `0123456789ab-${BUILD_UUID}`)).toBe(digest);
  }

  // What the buildspec writes is held against the templates by the tests of the deployment.
  const written = filesWrittenBy(spec);
  expect(Object.keys(written)).toEqual(environments.flatMap((name) => [`taskdef-${name}.json`, `appspec-${name}.yaml`]));
  expect(result.artifact.sort()).toEqual(['imageDetail.json', ...Object.keys(written)].sort());
  expect(result.size).toBeLessThan(LARGEST_RELEASE / 100);
  expect(JSON.parse(result.released('imageDetail.json'))).toEqual({ ImageURI: result.exported.IMAGE_URI });
  for (const [file, content] of Object.entries(written)) {
    expect(result.released(file)).toBe(`${content}\n`);
    if (file.endsWith('.json')) {
      // CodeDeployToECS puts the image into the text, and registers what comes out.
      expect(content).toContain('"image":"<IMAGE1_NAME>"');
      const definition = JSON.parse(content.replace('<IMAGE1_NAME>', result.exported.IMAGE_URI)) as object;
      expect(refusalOf('ecs', 'RegisterTaskDefinition', definition)).toBe('');
    }
  }
}

test('the validator of releases refuses what the API would refuse', () => {
  expect(refusalOf('ecs', 'RegisterTaskDefinition', { family: 'f', containerDefinitions: [{ Name: 'app' }] })).toContain('Unknown parameter in containerDefinitions[0]: "Name"');
  expect(refusalOf('ecs', 'RegisterTaskDefinition', { family: 'f' })).toContain('Missing required parameter in input: "containerDefinitions"');
});

describe('a build releases its image by digest, with a task definition and an appspec for each environment', () => {
  test('the smallest program', async () => {
    await expectRelease(build(SMALLEST, { files: SOURCE }), SMALLEST);
  });

  test('the full program, whose base image is in a private registry', async () => {
    const files = { 'service/Dockerfile': DOCKERFILE.replace(BUSYBOX_IMAGE, PRIVATE_IMAGE), 'service/hello': 'hello' };
    await expectRelease(build(FULL, { files, secret: CREDENTIALS }), FULL, 'shop', ['qa', 'preprod', 'live']);
  });

  test('odd names of branch, folders and files', async () => {
    const folder = "it's a $HOME/Ünïcode `id` \"日本\"";
    const stack = newStack();
    pipelineIn(stack, { buildSteps: BuildSteps.image({ dockerfile: `${folder}/Dockerfile`, context: folder }) });
    const project = projectOf(templateOf(stack), 'project-build-dev');
    await expectRelease(build(project, {
      files: { [`${folder}/Dockerfile`]: DOCKERFILE, [`${folder}/hello`]: 'hello', [`${folder}/-- ; rm -rf \${HOME}`]: '' },
      variables: { CODEBUILD_SOURCE_VERSION: "refs/heads/fix/$(touch /tmp/x)'; ü \"#1\"", CODEBUILD_WEBHOOK_HEAD_REF: 'refs/heads/`id`' },
    }), project);
  });

  test.each([
    ['of which the image takes a part', DOCKERFILE.replace('COPY . /app', 'COPY hello /app/')],
    ['that is in the image', DOCKERFILE],
  ])('a repository of 500 MB %s', async (_, Dockerfile) => {
    const result = build(SMALLEST, {
      files: { ...SOURCE, Dockerfile, large: '' },
      change: (source) => truncateSync(join(source, 'large'), 500 * MEGABYTE),
    });

    await expectRelease(result, SMALLEST);
    console.log(`A repository of 500 MB ${_}: build phase ${result.durations.build} ms, release ${result.size} bytes`);
  });
});

test('a retry of the same commit gets a tag of its own', async () => {
  const [one, two] = ['41414141-4141-4141-8141-414141414141', '42424242-4242-4242-8242-424242424242'];
  const first = build(SMALLEST, { files: SOURCE, uuid: one });
  const second = build(SMALLEST, { files: SOURCE, uuid: two });

  expect([first.status, second.status]).toEqual([0, 0]);
  expect(first.output).toContain(`(0123456789ab-${one})`);
  expect(second.output).toContain(`(0123456789ab-${two})`);
  if (engine) {
    expect(await digestInRegistry('repository-dev', `0123456789ab-${one}`)).toMatch(/^sha256:/);
    expect(await digestInRegistry('repository-dev', `0123456789ab-${two}`)).toMatch(/^sha256:/);
  }
});

test('the login to ECR Public is refused, and a build pulls without', () => {
  const { output, status } = build(SMALLEST, { files: SOURCE, ...(!engine && { broken: { aws: '[ "$1" = ecr ] && echo token' } }) });

  expect(output).toContain('No login to ECR Public: pulling anonymously');
  expect(status).toBe(0);
});

onEngine('BuildKit is pulled again after two refusals of the registry', () => {
  const docker = 'if [ "$1" = pull ]; then echo >> /tmp/pulls; if [ "$(wc -l < /tmp/pulls)" -lt 3 ]; then '
    + 'echo "toomanyrequests: Rate exceeded" >&2; exit 1; fi; fi; exec /usr/bin/docker "$@"';

  const { output, status } = build(SMALLEST, { files: SOURCE, broken: { docker } });

  expect(output.match(/toomanyrequests/g)).toHaveLength(2);
  expect(status).toBe(0);
});

describe('a build that fails has no release', () => {
  const PRE_BUILD = { install: 'SUCCEEDED', pre_build: 'FAILED' };
  const BUILD = { install: 'SUCCEEDED', pre_build: 'SUCCEEDED', build: 'FAILED', post_build: 'SUCCEEDED' };
  const NO_BASE = DOCKERFILE.replace(BUSYBOX_IMAGE, PRIVATE_IMAGE);

  const expectFailure = (_: string, project: Project, options: RunOptions, phases: object, message: string) => {
    const files = { ...SOURCE, 'service/Dockerfile': NO_BASE, 'service/hello': 'hello' };
    const result = build(project, { files, ...options });

    expect(result.phases).toEqual(phases);
    expect(result.status).toBe(1);
    expect(result.output).toContain(message);
    expect(result.artifact).toEqual([]);
    expect(result.exported.IMAGE_URI).toBe('');
  };

  test.each<[string, Project, RunOptions, object, string]>([
    ['Docker does not start', SMALLEST, { broken: { docker: 'exit 1', dockerd: 'echo "no space left"', timeout: 'exit 124' } },
      { install: 'FAILED' }, 'no space left'],
    ['AWS gives no password', SMALLEST, { broken: { aws: 'exit 254' } }, PRE_BUILD, 'exit status'],
  ])('when %s', expectFailure);

  onEngine.each<[string, Project, RunOptions, object, string]>([
    ['a command of the Dockerfile fails', SMALLEST, { files: { ...SOURCE, Dockerfile: `${DOCKERFILE}RUN false\n` } }, BUILD, 'RUN false'],
    ['there is no Dockerfile', SMALLEST, { files: { hello: 'hello' } }, BUILD, 'Dockerfile'],
    ['ECR refuses the password', SMALLEST, { broken: { aws: 'echo wrong' } }, PRE_BUILD, '401 Unauthorized'],
    ["the user's registry refuses the password", FULL, { secret: { ...CREDENTIALS, password: 'old' } }, PRE_BUILD, '401 Unauthorized'],
    ['the base image is private and there are no credentials yet', FULL, {}, BUILD, 'ghcr.io/acme/base:1'],
    ['a base image would come from Docker Hub', SMALLEST, { files: { ...SOURCE, Dockerfile: 'FROM alpine\n' } }, BUILD,
      'docker.io/library/alpine'],
  ])('when %s', expectFailure);
});
