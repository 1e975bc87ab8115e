import { spawnSync } from 'child_process';
import * as path from 'path';
import { prepareBenchmark } from './engine/benchmark';
import { prepareNetwork, trusted } from './engine/network';
import { prepareTools, missingEngineReason } from './engine/tools';
import { repository } from './local-cloud/environment';
import { installOnce } from './local-cloud/venv';

/** Measures the caches of image builds instead: `npm run bench:cache`. */
const BENCHMARK = '--benchmark';

/**
 * Runs the synthesised builds: with a Docker engine, BuildKit and registries of our own where the machine lets us, and with stand-ins
 * for docker and aws where not. On a CI machine that gives us root it must.
 */
function main(...parameters: string[]): number {
  const benchmark = parameters.includes(BENCHMARK);
  if (benchmark) {
    prepareBenchmark();
  }
  // The releases are validated with its botocore.
  installOnce();
  const reason = prepareEngine();
  if (reason !== undefined && process.env.CI === 'true' && process.getuid?.() === 0) {
    console.error(`The release tests need an engine on a CI machine with root: ${reason}`);
    return 1;
  }
  console.log(reason === undefined
    ? 'Docker, BuildKit, buildx and the registries are real; aws is a stand-in that gives the password of the registry.'
    : `No engine: ${reason}.\ndocker and aws are STAND-INS: no image is built. What only an engine can show is listed as skipped.`);

  const jest = [
    path.join(repository, 'node_modules/jest/bin/jest.js'),
    // Not the last argument: it would treat a file that follows it as another pattern.
    '--testMatch', benchmark ? '<rootDir>/test/engine/**/*.bench.ts' : '<rootDir>/test/engine/**/*.engine.ts', '--ci', '--maxWorkers', '2', '--testTimeout', '1800000',
    ...parameters.filter((parameter) => parameter !== BENCHMARK),
  ];
  const [command, ...words] = reason === undefined
    // All processes of the tests end with these namespaces, and the namespaces with this process, even when it is killed.
    ? ['setpriv', '--pdeathsig', 'KILL', 'unshare', '--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc',
      process.execPath, '-r', 'ts-node/register/transpile-only', path.join(__dirname, 'engine/inside.ts'), process.execPath, ...jest]
    : [process.execPath, ...jest];
  const before = new Set(controlGroups());
  const { status } = spawnSync(command, words, {
    cwd: repository,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...(reason === undefined && { RELEASE_ENGINE: '1', NODE_EXTRA_CA_CERTS: trusted, TS_NODE_PROJECT: 'tsconfig.dev.json' }),
    },
  });
  // The kernel ends everything with the namespaces, except these.
  controlGroups().filter((group) => !before.has(group)).forEach((group) => spawnSync('rmdir', [group]));
  return status ?? 1;
}

/** The reason why there is no engine; undefined if there is one. */
function prepareEngine(): string | undefined {
  try {
    const reason = missingEngineReason();
    if (reason === undefined) {
      prepareTools();
      prepareNetwork();
    }
    return reason;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The control groups of Docker's containers, the inner ones first. One with processes cannot be removed. */
function controlGroups(): string[] {
  return spawnSync('find', ['/sys/fs/cgroup', '-depth', '-type', 'd', '-path', '*/docker*'], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
}

process.exit(main(...process.argv.slice(2)));
