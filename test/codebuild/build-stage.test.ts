import { aws_codebuild as codebuild, aws_codepipeline as codepipeline, SecretValue, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import messages from './messages.json';
import { BuildStageOptions, BuildSteps, CachedBuildProject, CachedBuildProjectProps } from '../../src';
import { testMessages } from '../helpers/messages';
import { pipelineOfTheUser } from '../helpers/programs';
import { violationCodes, refusal } from '../helpers/refusals';
import { token as text } from '../helpers/steps';
import { newStack, templateOf } from '../helpers/synthesis';

const minimal: CachedBuildProjectProps = {
  environmentSuffix: 'dev', steps: BuildSteps.buildSpec(codebuild.BuildSpec.fromSourceFilename('ci/lint.yml')),
};
const source = new codepipeline.Artifact('Source');
const artifacts = (...names: string[]) => names.map((name) => new codepipeline.Artifact(name));

const { lint, pipeline, stack } = projectAndPipeline();
const withDefaults = (options: object) => ({ stageName: 'Lint', input: source, ...options }) as BuildStageOptions;

/** The user's own pipeline, and a project that is in no pipeline. */
function projectAndPipeline(): { lint: CachedBuildProject; pipeline: codepipeline.Pipeline; stack: Stack } {
  const place = newStack();
  return {
    lint: new CachedBuildProject(place, 'Lint', { ...minimal, purpose: 'lint' }),
    pipeline: pipelineOfTheUser(place, source),
    stack: place,
  };
}

const variable = (value: unknown, name = 'A') => ({ environmentVariables: { [name]: { value } } });
/** `[{"name":"A","type":"PLAINTEXT","value":""},{"name":"B","type":"PLAINTEXT","value":""}]` has 87 characters. */
const long = (length: number) => ({
  environmentVariables: { A: { value: 'x'.repeat(length) }, B: { value: text } },
});

testMessages(messages, {
  'CachedBuildProject.addToPipeline': {
    stack,
    make: (options) =>
      lint.addToPipeline(pipeline, typeof options === 'object' && options !== null ? withDefaults(options) : options),
    named: () => ({
      'an artifact twice': { extraInputs: [source] },
      'an extra artifact twice': { extraInputs: artifacts('A', 'A') },
      'another extra artifact twice': { extraInputs: artifacts('B', 'A', 'B') },
      'five artifacts': { extraInputs: artifacts('A', 'B', 'C', 'D', 'E') },
      'an output that another action makes': { output: source },
      'an output that is an input': { output: artifacts('A')[0], extraInputs: artifacts('A') },
      'variables of 1001 characters': long(914),
      'a variable with a secret': variable(SecretValue.secretsManager('npm').unsafeUnwrap()),
    }),
  },
});

test.each<[string, object[]]>([
  ['stage names', ['Lint', 'a', 'A.b@c-d_9', 'x'.repeat(100), 'source', 'Source2'].map((stageName) => ({ stageName }))],
  ['extra inputs', [
    [], artifacts('A'), artifacts('A', 'B', 'C', 'D'), [new codepipeline.Artifact(), new codepipeline.Artifact()], undefined,
  ].map((extraInputs) => ({ extraInputs }))],
  ['outputs', [...artifacts('Out'), new codepipeline.Artifact(), undefined].map((output) => ({ output }))],
  ['variables', [long(913), variable('#{Source.CommitId}', 'COMMIT')]],
])('a stage accepts valid %s', (_, valid) => {
  const taken = valid.map((options) => refusal(() => {
    const fresh = projectAndPipeline();
    fresh.lint.addToPipeline(fresh.pipeline, withDefaults(options));
  }));

  expect(taken).toEqual(valid.map(() => undefined));
});

test('a stage accepts an output with a new name, and rejects a second output of that name', () => {
  const { lint: second, pipeline: theirs, stack: place } = projectAndPipeline();
  const output = new codepipeline.Artifact('Out');
  new CachedBuildProject(place, 'Build', minimal).addToPipeline(theirs, { stageName: 'Build', input: source, output });

  const taken = withDefaults({ output: new codepipeline.Artifact('Out') });
  expect(violationCodes(() => second.addToPipeline(theirs, taken))).toEqual(['BGP058']);
  second.addToPipeline(theirs, withDefaults({ extraInputs: [output] }));
  expect(() => templateOf(place)).not.toThrow();
});

test('a stage has a valid CodePipeline namespace', () => {
  const { lint: second, pipeline: theirs, stack: place } = projectAndPipeline();
  second.addToPipeline(theirs, { stageName: 'Build.Web.1', input: source });

  const actions = [Match.objectLike({ Namespace: 'Build-Web-1' })];
  Template.fromStack(place).hasResourceProperties('AWS::CodePipeline::Pipeline', {
    Stages: Match.arrayWith([Match.objectLike({ Name: 'Build.Web.1', Actions: actions })]),
  });
});

test('a project can be added to one stage only, and only to a pipeline', () => {
  const add = (to: unknown, options: unknown = withDefaults({})) => () =>
    lint.addToPipeline(to as codepipeline.Pipeline, options as BuildStageOptions);

  expect([null, 'x', {}, lint].flatMap((to) => violationCodes(add(to)))).toEqual(['BGP001', 'BGP002', 'BGP002', 'BGP002']);
  fc.assert(fc.property(fc.anything(), fc.anything(), (to, options) =>
    violationCodes(add(to, options)).length > 0 && violationCodes(add(pipeline, options ?? null)).length > 0), { numRuns: 200 });
  add(pipeline)();
  expect(violationCodes(add(pipeline, withDefaults({ stageName: 'Again' })))).toEqual(['BGP015']);
});
