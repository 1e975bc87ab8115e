import { aws_codebuild as codebuild, aws_ecr as ecr } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { BuildSteps, CachedBuildProject } from '../../src';
import { buildSpecOfProject, cleanUp, run } from '../helpers/code-build';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';
import { BuildSpec } from '../helpers/templates';

const DIGEST = `sha256:${'a1'.repeat(32)}`;

/** What `docker buildx build` does that the commands after it rely on: the metadata file and the exported layers. */
const BUILDX = `
if [ "$1 $2" = "buildx build" ]; then
  while [ $# -gt 0 ]; do
    case "$1" in
      --metadata-file) printf '{\\n  "containerimage.config.digest": "sha256:${'f'.repeat(64)}",\\n  "containerimage.digest": "${DIGEST}"\\n}' > "$2" ;;
      --cache-to) mkdir -p "\${2##*dest=}"; touch "\${2##*dest=}/index.json" ;;
    esac
    shift
  done
fi`;

let build: BuildSpec;
let trial: BuildSpec;

beforeAll(() => {
  const stack = newStack();
  pipelineIn(stack, {
    healthCheckPath: '/healthz',
    environments: [
      { name: 'staging', containerEnvironment: { GREETING: "it's $HOME" }, containerCommand: ['serve', 'the "shop"'] },
      { name: 'production' },
    ],
  });
  const template = templateOf(stack);
  build = buildSpecOfProject(template, 'project-build-dev');
  trial = buildSpecOfProject(template, 'project-test-dev');
});

afterAll(cleanUp);

const REPOSITORY = { IMAGE_REPOSITORY: '111111111111.dkr.ecr.us-east-1.amazonaws.com/repository-dev' };
const PLACEHOLDER = { REGISTRY_SERVER: 'docker.io', REGISTRY_USERNAME: 'REPLACE_ME', REGISTRY_PASSWORD: 'random' };

describe('the build of an image, run under bash', () => {
  test('pushes one image under a tag of commit and build number, and releases it by digest', () => {
    const result = run(build, { environment: { ...REPOSITORY, ...PLACEHOLDER }, standIns: { docker: BUILDX } });

    expect(result.output).toContain(`Released ${REPOSITORY.IMAGE_REPOSITORY}@${DIGEST} (0123456789ab-7)`);
    expect(result.status).toBe(0);
    expect(JSON.parse(result.read('.bluegreen-release/imageDetail.json'))).toEqual({ ImageURI: `${REPOSITORY.IMAGE_REPOSITORY}@${DIGEST}` });
    expect(result.calls.find((call) => call.startsWith('docker buildx build'))).toContain(`--tag ${REPOSITORY.IMAGE_REPOSITORY}:0123456789ab-7 `);
  });

  test('makes a tag of the version of an object in S3, too, which may begin with a dot', () => {
    const environment = { ...REPOSITORY, ...PLACEHOLDER, CODEBUILD_RESOLVED_SOURCE_VERSION: '.FLQ_ZscLIcfxSq.jsFJ.szUkmng2Yw6' };
    const result = run(build, { environment, standIns: { docker: BUILDX } });

    expect(result.output).toContain('(xFLQxZscLIcf-7)');
  });

  test('writes a task definition and an appspec for each environment', () => {
    const result = run(build, { environment: { ...REPOSITORY, ...PLACEHOLDER }, standIns: { docker: BUILDX } });

    for (const environment of ['staging', 'production']) {
      expect(JSON.parse(result.read(`.bluegreen-release/taskdef-${environment}.json`))).toMatchObject({
        family: `task-${environment}-dev`,
        containerDefinitions: [{ name: 'app', image: '<IMAGE1_NAME>' }],
      });
      expect(result.read(`.bluegreen-release/appspec-${environment}.yaml`)).toContain('TaskDefinition: <TASK_DEFINITION>');
    }
  });

  test('carries the layers over where the cache looks for them, and reads them only when there are any', () => {
    const result = run(build, { environment: { ...REPOSITORY, ...PLACEHOLDER }, standIns: { docker: BUILDX } });

    expect(build.cache?.paths).toEqual(['/root/.cache/bluegreen-layers/**/*']);
    expect(result.exists('../cache/bluegreen-layers/index.json')).toBe(true);
    expect(result.exists('../cache/bluegreen-layers.new')).toBe(false);
    expect(result.calls.join('\n')).not.toContain('--cache-from');
    const warm = run(build, {
      environment: { ...REPOSITORY, ...PLACEHOLDER },
      standIns: { docker: BUILDX },
      files: { '../cache/bluegreen-layers/index.json': '{}' },
    });
    expect(warm.calls.join('\n')).toMatch(/--cache-from type=local,src=\S+bluegreen-layers /);
  });

  test('logs in to the registry of the user only with real credentials', () => {
    const anonymous = run(build, { environment: { ...REPOSITORY, ...PLACEHOLDER }, standIns: { docker: BUILDX } });
    const known = run(build, { environment: { ...REPOSITORY, ...PLACEHOLDER, REGISTRY_USERNAME: 'acme' }, standIns: { docker: BUILDX } });

    expect(anonymous.calls).not.toContain('docker login --username acme --password-stdin docker.io');
    expect(anonymous.output).toContain('No registry credentials yet');
    expect(known.calls).toContain('docker login --username acme --password-stdin docker.io');
  });

  test.each([
    ['the login fails', { aws: 'exit 1' }],
    ['the image cannot be built', { docker: 'if [ "$1 $2" = "buildx build" ]; then exit 1; fi' }],
    ['the build gives no digest', { docker: BUILDX.replace('containerimage.digest', 'something.else') }],
  ])('ends without a release when %s', (_, standIns) => {
    const result = run(build, { environment: { ...REPOSITORY, ...PLACEHOLDER }, standIns: { docker: BUILDX, ...standIns } });

    expect(result.status).not.toBe(0);
    expect(result.exists('.bluegreen-release/imageDetail.json')).toBe(false);
  });

  test('keeps odd paths whole', () => {
    const stack = newStack();
    pipelineIn(stack, { dockerfile: 'my services/Ünicode $HOME/Dockerfile', buildContext: 'my services' });

    const result = run(buildSpecOfProject(templateOf(stack), 'project-build-dev'), {
      environment: { ...REPOSITORY, ...PLACEHOLDER },
      standIns: { docker: `[ "$1 $2" != "buildx build" ] || printf '%s\\n' "$@" > args\n${BUILDX}` },
    });

    expect(result.read('args').split('\n')).toEqual(expect.arrayContaining(['my services/Ünicode $HOME/Dockerfile', 'my services']));
  });
});

