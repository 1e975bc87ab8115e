import { rmSync } from 'fs';
import { join } from 'path';
import { outputOf, run } from './command';

/** The Python of the machine, by name; the environment variable PYTHON names another one. Fails when it is missing or too old. */
function systemPython(): string {
  const name = process.env.PYTHON ?? 'python3';
  try {
    outputOf(name, ['-c', 'import sys; assert sys.version_info >= (3, 10), sys.version']);
  } catch (error) {
    throw new Error(`Python 3.10 or newer is required; set PYTHON=<path> to use another one: ${(error as Error).message}`);
  }
  return name;
}

/** Creates a new Python environment (venv), and installs packages into it with pip. */
export function pythonEnvironment(venv: string, ...packages: string[]): void {
  const system = systemPython();
  rmSync(venv, { recursive: true, force: true });
  run(system, ['-m', 'venv', venv]);
  run(pythonOf(venv), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
}

/** The interpreter of a Python environment. */
export function pythonOf(venv: string): string {
  return join(venv, 'bin', 'python');
}
