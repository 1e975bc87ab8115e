import { readlinkSync } from 'fs';
import { build, onEngine, removeBuilds } from './engine';
import { START_DOCKER } from '../../scripts/engine/machine';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';
import { bootstrapContainer } from '../helpers/templates';

afterAll(removeBuilds);

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

onEngine.each([
  [80, '/'],
  [8080, '/healthz'],
  [65535, '/%C3%BC/~user//a%20b/../c;d=1?b=c&d'],
])('the first task runs in a container, responds on port %d at %s, and stops on SIGTERM even with open connections', (port, path) => {
  const stack = newStack();
  pipelineIn(stack, { containerPort: port, healthCheckPath: path });
  const { Image, Command } = bootstrapContainer(templateOf(stack), 'task-production-dev');
  const url = quoted(`http://127.0.0.1:${port}${path}`);

  const { exported } = build({
    environment: {},
    secrets: () => ({}),
    spec: {
      env: { 'shell': 'bash', 'exported-variables': ['ANSWER', 'HEAD_STATUS', 'STOPPED', 'NETWORK'] },
      phases: {
        install: { commands: [START_DOCKER] },
        build: {
          commands: [
            'NETWORK="$(readlink /proc/self/ns/net)"',
            `docker run --detach --name first --publish 127.0.0.1:${port}:${port} ${[Image, ...Command].map(quoted).join(' ')}`,
            `ANSWER="$(curl --silent --retry 50 --retry-all-errors --retry-delay 1 --path-as-is --write-out ' %{http_code}' ${url})"`,
            `HEAD_STATUS="$(curl --silent --head --output /dev/null --write-out '%{http_code}' ${url})"`,
            // Fargate kills a task that does not stop within 30 seconds, which ends it with another status than 0.
            `exec 3<> /dev/tcp/127.0.0.1/${port}; docker stop --time 30 first; exec 3>&-`,
            "STOPPED=\"$(docker inspect --format '{{.State.ExitCode}}' first)\"",
          ],
        },
      },
    },
  });

  const { NETWORK, ...others } = exported;
  expect(others).toEqual({ ANSWER: 'waiting for the first release 200', HEAD_STATUS: '200', STOPPED: '0' });
  // Another build at the same time may publish the same port.
  expect(NETWORK).toMatch(/^net:\[\d+\]$/);
  expect(NETWORK).not.toBe(readlinkSync('/proc/self/ns/net'));
});
