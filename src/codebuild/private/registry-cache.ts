import { aws_ecr as ecr } from 'aws-cdk-lib';
import { Cache, HASH_DOCKERFILE, NO_CACHE, SEPARATE_CACHE_MOUNTS } from './cache';
import { ecrLogin } from './shell';
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

/** Tags that differ in everything that a build adds. */
const completeTags = (tag: string): string[] => [`${tag}-${'0'.repeat(64)}-2970`, `${tag}-${'f'.repeat(64)}-99999`];

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
    login: [ecrLogin('CACHE_IMAGE')],
    beforeBuild: [HASH_DOCKERFILE, COMPLETE_TAG],
    buildOptions: [
      SEPARATE_CACHE_MOUNTS,
      '--cache-from "type=registry,ref=$CACHE_IMAGE"',
      // ECR refuses the cache unless it looks like an image.
      '--cache-to "type=registry,ref=$CACHE_IMAGE,mode=max,image-manifest=true,oci-mediatypes=true"',
    ],
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
    rule: `must keep tags that begin with ${formatValue(`${tag}-`)} mutable: every build pushes its layers again`,
    got: 'a repository in which such a tag is immutable',
    remedy: `use another repository, or exclude ${formatValue(`${tag}-*`)} with imageTagMutabilityExclusionFilters`,
  });
}

/** Whether a tag may be pushed again. */
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

/** Whether a tag matches a pattern, in which `*` stands for any characters. */
function matchesPattern(pattern: string, tag: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
  return new RegExp(`^${parts.join('.*')}$`).test(tag);
}
