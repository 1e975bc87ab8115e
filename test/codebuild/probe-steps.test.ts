import { Duration } from 'aws-cdk-lib';
import { BlueGreenFargatePipelineProps, BuildSteps, PipelineEnvironment, ProbeStepsOptions } from '../../src';
import { buildSpecOfProject, cleanUp, run, Run } from '../helpers/code-build';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { plainVariables } from '../helpers/templates';

const IMAGE_REPOSITORY = '111111111111.dkr.ecr.us-east-1.amazonaws.com/repository-dev';
const IMAGE = `${IMAGE_REPOSITORY}@sha256:${'a1'.repeat(32)}`;
const URL = 'http://127.0.0.1:8080/healthz';

/** The template of a pipeline whose first environment says more than nothing. */
function pipelineWith(testSteps?: BuildSteps, props: Partial<BlueGreenFargatePipelineProps> = {}): SynthesisedTemplate {
  const stack = newStack();
  pipelineIn(stack, {
    healthCheckPath: '/healthz',
    environments: [
      new PipelineEnvironment('staging', { containerEnvironment: { 'GREETING': "it's $HOME", 'spring.profiles.active': 'a "b"\nc' }, tasks: { command: ['serve', 'the "shop"', '--rm'] } }),
      new PipelineEnvironment('production', { containerEnvironment: { GREETING: 'never' } }),
    ],
    testSteps,
    ...props,
  });
  return templateOf(stack);
}

/** Runs the trial of a template. Whoever sleeps moves the clock of the shell on, and nobody waits. */
function trial(template: SynthesisedTemplate, options: { standIns?: { [command: string]: string }; files?: { [path: string]: string } } = {}): Run {
  const spec = buildSpecOfProject(template, 'project-test-dev');
  const hurried = spec.phases.build.commands.map((command) => `sleep() { SECONDS=$((SECONDS + $1)); }\n${command}`);
  return run({ ...spec, phases: { ...spec.phases, build: { commands: hurried } } }, {
    environment: { ...plainVariables(template, 'project-test-dev'), IMAGE_REPOSITORY, IMAGE_DIGEST: IMAGE.split('@')[1] },
    standIns: options.standIns,
    files: options.files,
  });
}

/** A Docker whose container is in this state and has logged something; its first process is found in the files of the run. */
function docker(state: { running: boolean; exitCode?: number }): string {
  const inspected = `${state.running} ${state.exitCode ?? 0} self/cwd/process`;
  return `printf '%s\\0' "$@" >> "$CODEBUILD_SRC_DIR/words"
case "$1 $3" in
  "inspect {{.State.Running}}") echo ${state.running} ;;
  inspect*) echo "${inspected}" ;;
  logs*) echo "no database" ;;
esac`;
}

const [RUNNING, EXITED] = [docker({ running: true }), docker({ running: false, exitCode: 3 })];

/** What the kernel lists for a process: the header, a listener for each address, and a connection that listens to nothing. */
function listening(...addresses: string[]): { [path: string]: string } {
  const line = (address: string, state: string) => `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0\n`;
  const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  return {
    'process/net/tcp': header + addresses.map((address) => line(address, '0A')).join('') + line('0100007F:1F40', '01'),
    'process/net/tcp6': header,
  };
}

const curls = (result: Run) => result.calls.filter((call) => call.startsWith('curl'));

afterAll(cleanUp);

test('the image is started by digest with the command and the variables of staging, and passes when its health path answers', () => {
  const result = trial(pipelineWith(), { standIns: { docker: RUNNING } });

  expect(result.output).toContain('is healthy');
  expect(result.status).toBe(0);
  expect(result.read('words')).toContain([
    'run', '--detach', '--name', 'candidate', '--publish', '127.0.0.1:8080:8080', '--env', "GREETING=it's $HOME",
    '--env', 'spring.profiles.active=a "b"\nc', IMAGE, 'serve', 'the "shop"', '--rm',
  ].join('\0'));
  expect(curls(result)).toHaveLength(1);
  expect(curls(result)[0]).toContain(URL);
});

