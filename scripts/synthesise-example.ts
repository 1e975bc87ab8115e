import { spawnSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '..');
const EXAMPLE = join(ROOT, 'examples', 'us-east-1');

/** Turns the findings of the built-in validation from warnings into errors. */
const VALIDATION = '@aws-cdk/core:validateAgainstDefaultRules';

export type Context = { readonly [key: string]: string };

/** The values of the example for options that the caller does not set. */
export function sampleContext(): Context {
  return JSON.parse(readFileSync(join(EXAMPLE, 'sample-context.json'), 'utf8')) as Context;
}

/** Synthesises the us-east-1 example with the real CDK CLI into a folder; an invalid template ends in an error. */
export function synthesiseExample(context: Context, folder: string): void {
  // Unset, whatever the caller set: "false" would disable the validation.
  const { CDK_VALIDATION, ...environment } = process.env;
  const values = Object.entries({ ...context, [VALIDATION]: 'true' });
  const { status, stderr, error } = spawnSync(join(ROOT, 'node_modules', '.bin', 'cdk'), [
    'synth', '--quiet', '--no-version-reporting', '--no-notices', '--output', folder,
    ...values.flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ], { cwd: EXAMPLE, env: environment, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`the example could not be synthesised\n\n${error?.message ?? stderr}`);
  }
}
