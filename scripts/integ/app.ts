import { spawnSync } from 'child_process';
import { join } from 'path';
import { run } from '../command';

export const ROOT = join(__dirname, '..', '..');
export const REGION = 'us-east-1';

/** The integration test is an app of the CDK: the storefront, and a second stack whose deployment is the test. */
export const APP = 'test/integ.us-east-1.ts';

/** The two stacks of a run, in the order in which they are deployed. */
export function stackNames(suffix: string): string[] {
  return [`storefront-${suffix}`, `assertions-${suffix}`];
}

/** Runs the CDK CLI on the integration test, with your credentials and region. */
export function cdk(command: string[], context: Record<string, string>): void {
  run(join(ROOT, 'node_modules', '.bin', 'cdk'), [
    ...command, '--all', '--app', `npx ts-node --transpile-only --project tsconfig.dev.json ${APP}`,
    '--output', join('node_modules', '.cache', 'integ', 'cdk.out'), '--no-notices',
    ...Object.entries(context).flatMap(([name, value]) => ['--context', `${name}=${value}`]),
  ], { cwd: ROOT });
}

/** Synthesises the integration test with the values of the sample context, without the CLI and without an account. */
export function synthesise(folder: string): void {
  const { status, stderr } = spawnSync(process.execPath, [
    join(ROOT, 'node_modules', 'ts-node', 'dist', 'bin.js'), '--transpile-only', '--project', join(ROOT, 'tsconfig.dev.json'), APP,
  ], { cwd: ROOT, encoding: 'utf8', env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: '{}', CDK_VALIDATION: 'false' } });
  if (status !== 0) {
    throw new Error(`${APP} could not be synthesised\n\n${stderr}`);
  }
}
