import { spawn } from 'child_process';
import { join } from 'path';

/**
 * Runs the unit tests, with the arguments that are given, and beside them the checks: one check keeps one core busy, and the unit
 * tests leave a core idle while they start and end. What the checks print is shown when they end.
 */
const root = join(__dirname, '..');

/** Runs a projen task; returns its exit code, and its output unless that was printed immediately. */
function task(name: string, parameters: string[], shown: boolean): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [require.resolve('projen/bin/projen'), name, ...parameters], {
      cwd: root,
      stdio: shown ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }));
  });
}

async function main(): Promise<void> {
  const checks = task('check', [], false);
  const unit = await task('unit', process.argv.slice(2), true);
  const { code, output } = await checks;
  console.log(output);
  console.log(`unit tests: exit code ${unit.code}, checks: exit code ${code}`);
  process.exitCode = unit.code === 0 && code === 0 ? 0 : 1;
}

void main();
