import { spawn } from 'child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { createServer } from 'https';
import * as path from 'path';
import { benchmarkLocks } from './benchmark';
import { cacheFolder, tools } from './tools';
import { outputOf, run } from '../command';
import { repository } from '../local-cloud/environment';

/** The registries and the package server of the network, each under the host name that builds use. */
interface Registry {
  readonly name: string;
  readonly address: string;
  /** A line of `htpasswd`; without one anyone may read and write. */
  readonly login?: string;
  /** True if pushed images are kept for the next run. */
  readonly kept: boolean;
}

export const ECR: Registry = {
  name: '111111111111.dkr.ecr.us-east-1.amazonaws.com',
  address: '10.99.0.2',
  login: 'AWS:$2b$04$9G.pwp90E7p.8t.uIgleCeVUmFlwAMOxtZorr6KAVHDCBC9xDCASe',
  kept: false,
};
export const ECR_PUBLIC: Registry = { name: 'public.ecr.aws', address: '10.99.0.3', kept: true };
/** The registry of the user that `RegistryCredentials` are for. */
export const PRIVATE: Registry = {
  name: 'ghcr.io',
  address: '10.99.0.4',
  login: 'acme:$2b$04$Bjs6QQI9eUaaxbg3THbeXubLy2EbqaIb9KVC24N7p3MMtDDYZv0tW',
  kept: true,
};
const REGISTRIES = [ECR, ECR_PUBLIC, PRIVATE];

const NAME_SERVER = '10.99.0.1';
const PACKAGE_SERVER = '10.99.0.5';

const certificates = path.join(cacheFolder, 'certificates');
export const authority = path.join(certificates, 'ca.pem');
/** The certificates that the machine trusts already, and the authority of this network. */
export const trusted = path.join(certificates, 'trusted.pem');
const subject = path.join(certificates, 'names');
const certificate = { key: path.join(certificates, 'key.pem'), cert: path.join(certificates, 'cert.pem') };

const npmCache = path.join(cacheFolder, 'npm');
const exampleLock = path.join(repository, 'examples/us-east-1/app/package-lock.json');
const lockFiles = (): string[] => [exampleLock, ...benchmarkLocks()];

/** Creates the certificates and downloads the packages that the builds install, once. */
export function prepareNetwork(): void {
  const names = [...REGISTRIES.map(({ name }) => name), packageHost()].map((name) => `DNS:${name}`).join(',');
  if (!existsSync(subject) || readFileSync(subject, 'utf8') !== names) {
    makeCertificates(names);
    writeFileSync(subject, names);
  }
  for (const lockFile of lockFiles()) {
    if (!lockedPackages(lockFile).every(({ file }) => existsSync(file))) {
      const app = path.join(cacheFolder, 'app');
      mkdirSync(app, { recursive: true });
      ['package.json', 'package-lock.json'].forEach((file) => writeFileSync(path.join(app, file), readFileSync(path.join(path.dirname(lockFile), file))));
      run('npm', ['ci', '--cache', npmCache, '--no-audit', '--no-fund'], { cwd: app });
      rmSync(app, { recursive: true, force: true });
    }
  }
}

/**
 * Makes the network namespace that this process is in a network with registries and nothing else, and the /etc of its mount namespace
 * one that knows it. Nothing outside can be reached, so a build that would pull from anywhere else fails.
 */
export async function startNetwork(): Promise<void> {
  const folder = path.join(cacheFolder, 'network');
  rmSync(folder, { recursive: true, force: true });
  const hosts = [...REGISTRIES, { name: packageHost(), address: PACKAGE_SERVER }].map(({ name, address }) => `${address} ${name}\n`).join('');
  const files: { readonly [file: string]: string } = {
    'hosts': `127.0.0.1 localhost\n::1 localhost\n${hosts}`,
    'resolv.conf': `nameserver ${NAME_SERVER}\n`,
    'docker/daemon.json': JSON.stringify({
      // Docker's own default is a folder of this machine.
      'data-root': '/run/docker-data',
      ...(!canRaiseLimits() && { 'runtimes': { modest: { path: '/etc/docker/runc' } }, 'default-runtime': 'modest' }),
    }),
    'docker/runc': MODEST_RUNC,
    'ssl/certs/ca-certificates.crt': readFileSync(trusted, 'utf8'),
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.join(folder, 'etc', path.dirname(file)), { recursive: true });
    writeFileSync(path.join(folder, 'etc', file), content, { mode: 0o755 });
  }
  mkdirSync(path.join(folder, 'work'));
  run('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=/etc,upperdir=${folder}/etc,workdir=${folder}/work`, '/etc']);
  run('ip', ['link', 'set', 'lo', 'up']);
  for (const address of [NAME_SERVER, PACKAGE_SERVER, ...REGISTRIES.map((registry) => registry.address)]) {
    run('ip', ['address', 'add', `${address}/32`, 'dev', 'lo']);
  }
  // Containers do not have our /etc, but use the name server in it.
  start('dnsmasq', ['--keep-in-foreground', '--user=root', '--no-resolv', '--bind-interfaces', `--listen-address=${NAME_SERVER}`, '--pid-file=']);
  REGISTRIES.forEach((registry) => startRegistry(registry, folder));
  REGISTRIES.forEach(({ address }) => waitUntilOpen(address, 443));
  waitUntilOpen(NAME_SERVER, 53);
  await servePackages();
}

