import { Project, projectOf } from './deployed';
import { build, onEngine, removeBuilds } from './engine';
import { BUSYBOX_IMAGE } from '../../scripts/engine/images';
import { ECR } from '../../scripts/engine/network';
import { BuildCache, BuildSteps, RegistryCredentials, RegistryLogin } from '../../src';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

afterAll(removeBuilds);

/** A build that logs in to two registries, and runs no command of the source. */
function projectWith(cache: BuildCache): Project {
  const stack = newStack();
  const { secret } = new RegistryCredentials(stack, 'Login', { environmentSuffix: 'alone' });
  pipelineIn(stack, {
    environmentSuffix: 'alone', registryCredentials: RegistryLogin.fromSecret(secret, { registry: 'ghcr.io' }), buildSteps: BuildSteps.image({ cache }),
  });
  return projectOf(templateOf(stack), 'project-build-alone');
}

/** The variables with which a build on CodeBuild finds the credentials of its role. */
const VARIABLES = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/of-the-role', AWS_SESSION_TOKEN: 'token-of-the-role' };

describe.each<[string, BuildCache]>([
  ['BuildKit in a container', BuildCache.s3()],
  ['the BuildKit inside Docker', BuildCache.none()],
])('an untrusted Dockerfile in %s', (_, cache) => {
  const run = (steps: string[]) => build(projectWith(cache), {
    files: { Dockerfile: [`FROM ${BUSYBOX_IMAGE}`, ...steps, ''].join('\n') },
    variables: VARIABLES,
    secret: { username: 'acme', password: 'acme-password' },
  });

  onEngine('an untrusted Dockerfile gets no credentials, no host network and no privileges', () => {
    const { output, status } = run([
      'RUN env | sed "s/^/variable: /"; cat /proc/*/environ | tr "\\0" "\\n" | sed "s/^/process: /"',
      'RUN test ! -e /root/.docker; test ! -e /run/secrets; test ! -e /srv/agent; test ! -S /var/run/docker.sock; test ! -S /run/docker.sock',
      `RUN cat /proc/net/fib_trie > /tmp/addresses; test -s /tmp/addresses; ! grep -F ${ECR.address} /tmp/addresses`,
      'RUN sed -n "s/^CapEff:\\t/capabilities: /p" /proc/self/status',
      'RUN mkdir /mnt; ! mount -t tmpfs tmpfs /mnt',
    ]);

    expect(output).toContain('Login Succeeded');
    expect(output).toMatch(/variable: PATH=/);
    expect(output).not.toMatch(/(variable|process): (AWS|CODEBUILD|REGISTRY|IMAGE)_/);
    expect(output).not.toMatch(/of-the-role|acme-password/);
    const [, capabilities] = /capabilities: (\w+)/.exec(output) ?? [];
    // 12: CAP_NET_ADMIN, 19: CAP_SYS_PTRACE, 21: CAP_SYS_ADMIN.
    expect([12, 19, 21].filter((bit) => BigInt(`0x${capabilities}`) / 2n ** BigInt(bit) % 2n === 1n)).toEqual([]);
    expect(status).toBe(0);
  });

  onEngine.each([
    ['the network of the host', 'RUN --network=host true', /network\.host is not allowed|[Uu]nknown flag/],
    ['a privileged step', 'RUN --security=insecure true', /security\.insecure is not allowed|[Uu]nknown flag/],
    ['a secret that the build does not pass', 'RUN --mount=type=secret,id=REGISTRY_PASSWORD,required=true true', /not found|not enabled/],
    ['an SSH agent', 'RUN --mount=type=ssh,required=true true', /ssh/],
  ])('an untrusted Dockerfile is denied %s', (__, step, message) => {
    const { output, status } = run([step]);

    expect(output).toMatch(message);
    expect(status).toBe(1);
  });
});
