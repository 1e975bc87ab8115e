import { RegistryCacheOptions } from './build-cache-options';
import { Cache, NO_CACHE } from './private/cache';
import { registryCache } from './private/registry-cache';
import { S3_CACHE } from './private/s3-cache';

/**
 * Where the layers of an image build are kept between builds.
 *
 * The cache keeps the layers of all stages of the Dockerfile. A build uses only layers that a build
 * of the same Dockerfile wrote, and none that are older than the project's `cacheExpiration`, 7 days
 * by default. So a change to the Dockerfile, and at least one build every 7 days, builds all layers.
 *
 * A step with `RUN --mount=type=cache` runs in every build, and finds the mount empty: BuildKit
 * exports no cache mounts, and what earlier steps leave in a mount is not part of the cache key.
 * With a mount in another form than `--mount=type=cache,target=<absolute path>`, such as one with `id`
 * or `sharing`, a build uses no cached layers, because BuildKit keeps such a mount out of the cache key.
 * Copy the lock file and install the dependencies in a step without a mount instead, which is cached.
 *
 * @example
 *
 * const build = BuildSteps.image({ cache: BuildCache.registry() });
 */
export class BuildCache {
  /** Layers in the cache bucket of the project; each build downloads and uploads all of them. */
  public static s3(): BuildCache {
    return new BuildCache(S3_CACHE);
  }

  /**
   * Layers in an ECR repository, from which a build pulls only those that it uses. The project has
   * no cache bucket.
   *
   * The tag carries a hash of the Dockerfile and the number of a period that is as long as
   * `cacheExpiration`; each period begins with an empty cache.
   *
   * @param options repository and tag
   */
  public static registry(options: RegistryCacheOptions = {}): BuildCache {
    return new BuildCache(registryCache(options));
  }

  /**
   * No cache: every build builds all layers, with the BuildKit inside Docker unless you set
   * `buildkitImage`. Use it for an image that builds faster than its layers are transferred, or to run
   * no image of a third party.
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
