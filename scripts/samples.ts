import { spawnSync } from 'child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { gunzipSync } from 'zlib';
import { withPython } from './python-samples';

/**
 * Compiles every TypeScript sample of README.md, docs and docstrings, and translates it to Python; unchanged samples come from
 * the cache. The pages of docs get the translations. jsii-rosetta finds samples in an assembly alone, so it gets a copy in which each page of docs is the README of a submodule.
 */
const root = join(__dirname, '..');
const TABLET = join(root, '.jsii.tabl.json');

interface Assembly {
  readonly name: string;
  readme?: Readme;
  submodules?: { [name: string]: { readonly readme: Readme } };
}

interface Readme {
  readonly markdown: string;
}

/** The samples that jsii-rosetta has seen. */
interface Tablet {
  readonly snippets: { readonly [key: string]: { readonly translations: { readonly [language: string]: { readonly source: string } } } };
}

function main(): number {
  const folder = mkdtempSync(join(tmpdir(), 'bluegreen-samples-'));
  try {
    const assembly = JSON.parse(gunzipSync(readFileSync(join(root, '.jsii.gz'))).toString()) as Assembly;
    assembly.readme = readmeOf('README.md');
    assembly.submodules = Object.fromEntries(pages().map((page) => [`${assembly.name}.${page}`, { readme: readmeOf(page) }]));
    writeFileSync(join(folder, '.jsii'), JSON.stringify(assembly));
    copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
    // The samples compile against the package in the working tree.
    ['lib', 'node_modules', 'rosetta'].forEach((name) => symlinkSync(join(root, name), join(folder, name)));
    const { status, stdout, stderr } = spawnSync(join(root, 'node_modules', '.bin', 'jsii-rosetta'), [
      'extract', '--strict', '--directory', root,
      '--cache', TABLET, '--trim-cache',
      // One compiler program for all samples: a program for each takes five times as long.
      '--batch', '1000',
      folder,
    ], { encoding: 'utf8', maxBuffer: 100 * 1024 * 1024 });
    process.stdout.write(stdout);
    process.stderr.write(withLocations(stderr, assembly));
    if (status === 0) {
      writePython();
    }
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes the translations into the pages of docs. */
function writePython(): void {
  const { snippets } = JSON.parse(readFileSync(TABLET, 'utf8')) as Tablet;
  const python = new Map(Object.values(snippets).map(({ translations }) => [translations.$.source.trim(), translations.python.source]));
  for (const page of pages()) {
    const before = readFileSync(join(root, page), 'utf8');
    const after = withPython(before, (source) => python.get(source) ?? fail(`${page} has a sample that was not translated:\n${source}`));
    if (after !== before) {
      writeFileSync(join(root, page), after);
    }
  }
}

function fail(problem: string): never {
  throw new Error(problem);
}

/** Replaces the file that jsii-rosetta compiles a block as by the page and line of the block. */
function withLocations(output: string, { name, submodules = {} }: Assembly): string {
  const places = [[name, 'README.md'], ...Object.keys(submodules).map((module) => [module, module.slice(name.length + 1)])];
  return places.reduce((text, [module, page]) =>
    text.replace(new RegExp(`^${module.replaceAll('/', '.')}-README-L(\\d+)\\.ts:\\d+:\\d+`, 'gm'), `${page}:$1`), output);
}

function readmeOf(page: string): Readme {
  return { markdown: readFileSync(join(root, page), 'utf8') };
}

function pages(): string[] {
  return (readdirSync(join(root, 'docs'), { recursive: true }) as string[])
    .filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`).sort();
}

process.exit(main());
