import { aws_codebuild as codebuild } from 'aws-cdk-lib';
import { ecrLogin, FIND_IMAGE, pull, START_DOCKER } from './shell';

export interface ProbeSpecOptions {
  readonly repositoryUri: string;
  readonly port: string;
  readonly path: string;
  readonly startupSeconds: string;
  /** The variables that hold an environment variable of the container each, as `NAME=value`. */
  readonly environment: readonly string[];
  /** The variables that hold a word of the container's command each. */
  readonly command: readonly string[];
}

/** The variables that the buildspec sets. */
export const PROBE_VARIABLES = ['IMAGE_REPOSITORY', 'CONTAINER_PORT', 'HEALTH_URL', 'STARTUP_SECONDS'];

/** Runs the released image and asks its health path: see `BuildSteps.probe`. */
export function probeSpec(options: ProbeSpecOptions): codebuild.BuildSpec {
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    env: {
      shell: 'bash',
      variables: {
        IMAGE_REPOSITORY: options.repositoryUri,
        CONTAINER_PORT: options.port,
        HEALTH_URL: `http://127.0.0.1:${options.port}${options.path}`,
        STARTUP_SECONDS: options.startupSeconds,
      },
    },
    phases: {
      install: { commands: START_DOCKER },
      pre_build: { commands: [ecrLogin('IMAGE_REPOSITORY'), ...FIND_IMAGE, pull('IMAGE_URI')] },
      build: {
        commands: [
          [
            'docker run --detach --name candidate --publish "127.0.0.1:$CONTAINER_PORT:$CONTAINER_PORT"',
            ...options.environment.map((variable) => `--env "$${variable}"`),
            '"$IMAGE_URI"',
            ...options.command.map((variable) => `"$${variable}"`),
          ].join(' '),
          WAIT,
          EXPLAIN,
          'echo "$IMAGE_URI is healthy"',
        ],
      },
    },
  });
}

const WAIT = [
  'DEADLINE=$((SECONDS + STARTUP_SECONDS))',
  'while true; do',
  '  STATUS="$(curl --silent --output /dev/null --max-time 5 --write-out "%{http_code}" "$HEALTH_URL" || true)"',
  '  if [ "$STATUS" = 200 ] || [ "$SECONDS" -ge "$DEADLINE" ]; then break; fi',
  '  if [ "$(docker inspect --format "{{.State.Running}}" candidate)" = false ]; then break; fi',
  '  sleep 2',
  'done',
].join('\n');

/**
 * The kernel lists the ports of the container (state 0A is "listening"): the image may hold no tool
 * that could.
 */
const EXPLAIN = [
  'if [ "$STATUS" != 200 ]; then',
  '  echo "The log of the container:"',
  '  docker logs candidate || true',
  '  echo "End of the log of the container."',
  '  read -r RUNNING EXIT_CODE PID <<< "$(docker inspect --format "{{.State.Running}}'
  + ' {{.State.ExitCode}} {{.State.Pid}}" candidate)"',
  '  PORTS="$(cat "/proc/$PID/net/tcp" "/proc/$PID/net/tcp6" 2> /dev/null | while read -r _ ADDRESS _ STATE _; do',
  '    if [ "$STATE" = 0A ]; then echo "$((16#${ADDRESS##*:}))"; fi; done | sort -nu | tr "\\n" " " || true)"',
  '  echo "$HEALTH_URL answered $STATUS instead of 200."',
  '  if [ "$RUNNING" = false ]; then',
  '    echo "The container exited with code $EXIT_CODE. Does it need an environment variable or a'
  + ' secret? Secrets are not set here."',
  '  elif [ "$STATUS" = 404 ]; then',
  '    echo "The image has no such path."',
  '  elif [ "$STATUS" = 000 ] && [[ " $PORTS" == *" $CONTAINER_PORT "* ]]; then',
  '    echo "The container listens on port $CONTAINER_PORT, but gave no answer in $STARTUP_SECONDS s:'
  + ' it must listen on all addresses, not on 127.0.0.1 alone, and speak HTTP without TLS."',
  '  elif [ "$STATUS" = 000 ] && [ -n "$PORTS" ]; then',
  '    echo "Nothing listens on port $CONTAINER_PORT after $STARTUP_SECONDS s: the container listens'
  + ' on ${PORTS% } instead."',
  '  elif [ "$STATUS" = 000 ]; then',
  '    echo "Nothing listens on port $CONTAINER_PORT after $STARTUP_SECONDS s, nor on any other: the'
  + ' container runs and does not listen yet."',
  '  fi',
  '  exit 1',
  'fi',
].join('\n');
