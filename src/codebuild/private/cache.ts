import { strict } from './shell';
import { CacheImage } from './steps';

/** One kind of cache of layers: what it adds to the build of an image. */
export interface Cache {
  /** Commands before the build. */
  readonly login: readonly string[];
  /** Commands right before the image build, in the root of the source, after the commands of the user. */
  readonly beforeBuild: readonly string[];
  /** Options of `docker buildx build`; `mode=max` keeps the layers of all stages. */
  readonly buildOptions: readonly string[];
  /** Commands after the build. */
  readonly afterBuild: readonly string[];
  /** A part of the buildspec. */
  readonly section: object;
  readonly needsBucket: boolean;
  /** The image that holds the layers. */
  readonly image?: CacheImage;
}

/** No cache: every build rebuilds all layers. */
export const NO_CACHE: Cache = {
  login: [],
  beforeBuild: [],
  buildOptions: [],
  afterBuild: [],
  section: {},
  needsBucket: false,
};

/** Identifies the Dockerfile, so that no build uses layers that another Dockerfile wrote. */
export const HASH_DOCKERFILE = strict('DOCKERFILE_HASH="$(sha256sum < "./$DOCKERFILE" | cut -c 1-64)"');

/**
 * Gives cache mounts another id in each build, and with it another cache key to each step that uses one.
 *
 * The layer of such a step depends on what earlier steps left in the mount, and its cache key does not. A
 * layer with a key of its own build is never reused.
 *
 * @see https://docs.docker.com/reference/dockerfile/#buildkit-built-in-build-args
 */
export const SEPARATE_CACHE_MOUNTS = '--build-arg "BUILDKIT_CACHE_MOUNT_NS=$IMAGE_TAG"';
