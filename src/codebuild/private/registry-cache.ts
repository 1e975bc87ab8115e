import { aws_ecr as ecr } from 'aws-cdk-lib';
import { Cache, HASH_DOCKERFILE, METADATA_FILE, NO_CACHE, NOTHING_CACHED, SEPARATE_CACHE_MOUNTS } from './cache';
import { optionalEcrLogin, strict } from './shell';
import { throwIfInvalid } from '../../private/errors';
import { struct } from '../../private/structs';
import { CDK, cdkType } from '../../private/types';
import { formatValue, isResolvedString, matching, optional } from '../../private/validation';
import { firstViolation, violation, Violations } from '../../private/violations';
import { RegistryCacheOptions } from '../build-cache-options';
import { DEFAULT_CACHE_TAG } from '../defaults';

/**
 * Completes the tag of the cache: the hash of the Dockerfile, and the number of a period that is as long as
 * `cacheExpiration`. A new period begins with an empty cache, so no layer becomes older than that.
 *
 * All digits of the hash, because one person may write both Dockerfiles: with half of them, two with one tag
 * take 2^64 attempts.
 */
const COMPLETE_TAG
  = 'CACHE_IMAGE="$CACHE_IMAGE-$DOCKERFILE_HASH-$(($(date +%s) / 86400 / CACHE_DAYS))"';

/**
 * Decides whether the build reads and writes the cache. BuildKit prints an error for a cache that is not there,
 * as in the first build, and tries four times to write to a registry that answers with an error.
 */
const FIND_LAYERS = strict([
  'CACHE_FROM= CACHE_TO=yes;',
  'if ANSWER="$(timeout 20 docker buildx imagetools inspect --raw "$CACHE_IMAGE" 2>&1 > /dev/null)"; then',
  'CACHE_FROM=yes;',
  'elif [[ "$ANSWER" == *"not found"* ]]; then echo "No layers are cached yet";',
  'else CACHE_TO=; ANSWER="${ANSWER:-no answer within 20 s}";',
  'echo "WARNING: the image is built without cached layers, which cannot be read: ${ANSWER##*$\'\\n\'}"; fi',
].join(' '));

/**
 * BuildKit continues when it cannot write the cache. If it has written one, the metadata of the build contain the
 * manifest of the cache.
 *
 * @see https://github.com/moby/buildkit/blob/v0.26.3/cache/remotecache/export.go
 */
const REPORT_EXPORT = `[ -z "$CACHE_TO" ] || grep -qs cache.manifest ${METADATA_FILE} || ${NOTHING_CACHED}`;

/** Tags that differ in everything that a build adds. */
const completeTags = (tag: string): string[] => [`${tag}-${'0'.repeat(64)}-2970`, `${tag}-${'f'.repeat(64)}-99999`];

/** ECR rejects the cache unless it looks like an image. A cache that cannot be written does not fail the build. */
const EXPORT_OPTIONS = 'mode=max,image-manifest=true,oci-mediatypes=true,compression=zstd,ignore-error=true';

/** A tag has at most 128 characters. A build adds 64 of the hash, two hyphens, and up to six of the period. */
const MAX_TAG_LENGTH = 128 - 72;

/** Layers as an image in an ECR repository: see `BuildCache.registry`. */
export function registryCache(options: RegistryCacheOptions): Cache {
  throwIfInvalid({ type: 'BuildCache.registry' }, firstViolation(
    () => optionsViolations('options', options),
    () => mutabilityViolation(options),
  ));
  const { repository, tag = DEFAULT_CACHE_TAG } = options;
  return {
    ...NO_CACHE,
    login: [optionalEcrLogin('CACHE_IMAGE', 'WARNING: no login to the registry of the cached layers')],
    beforeBuild: [HASH_DOCKERFILE, COMPLETE_TAG, FIND_LAYERS],
    buildOptions: [
      SEPARATE_CACHE_MOUNTS,
      '${CACHE_FROM:+--cache-from "type=registry,ref=$CACHE_IMAGE"}',
      `\${CACHE_TO:+--cache-to "type=registry,ref=$CACHE_IMAGE,${EXPORT_OPTIONS}"}`,
    ],
    afterBuild: () => [REPORT_EXPORT],
    image: { repository, tag },
  };
}

const optionsViolations = struct<RegistryCacheOptions>({
  example: '{ tag: "layers" }',
  fields: {
    repository: cdkType(CDK.repository),
    tag: optional(matching({
      code: 'BGP046',
      pattern: new RegExp(`^\\w[\\w.-]{0,${MAX_TAG_LENGTH - 1}}$`),
      rule: `at most ${MAX_TAG_LENGTH} letters, digits, dots, hyphens and underscores, `
        + 'not beginning with a dot or a hyphen',
      example: 'layers',
    })),
  },
});

/**
 * The second build could not push its cache; only a repository of this app is known to be
 * immutable.
 */
function mutabilityViolation({ repository, tag = DEFAULT_CACHE_TAG }: RegistryCacheOptions): Violations {
  const resource = repository?.node.defaultChild;
  if (!(resource instanceof ecr.CfnRepository) || !isResolvedString(tag)) {
    return undefined;
  }
  return completeTags(tag).every((each) => isMutable(resource, each)) ? undefined : violation({
    code: 'BGP048',
    prop: 'repository',
    rule: `must keep tags that start with ${formatValue(`${tag}-`)} mutable: every build pushes its layers to the `
      + 'same tags',
    got: 'a repository in which such a tag is immutable',
    remedy: `use another repository, or exclude ${formatValue(`${tag}-*`)} with imageTagMutabilityExclusionFilters`,
  });
}

/** Returns true if a tag may be pushed again. */
function isMutable(repository: ecr.CfnRepository, tag: string): boolean {
  const {
    imageTagMutability = ecr.TagMutability.MUTABLE,
    imageTagMutabilityExclusionFilters: filters,
  } = repository;
  const isExcluded = Array.isArray(filters) && filters.some((filter) =>
    'imageTagMutabilityExclusionFilterValue' in filter
    && matchesPattern(filter.imageTagMutabilityExclusionFilterValue, tag));
  return imageTagMutability.startsWith(ecr.TagMutability.MUTABLE) !== isExcluded;
}

/** Returns true if a tag matches a pattern, in which `*` matches any characters. */
function matchesPattern(pattern: string, tag: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
  return new RegExp(`^${parts.join('.*')}$`).test(tag);
}
