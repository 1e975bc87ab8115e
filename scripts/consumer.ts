import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import * as path from 'path';
import { outputOf, run } from './command';

const root = path.join(__dirname, '..');

/** The programs of a user: the first sample of the README, and one that sets everything. Each creates one stack. */
export const PROGRAMS = {
  smallest: { code: () => sample('ts nofixture'), stack: 'Storefront' },
  everything: { code: () => readFileSync(path.join(root, 'test', 'consumers', 'everything.ts'), 'utf8'), stack: 'Everything' },
};

/** Packs the library as it is published, and returns the path of the tarball. */
export function pack(folder: string): string {
  const name = outputOf('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: root }).trim();
  return path.join(folder, name);
}

/** An empty folder outside the repository, so that nothing of the repository can be found from it. */
export function emptyFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'bluegreen-consumer-'));
}

/** Installs packages into a folder as a user does. */
export function install(folder: string, ...packages: string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true }));
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], { cwd: folder });
}

/** The code of the first sample in a document in a language, which follows its three backticks. */
export function sample(language: string, document = 'README.md'): string {
  const text = readFileSync(path.join(root, document), 'utf8');
  const found = new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\`$`, 'ms').exec(text);
  if (!found) {
    throw new Error(`${document} has no sample in ${language}`);
  }
  return found[2].replaceAll(new RegExp(`^${found[1]}`, 'gm'), '');
}

/** Runs a program like the CDK CLI; returns its template, and the manifest of its assets. */
export function synthesise(program: string, stack: string): { template: string; assets: string } {
  const { dir, name } = path.parse(program);
  const outdir = path.join(dir, `${name}.cdk.out`);
  // The built-in validation takes 3 seconds for each program; the examples are synthesised with it.
  run(process.execPath, [program], { cwd: dir, env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' } });
  const [template, assets] = ['template', 'assets'].map((kind) => readFileSync(path.join(outdir, `${stack}.${kind}.json`), 'utf8'));
  return { template, assets };
}
