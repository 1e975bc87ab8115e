import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { projectOf } from './deployed';
import { build, onEngine, Release, removeBuilds, RunOptions } from './engine';
import { BUSYBOX_IMAGE } from '../../scripts/engine/images';
import { BuildCache, BuildSteps } from '../../src';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

afterAll(removeBuilds);

type Files = { readonly [path: string]: string };

/** Runs one build after the other, each on a new machine that shares only the cache. */
function builder(cache: BuildCache, name: string): (files: Files, options?: RunOptions) => Release {
  const stack = newStack();
  pipelineIn(stack, {
    environmentSuffix: name,
    buildSteps: BuildSteps.image({ cache, postBuildCommands: ['echo "shipped: $(docker run --rm "$IMAGE_URI" cat /tool)"'] }),
  });
  const project = projectOf(templateOf(stack), `project-build-${name}`);
  const archive = join(mkdtempSync(join(folder, 'cache-')), 'cache.tar');
  return (files, options) => {
    const result = build(project, { files, cache: archive, ...options });
    if (result.status !== 0) {
      throw new Error(result.output);
    }
    return result;
  };
}

const CACHED = /^#\d+ CACHED$/m;

const shippedBy = ({ output }: Release) => /^shipped: (.*)$/m.exec(output)?.[1];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'layers-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const CACHES: [string, string, BuildCache][] = [['S3', 's3', BuildCache.s3()], ['ECR', 'ecr', BuildCache.registry()]];

/** Takes a tool out of a cache mount, as package managers do. The pause lets a stage without one run first. */
const TOOLS = `FROM ${BUSYBOX_IMAGE} AS tools
COPY version /version
RUN sleep 1
RUN --mount=type=cache,target=/store test -e /store/tool || echo honest > /store/tool; cp /store/tool /tool
`;
const IMAGE = `FROM ${BUSYBOX_IMAGE}\nCOPY --from=tools /tool /version /\n`;

describe.each(CACHES)('layers in %s', (_, name, cache) => {
  onEngine('a rejected Dockerfile that fills a cache mount does not change later images', () => {
    const run = builder(cache, `${name}-d`);
    const honest = (version: string, more = '') => run({ Dockerfile: TOOLS + IMAGE, version, more });
    const evil = `FROM ${BUSYBOX_IMAGE} AS evil\nRUN --mount=type=cache,target=/store echo poisoned > /store/tool; touch /done\n`;

    const first = honest('1');
    const rejected = run({ Dockerfile: `${evil}${TOOLS}${IMAGE}COPY --from=evil /done /\n`, version: '2' });
    const later = [honest('2'), honest('2', 'another file'), honest('2')];

    expect(shippedBy(rejected)).toBe('poisoned');
    expect([first, ...later].map(shippedBy)).toEqual(['honest', 'honest', 'honest', 'honest']);
    // Steps without a cache mount do not come from the rejected build either.
    expect([rejected, ...later].map(({ output }) => CACHED.test(output))).toEqual([false, false, true, true]);
  });

  onEngine('rejected files that fill a cache mount do not change later images of the same Dockerfile', () => {
    const run = builder(cache, `${name}-f`);
    const script = `FROM ${BUSYBOX_IMAGE} AS script\nCOPY script /\nRUN --mount=type=cache,target=/store sh /script && touch /done\n`;
    const Dockerfile = `${script}${TOOLS}${IMAGE}COPY --from=script /done /\n`;

    const first = run({ Dockerfile, version: '1', script: 'true' });
    const rejected = run({ Dockerfile, version: '2', script: 'echo poisoned > /store/tool' });
    const later = run({ Dockerfile, version: '2', script: 'true' });

    expect(shippedBy(rejected)).toBe('poisoned');
    expect([first, later].map(shippedBy)).toEqual(['honest', 'honest']);
  });

  onEngine('a step runs again after 7 days, however often builds have written the cache since', () => {
    const run = builder(cache, `${name}-a`);
    const Dockerfile = `FROM ${BUSYBOX_IMAGE}\nRUN tr -dc a-z < /dev/urandom | head -c 20 > /tool\n`;
    // A period of 7 days begins here.
    const start = 2970 * 7 * 86400;
    const after = (days: number) => shippedBy(run({ Dockerfile }, {
      broken: { date: `[ "$*" = +%s ] || exec /usr/bin/date "$@"; echo ${start + days * 86400}` },
    }));

    const [day0, day6, day7] = [0, 6, 7].map(after);

    expect(day6).toBe(day0);
    expect(day7).not.toBe(day0);
  });
});

// What finds these forms, and what it does then, is one command for both caches.
onEngine.each([
  ['an id', '--mount=type=cache,id=store,target=/store'],
  ['a lock', '--mount=type=cache,target=/store,sharing=locked'],
])('rejected files do not change later images of the same Dockerfile, whose cache mount has %s', (_form, mount) => {
  const run = builder(BuildCache.s3(), 's3-m');
  const script = `FROM ${BUSYBOX_IMAGE} AS script\nWORKDIR /\nCOPY script /\nRUN ${mount} sh /script && touch /done\n`;
  const tools = TOOLS.replace('--mount=type=cache,target=/store', mount).replace('COPY version', 'WORKDIR /\nCOPY version');
  const Dockerfile = `${script}${tools}${IMAGE}COPY --from=script /done /\n`;

  const [rejected, later] = ['echo poisoned > /store/tool', 'true'].map((content) => run({ Dockerfile, version: '1', script: content }));

  expect([rejected, later].map(shippedBy)).toEqual(['poisoned', 'honest']);
});
