import { aws_ecr as ecr } from 'aws-cdk-lib';

/** Options for `BuildCache.registry()`. */
export interface RegistryCacheOptions {
  /**
   * ECR repository that stores the layers.
   *
   * Builds overwrite tags, so tags must be mutable, or tags that begin with `<tag>-` must be excluded from
   * immutability. Set a lifecycle rule on the repository: each version of the Dockerfile and each period of
   * `cacheExpiration` adds a tag.
   *
   * @default - a new repository `layers-<purpose>-<suffix>` with mutable tags; it deletes entries after the
   * project's `cacheExpiration`, and is emptied and deleted with the stack
   */
  readonly repository?: ecr.IRepository;

  /**
   * Prefix of the cache tags, at most 56 characters.
   *
   * Use letters, digits, dots, hyphens and underscores. It must not start with a dot or a hyphen.
   *
   * @default "layers"
   */
  readonly tag?: string;
}
