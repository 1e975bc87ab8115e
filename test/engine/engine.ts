import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Project } from './deployed';
import { HOME_ON_MACHINE, MACHINE_ENVIRONMENT, onMachine } from '../../scripts/engine/machine';
import { ECR } from '../../scripts/engine/network';
import { cacheFolder } from '../../scripts/engine/tools';
import { Build, Machine, runBuild, writeFiles } from '../helpers/code-build-agent';

/** Whether `npm run test:release` has put this process into the network of registries; if not, docker and aws are stand-ins. */
export const engine = process.env.RELEASE_ENGINE === '1';

/** A test of what no stand-in can show. */
export const onEngine = engine ? test : test.skip;

const builds = join(cacheFolder, 'builds');
let count = 0;

export interface RunOptions {
  /** The files of the source by path, or a folder that is copied. */
  readonly source?: { readonly [path: string]: string } | string;
  /** Changes the source after it was written. */
  readonly change?: (source: string) => void;
  readonly buildNumber?: number;
  /** More variables that CodeBuild sets. */
  readonly variables?: { readonly [name: string]: string };
  /** What Secrets Manager holds, by key. */
  readonly secret?: { readonly [key: string]: string };
  /** The folders of further input artifacts, by name. */
  readonly inputs?: { readonly [artifact: string]: string };
  /** The archive that stands for the cache in S3; whoever gives it keeps it from build to build. */
  readonly cache?: string;
  /** Commands of the build machine that do something else than they should: the body of a shell script, by name. */
  readonly broken?: { readonly [command: string]: string };
}

export interface Release extends Build {
  /** Bytes of the output artifact. */
  readonly size: number;
  /** Reads a file of the output artifact. */
  released(file: string): string;
}

const PLACEHOLDER = { username: 'REPLACE_ME', password: 'generated', registry: 'ghcr.io' };

/** Runs a build of a project on a new machine. */
export function build(project: Project, options: RunOptions = {}): Release {
  const home = join(builds, `${process.pid}-${++count}`);
  const machine = engine ? engineMachine(home) : standInMachine(home);
  const source = join(home, 'src');
  mkdirSync(source, { recursive: true });
  if (typeof options.source === 'string') {
    cpSync(options.source, source, { recursive: true });
  } else {
    writeFiles(source, options.source ?? {});
  }
  options.change?.(source);
  const inputs = Object.entries(options.inputs ?? {});
  inputs.forEach(([artifact, folder]) => cpSync(folder, join(home, 'inputs', artifact), { recursive: true }));
  for (const [command, body] of Object.entries(options.broken ?? {})) {
    writeFileSync(join(home, 'root/bin', command), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
  }

  const result = runBuild(engine ? project.spec : within(home, project.spec), machine, {
    source,
    cache: options.cache,
    environment: {
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_REGION: 'us-east-1',
      CODEBUILD_BUILD_NUMBER: String(options.buildNumber ?? 7),
      CODEBUILD_RESOLVED_SOURCE_VERSION: '0123456789abcdef0123456789abcdef01234567',
      CODEBUILD_SRC_DIR: join(machine.seenAs, 'src'),
      ...Object.fromEntries(inputs.map(([artifact]) => [`CODEBUILD_SRC_DIR_${artifact}`, join(machine.seenAs, 'inputs', artifact)])),
      ...options.variables,
      ...project.environment(options.secret ?? PLACEHOLDER),
    },
  });
  return {
    ...result,
    released: (file) => readFileSync(join(result.artifactFolder, file), 'utf8'),
    size: result.artifact.reduce((sum, file) => sum + statSync(join(result.artifactFolder, file)).size, 0),
  };
}

function engineMachine(home: string): Machine {
  const command = onMachine(home);
  return {
    home,
    seenAs: HOME_ON_MACHINE,
    environment: MACHINE_ENVIRONMENT,
    real: (path) => join(home, path),
    command: (script) => [...command, script],
  };
}

/** Takes a Dockerfile that is there for an image, and its digest for that of the image. */
const DOCKER = `#!/bin/bash
case "$1" in
  login) [ -n "$(cat)" ] ;;
  buildx)
    [ "$2" = build ] || exit 0
    for argument; do
      case "$previous" in
        --file) dockerfile=$argument ;;
        --metadata-file) metadata=$argument ;;
        --cache-to) cache=\${argument##*dest=} ;;
      esac
      previous=$argument
    done
    [ -d "$argument" ] && ! grep 'RUN false' "$dockerfile" || exit 1
    printf '{ "containerimage.digest": "sha256:%s" }' "$(sha256sum < "$dockerfile" | cut -c 1-64)" > "$metadata"
    mkdir -p "$cache" && touch "$cache/index.json" ;;
esac
`;

function standInMachine(home: string): Machine {
  ['root/bin', 'tmp'].forEach((folder) => mkdirSync(join(home, folder), { recursive: true }));
  writeFileSync(join(home, 'root/bin/docker'), DOCKER, { mode: 0o755 });
  writeFileSync(join(home, 'root/bin/aws'), '#!/bin/bash\necho password\n', { mode: 0o755 });
  return {
    home,
    seenAs: home,
    environment: { PATH: `${home}/root/bin:${process.env.PATH}`, HOME: `${home}/root` },
    real: (path) => path,
    command: (script) => [script],
  };
}

/** Without a machine of its own, a build must not write to the paths of this one. */
function within<T>(home: string, spec: T): T {
  return JSON.parse(JSON.stringify(spec).replaceAll(/\/(tmp|root)\//g, `${home}/$1/`)) as T;
}

/** Removes what the machines of a test file left behind. */
export function removeBuilds(): void {
  rmSync(builds, { recursive: true, force: true });
}

/** The digest that the registry knows an image of ours by. */
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
