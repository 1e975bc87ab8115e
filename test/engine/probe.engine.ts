import { Project, projectOf } from './deployed';
import { build, onEngine, Release, removeBuilds } from './engine';
import { BUSYBOX_IMAGE } from '../../scripts/engine/images';
import { PipelineEnvironment } from '../../src';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

afterAll(removeBuilds);

const GREETING = "it's \"$HOME\" & `more`";

/** One image for all: the variable MODE says how it behaves. */
const SERVE = `echo "started as $MODE"
mkdir -p /www
case $MODE in
  healthy) [ "$GREETING" = "$(cat /greeting)" ] && echo fine > /www/healthz ;;
  fails) echo "cannot reach the database"; exit 3 ;;
  deaf) echo "listens to nobody"; exec sleep 600 ;;
esac
exec httpd -f -vv -p 8080 -h /www
`;

/** A pipeline whose staging runs the image with this variable. */
function projectsOf(mode: string): { readonly image: Project; readonly trial: Project } {
  const stack = newStack();
  pipelineIn(stack, {
    healthCheckPath: '/healthz',
    environments: [new PipelineEnvironment('staging', { containerEnvironment: { MODE: mode, GREETING } }), new PipelineEnvironment('production')],
  });
  const template = templateOf(stack);
  return { image: projectOf(template, 'project-build-dev'), trial: projectOf(template, 'project-test-dev') };
}

describe('the test stage runs the image that was built', () => {
  let release: Release;

  beforeAll(() => {
    release = build(projectsOf('healthy').image, {
      files: {
        Dockerfile: `FROM ${BUSYBOX_IMAGE}\nCOPY serve greeting /\nCMD ["sh", "/serve"]\n`,
        serve: SERVE,
        greeting: GREETING,
      },
    });
    expect(release.status).toBe(0);
  });

  const tried = (mode: string, variables = {}) =>
    build(projectsOf(mode).trial, { variables: { IMAGE_DIGEST: release.exported.IMAGE_DIGEST, ...variables } });

  onEngine("passes when the health path answers, with staging's variables in the container", () => {
    const result = tried('healthy');

    expect(result.output).toContain(`@${release.exported.IMAGE_DIGEST} is healthy`);
    expect(result.phases).toEqual({ install: 'SUCCEEDED', pre_build: 'SUCCEEDED', build: 'SUCCEEDED', post_build: 'SUCCEEDED' });
  });

  onEngine.each([
    ['has no health path', 'pathless', '404', 'started as pathless'],
    ['exits at once', 'fails', '000', 'cannot reach the database'],
    ['never listens', 'deaf', '000', 'listens to nobody'],
  ])('fails with the log of the container when it %s', (_, mode, status, log) => {
    const result = tried(mode, { STARTUP_SECONDS: '15' });

    expect(result.status).toBe(1);
    expect(result.phases).toMatchObject({ pre_build: 'SUCCEEDED', build: 'FAILED' });
    expect(result.output).toContain(log);
    expect(result.output).toContain(`http://127.0.0.1:8080/healthz answered ${status} instead of 200`);
    expect(result.output).not.toContain('is healthy');
  });
});
