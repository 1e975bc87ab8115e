import { spawnSync } from 'child_process';
import { existsSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { step } from '../command';
import { pythonEnvironment, pythonOf } from '../python-environment';
import { cacheFolder } from './environment';

const requirements = join(__dirname, 'requirements.txt');
const venv = join(cacheFolder, 'venv');

/** The Python that has MiniStack and botocore. */
export const python = pythonOf(venv);

/** Installs MiniStack and its dependencies into a separate Python environment, unless the pinned version is there and starts. */
export function installOnce(): void {
  const installed = join(venv, 'installed.txt');
  const wanted = readFileSync(requirements, 'utf8');
  const starts = spawnSync(python, ['--version']).status === 0;
  if (starts && existsSync(installed) && readFileSync(installed, 'utf8') === wanted) {
    return;
  }
  step('Installing MiniStack with pip, which needs PyPI or the mirror that its configuration names');
  pythonEnvironment(venv, '--requirement', requirements);
  writeFileSync(installed, wanted);
}
