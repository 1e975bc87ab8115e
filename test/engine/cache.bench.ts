import { appendFileSync, cpSync, mkdtempSync, rmSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Project, projectOf } from './deployed';
import { build, onEngine, Release, removeBuilds } from './engine';
import { median } from '../../bench/results';
import { afterUpdate, beforeUpdate, benchmarkApp } from '../../scripts/engine/benchmark';
import { BuildCache, BuildSteps } from '../../src';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

/** The number of rounds and the caches to measure; all three caches in three rounds take half an hour. */
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const CACHES = (process.env.CACHES ?? 'none,s3,registry').split(',');

/** The changes since the previous build, in the order of the builds. */
const CHANGES: { readonly [title: string]: { readonly lock: string; readonly change?: (source: string) => void } } = {
  'cold': { lock: beforeUpdate },
  'same source': { lock: beforeUpdate },
  'one source file changed': { lock: beforeUpdate, change: (source) => appendFileSync(join(source, 'src/server/main.ts'), 'console.log(1);\n') },
  'one dependency updated': { lock: afterUpdate },
};

interface Measurement {
  /** Seconds of the whole build, and of the Dockerfile steps that ran. */
  readonly seconds: number;
  readonly ran: number;
  /** Bytes of the archive in S3. */
  readonly size?: number;
}

afterAll(removeBuilds);

function projectWith(name: string, suffix: string): Project {
  const cache = { none: BuildCache.none, s3: BuildCache.s3, registry: BuildCache.registry }[name]!();
  const stack = newStack();
  pipelineIn(stack, { environmentSuffix: suffix, buildSteps: BuildSteps.image({ cache }) });
  return projectOf(templateOf(stack), `project-build-${suffix}`);
}

/** BuildKit says how long each step took, once it has ended. */
function secondsOfSteps({ output }: Release): number {
  const steps = new Set([...output.matchAll(/^(#\d+) \[[^\]]+\] (?:RUN|COPY|WORKDIR) /gm)].map(([, number]) => number));
  return [...output.matchAll(/^(#\d+) DONE ([\d.]+)s$/gm)].reduce((sum, [, number, seconds]) => sum + (steps.has(number) ? Number(seconds) : 0), 0);
}

onEngine('builds are measured with each cache', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cache-'));
  const measured: { [row: string]: Measurement[] } = {};
  const measure = (name: string, suffix: string, titles: string[]) => {
    const project = projectWith(name, suffix);
    const archive = join(folder, `${suffix}.tar`);
    for (const title of titles) {
      const { lock, change } = CHANGES[title];
      const result = build(project, {
        ...(name === 's3' && { cache: archive }),
        change: (source) => {
          [benchmarkApp, lock].forEach((from) => cpSync(from, source, { recursive: true }));
          change?.(source);
        },
      });
      if (result.status !== 0) {
        throw new Error(result.output);
      }
      const seconds = Object.values(result.durations).reduce((sum, duration) => sum + duration, 0) / 1000;
      const size = name === 's3' ? statSync(archive).size : undefined;
      (measured[`${name} | ${title}`] ??= []).push({ seconds, ran: secondsOfSteps(result), size });
      console.log(`${name}, ${title}: ${seconds} s`);
    }
  };
  try {
    for (let round = 1; round <= ROUNDS; round += 1) {
      CACHES.forEach((name) => measure(name, `${name}${round}`, name === 'none' ? ['cold'] : Object.keys(CHANGES)));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const rows = Object.entries(measured).map(([row, of]) => [
    row, median(of.map(({ seconds }) => seconds)).toFixed(1), of.map(({ seconds }) => seconds.toFixed(1)).join(', '), median(of.map(({ ran }) => ran)).toFixed(1),
    of[0].size === undefined ? '' : `${(of[0].size / 1e6).toFixed(0)} MB`,
  ]);
  console.log(['| cache | build | median, s | each, s | steps that ran, s | archive |', '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n'));
}, 7_200_000);
