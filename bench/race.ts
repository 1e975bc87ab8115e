import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/** The baseline (stock L2s, or CDK alone) and the library. */
export const SIDES = ['baseline', 'library'] as const;
export type Side = typeof SIDES[number];

/** The measurements of one process. */
export interface Sample {
  /** The time from its start to its end, measured from outside. */
  readonly wallMilliseconds: number;
  /** The time that the process measured itself. */
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  /** Its peak memory. */
  readonly megabytes: number;
}

/** A task that both sides run in every round. */
export interface Trial {
  readonly name: string;
  readonly rounds: number;
  run(side: Side): Sample;
}

export type Samples = { readonly [side in Side]: Sample[] };

/**
 * Runs all trials interleaved: both sides of a trial one after the other, in an order that changes with every round, and all
 * trials before the next round. The first round warms the disk cache up and counts for nothing.
 */
export function race(trials: readonly Trial[], progress: (done: number, all: number) => void): { [trial: string]: Samples } {
  const samples = Object.fromEntries(trials.map(({ name }): [string, Samples] => [name, { baseline: [], library: [] }]));
  const rounds = Math.max(...trials.map((trial) => trial.rounds));
  for (let round = 0; round <= rounds; round++) {
    for (const trial of trials.filter((one) => round <= one.rounds)) {
      for (const side of round % 2 === 0 ? SIDES : [...SIDES].reverse()) {
        const sample = trial.run(side);
        if (round > 0) {
          samples[trial.name][side].push(sample);
        }
      }
    }
    progress(round, rounds);
  }
  return samples;
}

const ROOT = join(__dirname, '..');

/** In the repository, so that the package is found by its own name; the copy of test:floor is next to it. */
const COMPILED = join(ROOT, '.cache', 'bench');

/** Compiles the measured programs to plain JavaScript: an app that runs from TypeScript mostly waits for its compiler. */
export function compile(): void {
  rmSync(COMPILED, { recursive: true, force: true });
  for (const file of (readdirSync(__dirname, { recursive: true }) as string[]).filter((name) => name.endsWith('.ts'))) {
    const { outputText } = transpileModule(readFileSync(join(__dirname, file), 'utf8'), {
      compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2023, esModuleInterop: true },
    });
    const target = join(COMPILED, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
}

/** The contestants' programs, by their names in `contestants`. */
export const CONTESTANTS: { readonly [side in Side]: string } = { baseline: 'stock', library: 'library' };

/** Passes a folder to a function, and removes it afterwards. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'bluegreen-bench-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Synthesises an app with this number of pipelines in its own process. */
export function synthesise(side: Side, pipelines: number, validation: boolean): Sample {
  return inFolder((outdir) => synthesiseInto(outdir, side, pipelines, validation));
}

export function synthesiseInto(outdir: string, side: Side, pipelines: number, validation: boolean): Sample {
  return run('synthesis-process.js', [CONTESTANTS[side], String(pipelines), outdir], validation);
}

/** Imports the package, or as the baseline the CDK files that the package imports. */
export function importing(side: Side): Sample {
  cdkFiles ??= run<{ cdkFiles: string[] }>('import-process.js', [], false).cdkFiles;
  return run('import-process.js', side === 'library' ? [] : cdkFiles, false);
}

let cdkFiles: string[] | undefined;

function run<Report>(script: string, args: string[], validation: boolean): Report & Sample {
  const { PATH, HOME } = process.env;
  const start = process.hrtime.bigint();
  const stdout = execFileSync(process.execPath, [join(COMPILED, script), ...args], {
    cwd: COMPILED,
    encoding: 'utf8',
    // Shown only when the process fails: the validation writes to it.
    stdio: 'pipe',
    // Without the settings that this process was started with, such as options for Node.
    env: { PATH, HOME, ...(!validation && { CDK_VALIDATION: 'false' }) },
  });
  const wallMilliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  // The validation writes its findings to the same stream.
  return { ...JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), wallMilliseconds };
}
