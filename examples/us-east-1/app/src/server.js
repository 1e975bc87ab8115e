import http from 'node:http';
import { renderPage } from './page.js';

// The load balancer keeps idle connections for 60 seconds. The server must keep them longer,
// or it closes one just as a request is sent over it, and the client gets a 502.
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const HEADERS_TIMEOUT_MS = 66_000;

const METHODS = ['GET', 'HEAD'];

/**
 * Creates the storefront's HTTP server. It does not listen yet.
 *
 * @param {object} config
 * @param {string} config.version
 * @param {string} config.environmentName
 * @param {number} config.failureRate share of the requests to / that fail, 0 to 1
 * @param {import('pino').Logger} config.log
 * @param {() => number} [config.random] a number in [0, 1)
 */
export function createServer({ version, environmentName, failureRate, log, random = Math.random }) {
  let draining = false;

  const routes = new Map([
    ['/', storefront],
    ['/healthz', health],
  ]);

  const server = http.createServer((req, res) => {
    const started = performance.now();
    const path = req.url.split('?', 1)[0];

    if (path !== '/healthz') {
      res.on('finish', () => {
        const ms = Math.round(performance.now() - started);
        log.info({ method: req.method, path, status: res.statusCode, ms }, 'request');
      });
    }

    if (draining) {
      res.setHeader('connection', 'close');
    }

    const route = routes.get(path);
    if (!route) {
      sendJson(res, 404, { error: 'Not found' });
    } else if (!METHODS.includes(req.method)) {
      res.setHeader('allow', METHODS.join(', '));
      sendJson(res, 405, { error: 'Method not allowed' });
    } else {
      route(req, res);
    }
  });

  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.headersTimeout = HEADERS_TIMEOUT_MS;

  function storefront(req, res) {
    res.setHeader('vary', 'accept');
    if (random() < failureRate) {
      sendJson(res, 500, { error: 'Simulated failure', version });
    } else if (req.headers.accept?.includes('text/html')) {
      res.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
      send(res, 200, 'text/html; charset=utf-8', renderPage({ version, environmentName }));
    } else {
      sendJson(res, 200, { name: 'storefront', version, environment: environmentName });
    }
  }

  function health(_req, res) {
    if (draining) {
      sendJson(res, 503, { status: 'draining' });
    } else {
      sendJson(res, 200, { status: 'ok' });
    }
  }

  /**
   * Stops accepting connections, closes the idle ones and lets the requests in flight finish.
   * What is still open at the deadline is cut.
   *
   * @param {number} deadlineMs
   * @returns {Promise<boolean>} whether everything finished in time
   */
  async function drain(deadlineMs) {
    draining = true;
    let inTime = true;
    const deadline = setTimeout(() => {
      inTime = false;
      server.closeAllConnections();
    }, deadlineMs);
    await new Promise((resolve) => server.close(resolve));
    clearTimeout(deadline);
    return inTime;
  }

  return Object.assign(server, { drain });
}

function sendJson(res, status, body) {
  send(res, status, 'application/json', `${JSON.stringify(body)}\n`);
}

function send(res, status, contentType, body) {
  res.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  res.end(body);
}
