import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import pino from 'pino';
import { createServer } from '../src/server.js';

/** Starts the server on a free local port, for the length of a test. */
async function start(t, config = {}) {
  const logs = [];
  const log = pino({}, { write: (line) => logs.push(JSON.parse(line)) });
  const server = createServer({ version: '1.2.3', environmentName: 'test', failureRate: 0, log, ...config });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address();
  return { server, port, logs, url: `http://127.0.0.1:${port}` };
}

/** Opens a connection and sends the text; the reading is left to the test. */
async function connect(port, sent) {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write(sent, resolve));
  return socket;
}

test('GET / returns the version and the environment', async (t) => {
  const { url } = await start(t);
  const response = await fetch(url);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.equal(response.headers.get('vary'), 'accept');
  assert.deepEqual(await response.json(), { name: 'storefront', version: '1.2.3', environment: 'test' });
});

test('GET / returns a page to a browser', async (t) => {
  const { url } = await start(t);
  const response = await fetch(`${url}/?utm_source=mail`, { headers: { accept: 'text/html,*/*;q=0.8' } });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(response.headers.get('content-security-policy'), /default-src 'none'/);
  const page = await response.text();
  assert.match(page, /<strong>1\.2\.3<\/strong> in <strong>test<\/strong>/);
});

test('the page escapes what it shows', async (t) => {
  const { url } = await start(t, { version: '<script>"&', environmentName: "a'b" });
  const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
  assert.match(page, /<strong>&lt;script&gt;&quot;&amp;<\/strong> in <strong>a&#39;b<\/strong>/);
});

test('every version has its own colour, always the same', async (t) => {
  const colourOf = async (version) => {
    const { url } = await start(t, { version });
    const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
    return page.match(/hsl\(\d+ /)[0];
  };
  assert.equal(await colourOf('1.0.0'), await colourOf('1.0.0'));
  assert.notEqual(await colourOf('1.0.0'), await colourOf('1.0.1'));
});

test('GET /healthz is ok', async (t) => {
  const { url } = await start(t);
  const response = await fetch(`${url}/healthz`);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { status: 'ok' });
});

test('HEAD responds like GET, without the body', async (t) => {
  const { url } = await start(t);
  for (const path of ['/', '/healthz']) {
    const get = await fetch(url + path);
    const head = await fetch(url + path, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get('content-length'), get.headers.get('content-length'));
    assert.equal(await head.text(), '');
    assert.notEqual(await get.text(), '');
  }
});

test('an unknown path returns 404', async (t) => {
  const { url } = await start(t);
  for (const path of ['/nowhere', '/healthz/', '//', '/constructor']) {
    const response = await fetch(url + path);
    assert.equal(response.status, 404, path);
    assert.deepEqual(await response.json(), { error: 'Not found' });
  }
});

test('another method returns 405 with the allowed methods', async (t) => {
  const { url } = await start(t);
  for (const path of ['/', '/healthz']) {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await fetch(url + path, { method });
      assert.equal(response.status, 405, `${method} ${path}`);
      assert.equal(response.headers.get('allow'), 'GET, HEAD');
      assert.deepEqual(await response.json(), { error: 'Method not allowed' });
    }
  }
});

test('a failure rate of 0 never fails, of 1 always', async (t) => {
  const statuses = async (config) => {
    const { url } = await start(t, config);
    const responses = await Promise.all(Array.from({ length: 50 }, () => fetch(url)));
    return new Set(responses.map(({ status }) => status));
  };
  assert.deepEqual(await statuses({ failureRate: 0 }), new Set([200]));
  assert.deepEqual(await statuses({ failureRate: 1 }), new Set([500]));
});

test('a failure rate in between fails that share of the requests', async (t) => {
  const draws = [0, 0.29, 0.3, 0.99];
  const { url } = await start(t, { failureRate: 0.3, random: () => draws.shift() });
  const statuses = [];
  while (draws.length > 0) {
    statuses.push((await fetch(url)).status);
  }
  assert.deepEqual(statuses, [500, 500, 200, 200]);
});

test('a failure names its version, and does not affect the health check', async (t) => {
  const { url } = await start(t, { failureRate: 1 });
  const response = await fetch(url);
  assert.equal(response.status, 500);
  assert.deepEqual(await response.json(), { error: 'Simulated failure', version: '1.2.3' });
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
});

test('connections are kept longer than the load balancer keeps them', async (t) => {
  const { server, port } = await start(t);
  const socket = await connect(port, 'GET / HTTP/1.1\r\nHost: test\r\n\r\n');
  const [answer] = await once(socket, 'data');
  socket.destroy();
  assert.match(answer.toString(), /^Keep-Alive: timeout=65\r$/m);
  assert.ok(server.keepAliveTimeout > 60_000);
  assert.ok(server.headersTimeout > server.keepAliveTimeout);
});

test('requests are logged without their query, health checks are not', async (t) => {
  const { url, logs } = await start(t);
  await fetch(`${url}/healthz`);
  await fetch(`${url}/?token=secret`);
  await fetch(`${url}/nowhere`);
  const requests = logs.map(({ method, path, status, msg }) => ({ method, path, status, msg }));
  assert.deepEqual(requests, [
    { method: 'GET', path: '/', status: 200, msg: 'request' },
    { method: 'GET', path: '/nowhere', status: 404, msg: 'request' },
  ]);
  assert.ok(logs.every(({ ms }) => Number.isInteger(ms)));
});

test('two servers share nothing', async (t) => {
  const one = await start(t);
  const other = await start(t, { version: '2.0.0' });
  await one.server.drain(1000);
  assert.equal((await fetch(`${other.url}/healthz`)).status, 200);
  assert.equal((await (await fetch(other.url)).json()).version, '2.0.0');
});

test('while draining, /healthz returns 503 and the connection is closed after the response', async (t) => {
  const { server, port, url } = await start(t);
  const socket = await connect(port, 'GET /healthz HTTP/1.1\r\nHost: test\r\n');
  await fetch(url); // whose answer means that the half request has arrived as well
  const drained = server.drain(5000);
  socket.write('\r\n');
  const answer = await text(socket);
  assert.match(answer, /^HTTP\/1\.1 503 /);
  assert.match(answer, /^connection: close\r$/im);
  assert.ok(answer.endsWith('{"status":"draining"}\n'));
  assert.equal(await drained, true);
});

test('draining closes idle connections and accepts no more', async (t) => {
  const { server, port } = await start(t);
  const idle = await connect(port, 'GET / HTTP/1.1\r\nHost: test\r\n\r\n');
  await once(idle, 'data');
  const closed = once(idle, 'close');
  assert.equal(await server.drain(5000), true);
  await closed;
  await assert.rejects(connect(port, ''), { code: 'ECONNREFUSED' });
});

test('connections that are still open at the deadline are closed', async (t) => {
  const { server, port, url } = await start(t);
  const stuck = await connect(port, 'GET / HTTP/1.1\r\nHost: test\r\n');
  await fetch(url);
  const closed = once(stuck, 'close');
  assert.equal(await server.drain(50), false);
  await closed;
});
