import { linkSync, mkdirSync, writeFileSync } from 'fs';
import * as path from 'path';
import { tools } from './tools';

/**
 * The stand-in for the AWS CLI on a build machine of the engine. It prints the password that the registry of `network.ts` knows, and
 * the value of the one secret, which is in a file. ECR Public refuses its login, because the stand-in for it
 * has none, and every build must do without.
 */
const AWS = `#!/bin/bash
if [ "$*" = "ecr get-login-password --region us-east-1" ]; then
  echo "aws is a stand-in: it gives the password of the registry on this machine" >&2
  echo ecr-password
elif [ "$*" = "ecr-public get-login-password --region us-east-1" ]; then
  echo "AccessDeniedException: the stand-in for aws refuses the login to ECR Public" >&2
  exit 254
elif [ "$1 $2 $3" = "secretsmanager get-secret-value --secret-id" ] && [[ "$4" = arn:aws:secretsmanager:* ]] \\
  && [ "\${*:5}" = "--query SecretString --output text" ] && [ -e /root/secret.json ]; then
  cat /root/secret.json
else
  echo "the stand-in for aws does not know: aws $*" >&2
  exit 252
fi
`;

/** Each process that runs builds runs one at a time. */
const WORKER = Number(process.env.JEST_WORKER_ID ?? 0);
const NETWORK = `machine-${WORKER}`;

/** The path of the machine's folder inside the machine; a folder that exists on every Debian and is empty. */
export const HOME_ON_MACHINE = '/srv';

/**
 * The command that runs a script, to be added as the last parameter, on a machine of its own, as each build of CodeBuild has one: with
 * an empty /root, /tmp and /run, with a network of its own, no Docker running, and with no process left when the script ends, however
 * it ends.
 *
 * The machine is made of namespaces of the kernel: its programs and libraries are those of this one. What it writes is found in `home`.
 */
export function onMachine(home: string, secret?: string): [command: string, ...parameters: string[]] {
  for (const folder of ['root/bin', 'root/.docker/cli-plugins', 'tmp']) {
    mkdirSync(path.join(home, folder), { recursive: true });
  }
  writeFileSync(path.join(home, 'root/bin/aws'), AWS, { mode: 0o755 });
  if (secret !== undefined) {
    writeFileSync(path.join(home, 'root/secret.json'), secret);
  }
  linkSync(tools.buildx, path.join(home, 'root/.docker/cli-plugins/docker-buildx'));
  const start = [
    `mount --bind '${home}' ${HOME_ON_MACHINE}`,
    ...['root', 'tmp'].map((folder) => `mount --bind ${HOME_ON_MACHINE}/${folder} /${folder}`),
    // Docker stores everything here; in memory this is fast, and it disappears with the machine.
    'mount -t tmpfs -o size=8g tmpfs /run',
    'cd /',
    'exec "$0"',
  ].join(' && ');
  const machine = `nsenter --net=/run/netns/${NETWORK} unshare --mount --pid --fork --kill-child --mount-proc bash -c "$0" "$1"`;
  return ['bash', '-c', `${CONNECT} && exec ${machine}`, start];
}

/**
 * A cable between the network that this process is in, where the registries listen, and one of the machine. Two builds at once share
 * neither ports nor Docker's bridge.
 */
const CONNECT = [
  // Leftovers of the previous build; the kernel removes a network, and its contents, some time after its name.
  `{ ip link delete cable-${WORKER}; ip netns delete ${NETWORK}; } 2> /dev/null; true`,
  `ip netns add ${NETWORK}`,
  `ip link add cable-${WORKER} type veth peer name eth0 netns ${NETWORK}`,
  `ip address add 10.98.${WORKER}.1/24 dev cable-${WORKER}`,
  `ip link set cable-${WORKER} up`,
  ...[
    `address add 10.98.${WORKER}.2/24 dev eth0`, 'link set eth0 up', 'link set lo up', `route add default via 10.98.${WORKER}.1`,
  ].map((change) => `ip -netns ${NETWORK} ${change}`),
].join(' && ');

/** The environment that every process of a machine starts with. */
export const MACHINE_ENVIRONMENT = {
  HOME: '/root',
  PATH: '/root/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
};

/** Starts the Docker daemon of a machine, and waits until it responds. */
export const START_DOCKER = `dockerd > /tmp/dockerd.log 2>&1 &
timeout 60 sh -c 'until docker info > /dev/null 2>&1; do sleep 0.2; done' || { cat /tmp/dockerd.log; exit 1; }`;
