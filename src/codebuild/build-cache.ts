import { RegistryCacheOptions } from './build-cache-options';
import { Cache, NO_CACHE } from './private/cache';
import { registryCache } from './private/registry-cache';
import { S3_CACHE } from './private/s3-cache';

/**
 * Where the layers of an image build are kept between builds.
 *
 * Kept are the layers of all stages of the Dockerfile. What `RUN --mount=type=cache` writes is not
 * part of a layer, and BuildKit exports it nowhere: each build begins with such a mount empty. Copy
 * the lock file and install the dependencies in a step of their own instead; that step is a layer.
 *
 * @example
 *
 * const build = BuildSteps.image({ cache: BuildCache.registry() });
 */
export class BuildCache {
  /** In the cache bucket of the project, up and down in one piece with each build. */
  public static s3(): BuildCache {
    return new BuildCache(S3_CACHE);
  }

  /**
   * In an ECR repository, of which a build pulls only the layers that it uses. No bucket is made.
   */
  public static registry(options: RegistryCacheOptions = {}): BuildCache {
    return new BuildCache(registryCache(options));
  }

  /**
   * Nowhere: each build makes all layers. For an image that builds faster than its layers travel.
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
