const SHOWN_LINES = 200;

/** The two times that must be long enough. */
const MORE_TIME = [
  'echo "If it needs longer to start, raise \'startupTime\' of BuildSteps.probe and, with an override,'
  + ' HealthCheckGracePeriodSeconds of the service: after that time (${GRACE_SECONDS:-60} s) ECS stops tasks that are'
  + ' not healthy. More \'cpu\' can help${CONTAINER_SIZE:+; it had $CONTAINER_SIZE}."',
];

/** Prints the end of the container's log, the cause and the remedy. */
const EXPLAIN = [
  'explain() {',
  '  docker logs candidate > /tmp/log 2>&1 || true',
  '  local LINES="$(wc -l < /tmp/log)"',
  `  if [ "$LINES" -gt ${SHOWN_LINES} ]; then`,
  `    echo "The log of the container, without its first $((LINES - ${SHOWN_LINES})) lines:"`,
  '  else',
  '    echo "The log of the container:"',
  '  fi',
  `  tail -n ${SHOWN_LINES} /tmp/log | clean 1000 | sed "s/^/| /"`,
  '  echo "End of the log of the container."',
  '  look',
  '  if [ "$RUNNING" = false ]; then',
  '    exited',
  '  elif is_expected; then',
  '    unhealthy',
  '  elif [ "$STATUS" = 000 ]; then',
  '    silent',
  '  else',
  '    answered',
  '  fi',
  '  if [ "$FAILURES" -ge "$RETRIES" ] && ! is_expected; then unhealthy; fi',
  '  if [ "$RUNNING $OUT_OF_MEMORY" = "true true" ]; then',
  '    echo "A process in the container was killed: it needs more memory than $(memory). Raise \'memoryLimitMiB\' of'
  + ' the environment."',
  '  fi',
  '  if has_logged "read-only file system|EROFS"; then',
  '    echo "Its log says that it writes to a read-only file system: the task definition has readonlyRootFilesystem.'
  + ' Add a volume for each folder that it writes to."',
  '  fi',
  '}',
  'memory() { local SIZE="${CONTAINER_SIZE##* and }"; echo "${SIZE:-the build machine has}"; }',
  'has_logged() { grep -qiE "$1" /tmp/log; }',
];

/** Docker itself prints the reason in the log of the build. */
const NOT_STARTED = [
  'not_started() {',
  '  case "$1" in',
  '    126) echo "The container did not start: its program cannot be executed. Make it executable (chmod +x) in the'
  + ' Dockerfile." ;;',
  '    127) echo "The container did not start: its program is not in the image. Check \'command\', and ENTRYPOINT and'
  + ' CMD of the Dockerfile." ;;',
  '    *) echo "Docker could not start the container; see the reason above." ;;',
  '  esac',
  '}',
];