test('variables and command of the trial can be other ones than those of staging', () => {
  const template = pipelineWith(BuildSteps.probe({ environment: { GREETING: 'hi', DATABASE_PASSWORD: 'any' }, command: ['serve'] }));

  const result = trial(template, { standIns: { docker: RUNNING } });

  expect(result.read('words')).toContain(
    ['--env', 'GREETING=hi', '--env', 'spring.profiles.active=a "b"\nc', '--env', 'DATABASE_PASSWORD=any', IMAGE, 'serve', ''].join('\0'));
});

test.each<[string, ProbeStepsOptions | undefined, number, number]>([
  ['a minute', undefined, 30, 31],
  ['as long as is said', { startupTime: Duration.minutes(5) }, 150, 151],
  ['a few seconds', { startupTime: Duration.seconds(5) }, 3, 4],
])('the health path has %s to answer', (_, props, least, most) => {
  const result = trial(pipelineWith(props && BuildSteps.probe(props)), { standIns: { curl: 'printf 503', docker: RUNNING } });

  expect(result.status).toBe(1);
  // A second may pass by itself while the test runs.
  expect(curls(result).length).toBeGreaterThanOrEqual(least - 1);
  expect(curls(result).length).toBeLessThanOrEqual(most);
}, 30_000);

test('an image that answers late passes', () => {
  const late = 'touch tries; echo >> tries; if [ "$(wc -l < tries)" -lt 9 ]; then printf 000; exit 7; fi; printf 200';

  const result = trial(pipelineWith(), { standIns: { curl: late, docker: RUNNING } });

  expect(result.status).toBe(0);
  expect(curls(result)).toHaveLength(9);
});

test.each<[string, { docker: string; curl: string }, string, ReturnType<typeof listening>]>([
  ['exits', { docker: EXITED, curl: 'printf 000; exit 7' }, `${URL} answered 000 instead of 200.
The container exited with code 3. Does it need an environment variable or a secret?`, {}],
  ['has no health path', { docker: RUNNING, curl: 'printf 404' },
    `${URL} answered 404 instead of 200.\nThe image has no such path.`, {}],
  ['answers that it is ill', { docker: RUNNING, curl: 'printf 503' }, `${URL} answered 503 instead of 200.`, {}],
  ['listens on another port', { docker: RUNNING, curl: 'printf 000; exit 52' },
    'Nothing listens on port 8080 after 60 s: the container listens on 3000 8888 instead.',
    listening('00000000:0BB8', '0100007F:22B8')],
  ['listens for itself alone', { docker: RUNNING, curl: 'printf 000; exit 52' },
    'The container listens on port 8080, but gave no answer in 60 s: it must listen on all addresses, not on 127.0.0.1 alone',
    listening('0100007F:1F90')],
  ['never listens', { docker: RUNNING, curl: 'printf 000; exit 52' },
    'Nothing listens on port 8080 after 60 s, nor on any other: the container runs and does not listen yet.', listening()],
])('an image that %s fails the build, with its log and the reason', (_, standIns, says, files) => {
  const result = trial(pipelineWith(), { standIns, files });

  expect(result.status).toBe(1);
  expect(result.output).toContain(says);
  expect(result.output.split(says)[0]).toContain('no database');
  expect(result.output).not.toContain('is healthy');
});

test('an image that exits is not waited for', () => {
  const result = trial(pipelineWith(), { standIns: { curl: 'printf 000; exit 7', docker: EXITED } });

  expect(curls(result)).toHaveLength(1);
});

test.each([
  ['the image cannot be pulled', { docker: '[ "$1" != pull ]' }],
  ['the container cannot be started', { docker: '[ "$1" != run ]' }],
])('the trial fails when %s', (_, standIns) => {
  const result = trial(pipelineWith(), { standIns });

  expect(result.status).not.toBe(0);
  expect(curls(result)).toEqual([]);
});
