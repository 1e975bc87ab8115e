import { spawn } from 'child_process';
import { prepareImages } from './images';
import { startNetwork } from './network';

/** Runs a command in the namespaces that `test-release.ts` created for this process; every started process ends with it. */
async function main(command: string, ...parameters: string[]): Promise<void> {
  await startNetwork();
  prepareImages();
  const child = spawn(command, parameters, { stdio: 'inherit' });
  child.on('error', fail).on('exit', (code) => process.exit(code ?? 1));
}

function fail(error: Error): void {
  console.error(error.message);
  process.exit(1);
}

main(process.argv[2], ...process.argv.slice(3)).catch(fail);