/** Exit codes of programs, of shells (126, 127), and of signals (from 128). */
const EXITED = [
  'exited() {',
  '  local PROGRAM="$(docker inspect --format "{{.Path}}" candidate | clean 100)"',
  '  local BUILT_FOR="$(built_for "$PROGRAM")"',
  '  local EXITED="The container exited with code $EXIT_CODE"',
  '  if [ "$OUT_OF_MEMORY" = true ]; then',
  '    echo "$EXITED: it needs more memory than $(memory). Raise \'memoryLimitMiB\' of the environment, or limit the'
  + ' memory of the program."',
  '  elif [ -n "$BUILT_FOR" ]; then',
  '    echo "$EXITED: its program is built for $BUILT_FOR, but the CPU architecture here, as in the task, is'
  + ' $(processor). Build the program for $(processor), or change \'platform.cpuArchitecture\'."',
  '  elif has_logged "exec format error|cannot execute binary file"; then',
  '    echo "$EXITED: it starts a program that is built for a CPU architecture other than $(processor), or a script'
  + ' whose first line does not name its interpreter, such as #!/bin/sh."',
  '  else',
  '    case "$EXIT_CODE" in',
  '      0) echo "$EXITED: its program ended, or continued in the background, and ECS stops a task whose container'
  + ' exits. Start the server in the foreground, for example with nginx -g \'daemon off;\'." ;;',
  '      126) echo "$EXITED: $PROGRAM, or what it starts, cannot be executed. Make it executable (chmod +x) and'
  + ' readable for the container\'s user in the Dockerfile." ;;',
  '      127) echo "$EXITED: $PROGRAM, or what it starts, is not in the image. Check \'command\', and ENTRYPOINT and'
  + ' CMD of the Dockerfile. The same happens with a script with Windows line endings or without its interpreter, and'
  + ' with a program without its C library (glibc or musl)." ;;',
  '      134) echo "$EXITED: its program aborted (SIGABRT), as Node.js does when its heap is full. Raise'
  + ' \'memoryLimitMiB\' of the environment if the log mentions memory." ;;',
  '      137) echo "$EXITED: its program was killed (SIGKILL), but not for exceeding the memory limit of the task.'
  + ' Does a script in the image kill it, or does the build machine have less memory than the task?" ;;',
  '      139) echo "$EXITED: its program crashed (SIGSEGV). A native module that was built for another C library'
  + ' (glibc or musl) is a frequent cause." ;;',
  '      143) echo "$EXITED: something in the image sent SIGTERM to its program." ;;',
  '      *) echo "$EXITED. Does it need an environment variable or a secret? Secrets are not set here; pass'
  + ' placeholder values with BuildSteps.probe({ environment })." ;;',
  '    esac',
  '  fi',
  '}',
  'processor() { docker version --format "{{.Server.Arch}}"; }',
  // The other processor that the image, or the header of its program, names.
  'built_for() {',
  '  local IMAGE="$(docker image inspect --format "{{.Architecture}}" "$IMAGE_URI")" HERE="$(processor)"',
  '  if [ "$IMAGE" != "$HERE" ]; then echo "$IMAGE" | clean 20; return; fi',
  '  local HEADER="$(docker cp --follow-link "candidate:$1" - 2> /dev/null | tar -xO 2> /dev/null | od -An -tx1 -N20'
  + ' | tr -d " \\n")"',
  '  case "$HEADER" in',
  '    7f454c46????????????????????????????3e00) FOUND=amd64 ;;',
  '    7f454c46????????????????????????????b700) FOUND=arm64 ;;',
  '    7f454c46*) FOUND="another CPU architecture" ;;',
  '    *) FOUND="$HERE" ;;',
  '  esac',
  '  if [ "$FOUND" != "$HERE" ]; then echo "$FOUND"; fi',
  '}',
];

/**
 * No HTTP answer. The kernel lists the ports of the container (state 0A is "listening"): the image may hold no tool
 * that could. It writes an address byte by byte from its end.
 */
const SILENT = [
  'silent() {',
  '  local LISTENERS="$(cat "/proc/$PROCESS/net/tcp" "/proc/$PROCESS/net/tcp6" 2> /dev/null | while read -r _ LOCAL _'
  + ' STATE _; do',
  '    if [ "$STATE" = 0A ]; then echo "${LOCAL%:*} $((16#${LOCAL##*:}))"; fi; done)"',
  '  local ADDRESSES="$(grep " $CONTAINER_PORT$" <<< "$LISTENERS" | cut -d " " -f 1)"',
  '  local PORTS="$(cut -d " " -f 2 <<< "$LISTENERS" | sort -nu | tr "\\n" " ")"',
  '  echo "$URL did not respond."',
  '  if [ -z "${PORTS// }" ]; then',
  '    echo "After $STARTUP_SECONDS s, nothing listens on port $CONTAINER_PORT or on any other port: the container'
  + ' runs, but does not listen yet."',
  ...MORE_TIME,
  '  elif [ -z "$ADDRESSES" ]; then',
  '    echo "Nothing listens on port $CONTAINER_PORT after $STARTUP_SECONDS s: the container listens on ${PORTS% }'
  + ' instead. Set the port in the application, or \'containerPort\' of the pipeline."',
  '  elif [ "$CURL" = 7 ] && ! grep -qvE "7F$|^0{24}01000000$" <<< "$ADDRESSES"; then',
  '    echo "The container listens on port $CONTAINER_PORT of 127.0.0.1 only, so only the container itself can'
  + ' connect. It must listen on all addresses, 0.0.0.0."',
  '  elif [ "$CURL" = 7 ] && ! grep -v "7F$" <<< "$ADDRESSES" | grep -q "^.\\{8\\}$"; then',
  '    echo "The container listens on port $CONTAINER_PORT over IPv6 only, but the load balancer connects over IPv4.'
  + ' It must listen on 0.0.0.0, or on :: for both (IPV6_V6ONLY off)."',
  '  elif [ "$CURL" = 7 ]; then',
  '    late',
  '  elif [ "$CURL" = 28 ]; then',
  '    slow',
  '  elif speaks_tls; then',
  '    say_tls',
  '  else',
  '    echo "The container accepts connections on port $CONTAINER_PORT but closes them without an HTTP response. The'
  + ' load balancer sends HTTP/1.1 requests there."',
  '  fi',
  '}',
  'slow() {',
  '  ask 30 "$URL"',
  '  if [ "$STATUS" = 000 ]; then',
  '    echo "The container accepts connections on port $CONTAINER_PORT, but does not respond within 30 s either. Does'
  + ' the path wait for something that is missing, such as a database?"',
  '  elif [ "${TIME%%.*}" -lt "$HEALTH_TIMEOUT" ]; then',
  '    late',
  '  else',
  '    echo "It responded with $STATUS after ${TIME%?????} s, but the health check of the load balancer waits only'
  + ' $HEALTH_TIMEOUT s. Make the path respond faster, or set a longer timeout for the health checks of both target'
  + ' groups."',
  '  fi',
  '}',
  'late() {',
  '  echo "The container started to respond only after $STARTUP_SECONDS s."',
  ...MORE_TIME,
  '}',
  // In a subshell: what was answered over HTTP stays.
  'speaks_tls() (',
  '  ask "$HEALTH_TIMEOUT" "https://${URL#http://}"',
  '  [ "$STATUS" != 000 ]',
  ')',
  'say_tls() {',
  '  echo "The container speaks TLS (HTTPS) on port $CONTAINER_PORT, but the load balancer sends plain HTTP to it.'
  + ' Serve plain HTTP there: the load balancer terminates TLS with the \'certificate\' of the environment."',
  '}',
];

