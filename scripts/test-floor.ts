import { execFileSync } from 'child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';

/**
 * Compiles the library and runs its unit tests with the oldest aws-cdk-lib that users may have: the lower end of the peer range.
 * The repository installs the newest version, so only this command notices the use of a newer API.
 *
 * It works on a copy, whose node_modules differ from ours in that one package.
 */
const root = join(__dirname, '..');
// Below the repository, so that every other package is found in our own node_modules.
const copy = join(root, '.cache', 'floor');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const floor = manifest.peerDependencies['aws-cdk-lib'].replace('^', '');
const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: copy, stdio: 'inherit' });

rmSync(copy, { recursive: true, force: true });
mkdirSync(copy, { recursive: true });
for (const entry of ['src', 'test', 'examples', 'scripts', 'docs', 'README.md', 'LICENSE', 'tsconfig.json', 'tsconfig.dev.json']) {
  if (existsSync(join(root, entry))) {
    cpSync(join(root, entry), join(copy, entry), { recursive: true, filter: (path) => !/\/(cdk\.out|node_modules|\.venv)$/.test(path) });
  }
}

console.log(`Installing aws-cdk-lib ${floor}`);
manifest.devDependencies = { 'aws-cdk-lib': floor, 'constructs': manifest.peerDependencies.constructs.replace('^', '') };
delete manifest.overrides;
writeFileSync(join(copy, 'package.json'), JSON.stringify(manifest));
run('npm', 'install', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error');
const installed = JSON.parse(readFileSync(join(copy, 'node_modules', 'aws-cdk-lib', 'package.json'), 'utf8')).version;
if (installed !== floor) {
  throw new Error(`aws-cdk-lib ${installed} was installed instead of ${floor}`);
}

run(join(root, 'node_modules', '.bin', 'jsii'), '--silence-warnings=reserved-word');
// What an older version can change is what the constructs do with it: what they make, what they check when all is made, and what
// synthesis finds. The rest reads templates or texts, which test:consumers and these tests compare, or runs in this repository with
// the newest version. The last two are about what the oldest one does not know, and what both test:consumers and test:python feed.
const FLOOR = [
  'test/(approval|artifacts|credentials|deployment|monitoring|pipeline|private|source)/',
  'test/codebuild/(build-stage|cached-build-project|project-preflight|project-rules|public-registry)',
  'test/contract/(defaults|every-program|everywhere|limits|retention|stability|stage-rollback)',
  'test/iam/(deny|grants)',
];
const chosen = process.argv.slice(2);
const NEWEST = '/test/(deployment/(logins|smoke-test-handler)|pipeline/wrong-types).test.ts';
run(join(root, 'node_modules', '.bin', 'jest'), '--ci', ...(chosen.length > 0 ? chosen : FLOOR), '--testPathIgnorePatterns', NEWEST);
rmSync(copy, { recursive: true, force: true });
