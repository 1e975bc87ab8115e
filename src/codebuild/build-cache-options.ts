import { aws_ecr as ecr } from 'aws-cdk-lib';

/** How `BuildCache.registry()` keeps layers. */
export interface RegistryCacheOptions {
  /**
   * ECR repository of the cache. Builds push the same tags again, so the repository must be mutable,
   * or exclude tags that begin with `<tag>-` from immutability. Set a lifecycle rule on it: each
   * Dockerfile and each period adds a tag.
   *
   * @default - a repository of the project's own, `layers-<purpose>-<suffix>`: mutable, entries
   * deleted after the project's `cacheExpiration`, emptied and deleted with the stack
   */
  readonly repository?: ecr.IRepository;

  /**
   * First part of the tags of the cache: at most 56 letters, digits, dots, hyphens and underscores, not beginning
   * with a dot or a hyphen.
   *
   * @default "layers"
   */
  readonly tag?: string;
}
