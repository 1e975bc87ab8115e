import { aws_ecr as ecr } from 'aws-cdk-lib';
import { Cache, NO_CACHE } from './cache';
import { ecrLogin } from './shell';
import { throwIfInvalid } from '../../private/errors';
import { struct } from '../../private/structs';
import { CDK, cdkType } from '../../private/types';
import { formatValue, isResolvedString, matching, optional } from '../../private/validation';
import { firstViolation, violation, Violations } from '../../private/violations';
import { RegistryCacheOptions } from '../build-cache-options';
import { DEFAULT_CACHE_TAG } from '../defaults';

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
    buildOptions: [
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
      pattern: /^\w[\w.-]{0,127}$/,
      rule: 'at most 128 letters, digits, dots, hyphens and underscores, not beginning with a dot or a hyphen',
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
  return resource instanceof ecr.CfnRepository && isResolvedString(tag) && !isMutable(resource, tag)
    ? violation({
      code: 'BGP048',
      prop: 'repository',
      rule: 'must let the tag of the cache move',
      got: `one whose tag ${formatValue(tag)} is immutable`,
      remedy: 'give the cache a repository of its own, or exclude its tag with imageTagMutabilityExclusionFilters',
    })
    : undefined;
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
