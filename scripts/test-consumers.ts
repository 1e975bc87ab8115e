import assert from 'assert/strict';
import { spawnSync } from 'child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { after, describe, test } from 'node:test';
import { join } from 'path';
import { outputOf, run } from './command';
import { emptyFolder, install, pack, PROGRAMS, sample, synthesise } from './consumer';

/**
 * Tests the npm package as a user gets it: the tarball, installed in an empty folder with only aws-cdk-lib and constructs,
 * with the newest aws-cdk-lib that is installed here and with the oldest of the peer range.
 */
const root = join(__dirname, '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const newest: string = manifest.devDependencies['aws-cdk-lib'];
const oldest: string = manifest.peerDependencies['aws-cdk-lib'].replace('^', '');
const constructs: string = manifest.peerDependencies.constructs.replace('^', '');

/** Bytes, with 15 % to spare when they were measured in November 2026: look at what was added before you raise one. */
const BUDGET = { packed: 480_000, commands: 600_000, others: 1_315_000 };

const packed = emptyFolder();
const folders = [packed];
const tarball = packWithStrayFiles();
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

describe('the tarball', () => {
  const unpacked = join(packed, 'package');
  outputOf('tar', ['-xzf', tarball, '-C', packed]);
  const published = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));

  test('the tarball contains what src compiles to, the assembly and the documents, and nothing else', () => {
    const sources = filesOf(join(root, 'src'));
    const compiled = sources.filter((file) => file.endsWith('.ts')).map((file) => file.replace(/\.ts$/, ''));
    assert.ok(compiled.length > 20);
    assert.deepEqual(filesOf(unpacked), [
      '.jsii', '.jsii.gz', 'API.md', 'LICENSE', 'README.md', 'package.json',
      ...compiled.flatMap((module) => [`lib/${module}.d.ts`, `lib/${module}.js`]),
      ...sources.filter((file) => !file.endsWith('.ts')).map((file) => `lib/${file}`),
    ].sort());
  });

  test('the tarball contains no source', () => {
    const mapped = filesOf(unpacked).filter((file) => readFileSync(join(unpacked, file), 'utf8').includes('sourceMappingURL'));
    assert.deepEqual(mapped, []);
  });

  test('the tarball stays within its size budget', () => {
    const sizeOf = (files: string[]) => files.reduce((sum, file) => sum + statSync(join(unpacked, file)).size, 0);
    const commands = filesOf(unpacked).filter((file) => file.startsWith('lib/cli/'));
    const sizes = {
      packed: statSync(tarball).size,
      commands: sizeOf(commands),
      others: sizeOf(filesOf(unpacked)) - sizeOf(commands),
    };
    console.log('bytes', sizes, 'of', BUDGET);
    assert.ok(sizes.packed <= BUDGET.packed);
    assert.ok(sizes.commands <= BUDGET.commands);
    assert.ok(sizes.others <= BUDGET.others);
  });

  test('packing again gives the same tarball, byte for byte', () => {
    const again = emptyFolder();
    folders.push(again);
    assert.ok(readFileSync(pack(again)).equals(readFileSync(tarball)));
  });

  test('the package has no dependencies except its peers, and no install scripts', () => {
    assert.deepEqual(published.peerDependencies, { 'aws-cdk-lib': `^${oldest}`, 'constructs': `^${constructs}` });
    for (const field of ['dependencies', 'optionalDependencies', 'bundledDependencies', 'bundleDependencies', 'gypfile']) {
      assert.equal(published[field], undefined, field);
    }
    const atInstall = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'];
    assert.deepEqual(Object.keys(published.scripts).filter((name) => atInstall.includes(name)), []);
  });
});

