import assert from 'assert/strict';
import { spawnSync } from 'child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { after, describe, test } from 'node:test';
import { dirname, join } from 'path';
import * as ts from 'typescript';
import { outputOf, run } from './command';
import { buildTypeScriptApp, emptyFolder, install, pack, Program, PROGRAMS, sample, synthesise } from './consumer';

/**
 * What a user of the npm package gets: the tarball, installed in an empty folder beside nothing but aws-cdk-lib and constructs,
 * with the newest aws-cdk-lib that is installed here and with the oldest of the peer range.
 */
const root = join(__dirname, '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const newest: string = manifest.devDependencies['aws-cdk-lib'];
const oldest: string = manifest.peerDependencies['aws-cdk-lib'].replace('^', '');
const constructs: string = manifest.peerDependencies.constructs.replace('^', '');

/** Bytes, with 15 % to spare when they were measured in November 2026: look at what was added before you raise one. */
const BUDGET = { packed: 400_000, commands: 400_000, others: 1_071_000 };

const packed = emptyFolder();
const folders = [packed];
const tarball = packWithStrayFiles();
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

describe('the tarball', () => {
  const unpacked = join(packed, 'package');
  outputOf('tar', ['-xzf', tarball, '-C', packed]);
  const published = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));

  test('holds what src compiles to, the assembly and the documents, and nothing else', () => {
    const sources = filesOf(join(root, 'src'));
    const compiled = sources.filter((file) => file.endsWith('.ts')).map((file) => file.replace(/\.ts$/, ''));
    assert.ok(compiled.length > 20);
    assert.deepEqual(filesOf(unpacked), [
      '.jsii', '.jsii.gz', 'API.md', 'LICENSE', 'README.md', 'package.json',
      ...compiled.flatMap((module) => [`lib/${module}.d.ts`, `lib/${module}.js`]),
      ...sources.filter((file) => !file.endsWith('.ts')).map((file) => `lib/${file}`),
    ].sort());
  });

  test('carries no source', () => {
    const mapped = filesOf(unpacked).filter((file) => readFileSync(join(unpacked, file), 'utf8').includes('sourceMappingURL'));
    assert.deepEqual(mapped, []);
  });

  test('stays within its budget', () => {
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

  test('is the same, byte for byte, when it is packed again', () => {
    const again = emptyFolder();
    folders.push(again);
    assert.ok(readFileSync(pack(again)).equals(readFileSync(tarball)));
  });

  test('depends on nothing but its peers, and runs nothing when it is installed', () => {
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
    // What the same programs give with the library as it stands in src.
    const own = ownSource(join(folder, 'own'));
    const built = buildTypeScriptApp(join(folder, 'typescript'));
    const expected = Object.fromEntries(Object.entries(PROGRAMS).map(([program, stack]) => {
      copyFileSync(join(built, `${program}.js`), join(own, `${program}.js`));
      return [program, synthesise(join(own, `${program}.js`), stack)];
    })) as Record<Program, ReturnType<typeof synthesise>>;

    test('nothing else is installed', () => {
      const { name, version: installed } = JSON.parse(readFileSync(join(folder, 'node_modules', 'aws-cdk-lib', 'package.json'), 'utf8'));
      assert.deepEqual([name, installed], ['aws-cdk-lib', version]);
      const names = readdirSync(join(folder, 'node_modules')).filter((entry) => !entry.startsWith('.'));
      // aws-cdk-lib brings the packages of @aws-cdk.
      assert.deepEqual(names.sort(), ['@aws-cdk', '@org', 'aws-cdk-lib', 'constructs']);
    });

    for (const [program, stack] of Object.entries(PROGRAMS) as [Program, string][]) {
      test(`a strict TypeScript app gives the template of our own source: ${program}`, () => {
        assert.ok(expected[program].template.includes('AWS::CodePipeline::Pipeline'));
        assert.deepEqual(synthesise(join(built, `${program}.js`), stack), expected[program]);
      });
    }

    test('the sample of a property injector runs', () => {
      outputOf(process.execPath, [join(built, 'injector.js')]);
    });

    test('a plain JavaScript app with require gives the same template', () => {
      copyFileSync(join(root, 'test', 'consumers', 'smallest.cjs'), join(folder, 'commonjs.cjs'));
      assert.deepEqual(synthesise(join(folder, 'commonjs.cjs'), 'Storefront'), expected.smallest);
    });

    test('plain JavaScript has every good value taken and every bad one refused', () => {
      ['values.cjs', 'values.json', 'subjects.json'].forEach((file) => copyFileSync(join(root, 'test', 'consumers', file), join(folder, file)));
      const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'values.cjs')], { encoding: 'utf8' });
      assert.deepEqual([stdout.trim(), stderr], ['', '']);
    });

    test('a plain JavaScript app with import gives the same template', () => {
      // The sample of the README has no types in it.
      writeFileSync(join(folder, 'module.mjs'), sample('ts nofixture'));
      assert.deepEqual(synthesise(join(folder, 'module.mjs'), 'Storefront'), expected.smallest);
    });

    for (const path of ['lib/index.js', 'lib/private/names', 'lib/deployment/traffic-shift.js']) {
      test(`${path} cannot be imported`, () => {
        const name = `@org/bluegreen-pipeline/${path}`;
        for (const program of [`require('${name}')`, `import('${name}')`]) {
          const { status, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: folder, encoding: 'utf8' });
          assert.notEqual(status, 0);
          assert.match(stderr, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
        }
      });
    }
  });
}

/** The files below a folder, sorted. */
function filesOf(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[]).filter((file) => statSync(join(folder, file)).isFile()).sort();
}

/** Packs the library while files of earlier builds lie around; the compilation removes those in lib. */
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

function transpiled(content: string): string {
  return ts.transpileModule(content, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  }).outputText;
}

/** A folder from which the library is found as it stands in src, freshly transpiled, beside the same aws-cdk-lib. */
function ownSource(folder: string): string {
  const library = join(folder, 'node_modules', manifest.name);
  mkdirSync(library, { recursive: true });
  copyFileSync(join(root, 'package.json'), join(library, 'package.json'));
  for (const file of filesOf(join(root, 'src'))) {
    const content = readFileSync(join(root, 'src', file), 'utf8');
    const target = join(library, 'lib', file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    // The code of a function goes into the template as it is written.
    writeFileSync(target, file.endsWith('.ts') ? transpiled(content) : content);
  }
  return folder;
}
