import { spawnSync } from 'child_process';
import { join } from 'path';

/** Lints the API. awslint also prints a line for each rule that package.json excludes, hundreds of them; only problems are shown. */
const { status, stderr } = spawnSync(process.execPath, [require.resolve('awslint/bin/awslint')], {
  cwd: join(__dirname, '..'),
  stdio: ['ignore', 'inherit', 'pipe'],
  encoding: 'utf8',
  maxBuffer: 100 * 1024 * 1024,
});
const problems = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('skipped: '));
problems.forEach((line) => console.error(line));
process.exit(status ?? 1);
