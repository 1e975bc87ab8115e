import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import * as path from 'path';
import { cacheFolder } from './tools';
import { run } from '../command';
import { repository } from '../local-cloud/environment';

/** The service whose builds `npm run bench:cache` measures. */
export const benchmarkApp = path.join(repository, 'test/engine/cache-benchmark/app');

const folders = ['before', 'after'].map((name) => path.join(cacheFolder, 'cache-benchmark', name));

/** The folders with its package.json and lock file, before and after the update of one dependency. */
export const [beforeUpdate, afterUpdate] = folders;

/** Creates the lock files, which are longer than everything that is measured with them. */
export function prepareBenchmark(): void {
  const manifest = readFileSync(path.join(benchmarkApp, 'package.json'), 'utf8');
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), folder === afterUpdate ? manifest.replace('"dayjs": "1.11.18"', '"dayjs": "1.11.13"') : manifest);
    run('npm', ['install', '--package-lock-only', '--omit-lockfile-registry-resolved=false', '--no-audit', '--no-fund'], { cwd: folder });
  }
}

/** The lock files of the benchmark, once they exist. */
export function benchmarkLocks(): string[] {
  return folders.map((folder) => path.join(folder, 'package-lock.json')).filter((file) => existsSync(file));
}
