import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { aws_ecr as ecr } from 'aws-cdk-lib';
import { Project, projectOf } from './deployed';
import { build, engine, onEngine, Release, removeBuilds } from './engine';
import { BUSYBOX_IMAGE, CONFIGURED_IMAGE } from '../../scripts/engine/images';
import { ECR, PRIVATE } from '../../scripts/engine/network';
import { cacheFolder } from '../../scripts/engine/tools';
import { BuildCache, BuildSteps, CachedBuildProject, ImageStepsOptions } from '../../src';
import { newStack, templateOf } from '../helpers/synthesis';

afterAll(removeBuilds);

/** A Dockerfile that must become an image, whatever the state of the cache. Add a row for each case from a real repository. */
interface Row {
  readonly dockerfile: string;
  /** True if it creates layers. */
  readonly layers: boolean;
  /** More files in its folder. */
  readonly files?: { readonly [path: string]: string };
  /** Its name, if it is not `Dockerfile`. */
  readonly name?: string;
  readonly options?: ImageStepsOptions;
}

const FROM = `FROM ${BUSYBOX_IMAGE}`;

const ROWS: { readonly [title: string]: Row } = {
  'FROM alone': { dockerfile: `${FROM}\n`, layers: false },
  'settings without a layer': {
    dockerfile: `${FROM}
ENV A=1 B="two words" C='$A'
EXPOSE 8080 53/udp
USER 1000:1000
LABEL quotes="a \\"b\\" 'c'" "key with spaces"=x json={"a":1} empty=
HEALTHCHECK --interval=5s --retries=2 CMD wget -q -O - http://localhost:8080/ || exit 1
STOPSIGNAL SIGINT
VOLUME ["/data"]
SHELL ["/bin/sh", "-ec"]
ENTRYPOINT ["sh"]
CMD ["-c", "echo \\"$A\\""]
`,
    layers: false,
  },
  'scratch with a file': { dockerfile: 'FROM scratch\nCOPY file /\n', layers: true },
  'scratch with only a label': { dockerfile: 'FROM scratch\nLABEL a=b\n', layers: false },
  'an instruction for later images': { dockerfile: `${FROM}\nONBUILD RUN touch /later\n`, layers: false },
  'an image with an instruction for later images': { dockerfile: `FROM ${CONFIGURED_IMAGE}\nRUN test -e /tmp/triggered\n`, layers: true },
  'Windows line endings': { dockerfile: `${FROM}\r\nCOPY file /file\r\nRUN test -s /file && \\\r\n  true\r\n`, layers: true },
  'heredocs': {
    dockerfile: `${FROM}\nRUN <<EOF\nset -e\necho "$HOME" > /home.txt\nEOF\nCOPY <<"EOF" /script.sh\n#!/bin/sh\necho "$1"\nEOF\nRUN sh /script.sh a\n`,
    layers: true,
  },
  'no newline at the end': { dockerfile: `${FROM}\nRUN echo a > /a`, layers: true },
  'instructions in lower case': { dockerfile: `from ${BUSYBOX_IMAGE} as one\nrun echo a > /a\nfrom one\ncopy file /\n`, layers: true },
  'an argument before FROM': { dockerfile: `ARG BASE=${BUSYBOX_IMAGE}\nARG UNUSED\nFROM \${BASE}\nARG BASE\nRUN test -n "$BASE"\n`, layers: true },
  'a platform': { dockerfile: `FROM --platform=$BUILDPLATFORM ${BUSYBOX_IMAGE} AS tools\nRUN echo a > /a\n${FROM}\nCOPY --from=tools /a /\n`, layers: true },
  'a target stage': { dockerfile: `${FROM} AS image\nRUN echo a > /a\n${FROM} AS tests\nRUN false\n`, layers: true, options: { target: 'image' } },
  'a target stage without a layer': { dockerfile: `${FROM} AS image\nENV A=1\n${FROM}\nRUN false\n`, layers: false, options: { target: 'IMAGE' } },
  'stages of which the last has no layer': { dockerfile: `${FROM} AS build\nRUN echo a > /a\n${FROM}\nENV A=1\n`, layers: false },
  'a last stage that is built from another one': { dockerfile: `${FROM} AS build\nRUN echo a > /a\nFROM build AS image\nCMD ["cat", "/a"]\n`, layers: true },
  'a list of ignored files with the Dockerfile': {
    dockerfile: `${FROM}\nCOPY . /app\nRUN test -e /app/file && test ! -e /app/Dockerfile\n`, layers: true, files: { '.dockerignore': '**\n!file\n' },
  },
  'a list of ignored files next to a Dockerfile with another name': {
    dockerfile: `${FROM}\nCOPY . /app\nRUN test -e /app/file && test ! -e /app/secret\n`,
    layers: true,
    name: 'Containerfile',
    files: { 'Containerfile.dockerignore': 'secret\n', 'secret': 'x' },
  },
  'a Dockerfile in a folder of its own': { dockerfile: `${FROM}\nCOPY file /\n`, layers: true, name: "docker/it's ü.Dockerfile" },
  'a byte order mark, comments and empty lines': { dockerfile: `\ufeff# a comment\n\n# escape=x\n  ${FROM}\n\n\t# another\nRUN echo a \\\n  # within\n\n  > /a\n`, layers: true },
  'another escape character': { dockerfile: `# escape=\`\n${FROM}\nRUN echo a \`\n  > "C:\\a"\n`, layers: true },
  'files with unusual names': {
    dockerfile: `${FROM}\nCOPY ["a b.txt", "Ünïcode 日本", "/odd/"]\nCOPY --chmod=755 --chown=1000:1000 --link file /linked/\nADD [f]ile /added/\n`,
    layers: true,
    files: { 'a b.txt': '', 'Ünïcode 日本': '' },
  },
  'steps that change nothing': { dockerfile: `${FROM}\nRUN true\nWORKDIR /\nRUN --mount=type=bind,target=/src test -s /src/file\n`, layers: true },
};

