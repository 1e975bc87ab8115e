import { rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { outputOf, run, step } from './command';
import { emptyFolder, install, pack, PROGRAMS, synthesise } from './consumer';
import { pythonOf } from './python-environment';

/**
 * Runs the Python tests in the environment that prepare:python made, beside what the same programs give in TypeScript with the
 * same version of aws-cdk-lib: npm may have a newer one than PyPI.
 */
const root = join(__dirname, '..');
const example = join(root, 'examples', 'python');
const python = pythonOf(join(example, '.venv'));
const versions = ['aws-cdk-lib', 'constructs'].map((name) => {
  const version = outputOf(python, ['-c', `import importlib.metadata; print(importlib.metadata.version("${name}"))`]).trim();
  return `${name}@${version}`;
});

const folder = emptyFolder();
try {
  step(`Synthesising the programs in TypeScript with ${versions[0]}`);
  install(folder, pack(folder), ...versions);
  for (const [program, { code, stack }] of Object.entries(PROGRAMS)) {
    // test:consumers checks their types.
    const { outputText } = transpileModule(code(), { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
    writeFileSync(join(folder, `${program}.js`), outputText);
    synthesise(join(folder, `${program}.js`), stack);
  }

  step('Running the Python tests');
  run(python, ['-m', 'pytest', '-p', 'no:cacheprovider', ...process.argv.slice(2), join(root, 'test', 'python'), example], {
    cwd: example,
    env: {
      ...process.env,
      TYPESCRIPT_PROGRAMS: folder,
      TYPESCRIPT_PACKAGE: join(folder, 'node_modules', '@org', 'bluegreen-pipeline'),
    },
  });
} finally {
  rmSync(folder, { recursive: true });
}
