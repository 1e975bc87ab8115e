import { ChildProcess, execFileSync, spawn } from 'child_process';
import { once } from 'events';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { projectOf } from './deployed';
import { median } from '../../bench/results';
import { HOME_ON_MACHINE, MACHINE_ENVIRONMENT } from '../../scripts/engine/machine';
import { BuildSteps, CachedBuildProject } from '../../src';
import { Machine, runBuild } from '../helpers/code-build-agent';
import { newStack, templateOf } from '../helpers/synthesis';

/** The number of rounds and the tools to measure; four tools in three rounds take a quarter of an hour. */
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const TOOLS = (process.env.TOOLS ?? 'npm,pip,maven,go').split(',');

/** Each service: its folder, the command that completes its lock file, and the commands of its build. */
const SERVICES: { readonly [tool: string]: { readonly folder: string; readonly lock?: string; readonly commands: string[] } } = {
  npm: {
    folder: 'app',
    lock: 'npm install --package-lock-only --no-audit --no-fund',
    commands: ['npm ci --no-audit --no-fund', 'npm run build'],
  },
  pip: { folder: 'python', commands: ['python3 -m venv .venv', '.venv/bin/pip install --quiet --requirement requirements.txt'] },
  maven: { folder: 'java', commands: ['mvn --batch-mode --quiet package'] },
  go: { folder: 'go', lock: 'go mod tidy', commands: ['go build -o orders .'] },
};

const folder = mkdtempSync(join(tmpdir(), 'dependencies-'));
let packageIndex: ChildProcess;
let address: string;
const certificate = join(folder, 'certificate.pem');

beforeAll(async () => {
  packageIndex = spawn(process.execPath, [join(__dirname, 'cache-benchmark/pypi.js'), certificate], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(packageIndex.stdout!, 'data') as [Buffer];
  address = line.toString().trim();
});

afterAll(() => {
  packageIndex.kill();
  rmSync(folder, { recursive: true });
});

/** A machine with an empty `/root` and `/tmp` whose programs and network are those of this one. */
function machineIn(home: string): Machine {
  ['root', 'tmp'].forEach((name) => mkdirSync(join(home, name), { recursive: true }));
  const start = [
    `mount --bind '${home}' ${HOME_ON_MACHINE}`,
    ...['root', 'tmp'].map((name) => `mount --bind ${HOME_ON_MACHINE}/${name} /${name}`),
    'exec "$0"',
  ].join(' && ');
  copyFileSync(certificate, join(home, 'certificate.pem'));
  const environment = {
    ...MACHINE_ENVIRONMENT,
    PATH: `${MACHINE_ENVIRONMENT.PATH}:/usr/local/go/bin`,
    PIP_INDEX_URL: `${address}/simple`,
    PIP_CERT: join(HOME_ON_MACHINE, 'certificate.pem'),
  };
  return { home, seenAs: HOME_ON_MACHINE, root: home, environment, command: ['unshare', '--mount', 'bash', '-c', start] };
}

function measure(tool: string, source: string, archive: string): number {
  const stack = newStack();
  new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', steps: BuildSteps.commands(SERVICES[tool].commands) });
  const { spec, environment } = projectOf(templateOf(stack), 'project-build-dev');
  const home = mkdtempSync(join(folder, 'machine-'));
  const result = runBuild(spec, machineIn(home), { environment, cache: archive, change: (target) => cpSync(source, target, { recursive: true }) });
  if (result.status !== 0) {
    throw new Error(result.output);
  }
  rmSync(home, { recursive: true });
  return Object.values(result.durations).reduce((sum, duration) => sum + duration, 0) / 1000;
}

const list = (values: number[]) => `${median(values).toFixed(1)} (${values.map((value) => value.toFixed(1)).join(', ')})`;

test('builds are measured with and without the downloads of the package managers', () => {
  const rows = TOOLS.map((tool) => {
    const source = join(folder, tool);
    const { folder: service, lock } = SERVICES[tool];
    cpSync(join(__dirname, 'cache-benchmark', service), source, { recursive: true });
    if (lock) {
      execFileSync('bash', ['-c', lock], { cwd: source });
    }
    const rounds = Array.from({ length: ROUNDS }, (_, round) => {
      const archive = join(folder, `${tool}-${round}.tar`);
      const cold = measure(tool, source, archive);
      const warm = measure(tool, source, archive);
      console.log(`${tool}: ${cold} s, then ${warm} s`);
      return { cold, warm, size: statSync(archive).size, files: Number(execFileSync('bash', ['-c', 'tar --list --file "$0" | wc -l', archive])) };
    });
    const { size, files } = rounds[0];
    return [tool, list(rounds.map(({ cold }) => cold)), list(rounds.map(({ warm }) => warm)), `${(size / 1e6).toFixed(0)} MB`, files];
  });
  console.log(['| tool | nothing cached, s | cached, s | archive | files |', '| --- | --- | --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n'));
});
