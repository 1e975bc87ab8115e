import { ChildProcess, spawn } from 'child_process';
import { once } from 'events';
import { request } from 'http';
import { AddressInfo, createServer } from 'net';
import { build, onEngine, removeBuilds } from './engine';
import { START_DOCKER } from '../../scripts/engine/machine';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';
import { bootstrapContainer } from '../helpers/templates';

afterAll(removeBuilds);

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

onEngine.each([
  [80, '/'],
  [8080, '/healthz'],
  [65535, '/%C3%BC/a?b=c&d'],
])('the first task runs in a container of the engine, answers 200 on port %d at %s, and stops as soon as it is told to', (port, path) => {
  const stack = newStack();
  pipelineIn(stack, { containerPort: port, healthCheckPath: path });
  const { Image, Command } = bootstrapContainer(templateOf(stack), 'task-production-dev');
  const url = `http://127.0.0.1:${port}${path}`;

  const result = build({
    environment: () => ({}),
    spec: {
      env: { 'shell': 'bash', 'exported-variables': ['STATUS', 'HEAD_STATUS', 'STOPPED', 'SECONDS_TO_STOP'] },
      phases: {
        install: { commands: [START_DOCKER] },
        build: {
          commands: [
            `docker run --detach --name first --publish 127.0.0.1:${port}:${port} ${[Image, ...Command].map(quoted).join(' ')}`,
            `STATUS="$(curl --silent --retry 50 --retry-all-errors --retry-delay 1 --output /dev/null --write-out '%{http_code}' ${quoted(url)})"`,
            `HEAD_STATUS="$(curl --silent --head --output /dev/null --write-out '%{http_code}' ${quoted(url)})"`,
            'START=$(date +%s); docker stop --time 30 first; SECONDS_TO_STOP=$(($(date +%s) - START))',
            "STOPPED=\"$(docker inspect --format '{{.State.ExitCode}}' first)\"",
          ],
        },
      },
    },
  });

  expect(result.exported).toMatchObject({ STATUS: '200', HEAD_STATUS: '200', STOPPED: '0' });
  // Fargate waits 30 seconds for a task that does not care.
  expect(Number(result.exported.SECONDS_TO_STOP)).toBeLessThan(10);
});

const running: ChildProcess[] = [];

afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')));

/** Starts the command that the task definition of staging holds, with nothing of this environment but Node. */
async function startBootstrap(containerPort: number, healthCheckPath: string): Promise<ChildProcess> {
  const stack = newStack();
  pipelineIn(stack, { containerPort, healthCheckPath });
  const [command, ...parameters] = bootstrapContainer(templateOf(stack), 'task-staging-dev').Command;
  expect(command).toBe('node');
  const child = spawn(process.execPath, parameters, { stdio: 'inherit', env: {} });
  running.push(child);
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await answer(containerPort, '/').catch(() => undefined)) {
      return child;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the bootstrap container does not answer');
}

function answer(port: number, path: string, method = 'GET'): Promise<{ readonly status?: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, agent: false }, (response) => {
      let body = '';
      response.on('data', (part) => { body += part; }).on('end', () => resolve({ status: response.statusCode, body }));
    });
    sent.on('error', reject).end();
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

test.each([
  ['/api/v1/health?deep=true'],
  ['/%C3%BC/~user/a%20b'],
  ['/a//b/../c;d=1'],
])('the command of the first task definition answers 200 at %s, on the port of the container', async (path) => {
  const port = await freePort();
  await startBootstrap(port, path);

  expect(await answer(port, path)).toEqual({ status: 200, body: 'waiting for the first release' });
  expect(await answer(port, path, 'HEAD')).toEqual({ status: 200, body: '' });
});

test('it listens on every address, as a load balancer needs it', async () => {
  const port = await freePort();
  await startBootstrap(port, '/');

  // Another address of the loopback network: a server on 127.0.0.1 alone would refuse.
  const other = await new Promise<number | undefined>((resolve, reject) => {
    request({ host: '127.0.0.2', port }, (response) => resolve(response.resume().statusCode)).on('error', reject).end();
  });
  expect(other).toBe(200);
});

test('it ends at once on SIGTERM, with a connection still open', async () => {
  const port = await freePort();
  const child = await startBootstrap(port, '/');
  const open = request({ host: '127.0.0.1', port, headers: { Connection: 'keep-alive' } }).on('error', () => undefined);
  open.end();
  await once(open, 'response');

  const start = Date.now();
  child.kill('SIGTERM');
  const [code, signal] = await once(child, 'exit');

  expect({ code, signal }).toEqual({ code: 0, signal: null });
  expect(Date.now() - start).toBeLessThan(2000);
});