const ANSWERED = [
  'answered() {',
  '  local TEXT="$(body)"',
  '  echo "$URL responded with $STATUS instead of $HEALTHY_CODES."',
  '  if [ -n "$TEXT" ]; then echo "The response starts with: $TEXT"; fi',
  '  case "$STATUS" in',
  '    3??) echo "It redirects to $(clean 300 <<< "$LOCATION"), but the load balancer does not follow redirects. Use a'
  + ' \'healthCheckPath\' that responds without a redirect; exclude it from a redirect to HTTPS." ;;',
  '    400)',
  '      if grep -qiE "HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS|plain HTTP to an SSL" <<<'
  + ' "$TEXT" || speaks_tls; then say_tls; else say_host; fi ;;',
  '    401|403)',
  '      echo "The load balancer sends no credentials either, so its requests would be rejected too. Make the path'
  + ' respond without authentication."',
  '      say_host ;;',
  '    404) echo "The application has no such path. Set \'healthCheckPath\' to an existing path." ;;',
  '    5??)',
  '      echo "The application runs, but reports that it is unhealthy. Does it need a secret, a database or another'
  + ' service? Secrets are not set here."',
  ...MORE_TIME,
  '      ;;',
  '  esac',
  '}',
  'say_host() {',
  '  local HOST="${URL#http://}"',
  '  echo "If the application checks the Host header, accept any host on this path: a health check sends the address'
  + ' of the task, here ${HOST%%/*}."',
  '}',
  // The text of a page without its markup.
  'body() {',
  '  head -c 65536 /tmp/answer 2> /dev/null | LC_ALL=C tr -s "[:space:]" " " | LC_ALL=C sed -E -e'
  + ' "s/<\\/(style|script)>/\\x01/gI" -e "s/<(style|script)[^\\x01]*\\x01/ /gI" -e "s/<[^>]*>/ /g" | LC_ALL=C tr -s'
  + ' " " | sed "s/^ //" | clean 300',
  '}',
];

/** The health check of the task definition. */
const UNHEALTHY = [
  'unhealthy() {',
  '  local REASON="exited with code $CHECKED"',
  '  if [ "$CHECKED" = 124 ]; then REASON="did not end within $CHECK_TIMEOUT s"; fi',
  '  echo "The health check of the container, ${CHECK[*]}, $REASON. ECS replaces a task that fails it $RETRIES times'
  + ' in a row."',
  '  if [ -s /tmp/check ]; then echo "It wrote: $(clean 300 < /tmp/check | head -n 1)"; fi',
  '  case "$CHECKED" in',
  '    126|127) echo "Its program is not in the image, or cannot be executed: an image has no curl unless the'
  + ' Dockerfile installs it." ;;',
  '  esac',
  '}',
];

/** Functions that explain why a container does not become healthy. */
export const PROBE_EXPLANATIONS = [
  ...EXPLAIN, ...NOT_STARTED, ...EXITED, ...SILENT, ...ANSWERED, ...UNHEALTHY,
];
