import { spawnSync } from 'child_process';
import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';

/**
 * Synthesises every example with the real CDK CLI, into its own cdk.out. The errors of CDK's built-in template validation are
 * switched on in each example's cdk.json; any of them ends this with an error.
 */
const root = join(__dirname, '..');
const examples = join(root, 'examples');

for (const name of readdirSync(examples).sort()) {
  const folder = join(examples, name);
  if (!existsSync(join(folder, 'cdk.json'))) {
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
