import { strict } from './shell';

/**
 * Refuses a build context and a Dockerfile that leave the source through a link, as `web -> /root/.docker`
 * would, with the login to the registry.
 *
 * The checks follow the commands of the user, which may create both. BuildKit does not follow links inside of
 * a context out of it, and reads `.dockerignore` from there.
 */
export const CHECK_PATHS: readonly string[] = [
  strict([
    'SOURCE="$(cd -P "$CODEBUILD_SRC_DIR" && pwd -P)";',
    'if ! CONTEXT="$(cd -P "$SOURCE/$BUILD_CONTEXT" 2> /dev/null && pwd -P)"; then',
    refuse('context', 'BUILD_CONTEXT', 'is not a folder of the source'),
    'fi;',
    'case "$CONTEXT/" in "$SOURCE"/*) ;; *)',
    refuse('context', 'BUILD_CONTEXT', 'leaves the source: it resolves to $CONTEXT; replace the link by a folder'),
    'esac',
  ].join(' ')),
  strict([
    'if ! FILE="$(realpath "$SOURCE/$DOCKERFILE" 2> /dev/null)" || [ ! -f "$FILE" ]; then',
    refuse('dockerfile', 'DOCKERFILE', 'is not a file of the source'),
    'fi;',
    'case "$FILE" in "$SOURCE"/*) ;; *)',
    refuse('dockerfile', 'DOCKERFILE', 'leaves the source: it resolves to $FILE; replace the link by a file'),
    'esac',
  ].join(' ')),
];

/** Prints why a path is refused, and ends the build. */
function refuse(prop: string, variable: string, rule: string): string {
  return `echo "'${prop}' \\"$${variable}\\" ${rule}"; exit 1;`;
}
