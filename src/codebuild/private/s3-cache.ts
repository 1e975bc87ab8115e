import { Cache, HASH_DOCKERFILE, NOTHING_CACHED, SEPARATE_CACHE_MOUNTS } from './cache';
import { strict } from './shell';

/**
 * The folder of the layers; outside the source, so that it is never sent to the image build.
 */
const LAYERS = '/root/.cache/bluegreen-layers';

/** The folder as the cache restored it, while a new one is filled from it. */
const RESTORED = `${LAYERS}.restored`;

/** Hash of the Dockerfile that wrote the layers, and the time of the first of them, in seconds since 1970. */
const WRITTEN_BY = 'written-by';

const INDEX = 'index.json';
const BLOBS = 'blobs/sha256';

/** Prints the digests of the blobs that an index or a manifest names; annotations hold digests of other things. */
const digestsIn = (file: string): string =>
  `grep -oE '"digest": *"sha256:[0-9a-f]{64}"' ${file} | grep -oE '[0-9a-f]{64}'`;

/**
 * Decides which layers the build may use: the blobs in `NAMED`, which the manifest with the digest `MANIFEST`
 * names, and the manifest itself. Both are empty for layers of another Dockerfile, layers that are too old, and
 * layers of which a part is missing or damaged, with which BuildKit would fail.
 *
 * The age counts from the first build that wrote the cache: S3 sees a new object with every build. The
 * file is checked before it is used in arithmetic, where Bash would run a command that is in it.
 */
const FIND_LAYERS = strict([
  `WRITER= SINCE=; { read -r WRITER SINCE < ${LAYERS}/${WRITTEN_BY}; } 2> /dev/null || true; NOW="$(date +%s)";`,
  `MANIFEST="$({ ${digestsIn(`${LAYERS}/${INDEX}`)} | tail -n 1; } 2> /dev/null || true)";`,
  `NAMED="$({ echo "$MANIFEST"; ${digestsIn(`${LAYERS}/${BLOBS}/"$MANIFEST"`)}; } 2> /dev/null | sort -u)" || true;`,
  'if [ "$WRITER" != "$DOCKERFILE_HASH" ]; then REASON="another Dockerfile wrote them";',
  'elif ! [[ "$SINCE" =~ ^[1-9][0-9]{0,11}$ ]] || ((SINCE > NOW || NOW - SINCE >= CACHE_DAYS * 86400)); then',
  'REASON="they are older than $CACHE_DAYS days";',
  `elif ! ([[ "$NAMED" == *$'\\n'* ]] && cd ${LAYERS}/${BLOBS} &&`,
  'sed "s/.*/&  &/" <<< "$NAMED" | sha256sum -c) > /dev/null 2>&1; then REASON="they are damaged"; else REASON=; fi;',
  'if [ -n "$REASON" ]; then',
  `if [ -e ${LAYERS}/${INDEX} ]; then echo "Dropping the cached layers: $REASON"; fi;`,
  'NAMED= MANIFEST= SINCE="$NOW"; fi',
].join(' '));

/**
 * Makes the folder anew, with these layers and nothing else: BuildKit fails on what else it may find there, such as
 * a folder in the place of a file. The index is written as BuildKit writes it.
 */
const TAKE_LAYERS = strict([
  'CACHE_TO=yes;',
  `{ rm -rf ${RESTORED} && { mv ${LAYERS} ${RESTORED} 2> /dev/null || [ ! -e ${LAYERS} ]; } &&`,
  `mkdir -p ${LAYERS}/${BLOBS} &&`,
  `{ [ -z "$NAMED" ] || (cd ${RESTORED}/${BLOBS} && mv $NAMED ${LAYERS}/${BLOBS}/); } &&`,
  `if [ -n "$MANIFEST" ]; then printf '${newIndex('%s', '%d')}' "$MANIFEST"`,
  `"$(wc -c < ${LAYERS}/${BLOBS}/"$MANIFEST")" > ${LAYERS}/${INDEX}; fi &&`,
  `echo "$DOCKERFILE_HASH $SINCE" > ${LAYERS}/${WRITTEN_BY} && rm -rf ${RESTORED}; } ||`,
  '{ CACHE_TO=; echo "WARNING: the image is built without cached layers, because their folder cannot be written"; }',
].join(' '));

/** The index of the layers, which names the newest manifest. */
function newIndex(digest: string, size: string): string {
  return '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",'
    + `"digest":"sha256:${digest}","size":${size},"annotations":{"org.opencontainers.image.ref.name":"latest"}}]}`;
}

/**
 * Removes the blobs that the newest index does not name: the export only adds blobs. There is no index when no
 * build has exported a layer, as of a Dockerfile that makes none.
 */
const REMOVE_OLD_LAYERS = strict([
  `if [ -n "$CACHE_TO" ] && ! [ ${LAYERS}/${INDEX} -nt ${LAYERS}/${WRITTEN_BY} ]; then`,
  `${NOTHING_CACHED};`,
  'elif [ -n "$CACHE_TO" ] && ! {',
  `NAMED="$(${digestsIn(`${LAYERS}/${INDEX}`)} | tail -n 1)" &&`,
  `NAMED+=" $(${digestsIn(`${LAYERS}/${BLOBS}/"$NAMED"`)})" &&`,
  `for BLOB in ${LAYERS}/${BLOBS}/*; do [[ "$NAMED" == *"\${BLOB##*/}"* ]] || rm -rf -- "$BLOB"; done; }; then`,
  'echo "WARNING: the cached layers of older builds cannot be removed, so the next build begins without any";',
  `rm -rf ${LAYERS} || true; fi`,
].join(' '));

/** Options of `docker buildx build`. A cache that cannot be written does not fail the build. */
const EXPORT = `--cache-to type=local,mode=max,dest=${LAYERS},ignore-error=true`;

/** Layers as files in the cache bucket of the project: see `BuildCache.s3`. */
export const S3_CACHE: Cache = {
  login: [],
  beforeBuild: [HASH_DOCKERFILE, FIND_LAYERS, TAKE_LAYERS],
  buildOptions: [
    SEPARATE_CACHE_MOUNTS,
    // A missing cache is no error: the first build has none.
    `\${CACHE_TO:+$(test ! -f ${LAYERS}/${INDEX} || echo --cache-from type=local,src=${LAYERS}) ${EXPORT}}`,
  ],
  afterBuild: [REMOVE_OLD_LAYERS],
  section: { cache: { paths: [`${LAYERS}/**/*`] } },
  needsBucket: true,
};
