import { once } from 'node:events';
import pino from 'pino';
import { readConfig } from './config.js';
import { createServer } from './server.js';

const log = pino({ base: undefined });

/** Runs the service until it is asked to stop. */
async function main() {
  const config = readConfig(process.env);
  const stop = Promise.race(['SIGTERM', 'SIGINT'].map((signal) => once(process, signal).then(() => signal)));

  const server = createServer({ ...config, log });
  server.listen({ port: config.port, host: config.host });
  await once(server, 'listening');
  const { version, environmentName, failureRate } = config;
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  log.info({ port, version, environmentName, failureRate }, 'listening');

  const signal = await stop;
  const drained = server.drain(config.shutdownDeadlineMs);
  log.info({ signal }, 'draining');
  if (await drained) {
    log.info('stopped');
  } else {
    log.warn('stopped at the deadline, with connections still open');
  }
}

try {
  await main();
} catch (error) {
  log.fatal(error.message);
  process.exitCode = 1;
}
