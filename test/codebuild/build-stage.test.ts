import { aws_codepipeline as codepipeline, SecretValue, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { stage as stageMessages } from './messages.json';
import { BuildStageOptions, BuildSteps, CachedBuildProject, CachedBuildProjectProps } from '../../src';
import { pipelineOfTheUser } from '../helpers/programs';
import { brokenRules, refusal, STRANGE } from '../helpers/refusals';
import { token as text } from '../helpers/steps';
import { newStack, templateOf } from '../helpers/synthesis';
import { expectUntouched } from '../helpers/untouched';

const messages: { readonly [name: string]: string } = stageMessages;
const minimal: CachedBuildProjectProps = { environmentSuffix: 'dev', steps: BuildSteps.commands(['npm test']) };
const source = new codepipeline.Artifact('Source');
const artifacts = (...names: string[]) => names.map((name) => new codepipeline.Artifact(name));

function projectAndPipeline(): { lint: CachedBuildProject; pipeline: codepipeline.Pipeline; stack: Stack } {
  const stack = newStack();
  const lint = new CachedBuildProject(stack, 'Lint', { ...minimal, purpose: 'lint' });
  return { lint, pipeline: pipelineOfTheUser(stack, source), stack };
}

const stage = (options: object) => () => {
  const { lint, pipeline } = projectAndPipeline();
  lint.addToPipeline(pipeline, { stageName: 'Lint', input: source, ...options } as BuildStageOptions);
};

const variable = (value: unknown, name = 'A') => ({ environmentVariables: { [name]: { value } } });
/** `[{"name":"A","type":"PLAINTEXT","value":""},{"name":"B","type":"PLAINTEXT","value":""}]` has 87 characters. */
const long = (length: number) => ({
  environmentVariables: { A: { value: 'x'.repeat(length) }, B: { value: text } },
});

/** Wrong options by their name and the code; messages.json has the message of each. */
const WRONG: { readonly [name: string]: object } = {
  'stageName BGP057': { stageName: 'Unit Tests' },
  'stageName BGP001': { stageName: undefined },
  'stageName BGP003': { stageName: text },
  'pipeline BGP019': { stageName: 'Source' },
  'input BGP001': { input: undefined },
  'input BGP002': { input: 'Source' },
  'extraInputs[0] BGP001': { extraInputs: [null] },
  'extraInputs[0] BGP058': { extraInputs: artifacts('Source') },
  'extraInputs[1] BGP058': { extraInputs: artifacts('A', 'A') },
  'extraInputs BGP059': { extraInputs: artifacts('A', 'B', 'C', 'D', 'E') },
  'output BGP058': { output: source },
  'environmentVariables BGP063': long(914),
  'environmentVariables.A.value BGP049': variable(SecretValue.secretsManager('npm').unsafeUnwrap()),
  'environmentVariables BGP053': variable('x', 'CODEBUILD_X'),
};

test.each(Object.entries(WRONG))('%s has its message', (name, options) => {
  expect(refusal(stage(options))).toBe(`Storefront/Lint (CachedBuildProject): ${messages[name]}`);
});

test('a refused stage leaves the pipeline of the user, its bucket and its role as they were', () => {
  const { lint, pipeline, stack } = projectAndPipeline();
  const add = (options: object) => () =>
    lint.addToPipeline(pipeline, { stageName: 'Lint', input: source, ...options } as BuildStageOptions);

  expectUntouched(stack, Object.values(WRONG).map(add));
});

test.each<[string, object[]]>([
  ['stage names', ['Lint', 'a', 'A.b@c-d_9', 'x'.repeat(100), 'source', 'Source2'].map((stageName) => ({ stageName }))],
  ['extra inputs', [
    [], artifacts('A'), artifacts('A', 'B', 'C', 'D'), [new codepipeline.Artifact(), new codepipeline.Artifact()], undefined,
  ].map((extraInputs) => ({ extraInputs }))],
  ['outputs', [...artifacts('Out'), new codepipeline.Artifact(), undefined].map((output) => ({ output }))],
  ['variables', [long(913), variable('#{Source.CommitId}', 'COMMIT')]],
])('a stage takes valid %s', (_, valid) => {
  expect(valid.map((options) => refusal(stage(options)))).toEqual(valid.map(() => undefined));
});

test.each<[string, object[]]>([
  ['BGP057', ['x'.repeat(101), 'Lint\n', ' Lint', 'Lïnt', 'a/b', 'a:b'].map((stageName) => ({ stageName }))],
  ['BGP058', [[source], artifacts('B', 'A', 'B')].map((extraInputs) => ({ extraInputs }))],
  ['BGP058', artifacts('Source', 'A').map((output) => ({ output, extraInputs: artifacts('A') }))],
  ['BGP002', STRANGE.filter((value) => typeof value !== 'string' && value !== null).map((stageName) => ({ stageName }))],
  ['BGP002', STRANGE.filter((value) => value !== null).map((input) => ({ input }))],
  ['BGP002', STRANGE.filter((value) => !Array.isArray(value)).map((extraInputs) => ({ extraInputs }))],
  ['BGP002', STRANGE.map((output) => ({ output }))],
  ['BGP002', [null, 7, 'x', true, []].map((environmentVariables) => ({ environmentVariables }))],
])('%s is the code of other wrong stages, too', (code, invalid) => {
  expect(invalid.map((options) => brokenRules(stage(options)))).toEqual(invalid.map(() => [code]));
});

test('a stage takes an output that is named for the first time, and no second one of that name', () => {
  const { lint, pipeline, stack } = projectAndPipeline();
  const output = new codepipeline.Artifact('Out');
  new CachedBuildProject(stack, 'Build', minimal).addToPipeline(pipeline, { stageName: 'Build', input: source, output });

  const taken = { stageName: 'Lint', input: source, output: new codepipeline.Artifact('Out') };
  expect(brokenRules(() => lint.addToPipeline(pipeline, taken))).toEqual(['BGP058']);
  lint.addToPipeline(pipeline, { stageName: 'Lint', input: source, extraInputs: [output] });
  expect(() => templateOf(stack)).not.toThrow();
});

test('a stage has a namespace that CodePipeline takes', () => {
  const { lint, pipeline, stack } = projectAndPipeline();
  lint.addToPipeline(pipeline, { stageName: 'Build.Web.1', input: source });

  const actions = [Match.objectLike({ Namespace: 'Build-Web-1' })];
  Template.fromStack(stack).hasResourceProperties('AWS::CodePipeline::Pipeline', {
    Stages: Match.arrayWith([Match.objectLike({ Name: 'Build.Web.1', Actions: actions })]),
  });
});

test('a project stands in one stage, of a pipeline', () => {
  const { lint, pipeline } = projectAndPipeline();
  const add = (to: unknown, options: unknown = { stageName: 'Lint', input: source }) => () =>
    lint.addToPipeline(to as codepipeline.Pipeline, options as BuildStageOptions);

  for (const value of [...STRANGE, lint]) {
    expect(brokenRules(add(value))).toHaveLength(1);
  }
  expect(refusal(add(pipeline, null))).toBe("Storefront/Lint (CachedBuildProject): 'options' must be an object, got null; "
    + 'for example { stageName: "Lint", input: source } [BGP002]');
  expect(brokenRules(() => lint.addToPipeline(pipeline, undefined as never))).toEqual(['BGP001', 'BGP001']);
  fc.assert(fc.property(fc.anything(), fc.anything(), (to, options) =>
    brokenRules(add(to, options)).length > 0 && brokenRules(add(pipeline, options ?? null)).length > 0), { numRuns: 200 });
  add(pipeline)();
  expect(refusal(add(pipeline, { stageName: 'Again', input: source }))).toBe(
    "Storefront/Lint (CachedBuildProject): 'addToPipeline' must be called only once; "
    + 'make another construct for another stage [BGP015]');
});
