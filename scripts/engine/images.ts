import { spawnSync } from 'child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import * as path from 'path';
import { HOME_ON_MACHINE, MACHINE_ENVIRONMENT, onMachine, START_DOCKER } from './machine';
import { authority, ECR_PUBLIC, PRIVATE, trusted } from './network';
import { cacheFolder, tools } from './tools';
import { outputOf, step } from '../command';

/** An image that is built here, because none can be pulled: programs of this machine under the name of a public image. */
interface Image {
  readonly name: string;
  /** The files of the image: a path, or a command of this machine. */
  readonly programs: { readonly [target: string]: string };
  /** Additional folders. */
  readonly folders?: { readonly [target: string]: string };
  /** Lines of a Dockerfile. */
  readonly changes: string[];
}

const PATH = 'ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const node = realpathSync(process.execPath);
const npm = path.join(path.dirname(node), '../lib/node_modules/npm');

export const BUSYBOX_IMAGE = `${ECR_PUBLIC.name}/docker/library/busybox:1`;
/** BuildKit as it was compiled; the digest that the library pins is Docker's own build. */
export const BUILDKIT_IMAGE = `${ECR_PUBLIC.name}/vend/moby/buildkit:compiled`;
/** An image with every setting of an image, and an instruction for images that are built from it. */
export const CONFIGURED_IMAGE = `${ECR_PUBLIC.name}/docker/library/configured:1`;
export const PRIVATE_IMAGE = `${PRIVATE.name}/acme/base:1`;

const IMAGES: Image[] = [
  {
    name: `${ECR_PUBLIC.name}/docker/library/node:22-alpine`,
    programs: { '/usr/local/bin/node': node },
    folders: { '/usr/local/lib/node_modules/npm': npm },
    // Node has its own certificate authorities, so npm would not trust the package server.
    changes: [PATH, 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt', 'CMD ["node"]'],
  },
  {
    name: BUILDKIT_IMAGE,
    programs: { '/usr/bin/buildkitd': tools.buildkitd, '/usr/bin/buildctl': tools.buildctl, '/usr/bin/buildkit-runc': 'runc' },
    changes: [PATH, 'VOLUME /var/lib/buildkit', 'ENTRYPOINT ["buildkitd"]'],
  },
  { name: BUSYBOX_IMAGE, programs: {}, changes: [PATH, 'CMD ["sh"]'] },
  {
    name: CONFIGURED_IMAGE,
    programs: {},
    changes: [
      PATH, 'ENV MOTTO="a \\"b\\" $PATH"', 'ENTRYPOINT ["sh", "-c"]', 'CMD ["true"]', 'EXPOSE 8080/tcp 53/udp', 'USER node', 'VOLUME /data',
      'WORKDIR /home/node', 'LABEL vendor="ACME, Inc."', 'ONBUILD RUN test "$(id -un)" = node && touch /tmp/triggered',
    ],
  },
  { name: PRIVATE_IMAGE, programs: {}, changes: [PATH, 'CMD ["sh"]'] },
];

/** Builds the images, and pushes them to the registries of the network, which keep them for the next run. */
export function prepareImages(): void {
  const done = path.join(cacheFolder, 'images.json');
  const wanted = JSON.stringify([IMAGES, process.version, readFileSync(authority, 'utf8')]);
  if (existsSync(done) && readFileSync(done, 'utf8') === wanted) {
    return;
  }
  step('Building the base images');
  const home = path.join(cacheFolder, 'images');
  rmSync(home, { recursive: true, force: true });
  const commands = IMAGES.map((image, index) => {
    makeRoot(image, path.join(home, String(index)));
    const changes = image.changes.map((change) => `--change '${change}'`).join(' ');
    return `tar -C ${index} -c . | docker import ${changes} - ${image.name} && docker push --quiet ${image.name}`;
  });
  const login = `echo acme-password | docker login --username acme --password-stdin ${PRIVATE.name}`;
  writeFileSync(path.join(home, 'push'), ['set -eo pipefail', 'cd "$(dirname "$0")"', START_DOCKER, login, ...commands, ''].join('\n'), { mode: 0o755 });
  const [command, ...parameters] = onMachine(home);
  const { status, stdout, stderr } = spawnSync(command, [...parameters, `${HOME_ON_MACHINE}/push`], { env: MACHINE_ENVIRONMENT, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`the base images could not be built:\n${stdout}${stderr}`);
  }
  rmSync(home, { recursive: true });
  writeFileSync(done, wanted);
}

/** A root file system: the programs with their libraries, and the applets of BusyBox. */
function makeRoot({ programs, folders }: Image, root: string): void {
  const at = (target: string) => {
    const file = path.join(root, target);
    mkdirSync(path.dirname(file), { recursive: true });
    return file;
  };
  for (const [target, command] of Object.entries(programs)) {
    const program = outputOf('which', [command]).trim();
    copyFileSync(program, at(target));
    chmodSync(at(target), 0o755);
    for (const library of librariesOf(program)) {
      copyFileSync(library, at(library));
    }
  }
  for (const [target, folder] of Object.entries(folders ?? {})) {
    cpSync(folder, at(target), { recursive: true });
  }
  if (folders) {
    symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', at('/usr/local/bin/npm'));
  }
  copyFileSync(tools.busybox, at('/bin/busybox'));
  outputOf(tools.busybox, ['--list']).trim().split('\n').filter((applet) => applet !== 'busybox')
    .forEach((applet) => symlinkSync('/bin/busybox', at(`/bin/${applet}`)));
  symlinkSync('/bin/env', at('/usr/bin/env'));
  copyFileSync(trusted, at('/etc/ssl/certs/ca-certificates.crt'));
  writeFileSync(at('/etc/passwd'), 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n');
  writeFileSync(at('/etc/group'), 'root:x:0:\nnode:x:1000:\n');
  ['/root', '/home/node', '/tmp'].forEach((folder) => mkdirSync(path.join(root, folder), { recursive: true }));
  chmodSync(path.join(root, 'tmp'), 0o1777);
}

/** The shared libraries that a program loads, each a file; none for a static program. */
function librariesOf(program: string): string[] {
  return [...spawnSync('ldd', [program], { encoding: 'utf8' }).stdout.matchAll(/(?:=> |^\t)(\/\S+)/gm)].map(([, library]) => library);
}
