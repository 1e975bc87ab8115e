import { rmSync } from 'fs';
import * as path from 'path';
import { outputOf, run } from './command';

/** The Python of the machine, by name; the environment variable PYTHON names another one. Fails when it is missing or too old. */
export function systemPython(): string {
  const name = process.env.PYTHON ?? 'python3';
  const needed = 'Python 3.10 or newer is needed; PYTHON=<another python> names one';
  let version: string;
  try {
    version = outputOf(name, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']).trim();
  } catch (error) {
    throw new Error(`${needed}: ${(error as Error).message}`);
  }
  const [major, minor] = version.split('.').map(Number);
  if (major !== 3 || minor < 10) {
    throw new Error(`${needed}: ${name} is ${version}`);
  }
  return name;
}

/** Makes a Python environment (venv) anew, and installs packages into it with pip. */
export function pythonEnvironment(venv: string, ...packages: string[]): void {
  const system = systemPython();
  rmSync(venv, { recursive: true, force: true });
  run(system, ['-m', 'venv', venv]);
  run(pythonOf(venv), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
}

/** The interpreter of a Python environment. */
export function pythonOf(venv: string): string {
  return path.join(venv, 'bin', 'python');
}
