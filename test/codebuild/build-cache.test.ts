import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { aws_ecr as ecr, aws_s3 as s3, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { BuildCache, BuildSteps, CachedBuildProject, CachedBuildProjectProps } from '../../src';
import { BUILDX, BUILDX_WITHOUT_EXPORT, buildSpecOfProject, cachedLayers, cleanUp, DIGEST, EXPORTED, run, Run, StandIns } from '../helpers/code-build';
import { BUILD_UUID } from '../helpers/code-build-agent';
import { violationCodes, refusal } from '../helpers/refusals';
import { statementsOf } from '../helpers/steps';
import { newStack, templateOf } from '../helpers/synthesis';

const OLD = cachedLayers('old layer');
const FOLDER = '../cache/bluegreen-layers';
const DOCKERFILE = 'FROM scratch\n';
const HOST = '111111111111.dkr.ecr.us-east-1.amazonaws.com';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const now = () => Math.floor(Date.now() / 1000);

/** A cache in S3, and the content of the file with its hash and time. */
function writtenBy(text: string, files: { readonly [path: string]: string } = OLD.files): { [path: string]: string } {
  return Object.fromEntries(Object.entries({ ...files, 'written-by': `${text}\n` }).map(([path, content]) => [`${FOLDER}/${path}`, content]));
}

/** Runs commands in the folder of the cache before the build. */
const inLayers = (commands: string) => (source: string) => {
  expect(spawnSync('bash', ['-ec', commands], { cwd: join(source, FOLDER) }).status).toBe(0);
};

/** For each digest, true if the cache contains it after a build. */
const kept = (result: Run, ...digests: string[]) => digests.map((digest) => result.exists(`${FOLDER}/blobs/sha256/${digest}`));

function imageProject(stack: Stack, cache?: BuildCache, props: Partial<CachedBuildProjectProps> = {}): CachedBuildProject {
  const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
  return new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', steps: BuildSteps.image({ repository, cache }), ...props });
}

interface BuildOptions extends Pick<NonNullable<Parameters<typeof run>[1]>, 'files' | 'change' | 'standIns'> {
  readonly cacheImage?: string;
}

function build(stack: Stack, options: BuildOptions = {}): Run {
  return run(buildSpecOfProject(templateOf(stack), 'project-build-dev'), {
    environment: { IMAGE_REPOSITORY: `${HOST}/images`, CACHE_IMAGE: options.cacheImage ?? `${HOST}/cache:layers` },
    files: { Dockerfile: DOCKERFILE, ...options.files },
    change: options.change,
    standIns: { docker: BUILDX, ...options.standIns },
  });
}

const builtWith = (result: Run, option: string) => result.calls.find((call) => call.startsWith('docker buildx build') && call.includes(option)) ?? '';
const built = (result: Run) => builtWith(result, ' --push ');

/** The build that exports the layers of the image to the folder of the cache. */
const exporting = (result: Run) => builtWith(result, ' --output type=cacheonly ');

afterAll(cleanUp);

test('builds pass layers on through the bucket, and read them only if there are any', () => {
  const stack = newStack();
  imageProject(stack);

  const cold = build(stack);
  const warm = build(stack, { files: writtenBy(`${hash(DOCKERFILE)} ${now() - 60}`) });

  expect(buildSpecOfProject(templateOf(stack), 'project-build-dev').cache?.paths).toEqual(['/root/.cache/bluegreen-layers/**/*']);
  expect(built(cold)).not.toContain('--cache-from');
  expect(built(warm)).toMatch(/--cache-from type=local,src=\S+bluegreen-layers /);
  for (const result of [cold, warm]) {
    expect(built(result)).not.toContain('--cache-to');
    expect(exporting(result)).toMatch(/--cache-to type=local,mode=max,dest=\S+bluegreen-layers,compression=zstd /);
    expect(kept(result, EXPORTED.manifest, EXPORTED.layer, OLD.layer)).toEqual([true, true, false]);
  }
});

test.each([
  ['another Dockerfile wrote them', `${hash('FROM busybox')} ${now() - 60}`, 'another Dockerfile wrote them'],
  ['the Dockerfile that wrote them is unknown', '', 'another Dockerfile wrote them'],
  ['the first layer is 7 days old', `${hash(DOCKERFILE)} ${now() - 7 * 86_400}`, 'they are older than 7 days'],
  ['their timestamp is in the future', `${hash(DOCKERFILE)} ${now() + 3600}`, 'they are older than 7 days'],
  ['their timestamp is missing', hash(DOCKERFILE), 'they are older than 7 days'],
  ['their timestamp is a command', `${hash(DOCKERFILE)} a[$(touch$IFS/tmp/pwned)]`, 'they are older than 7 days'],
])('layers are dropped when %s', (_, written, reason) => {
  const stack = newStack();
  imageProject(stack);

  const result = build(stack, { files: { ...writtenBy(written), '../pwned': '' } });

  expect(result.output).toContain(`Dropping the cached layers: ${reason}`);
  expect(built(result)).not.toContain('--cache-from');
  expect(kept(result, OLD.layer)).toEqual([false]);
  const [writer, since] = result.read('../cache/bluegreen-layers/written-by').trim().split(' ');
  expect(writer).toBe(hash(DOCKERFILE));
  expect(Math.abs(Number(since) - now())).toBeLessThan(60);
});

test.each([[1, true], [2, false]])('layers that are one hour short of 2 days old are dropped with an expiration of %d days: %p', (days, dropped) => {
  const stack = newStack();
  imageProject(stack, BuildCache.s3(), { cacheExpiration: Duration.days(days), cacheBucket: s3.Bucket.fromBucketName(stack, 'Theirs', 'theirs') });
  const written = `${hash(DOCKERFILE)} ${now() - 2 * 86_400 + 3600}`;

  const result = build(stack, { files: writtenBy(written) });

  expect(result.output.includes('Dropping the cached layers')).toBe(dropped);
  expect(result.read('../cache/bluegreen-layers/written-by').trim() === written).toBe(!dropped);
});

test('a step with a cache mount has its own cache key in each build', () => {
  for (const cache of [BuildCache.s3(), BuildCache.registry()]) {
    const stack = newStack();
    imageProject(stack, cache);
    expect(built(build(stack))).toContain(`--build-arg BUILDKIT_CACHE_MOUNT_NS=0123456789ab-${BUILD_UUID} `);
  }
});

describe('the hash of a Dockerfile', () => {
  const writer = (mount: string, cache?: BuildCache) => {
    const stack = newStack();
    imageProject(stack, cache);
    const Dockerfile = `FROM scratch\nRUN ${mount} true\n`;
    const result = build(stack, { files: { Dockerfile } });
    expect(result.status).toBe(0);
    return { result, written: result.read('../cache/bluegreen-layers/written-by').split(' ')[0], Dockerfile };
  };

  test.each([
    '', '--mount=type=cache,target=/store', '--mount=target=/root/.npm,type=cache', '--mount=TYPE=cache,dst=/a-b/c_d/e.f,uid=1,gid=2,mode=0755',
    '--mount=type=cache,target=/a --mount=type=cache,destination=/b', '--mount=type=bind,target=/src,id=x', '--mount=type=secret,id=x',
  ])('the hash of a Dockerfile is the same in each build with the mount %p, which is part of the cache key', (mount) => {
    const { result, written, Dockerfile } = writer(mount);

    expect(written).toBe(hash(Dockerfile));
    expect(result.output).not.toContain('No cached layers');
  });

  test.each([
    '--mount=type=cache,id=store,target=/store', '--mount=type=cache,target=/store,sharing=locked', '--mount=type=cache,sharing=shared,target=/store',
    '--mount=type=cache,target=store', '--mount=type=cache,target=/store/', '--mount=type=cache,target=/a//b', '--mount=type=cache,target=/a/../b',
    '--mount=type=cache,target=/a/./b', '--mount=type=cache,target=/$HOME', '--mount=type=cache,from=base,target=/store', '--mount=type=$KIND,target=/store',
    '--mount=type=cache,target=/a --mount=type=cache,id=b,target=/b', '--mount=type=cache,\\\n  target=/store', '--mount=\\\n  type=cache,id=store,target=/store',
    '--mount=type=CACHE,id=store,target=/store', '--mount="type=cache",id=store,target=/store', '--mount=type="cache",id=store,target=/store',
  ])('the hash of a Dockerfile differs in each build with the mount %p, which is not part of the cache key', (mount) => {
    const { result, written, Dockerfile } = writer(mount);

    expect(written).toBe(hash(`${Dockerfile}0123456789ab-${BUILD_UUID}`));
    expect(result.output).toContain('No cached layers are used: a cache mount must be --mount=type=cache,target=<absolute path>, without id and sharing, got ');
  });

  test('the hash of a Dockerfile in the tag of an ECR cache differs in each build, too', () => {
    const stack = newStack();
    imageProject(stack, BuildCache.registry());
    const Dockerfile = 'FROM scratch\nRUN --mount=type=cache,target=/store,sharing=locked true\n';

    const result = build(stack, { files: { Dockerfile } });

    expect(built(result)).toContain(`:layers-${hash(`${Dockerfile}0123456789ab-${BUILD_UUID}`)}-`);
  });
});

describe('the layers in S3 after a build', () => {
  const intact = writtenBy(`${hash(DOCKERFILE)} ${now() - 60}`);
  const reporting = (log: string, files: { [path: string]: string } = intact) => {
    const stack = newStack();
    imageProject(stack);
    return build(stack, { files, standIns: { docker: `[[ " $* " != *" --push "* ]] || printf '${log}' >&2\n${BUILDX}` } });
  };
  const FROM = '#5 [build 1/3] FROM docker.io/library/busybox:1\\n#5 DONE 0.1s\\n';
  const CACHED = '#6 [build 2/3] RUN a\\n#6 sha256:0 1MB / 2MB\\n#7 [stage-1 2/2] COPY x /\\n#7 CACHED\\n#6 [build 2/3] RUN a\\n#6 CACHED\\n';

  test('the layers in S3 stay unchanged when no step ran', () => {
    const result = reporting(`${FROM}${CACHED}`);

    expect(result.output).toContain('The cached layers are unchanged: no step ran');
    expect(exporting(result)).toBe('');
    expect(kept(result, OLD.manifest, OLD.layer, EXPORTED.manifest)).toEqual([true, true, false]);
    expect(result.status).toBe(0);
  });

  test.each<[string, string, { [path: string]: string }]>([
    ['a step ran', `${FROM}${CACHED}#8 [build 3/3] RUN b\\n#8 0.1 #8 CACHED\\n#8 DONE 0.2s\\n`, intact],
    ['the only step ran', `${FROM}#6 [2/2] RUN a\\n#6 DONE 1.0s\\n`, intact],
    ['a step of another platform ran', `${CACHED}#8 [linux/arm64 build 3/3] RUN b\\n#8 DONE 0.2s\\n`, intact],
    ['BuildKit reports in another format', '{"vertexes":[]}\\n', intact],
    ['BuildKit reports nothing', '', intact],
    ['every step came from another cache, and S3 has no layers yet', `${FROM}${CACHED}`, {}],
  ])('the layers in S3 are written when %s', (_, log, files) => {
    const result = reporting(log, files);

    expect(exporting(result)).toContain('--cache-to');
    expect(kept(result, OLD.layer, EXPORTED.manifest, EXPORTED.layer)).toEqual([false, true, true]);
    expect(result.status).toBe(0);
  });

  test('the layers in S3 stay unchanged when the export fails, and the image is still released', () => {
    const stack = newStack();
    imageProject(stack);
    const docker = `[[ " $* " != *" --output "* ]] || { echo "ERROR: no space left on device" >&2; exit 1; }\n${BUILDX}`;

    const result = build(stack, { files: intact, standIns: { docker } });

    expect(result.output).toContain('WARNING: the layers of this build are not cached (see above)');
    expect(kept(result, OLD.manifest, OLD.layer)).toEqual([true, true]);
    expect(result.exported).toEqual({ IMAGE_DIGEST: DIGEST });
    expect(result.status).toBe(0);
  });

  test('the layers in S3 are not written after a failed push', () => {
    const stack = newStack();
    imageProject(stack);

    const result = build(stack, { files: intact, standIns: { docker: `[[ " $* " != *" --push "* ]] || exit 1\n${BUILDX}` } });

    expect(exporting(result)).toBe('');
    expect(result.status).toBe(1);
  });
});

describe('a build with a damaged cache in S3', () => {
  const intact = `${hash(DOCKERFILE)} ${now() - 60}`;
  const { manifest, layer } = OLD;

  test.each<[string, string]>([
    ['a truncated index', 'truncate -s 40 index.json'],
    ['an empty index', ': > index.json'],
    ['an index of another format', `echo '["${layer}"]' > index.json`],
    ['an index that names a missing manifest', `echo '{"manifests":[{"digest":"sha256:${'e5'.repeat(32)}"}]}' > index.json`],
    ['an index of binary data', 'head -c 500 /dev/urandom > index.json'],
    ['no manifest', `rm blobs/sha256/${manifest}`],
    ['a manifest of another content', `echo '{"layers":[]}' > blobs/sha256/${manifest}`],
    ['no layer', `rm blobs/sha256/${layer}`],
    ['a truncated layer', `truncate -s 3 blobs/sha256/${layer}`],
    ['a layer of another content and the same size', `printf 'new layer' > blobs/sha256/${layer}`],
    ['a folder in place of a layer', `rm blobs/sha256/${layer}; mkdir blobs/sha256/${layer}`],
    ['a link without a target in place of a layer', `ln -sf nowhere blobs/sha256/${layer}`],
    ['no blobs at all', 'rm -r blobs'],
    ['a file in place of the blobs', 'rm -r blobs; touch blobs'],
    ['a folder in place of the index', 'rm index.json; mkdir index.json'],
  ])('a build ignores a damaged cache and writes a complete one: %s', (_, damage) => {
    const stack = newStack();
    imageProject(stack);

    const result = build(stack, { files: writtenBy(intact), change: inLayers(damage) });

    expect(result.output).toContain('Dropping the cached layers: they are damaged');
    expect(built(result)).not.toContain('--cache-from');
    expect(exporting(result)).toContain('--cache-to');
    expect(kept(result, EXPORTED.manifest, EXPORTED.layer, layer)).toEqual([true, true, false]);
    expect(result.exported).toEqual({ IMAGE_DIGEST: DIGEST });
    expect(result.status).toBe(0);
  });

  test.each<[string, string]>([
    ['garbage', 'head -c 500 /dev/urandom > written-by'],
    ['a folder', 'rm written-by; mkdir written-by'],
    ['a link to itself', 'rm written-by; ln -s written-by written-by'],
  ])('a build ignores the cache when the file that names its Dockerfile is %s', (_, damage) => {
    const stack = newStack();
    imageProject(stack);

    const result = build(stack, { files: writtenBy(intact), change: inLayers(damage) });

    expect(result.output).toContain('Dropping the cached layers: another Dockerfile wrote them');
    expect(result.read(`${FOLDER}/written-by`)).toMatch(new RegExp(`^${hash(DOCKERFILE)} \\d+\n$`));
    expect(result.status).toBe(0);
  });

  test.each<[string, string]>([
    ['a folder that is named like a blob', `mkdir -p blobs/sha256/${'f6'.repeat(32)}/folder`],
    ['a file without read permission', 'touch odd blobs/sha256/odd; chmod 0 odd blobs/sha256/odd'],
    ['a link without a target', 'ln -s nowhere odd; ln -s nowhere blobs/sha256/odd'],
    ['files that look like options', 'touch -- -rf --help; cd blobs/sha256; touch -- -rf --help "a b" "*"'],
    ['a folder in place of the layout', 'mkdir -p oci-layout/odd'],
    ['a folder in place of a lock', 'mkdir -p index.json.lock/odd'],
    ['a file in place of the folder for unfinished layers', 'touch ingest'],
    ['a folder of an earlier build that was interrupted', 'mkdir -p ../bluegreen-layers.old/blobs; touch ../bluegreen-layers.old/index.json'],
  ])('a build uses the layers of its cache, and removes everything else from it: %s', (_, damage) => {
    const stack = newStack();
    imageProject(stack);

    const result = build(stack, { files: writtenBy(intact), change: inLayers(damage), standIns: { docker: BUILDX_WITHOUT_EXPORT } });

    expect(result.output).not.toContain('Dropping');
    expect(built(result)).toContain('--cache-from');
    expect(result.list('../cache')).toEqual(['bluegreen-layers']);
    expect(result.list(FOLDER)).toEqual(['blobs', 'index.json', 'written-by']);
    expect(result.list(`${FOLDER}/blobs/sha256`)).toEqual([layer, manifest].sort());
    expect(result.read(`${FOLDER}/written-by`)).toBe(`${intact}\n`);
    expect(JSON.parse(result.read(`${FOLDER}/index.json`))).toEqual({
      manifests: [{
        digest: `sha256:${manifest}`,
        annotations: { 'org.opencontainers.image.ref.name': 'latest' },
      }],
    });
    expect(result.status).toBe(0);
  });
});

describe('a build that cannot write its cache to S3', () => {
  const project = () => {
    const stack = newStack();
    imageProject(stack);
    return stack;
  };

  test.each<[string, { [path: string]: string }]>([
    ['cold', {}],
    ['warm', writtenBy(`${hash(DOCKERFILE)} ${now() - 60}`)],
  ])('a build for which BuildKit exports nothing releases the image, and keeps the previous cache: %s', (_, files) => {
    const result = build(project(), { files, standIns: { docker: BUILDX_WITHOUT_EXPORT } });

    expect(result.output).toContain('No layers were cached: the image adds none, or the export failed (see above)');
    expect(result.output).not.toContain('WARNING');
    expect(kept(result, OLD.manifest, OLD.layer)).toEqual(Array(2).fill(Object.keys(files).length > 0));
    expect(result.exported).toEqual({ IMAGE_DIGEST: DIGEST });
    expect(result.status).toBe(0);
  });

  test('a build releases the image without a cache when the cache folder cannot be created', () => {
    const result = build(project(), {
      change: (source) => {
        rmSync(join(source, '../cache'), { recursive: true });
        writeFileSync(join(source, '../cache'), '');
      },
    });

    expect(result.output).toContain('WARNING: the image is built without cached layers: their folder cannot be written');
    expect(result.calls.filter((call) => call.includes('--cache'))).toEqual([]);
    expect(result.exported).toEqual({ IMAGE_DIGEST: DIGEST });
    expect(result.status).toBe(0);
  });

  test.each<[string, StandIns]>([
    ['an export that names a manifest that it did not write', { docker: `${BUILDX}\nrm -f "$CACHE_FOLDER/blobs/sha256/${EXPORTED.manifest}"` }],
    ['an old blob that cannot be removed', {
      rm: `[[ "$*" != *${'f6'.repeat(32)} ]] || exit 1; PATH="\${PATH#*:}" exec rm "$@"`,
      docker: `${BUILDX}\n[ -z "$CACHE_FOLDER" ] || touch "$CACHE_FOLDER/blobs/sha256/${'f6'.repeat(32)}"`,
    }],
  ])('a build releases the image, and starts a new cache, after %s', (_, standIns) => {
    const result = build(project(), { standIns });

    expect(result.output).toContain('WARNING: old cached layers cannot be removed, so the next build starts without any');
    expect(result.exists(FOLDER)).toBe(false);
    expect(result.exported).toEqual({ IMAGE_DIGEST: DIGEST });
    expect(result.status).toBe(0);
  });

  test('a build removes old blobs of any name and kind', () => {
    const odd = 'cd "$CACHE_FOLDER/blobs/sha256"; touch -- -rf --help "a b" "*"; mkdir folder; ln -s nowhere link; cd - > /dev/null';
    const result = build(project(), { standIns: { docker: `${BUILDX}\n[ -z "$CACHE_FOLDER" ] || { ${odd}; }` } });

    expect(result.list(`${FOLDER}/blobs/sha256`)).toEqual([EXPORTED.layer, EXPORTED.manifest].sort());
    expect(result.status).toBe(0);
  });
});

describe('a build with a registry cache', () => {
  const inspect = (answer: string) => ({ docker: `[ "$1 $2 $3" != "buildx imagetools inspect" ] || { ${answer}; }\n${BUILDX}` });
  const release = (options: BuildOptions) => {
    const stack = newStack();
    imageProject(stack, BuildCache.registry());
    const result = build(stack, options);
    expect(result.exported).toEqual({ IMAGE_DIGEST: DIGEST });
    expect(result.status).toBe(0);
    return result;
  };

  test('a build checks for the registry cache without log output before BuildKit reads it', () => {
    const result = release({ standIns: inspect('echo "{a manifest}"; exit 0') });

    expect(result.calls).toContain(`docker buildx imagetools inspect --raw ${HOST}/cache:layers-${hash(DOCKERFILE)}-${Math.floor(now() / 86_400 / 7)}`);
    expect(built(result)).toContain('--cache-from type=registry');
    expect(result.output).not.toMatch(/a manifest|WARNING|No layers/);
  });

  test('a build does not read a registry cache that does not exist, and writes one', () => {
    const result = release({ standIns: inspect('echo "ERROR: 1.dkr.ecr.us-east-1.amazonaws.com/cache:layers: not found" >&2; exit 1') });

    expect(result.output).toContain('No layers are cached yet');
    expect(result.output).not.toContain('ERROR');
    expect(built(result)).not.toContain('--cache-from');
    expect(built(result)).toContain('--cache-to');
  });

  test.each<[string, StandIns, string]>([
    ['answers 500', inspect('printf "retrying\\nERROR: 500 Internal Server Error\\n" >&2; exit 1'), 'ERROR: 500 Internal Server Error'],
    ['refuses', inspect('echo "ERROR: 403 Forbidden" >&2; exit 1'), 'ERROR: 403 Forbidden'],
    ['does not answer', { timeout: '[ "$1" != 20 ] || exit 124; exec "$(PATH="${PATH#*:}" command -v timeout)" "$@"' }, 'no answer within 20 s'],
  ])('a build neither reads nor writes a cache whose registry %s', (_, standIns, reason) => {
    const result = release({ standIns });

    expect(result.output).toContain(`WARNING: the image is built without cached layers, which cannot be read: ${reason}\n`);
    expect(result.output).not.toContain('retrying');
    expect(built(result)).not.toContain('--cache');
  });

  test('a build releases the image when BuildKit cannot write the cache', () => {
    const result = release({ standIns: { docker: BUILDX_WITHOUT_EXPORT } });

    expect(result.output).toContain('No layers were cached: the image adds none, or the export failed (see above)');
  });

  test('a build releases the image when the login to the cache registry is refused', () => {
    const other = '222222222222.dkr.ecr.us-east-1.amazonaws.com';
    const result = release({ cacheImage: `${other}/cache:layers`, standIns: { docker: `[ "$1 \${!#}" != "login ${other}" ] || exit 1\n${BUILDX}` } });

    expect(result.calls).toContain(`docker login --username AWS --password-stdin ${other}`);
    expect(result.output).toContain('WARNING: no login to the registry of the cached layers');
  });
});

test('projects with two suffixes share a bucket, but no cache', () => {
  const stack = newStack();
  const cacheBucket = s3.Bucket.fromBucketName(stack, 'Theirs', 'theirs');
  imageProject(stack, BuildCache.s3(), { cacheBucket });
  new CachedBuildProject(stack, 'Other', { environmentSuffix: 'shop', steps: BuildSteps.commands(['true']), cacheBucket });

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::CodeBuild::Project', { Name: 'project-build-dev', Cache: { Location: 'theirs/build-dev' } });
  template.hasResourceProperties('AWS::CodeBuild::Project', { Name: 'project-build-shop', Cache: { Location: 'theirs/build-shop' } });
  for (const suffix of ['dev', 'shop']) {
    const objects = JSON.stringify(statementsOf(stack, `role-project-build-${suffix}-us-east-1`)).match(/theirs\/[^"]*/g);
    expect(objects).toEqual([`theirs/build-${suffix}/*`]);
  }
});

test('layers can be stored in a repository of the project, which expires images and is deleted with the stack', () => {
  const stack = newStack();

  const project = imageProject(stack, BuildCache.registry());

  const result = build(stack);
  const template = Template.fromStack(stack);
  const tag = `layers-${hash(DOCKERFILE)}-${Math.floor(now() / 86_400 / 7)}`;
  expect(built(result)).toContain(`--cache-from type=registry,ref=${HOST}/cache:${tag} `
    + `--cache-to type=registry,ref=${HOST}/cache:${tag},mode=max,image-manifest=true,oci-mediatypes=true,compression=zstd,ignore-error=true /`);
  expect(result.status).toBe(0);
  expect(project.cacheBucket).toBeUndefined();
  template.resourceCountIs('AWS::S3::Bucket', 0);
  template.hasResource('AWS::ECR::Repository', {
    DeletionPolicy: 'Delete',
    Properties: { RepositoryName: 'layers-build-dev', ImageTagMutability: 'MUTABLE', EmptyOnDelete: true },
  });
  expect(lifeTimes(template)).toEqual([
    { tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 1, countUnit: 'days' },
    { tagStatus: 'any', countType: 'sinceImagePushed', countNumber: 7, countUnit: 'days' },
  ]);
  template.hasResourceProperties('AWS::CodeBuild::Project', { Cache: { Type: 'NO_CACHE' } });
  expect(buildSpecOfProject(templateOf(stack), 'project-build-dev').env?.variables?.CACHE_IMAGE).toMatch(/:layers$/);
});

test('the build may push only to the cache repository and the image repository', () => {
  const stack = newStack();
  const layers = ecr.Repository.fromRepositoryName(stack, 'Layers', 'acme-layers');
  imageProject(stack, BuildCache.registry({ repository: layers, tag: 'shop' }));

  Template.fromStack(stack).resourceCountIs('AWS::ECR::Repository', 0);
  const statements = statementsOf(stack, 'role-project-build-dev-us-east-1');
  const ofImages = statements.filter(({ Action }) => JSON.stringify(Action).includes('Layer'));
  expect(ofImages.map(({ Action }) => Action)).toEqual([
    ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'],
  ]);
  expect(ofImages.map(({ Resource }) => JSON.stringify(Resource).match(/:repository\/[\w-]+/g)))
    .toEqual([[':repository/images', ':repository/acme-layers'], [':repository/images', ':repository/acme-layers']]);
  expect(buildSpecOfProject(templateOf(stack), 'project-build-dev').env?.variables?.CACHE_IMAGE).toMatch(/\/acme-layers:shop$/);
});

test('the build logs in to the cache registry, too', () => {
  const stack = newStack();
  imageProject(stack, BuildCache.registry());
  const other = '222222222222.dkr.ecr.us-east-1.amazonaws.com';

  expect(build(stack, { cacheImage: `${other}/cache:layers` }).calls).toEqual(expect.arrayContaining([
    `docker login --username AWS --password-stdin ${HOST}`, `docker login --username AWS --password-stdin ${other}`,
  ]));
});

/** The time that a cache repository keeps its images. */
function lifeTimes(template: Template): unknown[] {
  const [{ Properties }] = Object.values(template.findResources('AWS::ECR::Repository'));
  const { rules } = JSON.parse(Properties.LifecyclePolicy.LifecyclePolicyText as string);
  return rules.map((rule: { selection: unknown }) => rule.selection);
}

test('a cache repository of the project keeps the cache for the configured expiration', () => {
  const stack = newStack();
  imageProject(stack, BuildCache.registry(), { cacheExpiration: Duration.days(3) });

  expect(lifeTimes(Template.fromStack(stack))[1]).toMatchObject({ countNumber: 3 });
});

test('the longest tag leaves room for all digits of the hash and a period of six digits', () => {
  const longest = 'x'.repeat(56);

  expect(violationCodes(() => BuildCache.registry({ tag: longest }))).toEqual([]);
  expect(violationCodes(() => BuildCache.registry({ tag: `${longest}x` }))).toEqual(['BGP046']);
  expect(`${longest}-${hash('')}-999999`).toHaveLength(128);
});

test('a project can have no layer cache', () => {
  const stack = newStack();
  imageProject(stack, BuildCache.none());

  expect(built(build(stack))).not.toContain('--cache');
  Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 0);
  expect(buildSpecOfProject(templateOf(stack), 'project-build-dev')).not.toHaveProperty('cache');
});

describe('the cache repository', () => {
  const stack = newStack();
  const filters = (...patterns: string[]) => patterns.map((pattern) => ecr.ImageTagMutabilityExclusionFilter.wildcard(pattern));
  const made = (id: string, imageTagMutability?: ecr.TagMutability, ...patterns: string[]) => new ecr.Repository(stack, id, {
    imageTagMutability, ...(patterns.length > 0 && { imageTagMutabilityExclusionFilters: filters(...patterns) }),
  });
  const { IMMUTABLE, IMMUTABLE_WITH_EXCLUSION, MUTABLE, MUTABLE_WITH_EXCLUSION } = ecr.TagMutability;

  test.each<[string, ecr.IRepository, string | undefined]>([
    ['is mutable', made('Mutable', MUTABLE), undefined],
    ['has the default mutability', made('Default'), undefined],
    ['excludes the cache tags from immutability', made('Excluding', IMMUTABLE_WITH_EXCLUSION, 'layers-*'), undefined],
    ['excludes the cache tags from immutability by a wider pattern', made('Pattern', IMMUTABLE_WITH_EXCLUSION, 'x', 'la*s*'), undefined],
    ["excludes the user's own tag from immutability", made('Other', IMMUTABLE_WITH_EXCLUSION, 'shop.1-*'), 'shop.1'],
    ['makes other tags immutable', made('Keeping', MUTABLE_WITH_EXCLUSION, 'release-*'), undefined],
    ['is imported', ecr.Repository.fromRepositoryName(stack, 'Images', 'images'), undefined],
    ['gets a tag that is known only at deployment', made('Token', IMMUTABLE), Lazy.string({ produce: () => 'x' })],
  ])('the cache repository may be one that %s', (_, repository, tag) => {
    expect(violationCodes(() => BuildCache.registry({ repository, tag }))).toEqual([]);
  });

  test.each<[string, ecr.IRepository, string | undefined]>([
    ['is immutable', made('Immutable', IMMUTABLE), undefined],
    ['excludes other tags from immutability', made('NotExcluding', IMMUTABLE_WITH_EXCLUSION, 'x', 'layers', 'layers-f*'), undefined],
    ['excludes a part of the tag from immutability', made('Part', IMMUTABLE_WITH_EXCLUSION, 'layer', 'ayers'), undefined],
    ['excludes a similar tag from immutability', made('Dot', IMMUTABLE_WITH_EXCLUSION, 'shop.1-*'), 'shopx1'],
    ['makes the tag immutable', made('KeepingTag', MUTABLE_WITH_EXCLUSION, 'lay*'), undefined],
  ])('the cache repository must not be one that %s', (_, repository, tag = 'layers') => {
    expect(refusal(() => BuildCache.registry({ repository, tag }))).toBe(
      `BuildCache.registry: 'repository' must keep tags that start with "${tag}-" mutable: every build pushes its layers to the same tags, `
      + 'got a repository in which such a tag is immutable; '
      + `use another repository, or exclude "${tag}-*" with imageTagMutabilityExclusionFilters [BGP048]`);
  });
});
