import { readFileSync } from 'fs';
import { join } from 'path';
import { step } from './command';
import { pythonEnvironment } from './python-environment';

/**
 * Gives examples/python its environment, with the wheel that was just built in place of the one from PyPI, and with what tests need.
 */
const root = join(__dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const example = join(root, 'examples', 'python');
const venv = join(example, '.venv');

step('Installing the wheel and its tests into examples/python/.venv');
pythonEnvironment(venv,
  // Otherwise pip compiles every module of aws-cdk-lib, which takes 20 seconds; a program needs few of them.
  '--no-compile',
  join(root, 'dist', 'python', `org_bluegreen_pipeline-${version}-py3-none-any.whl`),
  '--requirement', join(example, 'requirements-dev.txt'),
  '--requirement', join(root, 'test', 'python', 'requirements.txt'));
