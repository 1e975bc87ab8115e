import { Cache } from './cache';
import { strict } from './shell';

/**
 * Where BuildKit keeps its layers; outside the source, so that it is never sent to the image build.
 */
const LAYERS = '/root/.cache/bluegreen-layers';

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
  buildOptions: [
    // A missing cache is no error: the first build has none.
    `$(test ! -f ${LAYERS}/index.json || echo --cache-from type=local,src=${LAYERS})`,
    `--cache-to type=local,mode=max,dest=${LAYERS}`,
  ],
  afterBuild: [strict(REMOVE_OLD_LAYERS)],
  section: { cache: { paths: [`${LAYERS}/**/*`] } },
  needsBucket: true,
};
