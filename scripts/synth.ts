import { spawnSync } from 'child_process';
import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';

/**
 * Synthesises every example with the real CDK CLI, into its own cdk.out; or those that are named. The errors of CDK's built-in
 * template validation are switched on in each example's cdk.json; any of them ends this with an error.
 *
 * An example in Python needs the environment that prepare:python or test:python makes. Without Python that cannot be had, so such
 * an example is left out, and this says so; it is an error only where it is named.
 */
const root = join(__dirname, '..');
const examples = join(root, 'examples');
const named = process.argv.slice(2);

const all = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'cdk.json'))).sort();

for (const name of named.length > 0 ? named : all) {
  const folder = join(examples, name);
  if (existsSync(join(folder, 'requirements.txt')) && !existsSync(join(folder, '.venv'))) {
    console.log(`examples/${name} IS NOT SYNTHESISED: it is in Python and has no environment yet; run "npm run prepare:python" first`);
    if (named.length > 0) {
      process.exit(1);
    }
    continue;
  }
  const context: Record<string, string> = existsSync(join(folder, 'sample-context.json'))
    ? JSON.parse(readFileSync(join(folder, 'sample-context.json'), 'utf8'))
    : {};
  const { status } = spawnSync(join(root, 'node_modules', '.bin', 'cdk'), [
    'synth', '--quiet', '--no-version-reporting', '--no-notices',
    ...Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`examples/${name} could not be synthesised`);
    process.exit(1);
  }
  console.log(`examples/${name}/cdk.out`);
}
