import { RegistryCacheOptions } from './build-cache-options';
import { Cache, NO_CACHE } from './private/cache';
import { registryCache } from './private/registry-cache';
import { S3_CACHE } from './private/s3-cache';

/**
 * A layer cache for image builds.
 *
 * It keeps the layers of all stages of the Dockerfile between builds. A build reuses only layers that a build of the
 * same Dockerfile wrote and that are not older than the project's `cacheExpiration`, 7 days by default. Therefore a
 * change to the Dockerfile rebuilds all layers, and so does at least one build every 7 days.
 *
 * A step with `RUN --mount=type=cache` runs in every build, and its mount is empty: BuildKit exports no cache mounts,
 * and the content that earlier steps leave in a mount is not part of the cache key. If a mount has any other form than
 * `--mount=type=cache,target=<absolute path>`, such as one with `id` or `sharing`, the build reuses no cached layers,
 * because BuildKit excludes such a mount from the cache key. Instead, copy the lock file and install the dependencies
 * in a step without a mount; that step is cached.
 *
 * @example
 *
 * const build = BuildSteps.image({ cache: BuildCache.registry() });
 */
export class BuildCache {
  /** Stores layers in the cache bucket of the project. Each build downloads and uploads all layers. */
  public static s3(): BuildCache {
    return new BuildCache(S3_CACHE);
  }

  /**
   * Stores layers in an ECR repository, from which a build pulls only the layers that it uses.
   *
   * The project has no cache bucket. Each tag contains a hash of the Dockerfile and the number of the current period,
   * which is as long as `cacheExpiration`. Each period starts with an empty cache.
   *
   * @param options the repository and the tag prefix of the cache
   */
  public static registry(options: RegistryCacheOptions = {}): BuildCache {
    return new BuildCache(registryCache(options));
  }

  /**
   * Uses no cache: every build rebuilds all layers.
   *
   * The build uses the BuildKit inside Docker unless you set `buildkitImage`. Use no cache if building the layers is
   * faster than transferring them, or to avoid third-party images.
   */
  public static none(): BuildCache {
    return new BuildCache(NO_CACHE);
  }

  private constructor(private readonly cache: Cache) {}

  /** @internal */
  public _bind(): Cache {
    return this.cache;
  }
}
