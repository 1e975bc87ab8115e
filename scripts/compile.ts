import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';

/**
 * Compiles src into an empty lib. Most commands of the repository start with this, so it does nothing while its inputs and
 * outputs are those of the last compilation, compared by content.
 */
const root = join(__dirname, '..');
const INPUTS = ['src', 'README.md', 'package.json', 'tsconfig.json', 'node_modules/.package-lock.json', 'scripts/compile.ts'];
const OUTPUTS = ['lib', '.jsii', '.jsii.gz'];
const record = join(root, '.cache', 'compiled');

function main(): number {
  const inputs = digest(INPUTS);
  if (existsSync(record) && readFileSync(record, 'utf8') === inputs + digest(OUTPUTS)) {
    console.log('lib is current');
    return 0;
  }
  // A file of an earlier compilation would be published.
  OUTPUTS.forEach((output) => rmSync(join(root, output), { recursive: true, force: true }));
  const { status } = spawnSync(process.execPath, [
    require.resolve('jsii/bin/jsii'),
    '--compress-assembly',
    '--fail-on-warnings',
    // A name that is a keyword in another language is renamed there.
    '--silence-warnings=reserved-word',
    // The development dependency is the newest aws-cdk-lib on purpose, and test:floor has the oldest: docs/decisions/0008.
    '--silence-warnings=metadata/missing-dev-dependency',
  ], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    return 1;
  }
  // jsii does not copy JavaScript; the code of a Lambda function is read from the folder of the construct.
  cpSync(join(root, 'src'), join(root, 'lib'), { recursive: true, filter: (path) => !path.endsWith('.ts') });
  // npm does this in the tarball; doing it here makes the command run without naming Node, too.
  chmodSync(join(root, 'lib', 'cli', 'main.js'), 0o755);
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(record, inputs + digest(OUTPUTS));
  return 0;
}

/** The SHA-256 of the names and contents of files and folders of the repository. */
function digest(entries: string[]): string {
  const hash = createHash('sha256');
  for (const file of entries.flatMap(filesOf)) {
    hash.update(`${file}\0`).update(readFileSync(join(root, file))).update('\0');
  }
  return hash.digest('hex');
}

function filesOf(entry: string): string[] {
  const path = join(root, entry);
  if (!existsSync(path)) {
    return [];
  }
  if (statSync(path).isFile()) {
    return [entry];
  }
  return readdirSync(path).sort().flatMap((name) => filesOf(`${entry}/${name}`));
}

process.exit(main());
