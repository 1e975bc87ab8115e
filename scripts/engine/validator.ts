import { spawnSync } from 'child_process';
import { existsSync, writeFileSync } from 'fs';
import * as path from 'path';
import { cacheFolder } from './tools';
import { step } from '../command';
import { pythonEnvironment, pythonOf } from '../python-environment';

const BOTOCORE = 'botocore==1.43.106';

const venv = path.join(cacheFolder, `venv-${BOTOCORE}`);
const installed = path.join(venv, 'installed');

export function prepareValidator(): void {
  if (existsSync(installed)) {
    return;
  }
  step(`Installing ${BOTOCORE} with pip`);
  pythonEnvironment(venv, BOTOCORE);
  writeFileSync(installed, '');
}

/** What an AWS API would refuse about the parameters of an operation; nothing when it takes them. */
export function refusalOf(service: string, operation: string, parameters: unknown): string {
  const { status, stderr } = spawnSync(pythonOf(venv), [path.join(__dirname, 'validate.py'), service, operation], {
    input: JSON.stringify(parameters),
    encoding: 'utf8',
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  });
  return status === 0 ? '' : stderr || `${pythonOf(venv)} could not be run`;
}
