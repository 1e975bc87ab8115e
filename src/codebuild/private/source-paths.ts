import { strict } from './shell';

/** Maximum number of files and folders that a message names. */
const MAX_NAMES = 10;

/**
 * Defines `reject <prop> <path> <type> <rule>`, which prints why a path is invalid, and the content of the last of
 * its folders that exists in the source.
 *
 * `printf %q` quotes control characters, with which the name of a file could forge a line of the log. The body is a
 * subshell, so that its folder does not last.
 */
const DEFINE_REJECT = [
  'reject() (',
  'FOLDER="$SOURCE/$2"; until [ -d "$FOLDER" ]; do FOLDER="$(dirname "$FOLDER")"; done;',
  'cd -P "$FOLDER"; case "$PWD/" in "$SOURCE"/*) ;; *) cd "$SOURCE" ;; esac;',
  'COUNT=0 NAMES=; for NAME in *; do',
  'if [ -d "$NAME" ]; then NAME+=/; elif [ "$3" = folder ] || [ ! -e "$NAME" ]; then continue; fi;',
  `COUNT=$((COUNT + 1)); if [ "$COUNT" -le ${MAX_NAMES} ]; then NAMES+=" $(printf %q "$NAME")"; fi; done;`,
  `if [ "$COUNT" -gt ${MAX_NAMES} ]; then NAMES+=" and $((COUNT - ${MAX_NAMES})) more"; fi;`,
  'HERE="the root of the source"; if [ "$PWD" != "$SOURCE" ]; then HERE="$(printf %q "${PWD#"$SOURCE"/}")/"; fi;',
  'echo "\'$1\' \\"${2//[[:cntrl:]]/?}\\" $4; $HERE has${NAMES:- no $3}"',
  ');',
].join(' ');

/**
 * Rejects a build context and a Dockerfile that are not in the source, or that leave it through a link, as
 * `web -> /root/.docker` would, with the login to the registry.
 *
 * The checks follow the commands of the user, which may create both. BuildKit does not follow links out of a context,
 * and reads `.dockerignore` from the context.
 */
export const CHECK_PATHS = strict([
  DEFINE_REJECT,
  'SOURCE="$(cd -P "$CODEBUILD_SRC_DIR" && pwd -P)";',
  'if ! CONTEXT="$(cd -P "$SOURCE/$BUILD_CONTEXT" 2> /dev/null && pwd -P)"; then',
  reject('context', 'BUILD_CONTEXT', 'folder', 'is not a folder of the source'),
  'fi; case "$CONTEXT/" in "$SOURCE"/*) ;; *)',
  reject('context', 'BUILD_CONTEXT', 'folder', leaves('CONTEXT', 'folder')),
  'esac;',
  'if ! FILE="$(realpath "$SOURCE/$DOCKERFILE" 2> /dev/null)" || [ ! -f "$FILE" ]; then',
  reject('dockerfile', 'DOCKERFILE', 'file', 'is not a file of the source'),
  'fi; case "$FILE" in "$SOURCE"/*) ;; *)',
  reject('dockerfile', 'DOCKERFILE', 'file', leaves('FILE', 'file')),
  'esac; unset -f reject',
].join(' '));

/** Prints why a path is invalid, and ends the build. */
function reject(prop: string, variable: string, type: string, rule: string): string {
  return `reject ${prop} "$${variable}" ${type} "${rule}"; exit 1;`;
}

function leaves(variable: string, type: string): string {
  return `leaves the source: it resolves to $(printf %q "$${variable}"); replace the link with a ${type}`;
}
