import { cleanUp, run } from './code-build';
import { BuildSpec } from './templates';

afterAll(cleanUp);

const commands = (...list: string[]) => ({ commands: list });

test('variables and the working directory last from command to command and from phase to phase, shell options do not', () => {
  const { status, output, exported } = run({
    env: { 'shell': 'bash', 'variables': { GIVEN: "it's", WHO: 'buildspec' }, 'exported-variables': ['WHAT', 'NEVER'] },
    phases: {
      install: commands('PLAIN="$GIVEN so"', 'mkdir sub && cd sub', 'set -o pipefail'),
      build: commands('printf "%s in %s\\n" "$PLAIN" "${PWD##*/}"', 'sh -c \'echo "children see $PLAIN"\'', 'false | true', 'WHAT="a \'$WHO\'"'),
    },
  }, { environment: { WHO: 'project' } });

  expect(status).toBe(0);
  expect(output).toContain("it's so in sub\n");
  expect(output).toContain("children see it's so\n");
  // A variable of the project takes precedence over one of the buildspec.
  expect(exported).toEqual({ WHAT: "a 'project'", NEVER: '' });
});

test.each([
  ['install', ['install']],
  ['pre_build', ['install', 'pre_build']],
  ['build', ['install', 'pre_build', 'build', 'post_build']],
  ['post_build', ['install', 'pre_build', 'build', 'post_build']],
])('a command that fails in %s ends that phase, fails the build, and the following phases are %j', (failing, ran) => {
  const phases = Object.fromEntries(['install', 'pre_build', 'build', 'post_build'].map((phase) =>
    [phase, { ...commands(phase === failing ? 'exit 3' : 'true', `echo "${phase} went on"`), finally: [`echo "${phase} cleaned up"`] }]));

  const result = run({ phases });

  expect(result.status).toBe(1);
  expect(Object.keys(result.phases)).toEqual(ran);
  expect(result.phases).toEqual(Object.fromEntries(ran.map((phase) => [phase, phase === failing ? 'FAILED' : 'SUCCEEDED'])));
  expect(result.output.split('\n')).not.toContain(`${failing} went on`);
  expect(result.output).toContain(`${failing} cleaned up`);
  expect(result.output).toContain('exit status 3: exit 3');
});

test('post_build knows that the build failed, and does not run after on-failure ABORT', () => {
  const post = commands('echo "succeeding: $CODEBUILD_BUILD_SUCCEEDING"');
  const aborted = { ...commands('true'), 'finally': ['false'], 'on-failure': 'ABORT' };

  expect(run({ phases: { build: commands('false'), post_build: post } }).output).toContain('succeeding: 0');
  expect(run({ phases: { build: aborted, post_build: post } }).phases).toEqual({ install: 'SUCCEEDED', pre_build: 'SUCCEEDED', build: 'FAILED' });
});

test.each<[string, BuildSpec]>([
  ['env of a buildspec has secrets-manager', { env: { 'secrets-manager': { A: 'secret:key' } }, phases: {} }],
  ['on-failure CONTINUE is not known here', { phases: { build: { ...commands('true'), 'on-failure': 'CONTINUE' } } }],
])('the runner rejects what it does not implement: %s', (message, spec) => {
  expect(() => run(spec)).toThrow(message);
});

test.each([
  [['**/*'], ['a.json', 'a.txt', 'deep/b.json', 'deep/er/.c']],
  [['*.json', 'a+txt'], ['a.json']],
])('the artifact contains what the patterns %j match in the base directory, even if the build failed', (files, artifact) => {
  const result = run({
    phases: { build: commands('mkdir -p out/deep/er; touch out/a.json out/a.txt out/deep/b.json out/deep/er/.c outside.json; false') },
    artifacts: { 'base-directory': 'out', files },
  });

  expect(result.status).toBe(1);
  expect(result.artifact).toEqual(artifact);
});
