import { rmSync } from 'fs';
import * as path from 'path';
import { run } from './local-cloud/command';

/**
 * Makes a Python environment (venv) anew, installs packages into it with pip, and gives its interpreter.
 * The environment variable PYTHON names another Python than python3.
 */
export function pythonEnvironment(venv: string, ...packages: string[]): string {
  const system = process.env.PYTHON ?? 'python3';
  run(system, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed; PYTHON names another one")']);
  rmSync(venv, { recursive: true, force: true });
  run(system, ['-m', 'venv', venv]);
  const python = pythonOf(venv);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  return python;
}

/** The interpreter of a Python environment. */
export function pythonOf(venv: string): string {
  return path.join(venv, 'bin', 'python');
}
