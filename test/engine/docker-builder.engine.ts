import { Project, projectOf } from './deployed';
import { build, digestInRegistry, onEngine, removeBuilds } from './engine';
import { BUSYBOX_IMAGE, PRIVATE_IMAGE } from '../../scripts/engine/images';
import { BuildCache, BuildSteps, ImageStepsOptions, RegistryCredentials, RegistryLogin } from '../../src';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

afterAll(removeBuilds);

/** A build without a cache, which uses the BuildKit inside Docker. */
function projectWith(options: ImageStepsOptions = {}): Project {
  const stack = newStack();
  const { secret } = new RegistryCredentials(stack, 'Login', { environmentSuffix: 'inside' });
  pipelineIn(stack, {
    environmentSuffix: 'inside',
    registryCredentials: RegistryLogin.fromSecret(secret, { registry: 'ghcr.io' }),
    buildSteps: BuildSteps.image({ cache: BuildCache.none(), ...options }),
  });
  return projectOf(templateOf(stack), 'project-build-inside');
}

const FOLDER = 'Ünïcode $HOME';

onEngine('a build without a cache exports the digest that BuildKit inside Docker pushed, and pulls no other image', async () => {
  const result = build(projectWith({
    dockerfile: `${FOLDER}/Dockerfile`,
    context: FOLDER,
    target: 'image',
    buildArgs: { GREETING: "it's \"me\"" },
    postBuildCommands: ['docker image ls --format "image: {{.Repository}}"', 'docker run --rm "$IMAGE_URI" cat /greeting'],
  }), {
    files: {
      [`${FOLDER}/Dockerfile`]: `FROM ${PRIVATE_IMAGE} AS image\nARG GREETING\nRUN echo "$GREETING" > /greeting\nFROM ${BUSYBOX_IMAGE}\n`,
    },
    secret: { username: 'acme', password: 'acme-password' },
  });

  expect(result.output).toContain('it\'s "me"');
  expect(result.status).toBe(0);
  const digest = await digestInRegistry('repository-inside', result.tag);
  expect(digest).toMatch(/^sha256:/);
  expect(result.exported.IMAGE_DIGEST).toBe(digest);
  expect(result.output).not.toContain('buildkit:');
  expect(result.output).not.toMatch(/^image: .*buildkit/m);
});

onEngine('a build without a cache exports no digest if its image cannot be built', () => {
  const { output, status, exported } = build(projectWith(), { files: { Dockerfile: `FROM ${BUSYBOX_IMAGE}\nRUN false\n` } });

  expect(output).toContain('RUN false');
  expect(status).toBe(1);
  expect(exported.IMAGE_DIGEST).toBe('');
});
