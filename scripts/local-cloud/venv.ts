import { spawnSync } from 'child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import * as path from 'path';
import { step } from '../command';
import { pythonOf, systemPython } from '../python-environment';
import { run } from './command';
import { cacheFolder, shown } from './environment';

const requirements = path.join(__dirname, 'requirements.txt');
const venv = path.join(cacheFolder, 'venv');

/** The Python that has MiniStack. */
export const python = pythonOf(venv);

export function pinnedVersion(): string {
  return /^ministack==(.+)$/m.exec(readFileSync(requirements, 'utf8'))![1];
}

/** Puts MiniStack into a Python environment of its own, unless it is there as pinned and starts. */
export async function installOnce(): Promise<void> {
  const installed = path.join(venv, 'installed.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted && starts()) {
    return;
  }

  const system = systemPython();
  step(`Installing MiniStack ${pinnedVersion()} with pip into ${shown(venv)}`);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(cacheFolder, { recursive: true });
  await run(system, ['-m', 'venv', venv]);
  try {
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
  } catch (error) {
    throw new Error(`MiniStack could not be installed; pip needs PyPI, or the mirror that its configuration names: ${(error as Error).message}`);
  }
  writeFileSync(installed, wanted);
}

/** False for an environment that is incomplete, or whose Python has been removed since. */
function starts(): boolean {
  return spawnSync(python, ['-c', 'import botocore, ministack'], { stdio: 'ignore' }).status === 0;
}
