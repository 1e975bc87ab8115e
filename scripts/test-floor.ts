import { execFileSync } from 'child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';

/**
 * Compiles the library and runs its unit tests with the oldest aws-cdk-lib that users may have: the lower end of the peer range.
 * What is installed here is the newest, so without this a newer API could slip in unseen.
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

console.log(`Installing aws-cdk-lib ${floor} beside the other packages`);
manifest.devDependencies = { 'aws-cdk-lib': floor, 'constructs': manifest.peerDependencies.constructs.replace('^', '') };
delete manifest.overrides;
writeFileSync(join(copy, 'package.json'), JSON.stringify(manifest));
run('npm', 'install', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error');
const installed = JSON.parse(readFileSync(join(copy, 'node_modules', 'aws-cdk-lib', 'package.json'), 'utf8')).version;
if (installed !== floor) {
  throw new Error(`aws-cdk-lib ${installed} was installed instead of ${floor}`);
}

run(join(root, 'node_modules', '.bin', 'jsii'), '--silence-warnings=reserved-word');
// Left out is what the oldest version cannot change: what runs in this repository with the newest one (scripts, examples, the
// benchmark, cdk-nag, the compiled command and the libraries that it reads), what judges the tests themselves (the catalogue of
// errors, flaws that are put into policies and sources), the code of the smoke test and of the builds, whose text is the same in
// the templates that test:consumers compares, what it does not know (acknowledgements at a rule of what synthesis warns of, and the
// rule against `${x}` as text), and what it tries with both versions (the table of values, wrong types).
const ONCE = '/test/(scripts|examples|bench)/'
  + '|/(cdk-nag|contract/errors|values|wrong-types|smoke-test-handler|deployment/logins|build-text|(image|probe)-steps).test.ts'
  + '|/test/(iam/forbidden|cli/(main|strangers)).test.ts';
run(join(root, 'node_modules', '.bin', 'jest'), '--ci', ...process.argv.slice(2), '--testPathIgnorePatterns', ONCE);
rmSync(copy, { recursive: true, force: true });
