import { truncateSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { Project, projectOf } from './deployed';
import { build, digestInRegistry, engine, onEngine, Release, removeBuilds } from './engine';
import { BUSYBOX_IMAGE, PRIVATE_IMAGE } from '../../scripts/engine/images';
import { refusalOf } from '../../scripts/engine/validator';
import { BlueGreenFargatePipelineProps } from '../../src';
import { full, smallest } from '../helpers/programs';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

afterAll(removeBuilds);

const DOCKERFILE = `FROM ${BUSYBOX_IMAGE}\nCOPY . /app\nRUN test -s /app/hello\n`;
const SOURCE = { Dockerfile: DOCKERFILE, hello: 'hello' };
const CREDENTIALS = { username: 'acme', password: 'acme-password', registry: 'ghcr.io' };

const MEGABYTE = 1024 * 1024;
/** CodeDeployToECS takes no larger artifact. */
const LARGEST_RELEASE = 3 * MEGABYTE;

function projectWith(props: Partial<BlueGreenFargatePipelineProps>): Project {
  const stack = newStack();
  pipelineIn(stack, props);
  return projectOf(templateOf(stack), 'project-build-dev');
}

/** Everything that a release must be, whatever it was built from. */
async function expectRelease(result: Release, { suffix, environments, port, hooks = {} }: {
  readonly suffix: string;
  readonly environments: string[];
  readonly port: number;
  /** The functions at the events of a deployment, by environment. */
  readonly hooks?: { readonly [environment: string]: object[] };
}): Promise<void> {
  expect(result.output).toContain('Released ');
  expect(result.phases).toEqual({ install: 'SUCCEEDED', pre_build: 'SUCCEEDED', build: 'SUCCEEDED', post_build: 'SUCCEEDED' });

  const repository = `111111111111.dkr.ecr.us-east-1.amazonaws.com/repository-${suffix}`;
  const [, digest] = /@(sha256:[0-9a-f]{64})$/.exec(result.exported.IMAGE_URI)!;
  expect(result.exported.IMAGE_URI).toBe(`${repository}@${digest}`);
  expect(JSON.parse(result.released('imageDetail.json'))).toEqual({ ImageURI: `${repository}@${digest}` });
  if (engine) {
    expect(await digestInRegistry(`repository-${suffix}`, '0123456789ab-7')).toBe(digest);
  }

  expect([...result.artifact].sort()).toEqual([
    'imageDetail.json',
    ...environments.flatMap((environment) => [`taskdef-${environment}.json`, `appspec-${environment}.yaml`]),
  ].sort());
  expect(result.size).toBeLessThan(LARGEST_RELEASE / 100);
  for (const environment of environments) {
    // CodeDeployToECS puts the image into the text, and registers what comes out.
    const text = result.released(`taskdef-${environment}.json`);
    expect(text).toContain('"image":"<IMAGE1_NAME>"');
    const definition = JSON.parse(text.replace('<IMAGE1_NAME>', `${repository}@${digest}`)) as { family: string; executionRoleArn: string };
    expect(refusalOf('ecs', 'RegisterTaskDefinition', definition)).toBe('');
    expect(definition.family).toBe(`task-${environment}-${suffix}`);
    expect(definition.executionRoleArn).toMatch(/^arn:aws:iam::111111111111:role\/[\w-]+$/);
    expect(parse(result.released(`appspec-${environment}.yaml`))).toEqual({
      version: 0.0,
      Resources: [{
        TargetService: {
          Type: 'AWS::ECS::Service',
          Properties: { TaskDefinition: '<TASK_DEFINITION>', LoadBalancerInfo: { ContainerName: 'app', ContainerPort: port } },
        },
      }],
      ...(hooks[environment] && { Hooks: hooks[environment] }),
    });
  }
}

const hookArn = (name: string) => `arn:aws:lambda:us-east-1:111111111111:function:${name}`;

/** Those of the full program: smoke tests of ours, and functions of the user at every event. */
const HOOKS = {
  qa: [{ AfterAllowTestTraffic: hookArn('function-smoke-qa-shop') }],
  preprod: [
    { BeforeInstall: hookArn('freeze') }, { AfterInstall: hookArn('warm') }, { AfterAllowTestTraffic: hookArn('try') },
    { BeforeAllowTraffic: hookArn('ask') }, { AfterAllowTraffic: hookArn('announce') },
  ],
  live: [{ AfterAllowTestTraffic: hookArn('function-smoke-live-shop') }, { AfterAllowTraffic: hookArn('celebrate') }],
};

const SMALLEST = { suffix: 'dev', environments: ['staging', 'production'], port: 8080 };

test('the validator of releases refuses what the API would refuse', () => {
  expect(refusalOf('ecs', 'RegisterTaskDefinition', { family: 'f', containerDefinitions: [{ Name: 'app' }] })).toContain('Unknown parameter in containerDefinitions[0]: "Name"');
  expect(refusalOf('ecs', 'RegisterTaskDefinition', { family: 'f' })).toContain('Missing required parameter in input: "containerDefinitions"');
});

describe('a build releases its image by digest, with a task definition and an appspec for each environment', () => {
  test('the smallest program', async () => {
    await expectRelease(build(projectOf(smallest().template, 'project-build-dev'), { source: SOURCE }), SMALLEST);
  });

  test('the full program, whose base image is in a private registry', async () => {
    const source = { 'service/Dockerfile': DOCKERFILE.replace(BUSYBOX_IMAGE, PRIVATE_IMAGE), 'service/hello': 'hello' };
    await expectRelease(build(projectOf(full().template, 'project-build-shop'), { source, secret: CREDENTIALS }),
      { suffix: 'shop', environments: ['qa', 'preprod', 'live'], port: 3000, hooks: HOOKS });
  });

  test('odd names of branch, folders and files', async () => {
    const folder = "it's a $HOME/Ünïcode `id` \"日本\"";
    const project = projectWith({ dockerfile: `${folder}/Dockerfile`, buildContext: folder });
    await expectRelease(build(project, {
      source: { [`${folder}/Dockerfile`]: DOCKERFILE, [`${folder}/hello`]: 'hello', [`${folder}/-- ; rm -rf \${HOME}`]: '' },
      variables: { CODEBUILD_SOURCE_VERSION: "refs/heads/fix/$(touch /tmp/x)'; ü \"#1\"", CODEBUILD_WEBHOOK_HEAD_REF: 'refs/heads/`id`' },
    }), SMALLEST);
  });

  test.each([
    ['of which the image takes a part', DOCKERFILE.replace('COPY . /app', 'COPY hello /app/')],
    ['that is in the image', DOCKERFILE],
  ])('a repository of 500 MB %s', async (_, Dockerfile) => {
    const result = build(projectWith({}), {
      source: { ...SOURCE, Dockerfile },
      change: (source) => {
        writeFileSync(join(source, 'large'), '');
        truncateSync(join(source, 'large'), 500 * MEGABYTE);
      },
    });

    await expectRelease(result, SMALLEST);
    console.log(`A repository of 500 MB ${_}: build phase ${result.durations.build} ms, release ${result.size} bytes`);
  });
});

test('a retry of the same commit gets a tag of its own', async () => {
  const project = projectOf(smallest().template, 'project-build-dev');

  const first = build(project, { source: SOURCE, buildNumber: 41 });
  const second = build(project, { source: SOURCE, buildNumber: 42 });

  expect([first.status, second.status]).toEqual([0, 0]);
  expect(first.output).toContain('(0123456789ab-41)');
  expect(second.output).toContain('(0123456789ab-42)');
  if (engine) {
    expect(await digestInRegistry('repository-dev', '0123456789ab-41')).toMatch(/^sha256:/);
    expect(await digestInRegistry('repository-dev', '0123456789ab-42')).toMatch(/^sha256:/);
  }
});

describe('a build that fails has no release', () => {
  const PRE_BUILD = { install: 'SUCCEEDED', pre_build: 'FAILED' };
  const BUILD = { install: 'SUCCEEDED', pre_build: 'SUCCEEDED', build: 'FAILED', post_build: 'SUCCEEDED' };
  const NO_BASE = DOCKERFILE.replace(BUSYBOX_IMAGE, PRIVATE_IMAGE);

  test.each([
    ['Docker does not start', { broken: { docker: 'exit 1', dockerd: 'echo "no space left"', timeout: 'exit 124' } }, { install: 'FAILED' }, 'no space left'],
    ['AWS gives no password', { broken: { aws: 'exit 254' } }, PRE_BUILD, 'exit status'],
    ['a command of the Dockerfile fails', { source: { ...SOURCE, Dockerfile: `${DOCKERFILE}RUN false\n` } }, BUILD, 'RUN false'],
    ['there is no Dockerfile', { source: { hello: 'hello' } }, BUILD, 'Dockerfile'],
  ])('when %s', (_, options, phases, message) => {
    const result = build(projectOf(smallest().template, 'project-build-dev'), { source: SOURCE, ...options });

    expect(result.phases).toEqual(phases);
    expect(result.status).toBe(1);
    expect(result.output).toContain(message);
    expect(result.artifact).toEqual([]);
    expect(result.exported.IMAGE_URI).toBe('');
  });

  onEngine.each([
    ['ECR refuses the password', 'smallest', { broken: { aws: 'echo wrong' } }, PRE_BUILD, '401 Unauthorized'],
    ["the user's registry refuses the password", 'full', { secret: { ...CREDENTIALS, password: 'old' } }, PRE_BUILD, '401 Unauthorized'],
    ['the base image is private and there are no credentials yet', 'full', {}, BUILD, 'ghcr.io/acme/base:1'],
    ['a base image would come from Docker Hub', 'smallest', { source: { ...SOURCE, Dockerfile: 'FROM alpine\n' } }, BUILD, 'docker.io/library/alpine'],
  ])('when %s', (_, program, options, phases, message) => {
    const project = program === 'full' ? projectOf(full().template, 'project-build-shop') : projectOf(smallest().template, 'project-build-dev');

    const result = build(project, { source: { ...SOURCE, 'service/Dockerfile': NO_BASE, 'service/hello': 'hello' }, ...options });

    expect(result.phases).toEqual(phases);
    expect(result.status).toBe(1);
    expect(result.output).toContain(message);
    expect(result.artifact).toEqual([]);
  });
});
