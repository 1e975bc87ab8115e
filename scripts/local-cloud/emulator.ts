import { spawn } from 'child_process';
import { randomUUID } from 'crypto';
import { once } from 'events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { AddressInfo, createServer } from 'net';
import { join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { step } from '../command';
import { account, awsSettings, dataFolder, region, repository } from './environment';
import { installOnce, python } from './venv';

/** A MiniStack process of ours: `mark` tells it from any other process that got its pid or port later. */
export interface Emulator {
  readonly pid: number;
  readonly port: number;
  readonly mark: string;
}

const stateFile = join(dataFolder, 'emulator.json');
const logFile = join(dataFolder, 'emulator.log');

/** Whether this process has had to do with an emulator, so that its log may explain a failure. */
let inUse = false;

export function endpointOf(emulator: Emulator): string {
  return `http://127.0.0.1:${emulator.port}`;
}

/** The emulator that an earlier run left running, if it still does. */
export async function runningEmulator(): Promise<Emulator | undefined> {
  if (!existsSync(stateFile)) {
    return undefined;
  }
  const emulator = JSON.parse(readFileSync(stateFile, 'utf8')) as Emulator;
  inUse = await answers(emulator);
  return inUse ? emulator : undefined;
}

/** Ctrl-C ends the command that runs, which then fails and so tidies up; only this process must not end with it. */
let interrupted = false;
process.once('SIGINT', () => { interrupted = true; });

/** Installs what is missing, starts a fresh emulator and waits until it answers. */
export async function startEmulator(): Promise<Emulator> {
  installOnce();
  step('Starting the local emulator');
  // An emulator keeps everything in its memory: what is noted about an earlier one holds no longer.
  rmSync(dataFolder, { recursive: true, force: true });
  const emulator = launch(await freePort());
  for (let tries = 0; !(await answers(emulator)); tries++) {
    if (interrupted || tries === 480 || !signalGroup(emulator, 0)) {
      await stopEmulator(emulator);
      throw new Error(interrupted ? 'interrupted' : 'the emulator ended, or did not answer within two minutes');
    }
    await sleep(250);
  }
  console.log(`MiniStack answers on ${endpointOf(emulator)}, to this machine only (process ${emulator.pid})`);
  return emulator;
}

/** Ends the emulator and with it everything deployed there, which lives in its memory. */
export async function stopEmulator(emulator: Emulator): Promise<void> {
  signalGroup(emulator, 'SIGTERM');
  for (let tries = 0; signalGroup(emulator, 0); tries++) {
    if (tries === 40) {
      signalGroup(emulator, 'SIGKILL');
    }
    if (tries > 60) {
      if (await answers(emulator)) {
        throw new Error(`the emulator does not end: process ${emulator.pid}`);
      }
      // In a container whose first process collects no orphans, an ended process stays in the list.
      break;
    }
    await sleep(250);
  }
  rmSync(stateFile, { force: true });
  console.log('The emulator is stopped');
}

/** Says what failed and where to look, and makes the process fail. */
export function reportFailure(command: string, error: Error): void {
  console.error(`\n${command} failed: ${error.message}`);
  if (inUse) {
    console.error(`The emulator's log: ${logFile}`);
  }
  process.exitCode = 1;
}

function launch(port: number): Emulator {
  const mark = randomUUID();
  const settings = awsSettings(`http://127.0.0.1:${port}`);
  const env = {
    PATH: process.env.PATH,
    ...settings,
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    MINISTACK_ACCOUNT_ID: account,
    MINISTACK_REGION: region,
    // Its health check repeats this.
    MINISTACK_EDITION: mark,
    // Listeners of services that we do not use.
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    // The same with and without a Docker daemon: the emulator starts no container.
    DOCKER_HOST: `unix://${join(dataFolder, 'no-docker.sock')}`,
    // On AWS the Lambda runtime brings the SDK; here CDK's own function finds this repository's.
    NODE_PATH: join(repository, 'node_modules'),
  };
  [settings.TMPDIR, settings.HOME].forEach((folder) => mkdirSync(folder, { recursive: true }));
  inUse = true;
  const log = openSync(logFile, 'w');
  const child = spawn(python, [join(__dirname, 'emulator.py')], { env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  const emulator = { pid: child.pid!, port, mark };
  writeFileSync(stateFile, JSON.stringify(emulator));
  return emulator;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

async function answers(emulator: Emulator): Promise<boolean> {
  try {
    const response = await fetch(`${endpointOf(emulator)}/_ministack/health`, {
      signal: AbortSignal.timeout(30_000),
      // A kept connection would be dead after a command that took longer than the emulator keeps it.
      headers: { connection: 'close' },
    });
    const health = await response.json() as { edition?: string };
    return health.edition === emulator.mark;
  } catch {
    return false;
  }
}

/** To the whole group, so that the Lambda workers it started get it too; false once there is none. */
function signalGroup(emulator: Emulator, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-emulator.pid, signal);
  } catch {
    return false;
  }
}
