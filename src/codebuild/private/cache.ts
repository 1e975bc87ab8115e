import { strict } from './shell';
import { CacheImage } from './steps';

/** The command that builds the image, for an output and with more options. */
export type BuildCommand = (output: string, added: readonly string[]) => string;

/** One kind of cache of layers: what it adds to the build of an image. */
export interface Cache {
  /** Commands before the build. */
  readonly login: readonly string[];
  /** Commands right before the image build, in the root of the source, after the commands of the user. */
  readonly beforeBuild: readonly string[];
  /** Options of `docker buildx build`; `mode=max` keeps the layers of all stages. */
  readonly buildOptions: readonly string[];
  /** The file for what BuildKit reports, for a cache that reads it. */
  readonly log?: string;
  /** Commands after the push; `build` gives the command that builds the same image for another output. */
  readonly afterBuild: (build: BuildCommand) => readonly string[];
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
  afterBuild: () => [],
  section: {},
  needsBucket: false,
};

/** The file with what BuildKit reports of the build. */
export const METADATA_FILE = '/tmp/image-metadata.json';

/** Reports an export that wrote nothing, which BuildKit does not explain for an image without layers of its own. */
export const NOTHING_CACHED = 'echo "No layers were cached: the image adds none, or the export failed (see above)"';

/**
 * The only form of a cache mount whose id is part of the cache key of its step: neither `id` nor `sharing`, and
 * a target that is absolute and clean. BuildKit removes every other id from the key (`checkShouldClearCacheOpts`).
 *
 * @see https://github.com/moby/buildkit/blob/v0.26.3/solver/llbsolver/ops/exec.go
 */
const KEYED_MOUNT
  = '--mount=((type=cache|(target|dst|destination)=(/[.]?[a-z0-9_-][a-z0-9._-]*)+|(uid|gid|mode)=[0-9]+)(,|$))+';

/**
 * Finds the other cache mounts in the words of a Dockerfile. It does not find one whose `type` is spelled with
 * escapes or across lines, and sees neither `ONBUILD` triggers of a base image nor what a frontend adds.
 */
const FIND_UNKEYED_MOUNTS = [
  'UNKEYED_MOUNTS="$(tr -s "[:space:]" "\n" < "./$DOCKERFILE" |',
  `{ grep -vixE -e '${KEYED_MOUNT}' || true; } | { grep -iE -e "type=[^,]?(cache|[$])" || true; })"`,
].join(' ');

/**
 * Identifies the Dockerfile, so that no build uses layers that another Dockerfile wrote.
 *
 * With a cache mount that is not part of a cache key, the hash differs in each build, so that no build uses the
 * layers of another one.
 */
export const HASH_DOCKERFILE = strict([
  `${FIND_UNKEYED_MOUNTS}; BUILD=;`,
  'if [ -n "$UNKEYED_MOUNTS" ]; then BUILD="$IMAGE_TAG";',
  'echo "No cached layers are used: a cache mount must be --mount=type=cache,target=<absolute path>,"',
  '"without id and sharing, got $UNKEYED_MOUNTS"; fi;',
  'DOCKERFILE_HASH="$({ cat "./$DOCKERFILE"; printf %s "$BUILD"; } | sha256sum | cut -c 1-64)"',
].join(' '));

/**
 * Gives cache mounts another id in each build, and with it another cache key to each step that uses a keyed one.
 *
 * The layer of such a step depends on what earlier steps left in the mount, and its cache key does not. A
 * layer with a key of its own build is never reused.
 *
 * @see https://docs.docker.com/reference/dockerfile/#buildkit-built-in-build-args
 */
export const SEPARATE_CACHE_MOUNTS = '--build-arg "BUILDKIT_CACHE_MOUNT_NS=$IMAGE_TAG"';
