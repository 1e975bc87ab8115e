import { execFileSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { CfnResource } from 'aws-cdk-lib';
import { Project, projectOf } from './deployed';
import { build, engine, onEngine, removeBuilds } from './engine';
import { tools } from '../../scripts/engine/tools';
import { EnvironmentOptions, PipelineEnvironment } from '../../src';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

afterAll(removeBuilds);

const GREETING = "it's \"$HOME\" & `more`";
const PATH = '/{x,y}/../a[1-3]?q=%2e';

/** One image for all tests: the first argument of the command selects its behaviour. */
const SERVE = `
const { createServer } = require('http');
const { readFileSync, existsSync, writeFileSync } = require('fs');
const [mode] = process.argv.slice(2);
console.log('started as ' + mode);
const plain = (answer) => createServer(answer);
const ok = (request, response) => response.end('fine');
const read = (file) => { try { return readFileSync(file, 'utf8').trim(); } catch { return ''; } };
const writable = (file) => { try { writeFileSync(file, ''); return true; } catch { return false; } };
const modes = {
  // Says how it was started and asked.
  tells: () => plain((request, response) => {
    const limit = /^Max open files +(\\d+) +(\\d+)/m.exec(read('/proc/self/limits')).slice(1);
    const state = {
      greeting: process.env.GREETING,
      words: process.argv.slice(3),
      path: request.url,
      agent: request.headers['user-agent'],
      host: request.headers.host.replace(/^172(\\.\\d+){3}/, '<address>'),
      files: limit.join(),
      user: process.getuid(),
      folder: process.cwd(),
      first: read('/proc/1/comm'),
      memory: parseInt(read('/sys/fs/cgroup/memory.max') || read('/sys/fs/cgroup/memory/memory.limit_in_bytes')),
      cpu: parseInt(read('/sys/fs/cgroup/cpu.max') || read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us')),
      canWrite: writable('/home/node/written'),
      isMounted: read('/proc/mounts').includes(' /data '),
    };
    console.log('state ' + JSON.stringify(state));
    response.end();
  }).listen(8080),
  fails: () => { console.log('cannot reach the database'); process.exit(3); },
  ends: () => undefined,
  deaf: () => setTimeout(() => undefined, 600000),
  lost: () => plain((request, response) => { response.statusCode = 404; response.end('no such thing'); }).listen(8080),
  takes: () => { const held = []; for (let i = 0; i < 70; i++) { held.push(Buffer.alloc(10 << 20, 1)); } plain(ok).listen(8080); },
  sixes: () => plain(ok).listen({ host: '::', port: 8080, ipv6Only: true }),
  encrypts: () => require('https').createServer({ key: readFileSync('/key.pem'), cert: readFileSync('/cert.pem') }, ok).listen(8080),
  writes: () => { writeFileSync('/written', ''); plain(ok).listen(8080); },
};
modes[mode]();
`;

/** An environment with an overridden container. */
interface Trial {
  readonly options: EnvironmentOptions;
  readonly overrides?: { readonly [path: string]: unknown };
}

function projectsOf({ options, overrides = {} }: Trial): { readonly image: Project; readonly trial: Project } {
  const stack = newStack();
  const pipeline = pipelineIn(stack, {
    healthCheckPath: PATH,
    environments: [new PipelineEnvironment('staging', options), new PipelineEnvironment('production')],
  });
  const definition = pipeline.deployment('staging').taskDefinition.node.defaultChild as CfnResource;
  Object.entries(overrides).forEach(([path, value]) => definition.addPropertyOverride(path, value));
  const template = templateOf(stack);
  const trial = projectOf(template, 'project-test-dev');
  const environment = Object.fromEntries(Object.entries(trial.environment)
    .map(([name, value]) => [name, value.replace(/^--ulimit=nofile=65535:65535$/, `--ulimit=nofile=${FILES}:${FILES}`)]));
  return { image: projectOf(template, 'project-build-dev'), trial: { ...trial, environment } };
}

/** Fargate's limit of open files, or the highest that this machine can set: some sandboxes may not raise it. */
const FILES = execFileSync('bash', ['-c', 'ulimit -n 65535 2> /dev/null; ulimit -n'], { encoding: 'utf8' }).trim();

const mode = (...command: string[]): Trial => ({ options: { tasks: { command } } });
const container = (key: string) => `ContainerDefinitions.0.${key}`;

const AS_STAGING: Trial = {
  options: { cpu: 512, memoryLimitMiB: 1024, containerEnvironment: { GREETING }, tasks: { command: ['tells', 'the "shop"', '', '--rm'] } },
  overrides: {
    [container('EntryPoint')]: ['node', '/serve.js'],
    [container('ReadonlyRootFilesystem')]: true,
    [container('User')]: '1000:1000',
    [container('WorkingDirectory')]: '/tmp',
    [container('MountPoints')]: [{ ContainerPath: '/data', SourceVolume: 'data' }],
    [container('HealthCheck')]: { Command: ['CMD', 'node', '-e', 'if (process.getuid() !== 1000) { process.exit(1); }'] },
  },
};

const STATE = {
  greeting: GREETING,
  words: ['the "shop"', '', '--rm'],
  path: PATH,
  agent: 'ELB-HealthChecker/2.0',
  host: '<address>:8080',
  files: `${FILES},${FILES}`,
  user: 1000,
  folder: '/tmp',
  first: 'docker-init',
  memory: 1024 ** 3,
  cpu: 50_000,
  canWrite: false,
  isMounted: true,
};

const entry = (...words: string[]): Trial => ({ options: {}, overrides: { [container('EntryPoint')]: words } });

/** The failures, with the messages in the log of the build. */
const FAILURES: { readonly [what: string]: { readonly trial: Trial; readonly says: (string | RegExp)[]; readonly seconds?: number } } = {
  'has no such path': { trial: mode('lost'), says: ['| started as lost', 'responded with 404 instead of 200.', 'The response starts with: no such thing'] },
  'exits': { trial: mode('fails'), says: ['| cannot reach the database', 'exited with code 3. Does it need an environment variable or a secret?'] },
  'ends': { trial: mode('ends'), says: ['| started as ends', 'exited with code 0: its program ended, or continued in the background'] },
  'never listens': { trial: mode('deaf'), seconds: 1, says: ['| started as deaf', 'nothing listens on port 8080 or on any other port'] },
  'uses 700 MB with a limit of 512 MiB': { trial: mode('takes'), says: ['exited with code 137: it needs more memory than 512 MiB.'] },
  'listens over IPv6 only': { trial: mode('sixes'), says: ['listens on port 8080 over IPv6 only'] },
  'speaks TLS': { trial: mode('encrypts'), says: ['did not respond.', 'speaks TLS (HTTPS) on port 8080'] },
  'writes to a read-only file system': {
    trial: { ...mode('writes'), overrides: { [container('ReadonlyRootFilesystem')]: true } },
    says: ["| Error: EROFS: read-only file system, open '/written'", 'exited with code 1', 'Its log says that it writes to a read-only file system'],
  },
  'is built for another CPU architecture': {
    trial: entry('/foreign'), says: [/exited with code \d+: its program is built for a..64, but the CPU architecture here, as in the task, is a..64/],
  },
  'names a missing program': { trial: entry('missing'), says: ['exited with code 127: missing, or what it starts, is not in the image.'] },
  'cannot be executed': { trial: entry('/cert.pem'), says: ['exited with code 126: /cert.pem, or what it starts, cannot be executed.'] },
  'has no program for the health check of its container': {
    trial: { ...mode('tells'), overrides: { [container('HealthCheck')]: { Command: ['CMD-SHELL', 'curl -f localhost'] } } },
    says: ['The health check of the container, /bin/sh -c curl -f localhost, exited with code 127.', 'It wrote: /bin/sh: curl: not found'],
  },
};

describe('the test stage of a built image', () => {
  let digest: { readonly IMAGE_DIGEST: string };
  let trials: { readonly [what: string]: { readonly status: string; readonly output: string; readonly log: string } };

  beforeAll(() => {
    if (engine) {
      const release = build(projectsOf(AS_STAGING).image, {
        files: {
          'Dockerfile': 'FROM public.ecr.aws/docker/library/node:22-alpine\nCOPY serve.js key.pem cert.pem foreign /\nENTRYPOINT ["node", "/serve.js"]\n',
          'serve.js': SERVE,
          ...certificate(),
        },
        change: (source) => writeFileSync(join(source, 'foreign'), foreignProgram(), { mode: 0o755 }),
      });
      expect(release.status).toBe(0);
      digest = { IMAGE_DIGEST: release.exported.IMAGE_DIGEST };
      trials = tryAll({ asStaging: { trial: AS_STAGING }, ...FAILURES });
    }
  });

  /** All trials in one build, which starts Docker and pulls the image once; each is what the build phase of its project does. */
  function tryAll(all: { readonly [what: string]: { readonly trial: Trial; readonly seconds?: number } }): typeof trials {
    const [[, { trial: first }]] = Object.entries(all);
    const { spec } = projectsOf(first).trial;
    const commands = Object.entries(all).map(([, { trial, seconds = 4 }]) => {
      const project = projectsOf(trial).trial;
      const variables = Object.entries({ ...project.environment, STARTUP_SECONDS: String(seconds) })
        .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`).join('');
      return `(${variables}${project.spec.phases.build.commands.join('\n')}\n)\necho "=== $? ==="\ndocker logs candidate; docker rm --force candidate; echo "=== ==="`;
    });
    const one = { ...spec, phases: { ...spec.phases, build: { commands: ['echo "=== ==="', ...commands] } } };
    const { output } = build({ spec: one, environment: {}, secrets: () => ({}) }, { variables: digest });
    const [, ...parts] = output.split('=== ===\n');
    return Object.fromEntries(Object.keys(all).map((what, index) => {
      const [said, status, log] = parts[index].split(/=== (\d+) ===\n/);
      return [what, { status, output: said, log }];
    }));
  }

  onEngine('the test stage passes when the health path responds', () => {
    const result = build(projectsOf(AS_STAGING).trial, { variables: digest });

    expect(result.output).toContain(`@${digest.IMAGE_DIGEST} is healthy`);
    expect(result.phases).toEqual({ install: 'SUCCEEDED', pre_build: 'SUCCEEDED', build: 'SUCCEEDED', post_build: 'SUCCEEDED' });
  });

  onEngine('the test stage runs the image with the task definition of the first environment, and sends the request of its load balancer', () => {
    const { status, log } = trials.asStaging;

    expect(JSON.parse(/^state (.*)$/m.exec(log)![1])).toEqual(STATE);
    expect(status).toBe('0');
  });

  onEngine.each(Object.entries(FAILURES))('the test stage fails and reports the reason when the image %s', (what, { says }) => {
    const { status, output } = trials[what];

    expect(status).toBe('1');
    says.forEach((each) => expect(output).toMatch(typeof each === 'string' ? new RegExp(each.replace(/[\^$.*+?()[\]{}|]/g, '\\$&')) : each));
    expect(output).not.toContain('is healthy');
  });
});

function certificate(): { readonly [file: string]: string } {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((file) => join(folder, file));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=app', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const files = { 'key.pem': readFileSync(key, 'utf8'), 'cert.pem': readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return files;
}

/** A program whose header names the other processor of the two. */
function foreignProgram(): Buffer {
  const program = readFileSync(tools.busybox);
  const MACHINE = 18;
  program[MACHINE] = program[MACHINE] === 0x3e ? 0xb7 : 0x3e;
  return program;
}
