import { BuildCommand, Cache, HASH_DOCKERFILE, NOTHING_CACHED, SEPARATE_CACHE_MOUNTS } from './cache';
import { BACK_TO_SOURCE, strict } from './shell';

/** The folder of the layers; outside the source, so that it is never sent to the image build. */
const FOLDER = '/root/.cache/bluegreen-layers';

/** Commands name the folder by a variable, which is shorter; the folder as the cache restored it has a suffix. */
const LAYERS = '"$LAYERS"';
const RESTORED = '"$LAYERS.old"';

/** Hash of the Dockerfile that wrote the layers, and the time of the first of them, in seconds since 1970. */
const WRITTEN_BY = `${LAYERS}/written-by`;

const INDEX = `${LAYERS}/index.json`;
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
  `LAYERS=${FOLDER} WRITER= SINCE= REASON=; NOW="$(date +%s)";`,
  `{ read -r WRITER SINCE < ${WRITTEN_BY}; MANIFEST="$(${digestsIn(INDEX)} | tail -n 1)";`,
  `NAMED="$({ echo "$MANIFEST"; ${digestsIn(`${LAYERS}/${BLOBS}/"$MANIFEST"`)}; } | sort -u)"; } 2> /dev/null || true;`,
  'if [ "$WRITER" != "$DOCKERFILE_HASH" ]; then REASON="another Dockerfile wrote them";',
  'elif ! [[ "$SINCE" =~ ^[1-9][0-9]{0,11}$ ]] || ((SINCE > NOW || NOW - SINCE >= CACHE_DAYS * 86400)); then',
  'REASON="they are older than $CACHE_DAYS days";',
  `elif ! ([[ "$NAMED" == *$'\\n'* ]] && cd ${LAYERS}/${BLOBS} &&`,
  'sed "s/.*/&  &/" <<< "$NAMED" | sha256sum -c) > /dev/null 2>&1; then REASON="they are damaged"; fi;',
  `if [ -n "$REASON" ]; then if [ -e ${INDEX} ]; then echo "Dropping the cached layers: $REASON"; fi;`,
  'NAMED= MANIFEST= SINCE="$NOW"; fi',
].join(' '));

/**
 * Makes the folder anew, with these layers and nothing else: BuildKit fails on what else it may find there, such as
 * a folder in the place of a file. Of the index BuildKit reads the digest and the tag.
 *
 * @see https://github.com/moby/buildkit/blob/v0.26.3/client/ociindex/ociindex.go
 */
const TAKE_LAYERS = strict([
  `CACHE_TO=yes; { rm -rf ${RESTORED} && { mv ${LAYERS} ${RESTORED} 2> /dev/null || [ ! -e ${LAYERS} ]; } &&`,
  `mkdir -p ${LAYERS}/${BLOBS} &&`,
  `if [ -n "$NAMED" ]; then (cd ${RESTORED}/${BLOBS} && mv $NAMED ${LAYERS}/${BLOBS}) && printf`,
  '\'{"manifests":[{"digest":"sha256:%s","annotations":{"org.opencontainers.image.ref.name":"latest"}}]}\'',
  `"$MANIFEST" > ${INDEX}; fi &&`,
  `echo "$DOCKERFILE_HASH $SINCE" > ${WRITTEN_BY} && rm -rf ${RESTORED}; } ||`,
  '{ CACHE_TO=; echo "WARNING: the image is built without cached layers: their folder cannot be written"; }',
].join(' '));

/** No import where there is nothing to import: a missing cache is an error. */
const IMPORT = `\${CACHE_TO:+$(test ! -f ${INDEX} || echo --cache-from type=local,src=${FOLDER})}`;

/** Zstandard compresses in a tenth of the time of gzip. The layers of the image stay as they were pushed. */
const EXPORT = `--cache-to type=local,mode=max,dest=${FOLDER},compression=zstd`;

/** The log of the build and push of the image. */
const LOG = '/tmp/image-build.log';

/** Command that succeeds if the log has steps and all of them came from the cache; other log formats have none. */
const NOTHING_RAN = [
  'awk \'/^#[0-9]+ \\[([^]]* )?[0-9]+\\/[0-9]+\\] / && !/\\] FROM / { ran[$1] }',
  '/^#[0-9]+ CACHED$/ { cached = 1; delete ran[$1] }',
  `END { for (step in ran) exit 1; exit !cached }' ${LOG}`,
].join(' ');

/**
 * Writes the layers after the push, from what BuildKit still has of the same build: before the push, the export
 * would have it unpack every layer, also of an image that has not changed. Then removes the blobs that the newest
 * index does not name: the export only adds blobs.
 *
 * There is no newer index when BuildKit has exported no layer, as of a Dockerfile that makes none. A cache that
 * cannot be written does not fail the build.
 */
function writeLayers(build: BuildCommand): string {
  return strict([
    `if [ -z "$CACHE_TO" ]; then true; elif [ -e ${INDEX} ] && ${NOTHING_RAN}; then`,
    'echo "The cached layers are unchanged: no step ran";',
    `elif ! ${build('--output type=cacheonly --progress quiet', [SEPARATE_CACHE_MOUNTS, IMPORT, EXPORT])}; then`,
    'echo "WARNING: the layers of this build are not cached (see above)";',
    `elif ! [ ${INDEX} -nt ${WRITTEN_BY} ]; then ${NOTHING_CACHED};`,
    `elif ! { NAMED="$(${digestsIn(INDEX)} | tail -n 1)" && cd ${LAYERS}/${BLOBS} &&`,
    `NAMED+=" $(${digestsIn('"$NAMED"')})" &&`,
    'for BLOB in *; do [[ "$NAMED" == *"$BLOB"* ]] || rm -rf -- "$BLOB"; done; }; then',
    'echo "WARNING: old cached layers cannot be removed, so the next build starts without any";',
    `rm -rf ${LAYERS} || true; fi; ${BACK_TO_SOURCE}`,
  ].join(' '));
}

/** Layers as files in the cache bucket of the project: see `BuildCache.s3`. */
export const S3_CACHE: Cache = {
  login: [],
  beforeBuild: [HASH_DOCKERFILE, FIND_LAYERS, TAKE_LAYERS],
  buildOptions: [SEPARATE_CACHE_MOUNTS, IMPORT],
  log: LOG,
  afterBuild: (build) => [writeLayers(build)],
  section: { cache: { paths: [`${FOLDER}/**/*`] } },
  needsBucket: true,
};
