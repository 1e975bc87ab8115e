import { aws_codepipeline as codepipeline, Lazy, SecretValue, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { BuildStageOptions, BuildSteps, CachedBuildProject, CachedBuildProjectProps } from '../../src';
import { pipelineOfTheUser } from '../helpers/programs';
import { brokenRules, refusal, Rule, STRANGE, testRules } from '../helpers/refusals';
import { newStack, templateOf } from '../helpers/synthesis';

const steps = BuildSteps.commands(['npm test']);
const minimal: CachedBuildProjectProps = { environmentSuffix: 'dev', steps };
const text = Lazy.string({ produce: () => 'later' });
const PLACE = 'Storefront/Lint (CachedBuildProject): ';

describe('the place of a project in a pipeline', () => {
  const source = new codepipeline.Artifact('Source');

  const pipelineOf = (stack: Stack) => pipelineOfTheUser(stack, source);

  const stage = (options: object) => () => {
    const stack = newStack();
    const made = new CachedBuildProject(stack, 'Lint', { ...minimal, purpose: 'lint' });
    const pipeline = pipelineOf(stack);
    const children = made.node.findAll().length;
    try {
      made.addToPipeline(pipeline, { stageName: 'Lint', input: source, ...options } as BuildStageOptions);
    } catch (error) {
      expect(made.node.findAll()).toHaveLength(children);
      expect(pipeline.stages).toHaveLength(1);
      throw error;
    }
  };
  const artifacts = (...names: string[]) => names.map((name) => new codepipeline.Artifact(name));
  const withVariables = (environmentVariables: object) => stage({ environmentVariables });

  const places: Rule[] = [
    {
      what: 'stageName',
      make: (stageName) => stage({ stageName }),
      good: ['Lint', 'a', 'A.b@c-d_9', 'x'.repeat(100), 'source'],
      bad: ['Unit Tests', 'x'.repeat(101), 'Lint\n', ' Lint', 'Lïnt', 'a/b', 'a:b'],
      message: PLACE + '\'stageName\' must be at most 100 letters, digits, dots, hyphens, underscores and @, got "Unit Tests"; for example "Lint" [BGP057]',
    },
    {
      what: 'a stage that is there already',
      make: (stageName) => stage({ stageName }),
      good: ['Source2'],
      bad: ['Source'],
      message: PLACE + '\'pipeline\' must have no stage "Source" yet, got one that has; give each stage a name of its own [BGP019]',
    },
    {
      what: 'a stage name that only CloudFormation knows',
      make: (stageName) => stage({ stageName }),
      good: [],
      bad: [text],
      message: PLACE + "'stageName' must be known at synthesis, got a token; write it out, for example \"Lint\" [BGP003]",
    },
    {
      what: 'extraInputs',
      make: (extraInputs) => stage({ extraInputs }),
      good: [[], artifacts('A'), artifacts('A', 'B', 'C', 'D'), [new codepipeline.Artifact(), new codepipeline.Artifact()], undefined],
      bad: [[source], artifacts('Source')],
      message: PLACE + "'extraInputs[0]' must differ from the other inputs, got \"Source\" twice; remove one [BGP058]",
    },
    {
      what: 'two extra inputs',
      make: (extraInputs) => stage({ extraInputs }),
      good: [],
      bad: [artifacts('A', 'A'), artifacts('B', 'A').concat(artifacts('B'))],
      message: PLACE + "'extraInputs[1]' must differ from the other inputs, got \"A\" twice; remove one [BGP058]",
    },
    {
      what: 'the number of inputs',
      make: (extraInputs) => stage({ extraInputs }),
      good: [],
      bad: [artifacts('A', 'B', 'C', 'D', 'E')],
      message: PLACE + "'extraInputs' must hold at most 4 artifacts, got 5; let one build hand on what another needs [BGP059]",
    },
    {
      what: 'output',
      make: (output) => stage({ output, extraInputs: artifacts('A') }),
      good: [...artifacts('Out'), new codepipeline.Artifact(), undefined],
      bad: [source, ...artifacts('Source', 'A')],
      message: PLACE + "'output' must be an artifact of its own, got \"Source\", which another action makes; for example new codepipeline.Artifact('Lint') [BGP058]",
    },
    {
      what: 'the variables of an action',
      make: (length) => withVariables({ A: { value: 'x'.repeat(length as number) }, B: { value: text } }),
      // [{"name":"A","type":"PLAINTEXT","value":""},{"name":"B","type":"PLAINTEXT","value":""}] has 87 characters.
      good: [913],
      bad: [914],
      message: PLACE + "'environmentVariables' must be at most 1000 characters as JSON, all together, got 1001; give those that are known at synthesis to the project [BGP063]",
    },
    {
      what: 'a secret in the variables of an action',
      make: (value) => withVariables({ A: { value } }),
      good: ['#{Source.CommitId}'],
      bad: [SecretValue.secretsManager('npm').unsafeUnwrap()],
      message: PLACE + "'environmentVariables.A.value' must not hold a secret, which would stand in the project for everybody to read; "
        + 'use the type SECRETS_MANAGER, with the ARN or the name of the secret as the value [BGP049]',
    },
    {
      what: 'the names of CodeBuild as variables of an action',
      make: (name) => withVariables({ [name as string]: { value: 'x' } }),
      good: ['COMMIT'],
      bad: ['CODEBUILD_X'],
      message: PLACE + '\'environmentVariables\' must not be by names that begin with CODEBUILD_, which CodeBuild keeps for itself, got "CODEBUILD_X"; rename it [BGP053]',
    },
  ];

  testRules(places);

  test('takes an output that is named for the first time, and no second one of that name', () => {
    const stack = newStack();
    const pipeline = pipelineOf(stack);
    const output = new codepipeline.Artifact('Out');
    new CachedBuildProject(stack, 'Build', minimal).addToPipeline(pipeline, { stageName: 'Build', input: source, output });
    const other = new CachedBuildProject(stack, 'Lint', { ...minimal, purpose: 'lint' });

    expect(brokenRules(() => other.addToPipeline(pipeline, { stageName: 'Lint', input: source, output: new codepipeline.Artifact('Out') }))).toEqual(['BGP058']);
    other.addToPipeline(pipeline, { stageName: 'Lint', input: source, extraInputs: [output] });
    expect(() => templateOf(stack)).not.toThrow();
  });

  test('gives the variables of a stage a namespace that CodePipeline takes', () => {
    const stack = newStack();
    new CachedBuildProject(stack, 'Build', minimal).addToPipeline(pipelineOf(stack), { stageName: 'Build.Web.1', input: source });

    Template.fromStack(stack).hasResourceProperties('AWS::CodePipeline::Pipeline', {
      Stages: Match.arrayWith([Match.objectLike({ Name: 'Build.Web.1', Actions: [Match.objectLike({ Namespace: 'Build-Web-1' })] })]),
    });
  });

  test('is refused once the project has one, and without a pipeline', () => {
    const stack = newStack();
    const made = new CachedBuildProject(stack, 'Lint', { ...minimal, purpose: 'lint' });
    const pipeline = pipelineOf(stack);

    for (const value of [...STRANGE, made]) {
      expect(brokenRules(() => made.addToPipeline(value as codepipeline.Pipeline, { stageName: 'Lint', input: source })).length).toBe(1);
    }
    made.addToPipeline(pipeline, { stageName: 'Lint', input: source });
    expect(refusal(() => made.addToPipeline(pipeline, { stageName: 'Again', input: source }))).toBe(
      "Storefront/Lint (CachedBuildProject): 'addToPipeline' must be called only once; make another construct for another stage [BGP015]");
  });

  test.each<[string, unknown[]]>([
    ['stageName', STRANGE.filter((value) => typeof value !== 'string' && value !== null)],
    ['input', STRANGE.filter((value) => value !== null)],
    ['extraInputs', STRANGE.filter((value) => !Array.isArray(value))],
    ['output', STRANGE],
    ['environmentVariables', STRANGE.filter((value) => typeof value !== 'object' || value === null || Array.isArray(value))],
  ])('is refused with %s of another type', (prop, values) => {
    for (const value of values) {
      expect([value, brokenRules(stage({ [prop]: value }))]).toEqual([value, ['BGP002']]);
    }
  });

  test('is refused with what is missing or no object', () => {
    const made = new CachedBuildProject(newStack(), 'Lint', { ...minimal, purpose: 'lint' });
    const pipeline = pipelineOf(Stack.of(made));
    const add = (options: unknown) => () => made.addToPipeline(pipeline, options as BuildStageOptions);

    expect(refusal(add(undefined))).toBe([
      'Storefront/Lint (CachedBuildProject) has 2 problems:',
      '  - \'stageName\' is required; for example "Lint" [BGP001]',
      "  - 'input' is required; for example new codepipeline.Artifact('Source') [BGP001]",
    ].join('\n'));
    expect(refusal(add(null))).toBe("Storefront/Lint (CachedBuildProject): 'options' must be an object, got null; for example { stageName: \"Lint\", input: source } [BGP002]");
    expect(refusal(stage({ extraInputs: [null] }))).toBe(
      "Storefront/Lint (CachedBuildProject): 'extraInputs[0]' is required; for example new codepipeline.Artifact('Source') [BGP001]");
    expect(refusal(stage({ input: 'Source' }))).toBe(
      "Storefront/Lint (CachedBuildProject): 'input' must be a codepipeline.Artifact, got \"Source\"; for example new codepipeline.Artifact('Source') [BGP002]");
    fc.assert(fc.property(fc.anything(), fc.anything(), (pipe, options) =>
      brokenRules(() => made.addToPipeline(pipe as codepipeline.Pipeline, options as BuildStageOptions)).length > 0
        && brokenRules(add(options)).length > 0), { numRuns: 500 });
  });
});
