import { spawnSync, SpawnSyncOptions } from 'child_process';
import { basename } from 'path';

type Options = Pick<SpawnSyncOptions, 'cwd' | 'env'>;

/** Announces a step, so that a reader knows what the following output belongs to. */
export function step(title: string): void {
  console.log(`\n== ${title}`);
}

/** Runs a command with its output shown and without input; fails when it fails. */
export function run(command: string, parameters: string[], options: Options = {}): void {
  finish(command, parameters, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Runs a command without input and returns what it printed; fails when it fails. */
export function outputOf(command: string, parameters: string[], options: Options = {}): string {
  return finish(command, parameters, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
}

function finish(command: string, parameters: string[], options: SpawnSyncOptions): string {
  const { error, status, signal, stdout } = spawnSync(command, parameters, { ...options, encoding: 'utf8', maxBuffer: Infinity });
  if (error) {
    throw new Error(`${command} did not start: ${error.message}`);
  }
  if (status !== 0) {
    throw new Error(`${basename(command)} ${basename(parameters[0])} failed (${signal ?? `exit code ${status}`})`);
  }
  return String(stdout ?? '');
}