/** `--privileged` requests every capability, and runc rejects one that the machine does not have; some sandboxes lack this one. */
const MODEST_RUNC = `#!/bin/sh
previous=
for argument; do
  case "$previous" in
    --bundle) file="$argument/config.json" ;;
    --process) file="$argument" ;;
    *) file= ;;
  esac
  [ -z "$file" ] || sed -i -e 's/"CAP_SYS_RESOURCE",//g' -e 's/,"CAP_SYS_RESOURCE"//g' "$file"
  previous=$argument
done
exec runc "$@"
`;

function canRaiseLimits(): boolean {
  const [, bounding] = /^CapBnd:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))!;
  return BigInt(`0x${bounding}`) / 2n ** 24n % 2n === 1n;
}

/** Its processes end with their namespaces. */
function start(command: string, parameters: string[]): void {
  spawn(command, parameters, { stdio: ['ignore', 'ignore', process.env.RELEASE_LOGS ? 'inherit' : 'ignore'] })
    .on('error', (error) => { throw error; });
}

function startRegistry({ name, address, login, kept }: Registry, folder: string): void {
  const logins = path.join(folder, `${name}.htpasswd`);
  const configuration = path.join(folder, `${name}.json`);
  writeFileSync(logins, `${login}\n`);
  writeFileSync(configuration, JSON.stringify({
    version: 0.1,
    storage: { filesystem: { rootdirectory: path.join(kept ? cacheFolder : folder, 'registries', name) } },
    http: { addr: `${address}:443`, tls: { certificate: certificate.cert, key: certificate.key } },
    ...(login && { auth: { htpasswd: { realm: name, path: logins } } }),
  }));
  start(tools.registry, ['serve', configuration]);
}

/** The host in the lock file of the example. */
function packageHost(): string {
  return lockedPackages(exampleLock)[0].url.host;
}

/** Each package of a lock file: its URL path, and the file in npm's cache, which is named after its digest. */
function lockedPackages(lockFile: string): { readonly url: URL; readonly file: string }[] {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as {
    packages: { [folder: string]: { readonly resolved?: string; readonly integrity?: string } };
  };
  return Object.values(packages).flatMap(({ resolved, integrity }) => {
    if (!resolved || !integrity) {
      return [];
    }
    const digest = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
    return { url: new URL(resolved), file: path.join(npmCache, '_cacache/content-v2/sha512', digest.slice(0, 2), digest.slice(2, 4), digest.slice(4)) };
  });
}

async function servePackages(): Promise<void> {
  const files = Object.fromEntries(lockFiles().flatMap(lockedPackages).map(({ url, file }) => [url.pathname, file]));
  const server = createServer({ key: readFileSync(certificate.key), cert: readFileSync(certificate.cert) }, (request, answer) => {
    const file = files[request.url ?? ''];
    answer.writeHead(file ? 200 : 404).end(file && readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(443, PACKAGE_SERVER, resolve));
}

function makeCertificates(names: string): void {
  mkdirSync(certificates, { recursive: true });
  const extension = path.join(certificates, 'extension');
  writeFileSync(extension, `subjectAltName=${names}\n`);
  const request = path.join(certificates, 'request.pem');
  const openssl = (...parameters: string[]) => outputOf('sh', ['-c', 'openssl "$@" 2> /dev/null', 'sh', ...parameters]);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-days', '3650', '-subj', '/CN=release tests', '-keyout', `${authority}.key`, '-out', authority);
  openssl('req', ...key, '-subj', '/CN=release tests', '-keyout', certificate.key, '-out', request);
  openssl('x509', '-req', '-in', request, '-CA', authority, '-CAkey', `${authority}.key`, '-CAcreateserial', '-days', '3650',
    '-extfile', extension, '-out', certificate.cert);
  writeFileSync(trusted, readFileSync('/etc/ssl/certs/ca-certificates.crt', 'utf8') + readFileSync(authority, 'utf8'));
}

/** Waits until a port is open; a minute is enough for any service that still starts. */
function waitUntilOpen(address: string, port: number): void {
  const attempts = 'until (: < "/dev/tcp/$0/$1") 2> /dev/null; do sleep 0.1; done';
  run('timeout', ['60', 'bash', '-c', attempts, address, String(port)]);
}
