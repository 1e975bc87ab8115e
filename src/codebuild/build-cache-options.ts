import { aws_ecr as ecr } from 'aws-cdk-lib';

/** How `BuildCache.registry()` keeps layers. */
export interface RegistryCacheOptions {
  /**
   * Where the cache is pushed to. Its tag moves with every build, so the repository must be
   * mutable, or exclude the tag from its immutability. Give it a life cycle rule.
   *
   * @default - a repository of the project's own, `layers-<purpose>-<suffix>`: mutable, entries
   * deleted after the project's `cacheExpiration`, emptied and deleted with the stack
   */
  readonly repository?: ecr.IRepository;

  /**
   * The tag of the cache: at most 128 letters, digits, dots, hyphens and underscores, not beginning
   * with a dot or a hyphen.
   *
   * @default "layers"
   */
  readonly tag?: string;
}
