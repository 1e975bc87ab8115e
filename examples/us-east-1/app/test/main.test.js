import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.js', import.meta.url));

/** Runs the service as the container does, for the length of a test. */
function run(t, env = {}) {
  const child = spawn(process.execPath, [MAIN], {
    env: { HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const exited = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  /** Reads the log up to a message. */
  const logged = async (message) => {
    for (;;) {
      const { value, done } = await lines.next();
      assert.ok(!done, `'${message}' was never logged`);
      const entry = JSON.parse(value);
      if (entry.msg.startsWith(message)) {
        return entry;
      }
    }
  };

  return { child, exited, logged };
}

async function connect(port) {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Sends a request but for its last line, and makes sure that the service has it. */
async function sendHalfARequest(port) {
  const socket = await connect(port);
  await new Promise((resolve) => socket.write('GET / HTTP/1.1\r\nHost: test\r\n', resolve));
  await fetch(`http://127.0.0.1:${port}/healthz`);
  return socket;
}

test('the variables reach the service', async (t) => {
  const { logged } = run(t, { VERSION: '1.2.3', ENVIRONMENT_NAME: 'staging' });
  const { port, version, environmentName, failureRate } = await logged('listening');
  assert.deepEqual({ version, environmentName, failureRate }, { version: '1.2.3', environmentName: 'staging', failureRate: 0 });
  const response = await fetch(`http://127.0.0.1:${port}/`);
  assert.deepEqual(await response.json(), { name: 'storefront', version: '1.2.3', environment: 'staging' });
});

test('FAILURE_RATE makes a bad release', async (t) => {
  const { logged } = run(t, { FAILURE_RATE: '1' });
  const { port } = await logged('listening');
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 500);
  assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
});

test('SIGTERM during a request lets the request finish, then exits with 0', async (t) => {
  const { child, exited, logged } = run(t, { VERSION: '1.2.3' });
  const { port } = await logged('listening');
  const socket = await sendHalfARequest(port);

  child.kill('SIGTERM');
  assert.equal((await logged('draining')).signal, 'SIGTERM');
  await assert.rejects(connect(port), { code: 'ECONNREFUSED' });
  assert.equal(child.exitCode, null);

  socket.write('\r\n');
  const answer = await text(socket);
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(answer, /^connection: close\r$/im);
  assert.match(answer, /"version":"1\.2\.3"/);

  await logged('stopped');
  assert.deepEqual(await exited, [0, null]);
});

test('a request that never ends is closed at the deadline', async (t) => {
  const { child, exited, logged } = run(t, { SHUTDOWN_DEADLINE_SECONDS: '0.2' });
  const { port } = await logged('listening');
  const socket = await sendHalfARequest(port);
  const closed = once(socket, 'close');

  child.kill('SIGTERM');
  await logged('stopped at the deadline');
  await closed;
  assert.deepEqual(await exited, [0, null]);
});

test('SIGINT stops an idle service immediately', async (t) => {
  const { child, exited, logged } = run(t);
  await logged('listening');
  child.kill('SIGINT');
  assert.equal((await logged('draining')).signal, 'SIGINT');
  assert.deepEqual(await exited, [0, null]);
});

test('an invalid variable keeps the service from starting', async (t) => {
  const { exited, logged } = run(t, { FAILURE_RATE: '50%' });
  const { msg, level } = await logged('FAILURE_RATE');
  assert.equal(msg, "FAILURE_RATE must be a number from 0 to 1, got '50%'");
  assert.equal(level, 60);
  assert.deepEqual(await exited, [1, null]);
});

test('a port in use keeps the service from starting', async (t) => {
  const occupant = net.createServer().listen(0, '127.0.0.1');
  t.after(() => occupant.close());
  await once(occupant, 'listening');
  const { exited, logged } = run(t, { PORT: String(occupant.address().port) });
  await logged('listen EADDRINUSE');
  assert.deepEqual(await exited, [1, null]);
});