const rows = Object.entries(ROWS).map(([title, row], index) => ({ title, ...row, folder: `row-${index + 1}` }));
type TitledRow = typeof rows[number];

function projectWith(options: ImageStepsOptions): Project {
  const stack = newStack();
  const repository = new ecr.Repository(stack, 'Images', { repositoryName: 'dockerfiles' });
  new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', steps: BuildSteps.image({ repository, ...options }) });
  return projectOf(templateOf(stack), 'project-build-dev');
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** The commands of the build of a row, and before them a line by which to find their part of the log. */
function commandsOf({ folder, name = 'Dockerfile', options }: TitledRow, cache: BuildCache, which: string, before = 'true'): string[] {
  const { spec } = projectWith({ dockerfile: `${folder}/${name}`, context: folder, cache, ...options });
  const { DOCKERFILE, BUILD_TARGET = '', CACHE_IMAGE = '' } = spec.env?.variables ?? {};
  return [
    `export IMAGE_TAG=${folder}-${which} DOCKERFILE=${quoted(DOCKERFILE)} BUILD_CONTEXT=${folder} BUILD_TARGET=${BUILD_TARGET} CACHE_IMAGE=${CACHE_IMAGE}`,
    `echo "== ${folder} ${which}"`,
    'rm -f /tmp/image-metadata.json',
    before,
    ...spec.phases.build?.commands ?? [],
  ];
}

/** The internal cache of BuildKit; a build on another machine has only the exported cache. */
const FORGET = 'docker buildx prune --builder bluegreen --all --force > /dev/null';

/** Builds each row twice on one machine, which costs a fifth of a machine each. */
function buildTwice(built: readonly TitledRow[], cache: BuildCache, forgetCache: string): Release {
  const { spec, ...project } = projectWith({ cache });
  const result = build({
    ...project,
    spec: {
      ...spec,
      phases: {
        ...spec.phases,
        build: { commands: built.flatMap((row) => [...commandsOf(row, cache, 'cold'), FORGET, ...commandsOf(row, cache, 'warm'), FORGET, forgetCache]) },
      },
    },
  }, {
    files: Object.fromEntries(built.flatMap(({ folder, name = 'Dockerfile', dockerfile, files }) =>
      Object.entries({ file: 'content', [name]: dockerfile, ...files }).map(([path, content]) => [`${folder}/${path}`, content]))),
  });
  console.log(`${built.length} Dockerfiles twice: build phase ${result.durations.build} ms`);
  if (result.status !== 0) {
    throw new Error(result.output.slice(-2000));
  }
  return result;
}

/** The part of the log of one build. */
function logOf({ output }: Release, { folder }: TitledRow, which: string): string {
  const [, log = ''] = output.split(`== ${folder} ${which}\n`);
  return log.split('\n== ')[0];
}

/** Returns true if BuildKit ran a step of the Dockerfile, or does not say that all were cached. */
function hasStepsRun(log: string): boolean {
  const steps = [...log.matchAll(/^(#\d+) \[[^\]]*\d+\/\d+\] (?:RUN|COPY|ADD|WORKDIR) .*$/gmi)];
  return steps.some(([, number]) => !log.includes(`\n${number} CACHED\n`));
}

const NOTHING_CACHED = 'No layers were cached: the image adds none, or the export failed (see above)';

/** The expected result of the two builds of a row. */
function expectImages(result: Release, row: TitledRow): void {
  const [cold, warm] = ['cold', 'warm'].map((which) => logOf(result, row, which));
  const [first, second] = [cold, warm].map((log) => /^Pushed \S+@(sha256:[0-9a-f]{64}) /m.exec(log)?.[1]);

  expect(first).toBeDefined();
  expect(second).toBeDefined();
  expect([cold, warm].map((log) => log.includes(NOTHING_CACHED))).toEqual([!row.layers, !row.layers]);
  expect([cold, warm].join()).not.toMatch(/^(#\d+ )?ERROR|WARNING:/m);
  expect(hasStepsRun(cold)).toBe(row.layers);
  // The digest shows that no step ran again: the image holds the time of each. The log does not, because on a busy machine BuildKit
  // prints DONE instead of CACHED for a step whose layer it extracts from the cache.
  if (row.layers) {
    expect(second).toBe(first);
  }
}

describe('images with layers in S3', () => {
  let result: Release;
  beforeAll(() => {
    result = engine ? buildTwice(rows, BuildCache.s3(), 'rm -rf /root/.cache') : result;
  });

  onEngine.each(rows)('$title becomes an image, twice', (row) => expectImages(result, row));
});

describe('images with layers in ECR', () => {
  const some = rows.filter(({ title }) => ['FROM alone', 'heredocs', 'a target stage', 'scratch with only a label'].includes(title));
  let result: Release;
  beforeAll(() => {
    result = engine ? buildTwice(some, BuildCache.registry(), 'true') : result;
  });

  onEngine.each(some)('$title becomes an image twice with layers in ECR', (row) => {
    expectImages(result, row);
    expect(['cold', 'warm'].map((which) => logOf(result, row, which).includes('No layers are cached yet'))).toEqual([true, !row.layers]);
  });
});

describe('the release of an image despite a damaged cache', () => {
  const ROW: TitledRow = {
    title: 'source', folder: 'source', layers: true, dockerfile: `${FROM}\nRUN echo made anew && head -c 100000 /dev/urandom > /random\nCOPY changed /\nRUN test -s /random\n`,
  };
  /** A damage, and what the build prints about it; undefined if it uses the cached layers as if there were none. */
  type Damages = readonly { readonly title: string; readonly damage: string; readonly message?: string }[];

  /** Builds, and then after each damage with a changed file, so that steps run on layers of the first build. */
  function buildDamaged(damages: Damages, cache: BuildCache, restore: string): Release {
    const { spec, ...project } = projectWith({ cache });
    const change = `mkdir -p source; printf %s ${quoted(ROW.dockerfile)} > source/Dockerfile; date +%N > source/changed`;
    const later = damages.flatMap(({ damage }, index) => [FORGET, change, ...commandsOf(ROW, cache, String(index), `${restore}; ${damage}`)]);
    return build({
      ...project,
      spec: { ...spec, phases: { ...spec.phases, build: { commands: [change, ...commandsOf(ROW, cache, 'first'), `cp -a ${LAYERS} /tmp/layers || true`, ...later] } } },
    });
  }

  function expectRelease(result: Release, index: number, message?: string): void {
    const log = logOf(result, ROW, String(index));
    expect(log).toMatch(/^Pushed \S+@sha256:[0-9a-f]{64} /m);
    expect(log).toContain(message ?? 'importing cache manifest');
    expect(/^#\d+ [\d.]+ made anew$/m.test(log)).toBe(message !== undefined);
  }

  const LAYERS = '/root/.cache/bluegreen-layers';
  const LARGEST = 'blobs/sha256/"$(ls -S blobs/sha256 | head -n 1)"';
  const DAMAGED = 'Dropping the cached layers: they are damaged';

  const inS3: Damages = [
    { title: 'a truncated index', damage: 'truncate -s 40 index.json', message: DAMAGED },
    { title: 'an index of another format', damage: 'echo "{}" > index.json', message: DAMAGED },
    { title: 'no layer', damage: `rm ${LARGEST}`, message: DAMAGED },
    { title: 'a truncated layer', damage: `truncate -s 1000 ${LARGEST}`, message: DAMAGED },
    { title: 'a layer of another content', damage: `SIZE="$(stat -c %s ${LARGEST})"; tr a b < ${LARGEST} > /tmp/b; cp /tmp/b ${LARGEST}`, message: DAMAGED },
    { title: 'a folder in the place of a layer', damage: `NAME=${LARGEST}; rm "$NAME"; mkdir "$NAME"`, message: DAMAGED },
    { title: 'folders in the place of its other files', damage: 'rm -rf oci-layout ingest; mkdir -p oci-layout/x index.json.lock/x; touch ingest' },
    { title: 'no room', damage: 'mount -t tmpfs -o size=20k tmpfs /root/.cache', message: 'WARNING: the layers of this build are not cached (see above)' },
  ];
  let s3: Release;
  beforeAll(() => {
    s3 = engine ? buildDamaged(inS3, BuildCache.s3(), `rm -rf ${LAYERS}; cp -a /tmp/layers ${LAYERS}; cd ${LAYERS}`) : s3;
  });

  onEngine.each(inS3)('an image is released with a damaged cache in S3: $title', (damage) => expectRelease(s3, inS3.indexOf(damage), damage.message));

  const UNREADABLE = 'WARNING: the image is built without cached layers, which cannot be read: ERROR: ';
  const inRegistry: Damages = [
    { title: 'a registry that rejects the login', damage: `CACHE_IMAGE=${PRIVATE.name}/acme/layers:layers`, message: UNREADABLE },
    { title: 'a registry that does not respond', damage: `CACHE_IMAGE=${ECR.name}:444/layers:layers`, message: UNREADABLE },
    { title: 'a registry that responds with 500', damage: `CACHE_IMAGE=${ECR.name}/unreadable:layers`, message: UNREADABLE },
    { title: 'a registry that responds with 500 to writes', damage: `CACHE_IMAGE=${ECR.name}/unwritable:layers`, message: NOTHING_CACHED },
  ];
  let registry: Release;
  beforeAll(() => {
    if (engine) {
      // The registry responds with 500 if it finds a file in place of its folder.
      const repositories = join(cacheFolder, 'network/registries', ECR.name, 'docker/registry/v2/repositories');
      mkdirSync(join(repositories, 'unwritable'), { recursive: true });
      ['unreadable', 'unwritable/_uploads'].forEach((file) => writeFileSync(join(repositories, file), ''));
      registry = buildDamaged(inRegistry, BuildCache.registry(), 'true');
    }
  });

  onEngine.each(inRegistry)('an image is released with a failing cache registry: $title', (damage) => expectRelease(registry, inRegistry.indexOf(damage), damage.message));
});
