import { truncateSync } from 'fs';
import { join } from 'path';
import { Project, projectOf } from './deployed';
import { build, digestInRegistry, engine, onEngine, Release, removeBuilds, RunOptions } from './engine';
import { BUSYBOX_IMAGE, PRIVATE_IMAGE } from '../../scripts/engine/images';
import { BuildSteps } from '../../src';
import { full, smallest } from '../helpers/programs';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

afterAll(removeBuilds);

const DOCKERFILE = `FROM ${BUSYBOX_IMAGE}\nCOPY . /app\nRUN test -s /app/hello\n`;
const SOURCE = { Dockerfile: DOCKERFILE, hello: 'hello' };
const CREDENTIALS = { username: 'acme', password: 'acme-password' };

const MEGABYTE = 1024 * 1024;

const SMALLEST = projectOf(smallest().template, 'project-build-dev');
const FULL = projectOf(full().template, 'project-build-shop');

/** The result of every build, whatever its source: an image in the registry, and its digest. */
async function expectImage(result: Release, suffix = 'dev'): Promise<void> {
  const digest = result.exported.IMAGE_DIGEST;
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(result.output).toContain(`Pushed 111111111111.dkr.ecr.us-east-1.amazonaws.com/repository-${suffix}@${digest}`);
  expect(result.phases).toEqual({ install: 'SUCCEEDED', pre_build: 'SUCCEEDED', build: 'SUCCEEDED', post_build: 'SUCCEEDED' });
  expect(result.artifact).toEqual([]);
  if (engine) {
    expect(await digestInRegistry(`repository-${suffix}`, result.tag)).toBe(digest);
  }
}

describe('a build pushes its image and exports its digest', () => {
  test('the smallest program pushes its image and exports its digest', async () => {
    await expectImage(build(SMALLEST, { files: SOURCE }));
  });

  test('the full program, whose base image is in a private registry, pushes its image and exports its digest', async () => {
    const files = { 'service/Dockerfile': DOCKERFILE.replace(BUSYBOX_IMAGE, PRIVATE_IMAGE), 'service/hello': 'hello' };
    await expectImage(build(FULL, { files, secret: CREDENTIALS }), 'shop');
  });

  test('a source with unusual names of branch, folders and files pushes its image and exports its digest', async () => {
    const folder = "it's a $HOME/Ünïcode `id` \"日本\"";
    const stack = newStack();
    pipelineIn(stack, { buildSteps: BuildSteps.image({ dockerfile: `${folder}/Dockerfile`, context: folder }) });
    const project = projectOf(templateOf(stack), 'project-build-dev');
    await expectImage(build(project, {
      files: { [`${folder}/Dockerfile`]: DOCKERFILE, [`${folder}/hello`]: 'hello', [`${folder}/-- ; rm -rf \${HOME}`]: '' },
      variables: { CODEBUILD_SOURCE_VERSION: "refs/heads/fix/$(touch /tmp/x)'; ü \"#1\"", CODEBUILD_WEBHOOK_HEAD_REF: 'refs/heads/`id`' },
    }));
  });

  test.each([
    ['of which the image contains a part', DOCKERFILE.replace('COPY . /app', 'COPY hello /app/')],
    ['that the image contains', DOCKERFILE],
  ])('a source of 500 MB %s pushes its image and exports its digest', async (_, Dockerfile) => {
    const result = build(SMALLEST, {
      files: { ...SOURCE, Dockerfile, large: '' },
      change: (source) => truncateSync(join(source, 'large'), 500 * MEGABYTE),
    });

    await expectImage(result);
    console.log(`A repository of 500 MB ${_}: build phase ${result.durations.build} ms`);
  });
});

test('a retry of the same commit gets its own tag', async () => {
  const first = build(SMALLEST, { files: SOURCE });
  const second = build(SMALLEST, { files: SOURCE });

  expect([first.status, second.status]).toEqual([0, 0]);
  expect(first.output).toContain(`(${first.tag})`);
  expect(second.output).toContain(`(${second.tag})`);
  if (engine) {
    expect(await digestInRegistry('repository-dev', first.tag)).toMatch(/^sha256:/);
    expect(await digestInRegistry('repository-dev', second.tag)).toMatch(/^sha256:/);
  }
});

test('a build that is refused by ECR Public pulls its images anonymously', () => {
  const { output, status } = build(SMALLEST, { files: SOURCE, ...(!engine && { broken: { aws: '[ "$1" = ecr ] && echo token' } }) });

  expect(output).toContain('No login to ECR Public: pulling anonymously');
  expect(status).toBe(0);
});

onEngine('a build pulls BuildKit again after two failures of the registry', () => {
  const docker = 'if [ "$1" = pull ]; then echo >> /tmp/pulls; if [ "$(wc -l < /tmp/pulls)" -lt 3 ]; then '
    + 'echo "toomanyrequests: Rate exceeded" >&2; exit 1; fi; fi; exec /usr/bin/docker "$@"';

  const { output, status } = build(SMALLEST, { files: SOURCE, broken: { docker } });

  expect(output.match(/toomanyrequests/g)).toHaveLength(2);
  expect(status).toBe(0);
});

describe('a build that fails exports no digest', () => {
  const PRE_BUILD = { install: 'SUCCEEDED', pre_build: 'FAILED' };
  const BUILD = { install: 'SUCCEEDED', pre_build: 'SUCCEEDED', build: 'FAILED', post_build: 'SUCCEEDED' };
  const NO_BASE = DOCKERFILE.replace(BUSYBOX_IMAGE, PRIVATE_IMAGE);

  const expectFailure = (_: string, project: Project, options: RunOptions, phases: object, message: string) => {
    const files = { ...SOURCE, 'service/Dockerfile': NO_BASE, 'service/hello': 'hello' };
    const result = build(project, { files, ...options });

    expect(result.phases).toEqual(phases);
    expect(result.status).toBe(1);
    expect(result.output).toContain(message);
    expect(result.exported.IMAGE_DIGEST).toBe('');
  };

  test.each<[string, Project, RunOptions, object, string]>([
    ['Docker does not start', SMALLEST, { broken: { docker: 'exit 1', dockerd: 'echo "no space left"', timeout: 'exit 124' } },
      { install: 'FAILED' }, 'no space left'],
    ['AWS returns no password', SMALLEST, { broken: { aws: 'exit 254' } }, PRE_BUILD, 'exit status'],
  ])('a build exports no digest when %s', expectFailure);

  onEngine.each<[string, Project, RunOptions, object, string]>([
    ['a command of the Dockerfile fails', SMALLEST, { files: { ...SOURCE, Dockerfile: `${DOCKERFILE}RUN false\n` } }, BUILD, 'RUN false'],
    ['there is no Dockerfile', SMALLEST, { files: { hello: 'hello' } }, BUILD, 'Dockerfile'],
    ['ECR refuses the password', SMALLEST, { broken: { aws: 'echo wrong' } }, PRE_BUILD, '401 Unauthorized'],
    ["the user's registry refuses the password", FULL, { secret: { ...CREDENTIALS, password: 'old' } }, PRE_BUILD, '401 Unauthorized'],
    ['the base image is private and there are no credentials yet', FULL, {}, BUILD, 'ghcr.io/acme/base:1'],
    ['a base image would come from Docker Hub', SMALLEST, { files: { ...SOURCE, Dockerfile: 'FROM alpine\n' } }, BUILD,
      'docker.io/library/alpine'],
  ])('a build exports no digest when %s', expectFailure);
});
