import { spawnSync } from 'child_process';
import { join } from 'path';
import { python } from '../local-cloud/venv';

/** What an AWS API would refuse about the parameters of an operation; nothing when it takes them. */
export function refusalOf(service: string, operation: string, parameters: unknown): string {
  const { status, stderr } = spawnSync(python, [join(__dirname, 'validate.py'), service, operation], {
    input: JSON.stringify(parameters),
    encoding: 'utf8',
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  });
  return status === 0 ? '' : stderr || `${python} could not be run`;
}
