import { spawnSync } from 'child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { projectOf } from './deployed';
import { build, onEngine, Release, removeBuilds, RunOptions } from './engine';
import { StorefrontProps, StorefrontStack } from '../../examples/us-east-1/storefront-stack';
import { repository } from '../../scripts/local-cloud/environment';
import { templateOf } from '../helpers/synthesis';

afterAll(removeBuilds);

const EXAMPLE = join(repository, 'examples/us-east-1');
const APP = 'examples/us-east-1/app';

/** The steps of the Dockerfile that BuildKit reports, and which of them it took from the cache. */
function stepsOf(result: Release): { readonly all: string[]; readonly cached: string[] } {
  const steps = [...result.output.matchAll(/^#(\d+) \[[^\]]+\] ((?:RUN|COPY|WORKDIR) .*)$/gm)];
  const names = new Map(steps.map(([, number, step]) => [number, step]));
  const cached = [...result.output.matchAll(/^#(\d+) CACHED$/gm)].flatMap(([, number]) => names.get(number) ?? []);
  return { all: [...names.values()].sort(), cached: cached.sort() };
}

/** The blobs in the archive of a cache. */
function blobsOf(cache: string): string[] {
  const { stdout } = spawnSync('tar', ['-tf', cache], { encoding: 'utf8' });
  return stdout.split('\n').filter((file) => /blobs\/sha256\/./.test(file)).sort();
}

onEngine('a warm build of the example takes every step from the cache, and keeps nothing except the cache paths between builds', () => {
  const context = JSON.parse(readFileSync(join(EXAMPLE, 'sample-context.json'), 'utf8')) as StorefrontProps;
  const project = projectOf(templateOf(new StorefrontStack(new App(), context)), 'project-build-dev');
  const folder = mkdtempSync(join(tmpdir(), 'cache-'));
  const cache = join(folder, 'cache.tar');
  const run = (name: string, options: RunOptions = {}) => {
    const result = build(project, {
      cache,
      ...options,
      change: (source) => {
        spawnSync('cp', ['-R', '--parents', APP, source], { cwd: repository });
        rmSync(join(source, APP, 'node_modules'), { recursive: true, force: true });
        options.change?.(source);
      },
    });
    expect(result.output).toContain('Pushed ');
    const steps = stepsOf(result);
    console.log(`${name}: build phase ${result.durations.build} ms, ${steps.cached.length} of ${steps.all.length} steps from the cache, `
      + `which now holds ${statSync(cache).size} bytes`);
    return { ...steps, image: result.exported.IMAGE_DIGEST, blobs: blobsOf(cache) };
  };
  try {
    const cold = run('cold');
    const warm = run('warm, same source');
    const changed = run('warm, a source file changed', {
      change: (source) => appendFileSync(join(source, APP, 'src/page.js'), '\n'),
    });

    const rewritten = run('warm, the Dockerfile changed', {
      change: (source) => appendFileSync(join(source, APP, 'Dockerfile'), '# another\n'),
    });

    expect([cold, rewritten].map(({ cached }) => cached)).toEqual([[], []]);
    expect(rewritten.all).toEqual(cold.all);
    expect(cold.all).toEqual(expect.arrayContaining(['RUN npm ci --omit=dev --no-audit --no-fund', 'RUN npm run check && npm test']));
    expect(warm).toMatchObject({ all: cold.all, cached: cold.all, image: cold.image });
    expect(changed.cached).toEqual(expect.arrayContaining(['RUN npm ci --no-audit --no-fund', 'RUN npm ci --omit=dev --no-audit --no-fund']));
    expect(changed.cached).not.toContain('RUN npm run check && npm test');
    expect(changed.image).not.toBe(cold.image);
    // Layers of the source before the change are gone, so that the cache does not grow with each build.
    expect(warm.blobs.length).toBeGreaterThan(5);
    expect(changed.blobs).toHaveLength(warm.blobs.length);
    expect(changed.blobs).not.toEqual(warm.blobs);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
