import { spawnSync } from 'child_process';
import { join } from 'path';
import { python } from '../local-cloud/venv';

/** The reason why an AWS API would reject the parameters of an operation; empty if it accepts them. */
export function refusalOf(service: string, operation: string, parameters: unknown): string {
  const { status, stderr } = spawnSync(python, [join(__dirname, 'validate.py'), service, operation], {
    input: JSON.stringify(parameters),
    encoding: 'utf8',
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  });
  return status === 0 ? '' : stderr || `${python} could not be run`;
}
