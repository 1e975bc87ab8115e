import { randomUUID } from 'crypto';
import { readFileSync, rmSync, statSync } from 'fs';
import { join } from 'path';
import { Project } from './deployed';
import { BUILDKIT_IMAGE } from '../../scripts/engine/images';
import { HOME_ON_MACHINE, MACHINE_ENVIRONMENT, onMachine } from '../../scripts/engine/machine';
import { ECR } from '../../scripts/engine/network';
import { cacheFolder } from '../../scripts/engine/tools';
import { awsWith, BUILDX, inside, localMachine, StandIns, writeCommand } from '../helpers/code-build';
import { Build, BuildOptions, Machine, runBuild } from '../helpers/code-build-agent';

/** True if `npm run test:release` runs this process in the network of registries; otherwise docker and aws are stand-ins. */
export const engine = process.env.RELEASE_ENGINE === '1';

/** A test that needs a real engine. */
export const onEngine = engine ? test : test.skip;

/** The test files run in parallel, each in its own process. */
const builds = join(cacheFolder, 'builds', String(process.pid));
let count = 0;

export interface RunOptions extends Omit<BuildOptions, 'environment' | 'secrets'> {
  /** Additional variables of CodeBuild. */
  readonly variables?: { readonly [name: string]: string };
  /** The values in Secrets Manager, by key. */
  readonly secret?: { readonly [key: string]: string };
  /** Commands of the build machine with a changed behaviour. */
  readonly broken?: StandIns;
}

export interface Release extends Build {
  /** The tag that the build gives its image. */
  readonly tag: string;
  /** Bytes of the output artifact. */
  readonly size: number;
  /** Reads a file of the output artifact. */
  released(file: string): string;
}

const PLACEHOLDER = { username: 'REPLACE_ME', password: 'generated' };

/** Runs a build of a project on a new machine. */
export function build(project: Project, { broken = {}, ...options }: RunOptions = {}): Release {
  const home = join(builds, String(++count));
  const uuid = randomUUID();
  const { secret = PLACEHOLDER } = options;
  const json = JSON.stringify(secret);
  const machine = engine ? engineMachine(home, json) : localMachine(home, { docker: BUILDX, aws: awsWith(json) });
  Object.entries(broken).forEach(([command, body]) => writeCommand(engine ? join(home, 'root') : home, command, body));
  const result = runBuild(engine ? project.spec : inside(home, project.spec), machine, {
    ...options,
    environment: {
      AWS_REGION: 'us-east-1',
      CODEBUILD_BUILD_ID: `project-build-dev:${uuid}`,
      // Replaces the image that is pinned by digest.
      ...(engine && { BUILDKIT_MIRROR: BUILDKIT_IMAGE }),
      ...options.variables,
      ...project.environment,
    },
    secrets: project.secrets(secret),
  });
  return {
    ...result,
    tag: `0123456789ab-${uuid}`,
    released: (file) => readFileSync(join(result.artifactFolder, file), 'utf8'),
    size: result.artifact.reduce((sum, file) => sum + statSync(join(result.artifactFolder, file)).size, 0),
  };
}

function engineMachine(home: string, secret: string): Machine {
  return { home, seenAs: HOME_ON_MACHINE, root: home, environment: MACHINE_ENVIRONMENT, command: onMachine(home, secret) };
}

/** Removes the leftovers of the machines of a test file. */
export function removeBuilds(): void {
  rmSync(builds, { recursive: true, force: true });
}

/** The digest of an image in the test registry. */
export async function digestInRegistry(repository: string, tag: string): Promise<string | null> {
  const answer = await fetch(`https://${ECR.name}/v2/${repository}/manifests/${tag}`, {
    method: 'HEAD',
    headers: {
      Authorization: `Basic ${Buffer.from('AWS:ecr-password').toString('base64')}`,
      Accept: 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json',
    },
  });
  return answer.headers.get('docker-content-digest');
}
