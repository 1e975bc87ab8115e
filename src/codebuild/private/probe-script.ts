import { PROBE_EXPLANATIONS } from './probe-explanations';

/**
 * A request is the one that a load balancer sends: to the address of the task, with the unchanged path. The output
 * of the container cannot pass for a line of the build: control characters are removed, and each line of its log
 * gets a prefix.
 *
 * A command of a buildspec is its own script, so all functions are in the command that calls them.
 */
const FUNCTIONS = [
  // The variables $1_1, $1_2, … as the list $2.
  'words() {',
  '  local -n LIST="$2"',
  '  local I NAME',
  '  LIST=()',
  '  for ((I = 1; ; I++)); do',
  '    NAME="$1_$I"',
  '    if [ -z "${!NAME+set}" ]; then break; fi',
  '    LIST+=("${!NAME}")',
  '  done',
  '}',
  'clean() { LC_ALL=C tr -d "\\000-\\010\\013-\\037\\177" | LC_ALL=C sed "s/\\xc2[\\x80-\\x9f]//g" | cut -c "1-$1"; }',
  'look() {',
  '  local STATE="{{.State.Running}} {{.State.ExitCode}} {{.State.OOMKilled}} {{.State.Pid}}"',
  '  local NETWORK="{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"',
  '  read -r RUNNING EXIT_CODE OUT_OF_MEMORY PROCESS ADDRESS <<< "$(docker inspect --format "$STATE $NETWORK"'
  + ' candidate)"',
  '}',
  // Requests the URL $2, for at most $1 seconds.
  'ask() {',
  '  local ANSWER',
  '  rm -f /tmp/answer',
  '  ANSWER="$(curl --silent --globoff --path-as-is --noproxy "*" --http1.1 --insecure --user-agent'
  + ' ELB-HealthChecker/2.0 --output /tmp/answer --max-filesize 1000000 --max-time "$1" --write-out "%{http_code}'
  + ' %{time_total} %{redirect_url}" "$2")" && CURL=0 || CURL=$?',
  '  read -r STATUS TIME LOCATION <<< "${ANSWER:-000}"',
  '}',
  'is_expected() {',
  '  local CODE CODES',
  '  IFS=, read -ra CODES <<< "$HEALTHY_CODES"',
  '  for CODE in "${CODES[@]}"; do',
  '    if [ "$STATUS" -ge "${CODE%-*}" ] && [ "$STATUS" -le "${CODE#*-}" ]; then return 0; fi',
  '  done',
  '  return 1',
  '}',
  // The health check of the container: when it is due, as ECS counts, and when everything else is well.
  'check() {',
  '  CHECKED=0',
  '  if [ "${#CHECK[@]}" = 0 ] || { ! is_expected && [ "$SECONDS" -lt "$DUE" ]; }; then return; fi',
  '  timeout "$CHECK_TIMEOUT" docker exec candidate "${CHECK[@]}" > /tmp/check 2>&1 && FAILURES=0 || CHECKED=$?',
  '  if [ "$SECONDS" -lt "$DUE" ]; then return; fi',
  '  DUE=$((SECONDS + CHECK_INTERVAL))',
  '  if [ "$CHECKED" != 0 ] && [ "$SECONDS" -ge "$((BEGIN + START_PERIOD))" ]; then FAILURES=$((FAILURES + 1)); fi',
  '}',
];

const START = [
  'words CONTAINER_OPTION OPTIONS',
  'words CONTAINER_ARGUMENT ARGUMENTS',
  'words HEALTH_CHECK CHECK',
  'read -r CHECK_INTERVAL CHECK_TIMEOUT RETRIES START_PERIOD <<< "${HEALTH_CHECK_TIMES:-30 5 3 0}"',
  'if [ -n "$CONTAINER_SIZE" ]; then echo "Starting the image with $CONTAINER_SIZE, as in the first environment"; fi',
  // ECS does not know the health check of an image.
  'docker run --detach --name candidate --no-healthcheck "${OPTIONS[@]}" "$IMAGE_URI" "${ARGUMENTS[@]}" >'
  + ' /tmp/started || { not_started $?; exit 1; }',
];

const WAIT = [
  'look',
  'URL="http://$ADDRESS:$CONTAINER_PORT$HEALTH_PATH"',
  'BEGIN=$SECONDS',
  'DEADLINE=$((BEGIN + STARTUP_SECONDS))',
  'DUE=$((BEGIN + CHECK_INTERVAL))',
  'FAILURES=0',
  'HEALTHY=',
  'while true; do',
  '  ask "$HEALTH_TIMEOUT" "$URL"',
  '  check',
  '  if is_expected && [ "$CHECKED" = 0 ]; then HEALTHY=yes; break; fi',
  '  if [ "$SECONDS" -ge "$DEADLINE" ] || [ "$FAILURES" -ge "$RETRIES" ]; then break; fi',
  '  look',
  '  if [ "$RUNNING" = false ]; then break; fi',
  '  sleep 2',
  'done',
  'if [ -z "$HEALTHY" ]; then explain; exit 1; fi',
  'TOOK=$((SECONDS - BEGIN))',
  'echo "$IMAGE_URI is healthy: $HEALTH_PATH answered $STATUS after $TOOK s"',
  'if [ "$TOOK" -ge "${GRACE_SECONDS:-$((TOOK + 1))}" ]; then',
  '  echo "WARNING: ECS stops tasks that are not healthy after $GRACE_SECONDS s. Raise HealthCheckGracePeriodSeconds'
  + ' of the service with an override, or \'cpu\'."',
  'fi',
];

/**
 * Starts the image, requests its health check path until it answers, and explains the failure when it does not. It
 * has no indentation, because the length of a buildspec is limited.
 */
export const PROBE_SCRIPT = [...FUNCTIONS, ...PROBE_EXPLANATIONS, ...START, ...WAIT]
  .map((line) => line.trimStart())
  .join('\n');