for (const version of [newest, oldest]) {
  describe(`with aws-cdk-lib ${version}`, () => {
    const folder = emptyFolder();
    folders.push(folder);
    install(folder, tarball, `aws-cdk-lib@${version}`, `constructs@${constructs}`);
    const built = buildTypeScriptApp(join(folder, 'typescript'));
    const smallest = synthesise(join(built, 'smallest.js'), PROGRAMS.smallest.stack);

    test('the installed aws-cdk-lib is this version', () => {
      const { name, version: installed } = JSON.parse(readFileSync(join(folder, 'node_modules', 'aws-cdk-lib', 'package.json'), 'utf8'));
      assert.deepEqual([name, installed], ['aws-cdk-lib', version]);
      const names = readdirSync(join(folder, 'node_modules')).filter((entry) => !entry.startsWith('.'));
      // aws-cdk-lib includes the packages of @aws-cdk.
      assert.deepEqual(names.sort(), ['@aws-cdk', '@org', 'aws-cdk-lib', 'constructs']);
    });

    test('a strict TypeScript app that sets every prop synthesises', () => {
      assert.match(synthesise(join(built, 'everything.js'), PROGRAMS.everything.stack).template, /AWS::CodePipeline::Pipeline/);
    });

    test('the sample of a property injector runs', () => {
      outputOf(process.execPath, [join(built, 'injector.js')]);
    });

    test('a plain JavaScript app with require gives the same template', () => {
      copyFileSync(join(root, 'test', 'consumers', 'smallest.cjs'), join(folder, 'commonjs.cjs'));
      assert.deepEqual(synthesise(join(folder, 'commonjs.cjs'), 'Storefront'), smallest);
    });

    // With the newest version, the unit tests use the same values.
    if (version === oldest) {
      test('plain JavaScript gets every valid value accepted and every invalid one rejected', () => {
        ['values.cjs', 'values.json', 'subjects.json'].forEach((file) => copyFileSync(join(root, 'test', 'consumers', file), join(folder, file)));
        const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'values.cjs')], { encoding: 'utf8' });
        assert.deepEqual([stdout.trim(), stderr], ['', '']);
      });
    }

    test('a plain JavaScript app with import gives the same template', () => {
      // The sample of the README has no types in it.
      writeFileSync(join(folder, 'module.mjs'), sample('ts nofixture'));
      assert.deepEqual(synthesise(join(folder, 'module.mjs'), 'Storefront'), smallest);
    });

    test('only the index can be imported', () => {
      const name = '@org/bluegreen-pipeline/lib/private/names';
      for (const program of [`require('${name}')`, `import('${name}')`]) {
        const { status, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: folder, encoding: 'utf8' });
        assert.notEqual(status, 0);
        assert.match(stderr, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
      }
    });
  });
}

/** The files below a folder, sorted. */
function filesOf(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[]).filter((file) => statSync(join(folder, file)).isFile()).sort();
}

/** Packs the library while files of earlier builds exist; the compilation removes those in lib. */
function packWithStrayFiles(): string {
  const strays = ['stray.whl', 'stray-1.0.0.tgz', 'stray.js', 'lib/stray.js', 'lib/stray.d.ts'].map((file) => join(root, file));
  mkdirSync(join(root, 'lib'), { recursive: true });
  try {
    strays.forEach((file) => writeFileSync(file, ''));
    run('npx', ['projen', 'compile'], { cwd: root });
    return pack(packed);
  } finally {
    strays.forEach((file) => rmSync(file, { force: true }));
  }
}

/** Builds the programs in a folder below one that has the library, as strictly as TypeScript can; returns the folder of the JavaScript. */
function buildTypeScriptApp(folder: string): string {
  mkdirSync(folder);
  Object.entries(PROGRAMS).forEach(([program, { code }]) => writeFileSync(join(folder, `${program}.ts`), code()));
  writeFileSync(join(folder, 'injector.ts'), sample('mts', 'docs/escape-hatches.md'));
  copyFileSync(join(root, 'test', 'consumers', 'tsconfig.json'), join(folder, 'tsconfig.json'));
  const modules = join(root, 'node_modules');
  run(join(modules, '.bin', 'tsc'), ['--project', folder, '--typeRoots', join(modules, '@types')]);
  return join(folder, 'out');
}
