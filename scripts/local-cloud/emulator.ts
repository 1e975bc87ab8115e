import { spawn } from 'child_process';
import { randomUUID } from 'crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { createServer } from 'net';
import * as path from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { outputOf, run, step } from './command';
import { account, awsSettings, dataFolder, isolatedEnvironment, region, repository, shown } from './environment';

/** A MiniStack process of ours: `mark` tells it from any other process that got its pid or port later. */
interface Emulator {
  readonly pid: number;
  readonly port: number;
  readonly mark: string;
}

const logFile = path.join(dataFolder, 'emulator.log');

const stateFile = path.join(dataFolder, 'emulator.json');
const baselineFile = path.join(dataFolder, 'baseline.json');
const requirements = path.join(__dirname, 'requirements.txt');
const venv = path.join(dataFolder, 'venv');
const python = path.join(venv, 'bin', 'python');

export function endpointOf(emulator: Emulator): string {
  return `http://127.0.0.1:${emulator.port}`;
}

/** The emulator that an earlier run left running, if it still does. */
export async function runningEmulator(): Promise<Emulator | undefined> {
  if (!existsSync(stateFile)) {
    return undefined;
  }
  const emulator = JSON.parse(readFileSync(stateFile, 'utf8')) as Emulator;
  return await answers(emulator) ? emulator : undefined;
}

/** Installs what is missing, starts a fresh emulator and waits until it answers. */
export async function startEmulator(): Promise<Emulator> {
  installOnce();
  const emulator = await launch();
  try {
    await untilItAnswers(emulator);
    readBack(emulator, 'baseline', baselineFile);
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
  for (let tries = 0; await answers(emulator); tries++) {
    if (tries === 40) {
      signalGroup(emulator, 'SIGKILL');
    }
    if (tries > 60) {
      throw new Error(`The emulator does not end: process ${emulator.pid}`);
    }
    await sleep(250);
  }
  rmSync(stateFile, { force: true });
  console.log('The emulator is stopped');
}

/** Prints a reading of the emulator's own APIs (see readback.py); fails when the reading is not as it should be. */
export function readBack(emulator: Emulator, command: 'baseline' | 'show' | 'leftovers', ...parameters: string[]): void {
  const subject = command === 'leftovers' ? [baselineFile] : parameters;
  run(python, [path.join(__dirname, 'readback.py'), command, ...subject], { env: isolatedEnvironment(endpointOf(emulator)) });
}

/** The names of the stacks that exist. */
export function stacksOf(emulator: Emulator): string[] {
  return outputOf(python, [path.join(__dirname, 'readback.py'), 'stacks'], { env: isolatedEnvironment(endpointOf(emulator)) }).trim().split('\n');
}

/** Says what failed and where to look, and makes the process fail. */
export function reportFailure(command: string, error: Error): void {
  console.error(`\n${command} failed: ${error.message}`);
  if (existsSync(logFile)) {
    console.error(`The emulator's log: ${shown(logFile)}`);
  }
  process.exitCode = 1;
}

function pinnedVersion(): string {
  return /^ministack==(.+)$/m.exec(readFileSync(requirements, 'utf8'))![1];
}

/** Puts MiniStack into a Python environment of its own, unless it is there as pinned. */
function installOnce(): void {
  const installed = path.join(venv, 'installed.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) {
    return;
  }

  step(`Installing MiniStack ${pinnedVersion()} with pip into ${shown(venv)} (first run only)`);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(dataFolder, { recursive: true });
  const system = process.env.PYTHON ?? 'python3';
  run(system, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed; PYTHON names another one")']);
  run(system, ['-m', 'venv', venv]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
  writeFileSync(installed, wanted);
}

async function launch(): Promise<Emulator> {
  step('Starting the local emulator');
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
  const log = openSync(logFile, 'w');
  const child = spawn(python, [path.join(__dirname, 'emulator.py')], { env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  const emulator = { pid: child.pid!, port, mark };
  writeFileSync(stateFile, JSON.stringify(emulator));
  return emulator;
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
      throw new Error('The emulator did not come up within a minute');
    }
    await sleep(250);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => address && typeof address === 'object' ? resolve(address.port) : reject(new Error('No free port')));
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

/** To the whole group, so that the Lambda workers it started get it too. */
function signalGroup(emulator: Emulator, signal: NodeJS.Signals): void {
  try {
    process.kill(-emulator.pid, signal);
  } catch {
    // It has ended already.
  }
}
