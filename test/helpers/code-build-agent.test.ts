import { cleanUp, run } from './code-build';
import { BuildSpec } from './templates';

afterAll(cleanUp);

const commands = (...list: string[]) => ({ commands: list });

test('variables and the folder last from command to command and from phase to phase, options of the shell do not', () => {
  const spec: BuildSpec = {
    env: { shell: 'bash', variables: { GIVEN: "it's" } },
    phases: {
      install: commands('PLAIN="$GIVEN so"', 'mkdir sub && cd sub', 'set -o pipefail'),
      build: commands('printf "%s in %s\\n" "$PLAIN" "${PWD##*/}"', 'sh -c \'echo "children see $PLAIN"\'', 'false | true'),
    },
  };

  const result = run(spec);

  expect(result.status).toBe(0);
  expect(result.output).toContain("it's so in sub\n");
  expect(result.output).toContain("children see it's so\n");
});

test('a variable of the project wins over one of the buildspec', () => {
  const result = run({ env: { variables: { WHO: 'buildspec' } }, phases: { build: commands('echo "from $WHO"') } }, { environment: { WHO: 'project' } });

  expect(result.output).toContain('from project');
});

test.each([
  ['install', ['install']],
  ['pre_build', ['install', 'pre_build']],
  ['build', ['install', 'pre_build', 'build', 'post_build']],
  ['post_build', ['install', 'pre_build', 'build', 'post_build']],
])('a command that fails in %s ends that phase, fails the build, and what runs after it is %j', (failing, ran) => {
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

test('post_build learns that the build failed, and on-failure ABORT keeps it from running', () => {
  const post = commands('echo "succeeding: $CODEBUILD_BUILD_SUCCEEDING"');

  expect(run({ phases: { build: commands('false'), post_build: post } }).output).toContain('succeeding: 0');
  expect(run({ phases: { build: { ...commands('false'), 'on-failure': 'ABORT' }, post_build: post } }).phases).toEqual({
    install: 'SUCCEEDED', pre_build: 'SUCCEEDED', build: 'FAILED',
  });
  expect(() => run({ phases: { build: { ...commands('true'), 'on-failure': 'CONTINUE' } } })).toThrow('on-failure CONTINUE is not known here');
});

test('what the runner does not know is refused', () => {
  expect(() => run({ env: { 'secrets-manager': { A: 'secret:key' } }, phases: {} })).toThrow('env of a buildspec has secrets-manager');
});

test('a phase fails with its finally', () => {
  expect(run({ phases: { build: { ...commands('true'), finally: ['false'] } } }).phases).toMatchObject({ build: 'FAILED' });
});

test('the artifact is what the patterns match in the base directory, of a failed build as well', () => {
  const result = run({
    phases: { build: commands('mkdir -p out/deep/er; touch out/a.json out/deep/b.json out/deep/er/.c outside.json; false') },
    artifacts: { 'base-directory': 'out', 'files': ['**/*'] },
  });

  expect(result.status).toBe(1);
  expect(result.artifact).toEqual(['a.json', 'deep/b.json', 'deep/er/.c']);
  expect(run({
    phases: { build: commands('mkdir -p out/deep; touch out/a.json out/a.txt out/deep/b.json') },
    artifacts: { 'base-directory': 'out', 'files': ['*.json', 'a+txt'] },
  }).artifact).toEqual(['a.json']);
});

test('exported variables are read where the build ended', () => {
  const result = run({ env: { 'shell': 'bash', 'exported-variables': ['WHAT', 'NEVER'] }, phases: { build: commands('WHAT="a \'b\'"') } });

  expect(result.exported).toEqual({ WHAT: "a 'b'", NEVER: '' });
});
