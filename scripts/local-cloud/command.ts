import { spawn, SpawnOptions } from 'child_process';
import { once } from 'events';
import { checkEnd } from '../command';

type Options = Pick<SpawnOptions, 'cwd' | 'env'>;

const interruption = new AbortController();

/** Aborted by Ctrl-C: the commands then fail, and so tidy up, instead of dying where they stand. */
export const interrupted: AbortSignal = interruption.signal;
process.once('SIGINT', () => interruption.abort(new Error('interrupted')));

/** Runs a command with its output shown and without input; fails when it fails. */
export async function run(command: string, parameters: string[], options: Options = {}): Promise<void> {
  await finish(command, parameters, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Runs a command without input and returns what it printed; fails when it fails. */
export function outputOf(command: string, parameters: string[], options: Options = {}): Promise<string> {
  return finish(command, parameters, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
}

async function finish(command: string, parameters: string[], options: SpawnOptions): Promise<string> {
  const child = spawn(command, parameters, { ...options, signal: interrupted });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => output += text);
  const [status, signal] = await once(child, 'close').catch((error: Error) => {
    throw interrupted.aborted ? interrupted.reason : new Error(`${command} did not start: ${error.message}`);
  });
  interrupted.throwIfAborted();
  checkEnd(command, parameters, status, signal);
  return output;
}
