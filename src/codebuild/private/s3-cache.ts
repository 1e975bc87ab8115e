import { Cache, HASH_DOCKERFILE, SEPARATE_CACHE_MOUNTS } from './cache';
import { strict } from './shell';

/**
 * The folder of the layers; outside the source, so that it is never sent to the image build.
 */
const LAYERS = '/root/.cache/bluegreen-layers';

/** Hash of the Dockerfile that wrote the layers, and the time of the first of them, in seconds since 1970. */
const WRITTEN_BY = `${LAYERS}/written-by`;

/**
 * Drops layers of another Dockerfile, and layers that are too old.
 *
 * The age counts from the first build that wrote the cache: S3 sees a new object with every build. The
 * file is checked before it is used in arithmetic, where Bash would run a command that is in it.
 */
const DROP_FOREIGN_LAYERS = strict([
  `WRITER= SINCE=; read -r WRITER SINCE < ${WRITTEN_BY} || true; NOW="$(date +%s)";`,
  'if [ "$WRITER" != "$DOCKERFILE_HASH" ]; then REASON="another Dockerfile wrote them";',
  'elif ! [[ "$SINCE" =~ ^[1-9][0-9]{0,11}$ ]] || ((SINCE > NOW || NOW - SINCE >= CACHE_DAYS * 86400)); then',
  'REASON="they are older than $CACHE_DAYS days"; else REASON=; fi;',
  'if [ -n "$REASON" ]; then',
  `if [ -e ${LAYERS}/index.json ]; then echo "Dropping the cached layers: $REASON"; fi;`,
  `rm -rf ${LAYERS}; mkdir -p ${LAYERS}; echo "$DOCKERFILE_HASH $NOW" > ${WRITTEN_BY}; fi`,
].join(' '));

/**
 * The export only adds blobs: whatever the newest index does not name belongs to an older build.
 */
const REMOVE_OLD_LAYERS = [
  `(cd ${LAYERS}/blobs/sha256;`,
  'NAMED="$(cat ../../index.json)";',
  'NAMED+="$(cat $(grep -o \'[0-9a-f]\\{64\\}\' <<< "$NAMED"))";',
  'for blob in *; do [[ "$NAMED" == *"$blob"* ]] || rm "$blob"; done)',
].join(' ');

/** Layers as files in the cache bucket of the project: see `BuildCache.s3`. */
export const S3_CACHE: Cache = {
  login: [],
  beforeBuild: [HASH_DOCKERFILE, DROP_FOREIGN_LAYERS],
  buildOptions: [
    SEPARATE_CACHE_MOUNTS,
    // A missing cache is no error: the first build has none.
    `$(test ! -f ${LAYERS}/index.json || echo --cache-from type=local,src=${LAYERS})`,
    `--cache-to type=local,mode=max,dest=${LAYERS}`,
  ],
  afterBuild: [strict(REMOVE_OLD_LAYERS)],
  section: { cache: { paths: [`${LAYERS}/**/*`] } },
  needsBucket: true,
};
