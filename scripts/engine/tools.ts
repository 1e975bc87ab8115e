import { spawnSync } from 'child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'fs';
import * as path from 'path';
import { outputOf, run, step } from '../command';
import { repository } from '../local-cloud/environment';

/** Everything that the release tests keep between runs, in a folder that git ignores: delete it to start from scratch. */
export const cacheFolder = path.join(repository, 'node_modules', '.cache', 'release');

/** BuildKit has no Debian package: it is compiled from its Go module. */
const BUILDKIT = 'v0.26.3';

/** From the Debian release that has them all; they are unpacked here, not installed. */
const UNPACKED = { suite: 'trixie', packages: ['docker-buildx', 'docker-registry', 'busybox-static'] };
const GO = ['golang-1.24-go', 'golang-1.24-src'];

/** Packages of the machine's own Debian release, by one of their commands. */
const INSTALLED: { readonly [command: string]: string } = {
  dockerd: 'docker.io',
  iptables: 'iptables',
  ip: 'iproute2',
  dnsmasq: 'dnsmasq-base',
  openssl: 'openssl',
  jq: 'jq',
};

const unpacked = path.join(cacheFolder, 'debian');

export const tools = {
  buildx: path.join(unpacked, 'usr/libexec/docker/cli-plugins/docker-buildx'),
  registry: path.join(unpacked, 'usr/bin/docker-registry'),
  busybox: path.join(unpacked, 'usr/bin/busybox'),
  buildkitd: path.join(cacheFolder, 'bin', 'buildkitd'),
  buildctl: path.join(cacheFolder, 'bin', 'buildctl'),
};

/** The reason why no engine can run on this machine; undefined if one can. */
export function missingEngineReason(): string | undefined {
  if (process.platform !== 'linux') {
    return `a Docker engine of our own needs Linux, this is ${process.platform}`;
  }
  if (process.getuid?.() !== 0) {
    return 'a Docker engine of our own needs root';
  }
  if (!isCommand('apt-get')) {
    return 'the packages of the engine come from Debian, and there is no apt-get';
  }
  const namespaces = spawnSync('unshare', ['--mount', '--net', '--pid', '--fork', 'true'], { encoding: 'utf8' });
  return namespaces.status === 0 ? undefined : `the system lets us make no namespaces: ${namespaces.stderr.trim()}`;
}

/** Installs, unpacks and compiles the missing tools. */
export function prepareTools(): void {
  mkdirSync(cacheFolder, { recursive: true });
  const missing = Object.keys(INSTALLED).filter((command) => !isCommand(command)).map((command) => INSTALLED[command]);
  if (missing.length > 0) {
    step(`Installing ${missing.join(', ')}`);
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  }
  const withGo = isCommand('go') ? [] : GO;
  if (![tools.buildx, tools.registry, tools.busybox].every(existsSync)) {
    unpack([...UNPACKED.packages, ...withGo]);
  }
  if (![tools.buildkitd, tools.buildctl].every(existsSync)) {
    compileBuildKit(withGo.length > 0 ? path.join(unpacked, 'usr/lib/go-1.24/bin/go') : 'go');
  }
}

/** With a separate apt configuration, so that the sources of the machine do not change. */
function unpack(packages: string[]): void {
  step(`Unpacking ${packages.join(', ')} of Debian ${UNPACKED.suite}`);
  const apt = path.join(cacheFolder, 'apt');
  ['state/lists/partial', 'cache/archives/partial', 'packages'].forEach((folder) => mkdirSync(path.join(apt, folder), { recursive: true }));
  const [mirror] = outputOf('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Label: Debian']).split('\n');
  writeFileSync(path.join(apt, 'sources.list'), `deb ${mirror} ${UNPACKED.suite} main\n`);
  const options = ['Etc::sourcelist=sources.list', 'Etc::sourceparts=-', 'State=state', 'Cache=cache']
    .map((option) => option.replace(/=(?!-)/, `=${apt}/`))
    .flatMap((option) => ['-o', `Dir::${option}`])
    .concat('-o', 'Acquire::Languages=none', '-o', 'APT::Sandbox::User=root');
  run('apt-get', [...options, 'update', '-qq']);
  run('apt-get', [...options, 'download', '-qq', ...packages], { cwd: path.join(apt, 'packages') });
  for (const name of packages) {
    run('sh', ['-c', `dpkg-deb -x ${name}_*.deb "$0"`, unpacked], { cwd: path.join(apt, 'packages') });
  }
}

/** `go install` rejects the module, because its go.mod has exclusions. */
function compileBuildKit(go: string): void {
  step(`Compiling BuildKit ${BUILDKIT}`);
  const source = path.join(cacheFolder, 'buildkit');
  const { Dir } = JSON.parse(outputOf(go, ['mod', 'download', '-json', `github.com/moby/buildkit@${BUILDKIT}`])) as { Dir: string };
  rmSync(source, { recursive: true, force: true });
  cpSync(Dir, source, { recursive: true });
  // The module cache is read-only, and so is a copy of it.
  chmodSync(source, 0o755);
  ['go.mod', 'go.sum'].forEach((file) => chmodSync(path.join(source, file), 0o644));
  run(go, ['build', '-mod=mod', '-trimpath', '-ldflags=-s -w', '-o', `${path.dirname(tools.buildkitd)}/`, './cmd/buildkitd', './cmd/buildctl'], {
    cwd: source,
    env: { ...process.env, CGO_ENABLED: '0' },
  });
  rmSync(source, { recursive: true, force: true });
}

function isCommand(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v "${name}"`]).status === 0;
}
