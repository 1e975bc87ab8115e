import { spawnSync } from 'child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Project, projectOf } from './deployed';
import { build, onEngine, Release, removeBuilds, RunOptions } from './engine';
import { repository } from '../../scripts/local-cloud/environment';
import { SynthesisedTemplate } from '../helpers/synthesis';

afterAll(removeBuilds);

/** The build project of the example, from the program that a user deploys. */
function exampleProject(): Project {
  const example = join(repository, 'examples/us-east-1');
  const outdir = mkdtempSync(join(tmpdir(), 'us-east-1-'));
  try {
    const { status, stderr } = spawnSync(join(repository, 'node_modules/.bin/ts-node'), ['--transpile-only', '--project', join(repository, 'tsconfig.dev.json'), 'app.ts'], {
      cwd: example,
      encoding: 'utf8',
      env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: readFileSync(join(example, 'sample-context.json'), 'utf8') },
    });
    if (status !== 0) {
      throw new Error(stderr);
    }
    return projectOf(JSON.parse(readFileSync(join(outdir, 'storefront-dev.template.json'), 'utf8')) as SynthesisedTemplate, 'project-build-dev');
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const APP = 'examples/us-east-1/app';

/** How long BuildKit took for the image, the export of its layers included. */
function imageTime(result: Release): number {
  return result.commands.find(({ command }) => command.startsWith('docker buildx build'))!.duration;
}

/** The steps of the Dockerfile that BuildKit reports, and which of them it took from the cache. */
function stepsOf(result: Release): { readonly all: string[]; readonly cached: string[] } {
  const steps = [...result.output.matchAll(/^#(\d+) \[[^\]]+\] ((?:RUN|COPY|WORKDIR) .*)$/gm)];
  const names = new Map(steps.map(([, number, step]) => [number, step]));
  const cached = [...result.output.matchAll(/^#(\d+) CACHED$/gm)].flatMap(([, number]) => names.get(number) ?? []);
  return { all: [...names.values()].sort(), cached: cached.sort() };
}

interface Descriptor { readonly digest: string }

/** The blobs in the archive of a cache, and those that its index and its manifest list. */
function blobsOf(cache: string): { readonly kept: string[]; readonly listed: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'cache-'));
  try {
    expect(spawnSync('tar', ['-xf', cache, '-C', folder]).status).toBe(0);
    const [blobs] = spawnSync('find', [folder, '-path', '*/blobs/sha256'], { encoding: 'utf8' }).stdout.trim().split('\n');
    const read = (file: string) => JSON.parse(readFileSync(join(blobs, file), 'utf8'));
    const hashes = (descriptors: Descriptor[]) => descriptors.map(({ digest }) => digest.replace('sha256:', ''));
    const [manifest] = hashes(read('../../index.json').manifests);
    const { layers = [], config, manifests = [] } = read(manifest) as { layers?: Descriptor[]; config?: Descriptor; manifests?: Descriptor[] };
    const listed = new Set([manifest, ...hashes([...layers, ...manifests, ...config ? [config] : []])]);
    return { kept: readdirSync(blobs).sort(), listed: [...listed].sort() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

onEngine('a warm build of the example takes at most half the time of a cold one, with nothing carried over but the paths of the cache', () => {
  const project = exampleProject();
  const folder = mkdtempSync(join(tmpdir(), 'cache-'));
  const cache = join(folder, 'cache.tar');
  const run = (options: RunOptions = {}): Release => {
    const result = build(project, {
      source: {},
      cache,
      ...options,
      change: (source) => {
        spawnSync('cp', ['-R', '--parents', APP, source], { cwd: repository });
        rmSync(join(source, APP, 'node_modules'), { recursive: true, force: true });
        options.change?.(source);
      },
    });
    expect(result.output).toContain('Released ');
    return result;
  };
  try {
    const cold = run();
    const size = statSync(cache).size;
    // The faster of two: on a busy machine a single short build says little.
    const [warm] = [8, 9].map((buildNumber) => run({ buildNumber })).sort((one, other) => one.durations.build - other.durations.build);
    const before = blobsOf(cache);
    const changed = run({ buildNumber: 10, change: (source) => appendFileSync(join(source, APP, 'src/page.js'), '\n') });
    const after = blobsOf(cache);

    const row = (name: string, result: Release) =>
      `| ${name} | ${(imageTime(result) / 1000).toFixed(1)} s | ${(result.durations.build / 1000).toFixed(1)} s | ${stepsOf(result).cached.length} of ${stepsOf(result).all.length} |`;
    console.log([
      '| build | docker buildx build | build phase | steps from the cache |', '| --- | --- | --- | --- |',
      row('cold', cold), row('warm, same source', warm), row('warm, a source file changed', changed),
      `The cache holds ${size} bytes.`,
    ].join('\n'));

    expect(stepsOf(cold).cached).toEqual([]);
    expect(stepsOf(cold).all).toEqual(expect.arrayContaining(['RUN npm ci --omit=dev --no-audit --no-fund', 'RUN npm run check && npm test']));
    expect(stepsOf(warm)).toEqual({ all: stepsOf(cold).all, cached: stepsOf(cold).all });
    expect(stepsOf(changed).cached).toEqual(expect.arrayContaining(['RUN npm ci --no-audit --no-fund', 'RUN npm ci --omit=dev --no-audit --no-fund']));
    expect(stepsOf(changed).cached).not.toContain('RUN npm run check && npm test');
    // Layers of the source before the change are gone, so that the cache does not grow with each build.
    expect(before.kept).toEqual(before.listed);
    expect(after.kept).toEqual(after.listed);
    expect(after.kept).not.toEqual(before.kept);
    expect(warm.exported.IMAGE_URI).toBe(cold.exported.IMAGE_URI);
    expect(changed.exported.IMAGE_URI).not.toBe(cold.exported.IMAGE_URI);
    expect(imageTime(warm)).toBeLessThanOrEqual(imageTime(cold) / 2);
    expect(warm.durations.build).toBeLessThanOrEqual(cold.durations.build / 2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
