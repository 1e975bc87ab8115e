import { spawn } from 'child_process';
import { randomUUID } from 'crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { createServer } from 'net';
import * as path from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { step } from '../command';
import { interrupted } from './command';
import { account, awsSettings, dataFolder, region, repository, shown } from './environment';
import { installOnce, pinnedVersion, python } from './venv';

/** A MiniStack process of ours: `mark` tells it from any other process that got its pid or port later. */
export interface Emulator {
  readonly pid: number;
  readonly port: number;
  readonly mark: string;
}

const stateFile = path.join(dataFolder, 'emulator.json');
const logFile = path.join(dataFolder, 'emulator.log');

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

/** Installs what is missing, starts a fresh emulator and waits until it answers. */
export async function startEmulator(): Promise<Emulator> {
  await installOnce();
  step('Starting the local emulator');
  // An emulator keeps everything in its memory: what is noted about an earlier one holds no longer.
  rmSync(dataFolder, { recursive: true, force: true });
  const { emulator, ended } = await launch();
  try {
    await Promise.race([untilItAnswers(emulator), ended]);
  } catch (error) {
    await stopEmulator(emulator);
    throw error;
  }
  console.log(`MiniStack ${pinnedVersion()} answers on ${endpointOf(emulator)}, to this machine only (process ${emulator.pid})`);
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
    console.error(`The emulator's log: ${shown(logFile)}`);
  }
  process.exitCode = 1;
}

async function launch(): Promise<{ emulator: Emulator; ended: Promise<never> }> {
  const port = await freePort();
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
    DOCKER_HOST: `unix://${path.join(dataFolder, 'no-docker.sock')}`,
    // On AWS the Lambda runtime brings the SDK; here CDK's own function finds this repository's.
    NODE_PATH: lambdaModules(),
  };
  mkdirSync(settings.TMPDIR, { recursive: true });
  mkdirSync(settings.HOME, { recursive: true });
  inUse = true;
  const log = openSync(logFile, 'w');
  const child = spawn(python, [path.join(__dirname, 'emulator.py')], { env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  const emulator = { pid: child.pid!, port, mark };
  writeFileSync(stateFile, JSON.stringify(emulator));
  const ended = new Promise<never>((_, reject) => child.once('exit', () => reject(new Error('the emulator ended before it answered'))));
  return { emulator, ended };
}

/** A function that cannot load the SDK would never answer, and CloudFormation would wait for an hour: fail early. */
function lambdaModules(): string {
  const modules = path.join(repository, 'node_modules');
  if (!existsSync(path.join(modules, '@aws-sdk', 'client-s3'))) {
    throw new Error('@aws-sdk/client-s3 is not installed: run npm ci');
  }
  return modules;
}

async function untilItAnswers(emulator: Emulator): Promise<void> {
  for (let tries = 0; !(await answers(emulator)); tries++) {
    if (tries === 240) {
      throw new Error('the emulator did not come up within a minute');
    }
    await sleep(250);
    interrupted.throwIfAborted();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port')));
    });
  });
}

async function answers(emulator: Emulator): Promise<boolean> {
  try {
    const response = await fetch(`${endpointOf(emulator)}/_ministack/health`, { signal: AbortSignal.timeout(5000) });
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
