import { CacheImage } from './steps';

/** One kind of cache of layers: what it adds to the build of an image. */
export interface Cache {
  /** Commands before the build. */
  readonly login: readonly string[];
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
  buildOptions: [],
  afterBuild: [],
  section: {},
  needsBucket: false,
};
