import { symlinkSync } from 'fs';
import { join } from 'path';
import { Project, projectOf } from './deployed';
import { build, digestInRegistry, onEngine, removeBuilds } from './engine';
import { BUSYBOX_IMAGE } from '../../scripts/engine/images';
import { BuildSteps, ImageStepsOptions } from '../../src';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

afterAll(removeBuilds);

const DOCKERFILE = `FROM ${BUSYBOX_IMAGE}\nCOPY . /app\n`;

function projectWith(options: ImageStepsOptions): Project {
  const stack = newStack();
  pipelineIn(stack, { environmentSuffix: 'links', buildSteps: BuildSteps.image(options) });
  return projectOf(templateOf(stack), 'project-build-links');
}

const link = (target: string, path: string) => (source: string) => symlinkSync(target, join(source, path));

onEngine.each<[string, ImageStepsOptions, ((source: string) => void) | undefined, RegExp]>([
  ['web -> /root/.docker', { context: 'web' }, link('/root/.docker', 'web'), /'context' "web" leaves the source: it resolves to \/root\/\.docker;/],
  ['web -> /proc/self', { context: 'web' }, link('/proc/self', 'web'), /'context' "web" leaves the source: it resolves to \/proc\/\d+;/],
  ['web -> /', { context: 'web/root/.docker' }, link('/', 'web'), /'context' "web\/root\/\.docker" leaves the source: it resolves to \/+root\/\.docker;/],
  ['web -> ../agent', { context: 'web' }, link('../agent', 'web'), /'context' "web" leaves the source: it resolves to \S+\/agent;/],
  ['a link of a pre-build command', { context: 'web', preBuildCommands: ['ln -s /root/.docker web'] }, undefined, /'context' "web" leaves the source/],
  ['Dockerfile -> /root/.docker/config.json', { dockerfile: 'web/Dockerfile' }, (source) => {
    link('/root/.docker', 'web')(source);
    link('config.json', '../root/.docker/Dockerfile')(source);
  }, /'dockerfile' "web\/Dockerfile" leaves the source: it resolves to \/root\/\.docker\/config\.json;/],
])('the path %s is rejected before BuildKit receives any file', async (_, options, change, message) => {
  const result = build(projectWith(options), { files: { Dockerfile: DOCKERFILE }, change });

  expect(result.output).toMatch(message);
  expect(result.phases).toMatchObject({ pre_build: 'SUCCEEDED', build: 'FAILED' });
  expect(result.output).not.toMatch(/transferring|"auths"/);
  expect(await digestInRegistry('repository-links', result.tag)).toBeNull();
});

onEngine('a link within the source is a valid context', () => {
  const { status } = build(projectWith({ context: 'web' }), { files: { 'Dockerfile': DOCKERFILE, 'service/page': '' }, change: link('service', 'web') });

  expect(status).toBe(0);
});

onEngine.each([
  ['a file', 'COPY secret /app/\n', (source: string) => link('/root/.docker/config.json', 'secret')(source)],
  ['a folder', 'COPY secret/config.json /app/\n', (source: string) => link('/root/.docker', 'secret')(source)],
  ['the list of ignored files', 'RUN cat /app/.dockerignore\n', (source: string) => link('/root/.docker/config.json', '.dockerignore')(source)],
  ['the list of ignored files next to the Dockerfile', 'RUN cat /app/Dockerfile.dockerignore\n',
    (source: string) => link('/root/.docker/config.json', 'Dockerfile.dockerignore')(source)],
])('a link out of the context sends no content: %s', (_, step, change) => {
  const { output, status } = build(projectWith({}), { files: { Dockerfile: DOCKERFILE + step }, change });

  expect(output).toMatch(/not found|No such file/);
  expect(output).not.toContain('"auth"');
  expect(status).toBe(1);
});
