import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { run, step } from './command';

/**
 * Changes the validators, one place at a time, and fails when the tests notice less than 90 % of the changes. For a first look name
 * files: `npm run mutation -- src/private/validation.ts`. Stryker is no dependency of the repository, because nothing but this
 * needs it, and it brings 170 packages.
 */
const root = join(__dirname, '..');
const STRYKER = '9.6.1';
const cache = join(root, 'node_modules', '.cache', `stryker-${STRYKER}`);
const program = join(cache, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');

if (!existsSync(program)) {
  step(`Installing Stryker ${STRYKER}`);
  mkdirSync(cache, { recursive: true });
  run('npm', ['install', '--prefix', cache, '--no-save', '--no-package-lock', '--no-audit', '--no-fund',
    `@stryker-mutator/core@${STRYKER}`, `@stryker-mutator/jest-runner@${STRYKER}`]);
}

/** The files with rules: shared checks, and the checks of the modules. */
function validators(): string[] {
  return (readdirSync(join(root, 'src'), { recursive: true }) as string[])
    .filter((file) => /^private\/(errors|format-value|names|placement|structs|types|validation|violations)\.ts$|checks\.ts$/.test(file))
    .map((file) => `src/${file}`)
    .sort();
}

const { jest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const configuration = join(cache, 'stryker.json');
const named = process.argv.slice(2);
const weak: string[] = [];
for (const file of named.length > 0 ? named : validators()) {
  step(file);
  writeFileSync(configuration, JSON.stringify({
    mutate: [file],
    testRunner: 'jest',
    coverageAnalysis: 'perTest',
    disableTypeChecks: 'src/**/*.ts',
    // Within the repository, so that its packages are found; git ignores it.
    tempDirName: '.cache/stryker',
    ignorePatterns: ['/lib', '/dist', '/coverage', '/test-reports', '/examples/**/cdk.out', '/examples/python/.venv', '/test/*.snapshot'],
    reporters: ['clear-text', 'progress-append-only'],
    clearTextReporter: { allowColor: false, reportTests: false },
    thresholds: { high: 95, low: 90, break: 90 },
    concurrency: 2,
    // A busy machine must not pass for a change that a test noticed.
    timeoutMS: 60_000,
    timeoutFactor: 4,
    jest: {
      projectType: 'custom',
      config: {
        ...jest,
        reporters: ['default'],
        // The tests of a module cover its rules; those of all modules would take minutes for each change.
        testMatch: [`<rootDir>/test/${file.split('/')[1]}/**/*.test.ts`],
        // A change must be detected by a wrong value, not by a wrong type.
        transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json', diagnostics: false, isolatedModules: true }] },
      },
    },
  }, undefined, 2));
  try {
    run(process.execPath, [program, 'run', configuration]);
  } catch {
    weak.push(file);
  }
}
if (weak.length > 0) {
  throw new Error(`The tests notice less than 90 % of the changes of ${weak.join(', ')}`);
}