describe('the trial of an image, run under bash', () => {
  const released = { 'release/imageDetail.json': `{"ImageURI":"${REPOSITORY.IMAGE_REPOSITORY}@${DIGEST}"}` };

  test('starts the image by digest with the command and the variables of staging, and passes when the health path answers', () => {
    const result = run(trial, { environment: REPOSITORY, files: released });

    expect(result.output).toContain('is healthy');
    expect(result.status).toBe(0);
    expect(result.calls).toContain(
      `docker run --detach --name candidate --publish 127.0.0.1:8080:8080 --env GREETING=it's $HOME ${REPOSITORY.IMAGE_REPOSITORY}@${DIGEST} serve the "shop"`);
    expect(result.calls.find((call) => call.startsWith('curl'))).toContain('http://127.0.0.1:8080/healthz');
  });

  test('fails with the log of the container when the health path answers badly', () => {
    const result = run(trial, { environment: REPOSITORY, files: released, standIns: { curl: 'printf 503', docker: 'if [ "$1" = logs ]; then echo "no database"; fi' } });

    expect(result.status).toBe(1);
    expect(result.output).toContain('no database');
    expect(result.output).toContain('http://127.0.0.1:8080/healthz answered 503 instead of 200');
    expect(result.calls.filter((call) => call.startsWith('curl'))).toHaveLength(30);
  });

  test('fails when there is no release', () => {
    expect(run(trial, { environment: REPOSITORY }).status).not.toBe(0);
  });
});

test('commands find the image in IMAGE_URI, and the first that fails ends the build', () => {
  const stack = newStack();
  const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
  new CachedBuildProject(stack, 'Test', {
    environmentSuffix: 'dev', purpose: 'test', steps: BuildSteps.commands(['echo "testing $IMAGE_URI"', 'false', 'echo never'], { repository }),
  });
  const spec = buildSpecOfProject(templateOf(stack), 'project-test-dev');

  const result = run(spec, { environment: REPOSITORY, files: { 'release/imageDetail.json': '{"ImageURI":"r@d"}' } });

  expect(result.status).toBe(1);
  expect(result.output).toContain('testing r@d');
  expect(result.output).not.toContain('never');
});

test('a buildspec of the user is taken as it is', () => {
  const stack = newStack();
  const spec = { version: '0.2', phases: { build: { commands: ['make'] } } };

  new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', steps: BuildSteps.buildSpec(codebuild.BuildSpec.fromObject(spec), { docker: true }) });

  const template = Template.fromStack(stack);
  expect(buildSpecOfProject(templateOf(stack), 'project-build-dev')).toEqual(spec);
  template.hasResourceProperties('AWS::CodeBuild::Project', { Environment: { PrivilegedMode: true }, Cache: Match.objectLike({ Type: 'NO_CACHE' }) });
});

test.each([
  [() => BuildSteps.commands([]), '\'commands\' must be a list of at least one command, got []; for example ["npm ci", "npm test"]'],
  [() => BuildSteps.commands(['ls', ' ']), '\'commands\' must be a list of at least one command, got ["ls"," "]'],
  [() => BuildSteps.probe({ repository: undefined as never, port: 0, path: 'healthz' }), [
    'BuildSteps.probe has 3 problems:',
    "  - 'repository' is required; for example new ecr.Repository(this, 'Images')",
    "  - 'port' must be a whole number from 1 to 65535, got 0",
    '  - \'path\' must start with "/", got "healthz"; for example "/healthz"',
  ].join('\n')],
])('fails for steps that cannot work (%#)', (make, message) => {
  expect(make).toThrow(message);
});
