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

/** A MiniStack process that these scripts started: `mark` distinguishes it from any process that reuses its pid or port. */
export interface Emulator {
  readonly pid: number;
  readonly port: number;
  readonly mark: string;
}

const stateFile = join(dataFolder, 'emulator.json');
const logFile = join(dataFolder, 'emulator.log');

/** True after this process has used an emulator, whose log may explain a failure. */
let inUse = false;

export function endpointOf(emulator: Emulator): string {
  return `http://127.0.0.1:${emulator.port}`;
}

/** The emulator of an earlier run, if it still runs. */
export async function runningEmulator(): Promise<Emulator | undefined> {
  if (!existsSync(stateFile)) {
    return undefined;
  }
  const emulator = JSON.parse(readFileSync(stateFile, 'utf8')) as Emulator;
  inUse = await answers(emulator);
  return inUse ? emulator : undefined;
}

/** Ctrl-C ends the running command, which then fails and cleans up; this process must survive it. */
let interrupted = false;
process.once('SIGINT', () => { interrupted = true; });

/** Installs missing packages, starts a new emulator and waits until it responds. */
export async function startEmulator(): Promise<Emulator> {
  installOnce();
  step('Starting the local emulator');
  // An emulator keeps everything in memory: notes about an earlier emulator are outdated.
  rmSync(dataFolder, { recursive: true, force: true });
  const emulator = launch(await freePort());
  for (let tries = 0; !(await answers(emulator)); tries++) {
    if (interrupted || tries === 480 || !signalGroup(emulator, 0)) {
      await stopEmulator(emulator);
      throw new Error(interrupted ? 'interrupted' : 'the emulator ended, or did not answer within two minutes');
    }
    await sleep(250);
  }
  console.log(`MiniStack listens on ${endpointOf(emulator)}, for this machine only (process ${emulator.pid})`);
  return emulator;
}

/** Stops the emulator and with it everything deployed there, which exists only in its memory. */
export async function stopEmulator(emulator: Emulator): Promise<void> {
  signalGroup(emulator, 'SIGTERM');
  for (let tries = 0; signalGroup(emulator, 0); tries++) {
    if (tries === 40) {
      signalGroup(emulator, 'SIGKILL');
    }
    if (tries > 60) {
      if (await answers(emulator)) {
        throw new Error(`the emulator does not stop: process ${emulator.pid}`);
      }
      // In a container whose first process collects no orphans, an ended process stays in the list.
      break;
    }
    await sleep(250);
  }
  rmSync(stateFile, { force: true });
  console.log('The emulator is stopped');
}

/** Prints what failed and where to look, and makes the process fail. */
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
    // Listeners of unused services.
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    // The same with and without a Docker daemon: the emulator starts no container.
    DOCKER_HOST: `unix://${join(dataFolder, 'no-docker.sock')}`,
    // On AWS the Lambda runtime provides the SDK; here CDK's own function finds the SDK of this repository.
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
      // A kept connection would be closed after a command that takes longer than the emulator keeps it.
      headers: { connection: 'close' },
    });
    const health = await response.json() as { edition?: string };
    return health.edition === emulator.mark;
  } catch {
    return false;
  }
}

/** Signals the whole group, so that the Lambda workers receive the signal, too; false once there is no group. */
function signalGroup(emulator: Emulator, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-emulator.pid, signal);
  } catch {
    return false;
  }
}
