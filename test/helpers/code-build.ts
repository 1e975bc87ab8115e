import { createHash } from 'crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Build, Machine, runBuild } from './code-build-agent';
import { SynthesisedTemplate } from './synthesis';
import { all, BuildSpec, buildSpecOf } from './templates';

/** The buildspec of the project with a name. */
export function buildSpecOfProject(template: SynthesisedTemplate, name: string): BuildSpec {
  const found = all(template, 'AWS::CodeBuild::Project').filter(([, { Name }]) => Name === name);
  expect(found).toHaveLength(1);
  return buildSpecOf(found[0][1]);
}

/** The digest that the stand-in below pushes. */
export const DIGEST = `sha256:${'a1'.repeat(32)}`;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A cache of one layer, as BuildKit exports it. */
export interface CachedLayers {
  /** The digests of the manifest and of the layer. */
  readonly manifest: string;
  readonly layer: string;
  /** Every file, by its path in the folder of the cache. */
  readonly files: { readonly [path: string]: string };
}

/** The cache of a build whose one layer has this content. */
export function cachedLayers(content: string): CachedLayers {
  const layer = sha256(content);
  // A digest that belongs to no file of the cache.
  const annotations = { 'containerd.io/uncompressed': `sha256:${'a0'.repeat(32)}` };
  const manifestText = JSON.stringify({ layers: [{ digest: `sha256:${layer}`, size: content.length, annotations }] });
  const manifest = sha256(manifestText);
  const index = JSON.stringify({ schemaVersion: 2, manifests: [{ digest: `sha256:${manifest}` }] });
  return { manifest, layer, files: { 'index.json': index, [`blobs/sha256/${manifest}`]: manifestText, [`blobs/sha256/${layer}`]: content } };
}

/** The cache that the stand-in below exports. */
export const EXPORTED = cachedLayers('layer');

/**
 * A stand-in for what `docker buildx build` does beside the image: the metadata, and the layers of a cache that is a folder.
 * It notes its words and the context.
 */
export const BUILDX = buildx(`
  [ -z "$CACHE_FOLDER" ] || {
    mkdir -p "$CACHE_FOLDER/blobs/sha256" && cd "$CACHE_FOLDER"
    ${Object.entries(EXPORTED.files).map(([file, content]) => `printf %s '${content}' > ${file}`).join('\n    ')}
  }
  METADATA='"cache.manifest": "sha256:${EXPORTED.manifest}", '`);

/** The same for an image without a layer of its own, and for a failed export: BuildKit writes nothing, and succeeds. */
export const BUILDX_WITHOUT_EXPORT = buildx('');

/** The exported cache is in a folder if `$CACHE_FOLDER` is set. */
function buildx(exportCache: string): string {
  return `
if [ "$1 $2" = "buildx build" ]; then
  if [[ " $* " = *" --push "* ]]; then
    printf '%s\\0' "$@" > "$CODEBUILD_SRC_DIR/words"
    readlink "\${!#}" > "$CODEBUILD_SRC_DIR/context"
  fi
  FILE=/dev/null METADATA=
  while [ $# -gt 0 ]; do
    case "$1" in
      --metadata-file) FILE="$2" ;;
      --cache-to)
        CACHE_FOLDER=; if [[ "$2" = type=local* ]]; then CACHE_FOLDER="\${2##*dest=}"; CACHE_FOLDER="\${CACHE_FOLDER%%,*}"; fi
        ${exportCache} ;;
    esac
    shift
  done
  printf '{%s\\n  "containerimage.config.digest": "sha256:${'f'.repeat(64)}",\\n  "containerimage.digest": "${DIGEST}"\\n}' "$METADATA" > "$FILE"
fi`;
}

export interface Run extends Build {
  /** Each call of a stand-in, as `docker buildx build …`. */
  readonly calls: string[];
  /** Reads a file of the source folder. */
  read(path: string): string;
  exists(path: string): boolean;
  /** The names of everything in a folder, sorted. */
  list(path: string): string[];
}

/** Commands that stand in for those of a machine: the bodies of shell scripts. */
export interface StandIns {
  readonly [command: string]: string;
}

/** The secret until the user stores real credentials. */
export const PLACEHOLDER = '{"username":"REPLACE_ME","password":"pa55-w0rd"}';

/** A stand-in for the AWS CLI that gives the value of the one secret, and a token for each login. */
export function awsWith(secret: string): string {
  return `case "$1" in\n  secretsmanager) printf %s ${quoted(secret)} ;;\n  *) echo token ;;\nesac`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Creates a machine in a folder of this one, with stand-ins that record their calls. */
export function localMachine(home: string, standIns: StandIns): Machine {
  mkdirSync(join(home, 'cache'), { recursive: true });
  writeFileSync(join(home, 'calls'), '');
  for (const [command, body] of Object.entries(standIns)) {
    // A login must read its password to the end, otherwise its writer fails with a closed pipe.
    writeCommand(home, command, `echo "${command} $*" >> '${home}/calls'\n[ "$1" != login ] || cat > /dev/null\n${body}`);
  }
  return { home, seenAs: home, root: '/', environment: { PATH: `${home}/bin:${process.env.PATH}`, HOME: home }, command: [] };
}

/** Puts a shell script before the commands of a machine. */
export function writeCommand(home: string, command: string, body: string): void {
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'bin', command), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
}

/** A buildspec whose absolute paths stay inside the folder of a local machine. */
export function inside(home: string, spec: BuildSpec): BuildSpec {
  const text = JSON.stringify(spec).replaceAll('/tmp/', `${home}/`).replaceAll('/root/.cache', join(home, 'cache'));
  return JSON.parse(text) as BuildSpec;
}

/**
 * Runs a buildspec as CodeBuild does, on this machine and in a folder of its own.
 *
 * `docker`, `aws` and `curl` are stand-ins. What they do beyond noting their calls is up to the test.
 */
export function run(spec: BuildSpec, { environment, secrets, files, change, standIns }: {
  readonly environment?: { [name: string]: string };
  readonly secrets?: { [name: string]: string };
  readonly files?: { [path: string]: string };
  readonly change?: (source: string) => void;
  readonly standIns?: StandIns;
} = {}): Run {
  const home = mkdtempSync(join(tmpdir(), 'code-build-'));
  runs.push(home);
  const source = join(home, 'src');
  const machine = localMachine(home, { docker: '', aws: awsWith(PLACEHOLDER), curl: 'printf 200', sleep: '', ...standIns });
  const build = runBuild(inside(home, spec), machine, {
    files,
    change,
    secrets,
    environment: { CODEBUILD_SRC_DIR_Release: join(source, 'release'), ...environment },
  });
  return {
    ...build,
    calls: readFileSync(join(home, 'calls'), 'utf8').trim().split('\n'),
    read: (path: string) => readFileSync(join(source, path), 'utf8'),
    exists: (path: string) => existsSync(join(source, path)),
    list: (path: string) => readdirSync(join(source, path)).sort(),
  };
}

const runs: string[] = [];

/** Removes the leftovers of the runs of a test file. */
export function cleanUp(): void {
  runs.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true }));
}
