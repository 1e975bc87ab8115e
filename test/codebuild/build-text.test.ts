import { App, aws_codebuild as codebuild, CfnResource, Stack, Token } from 'aws-cdk-lib';
import { parse } from 'yaml';
import { BuildReport, BuildSteps, CachedBuildProject, ImageStepsOptions } from '../../src';
import { buildSpecOfProject, cleanUp, run } from '../helpers/code-build';
import { build, words } from '../helpers/image-build';
import { refusal } from '../helpers/refusals';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { plainVariables } from '../helpers/templates';

afterAll(cleanUp);

const characters = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String.fromCharCode(from + index)).join('');

const CONTROLS = characters(0x01, 0x1f);
const BACKSLASHES = '\\'.repeat(4096);
const TEXT = '${x} ${HOME} $x `id` $(id) "a" \'b\' \\n \\u0041 %s #{x} {{x}} é 日本 🚀 \u00a0\u200b\u202e -- ; & | < > * ? ~ !';

function pipelineTemplate(options: ImageStepsOptions): SynthesisedTemplate {
  const stack = newStack();
  pipelineIn(stack, { buildSteps: BuildSteps.image(options) });
  return templateOf(stack);
}

function commandsTemplate(commands: string[], environmentVariables?: { [name: string]: codebuild.BuildEnvironmentVariable }): SynthesisedTemplate {
  const stack = newStack();
  new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', steps: BuildSteps.commands(commands), environmentVariables });
  return templateOf(stack);
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

describe.each([
  ['control characters', CONTROLS],
  ['characters that a shell, CloudFormation or a template language reads', TEXT],
  ['4,096 backslashes', BACKSLASHES],
])('%s stay unchanged', (_, value) => {
  test('special characters stay unchanged in a build argument', () => {
    expect(words(build(pipelineTemplate({ buildArgs: { ODD: value } })))).toContain(`ODD=${value}`);
  });

  test('special characters stay unchanged in a command before and after the image build', () => {
    const printed = (name: string) => `printf '<%s>' ${quoted(value)} > ${name}`;

    const result = build(pipelineTemplate({ preBuildCommands: [printed('before')], postBuildCommands: [printed('after')] }));

    expect([result.read('before'), result.read('after')]).toEqual([`<${value}>`, `<${value}>`]);
  });

  test('special characters stay unchanged in a project variable, and in a command', () => {
    const template = commandsTemplate(['printf %s "$ODD" > variable', `printf %s ${quoted(value)} > command`], { ODD: { value } });

    const result = run(buildSpecOfProject(template, 'project-build-dev'), { environment: plainVariables(template, 'project-build-dev') });

    expect([result.read('variable'), result.read('command')]).toEqual([value, value]);
  });

  test('special characters stay unchanged in a variable and the command of the container that the test stage starts', () => {
    const stack = newStack();
    pipelineIn(stack, { testSteps: BuildSteps.probe({ environment: { ODD: value }, command: ['serve', value] }) });
    const variables = plainVariables(templateOf(stack), 'project-test-dev');

    expect(Object.values(variables)).toEqual(expect.arrayContaining([`--env=ODD=${value}`, 'serve', value]));
  });

  test('special characters stay unchanged in a buildspec that is read as YAML', () => {
    const template = commandsTemplate([`echo ${value}`]);
    const [project] = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::CodeBuild::Project');
    const { phases } = parse(project.Properties.Source.BuildSpec as string, { version: '1.1' }) as { phases: { build: { commands: string[] } } };

    expect(phases.build.commands).toEqual([`set -eo pipefail; echo ${value}`]);
  });
});

test.each([
  ['U+007F and U+0080 to U+009F', characters(0x7f, 0x9f)],
  ['line and paragraph separators, and noncharacters', '\u2028\u2029\ufeff\ufffe\uffff'],
])('%s stay unchanged in a build argument and in a variable', (_, value) => {
  const template = commandsTemplate(['printf %s "$ODD" > variable'], { ODD: { value } });

  expect(words(build(pipelineTemplate({ buildArgs: { ODD: value } })))).toContain(`ODD=${value}`);
  expect(run(buildSpecOfProject(template, 'project-build-dev'), { environment: plainVariables(template, 'project-build-dev') }).read('variable')).toBe(value);
});

const IN_COMMANDS = ['\u007f', '\u0080', '\u0085', '\u009f', '\u2028', '\u2029', '\ufeff', '\ufffe', '\uffff'];
const NOWHERE = ['\u0000', '\ud800', '\udfff'];

const point = (character: string) => `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

describe('characters that a buildspec does not preserve', () => {
  test.each<[string, (text: string) => unknown]>([
    ['preBuildCommands[1]', (text) => BuildSteps.image({ preBuildCommands: ['true', text] })],
    ['postBuildCommands[0]', (text) => BuildSteps.image({ postBuildCommands: [text] })],
    ['commands[0]', (text) => BuildSteps.commands([text])],
    ['cachePaths[0]', (text) => BuildSteps.commands(['true'], { cachePaths: [text] })],
    ['files[0]', (text) => BuildReport.junit([text])],
  ])('a character that a buildspec does not preserve is rejected by its code point in %s', (prop, make) => {
    for (const character of [...IN_COMMANDS, ...NOWHERE]) {
      expect(refusal(() => make(`a${character}b`))).toContain(`'${prop}' must not contain the character ${point(character)}: `);
    }
    expect(refusal(() => make('a\u0085b'))).toContain(`'${prop}' must not contain the character U+0085: the YAML of a buildspec does not preserve it; `
      + 'remove it, or write an escape sequence that the build resolves [BGP174]');
    for (const text of ['a\tb', 'a\nb', 'a\u001bb', 'a\u00a0b', 'é🚀']) {
      expect(make(text)).toBeDefined();
    }
  });

  test.each(['dockerfile', 'context'] as const)('a character that a path cannot contain is rejected in %s', (prop) => {
    for (const character of ['\u2028', '\u2029', '\ufeff', '\ufffe', '\uffff', '\ud800']) {
      expect(refusal(() => BuildSteps.image({ [prop]: `a${character}b` }))).toContain(`'${prop}' must not contain the character ${point(character)}: `);
    }
    for (const character of ['\u0000', '\u001b', '\u007f', '\u0085']) {
      expect(refusal(() => BuildSteps.image({ [prop]: `a${character}b` }))).toContain(`'${prop}' must be a path within the source`);
    }
  });

  test.each<[string, (value: string) => unknown]>([
    ['buildArgs.ODD', (ODD) => BuildSteps.image({ buildArgs: { ODD } })],
    ['environment.ODD', (ODD) => BuildSteps.probe({ environment: { ODD } })],
    ['command[1]', (word) => BuildSteps.probe({ command: ['serve', word] })],
    ['environmentVariables.ODD.value', (value) => commandsTemplate(['true'], { ODD: { value } })],
  ])('a character that a variable cannot contain is rejected in %s, and the error does not show the value', (prop, make) => {
    for (const character of NOWHERE) {
      const message = refusal(() => make(`s3cret${character}`));
      expect(message).toContain(`'${prop}' must not contain the character ${point(character)}: a variable cannot contain it; `);
      expect(message).not.toContain('s3cret');
    }
  });
});

describe('an unresolved pseudo parameter', () => {
  test.each<[string, (text: string) => unknown]>([
    ['preBuildCommands[0]', (text) => BuildSteps.image({ preBuildCommands: [text] })],
    ['buildArgs.ODD', (ODD) => BuildSteps.image({ buildArgs: { ODD } })],
    ['environmentVariables.ODD.value', (value) => commandsTemplate(['true'], { ODD: { value } })],
  ])('an unresolved pseudo parameter is rejected in %s', (prop, make) => {
    expect(refusal(() => make('in ${AWS::Region}'))).toContain(
      `'${prop}' must not contain "\${AWS::Region}": only Fn::Sub replaces it; use a member of cdk.Aws, for example Aws.REGION [BGP181]`);
    expect(refusal(() => make('${ AWS::AccountId }'))).toContain('"${ AWS::AccountId }"');
    expect(make('$AWS_REGION ${AWS_REGION} ${AWS:-x} AWS::Region')).toBeDefined();
    expect(make(Token.asString({ 'Fn::Sub': '${AWS::Region}' }))).toBeDefined();
  });
});

describe('the reference validation of the CDK', () => {
  const synthesise = (sourceVersion?: string) => {
    const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
    const stack = new Stack(app, 'Storefront', { env: { region: 'us-east-1' } });
    new CfnResource(stack, 'x', { type: 'AWS::SNS::Topic' });
    const { project } = new CachedBuildProject(stack, 'Build', {
      environmentSuffix: 'dev', steps: BuildSteps.commands(['echo ${x}']), environmentVariables: { ODD: { value: '${x}' } },
    });
    (project.node.defaultChild as CfnResource).addPropertyOverride('SourceVersion', sourceVersion);
    const { CDK_VALIDATION } = process.env;
    const printed = jest.spyOn(console, 'error').mockReturnValue();
    delete process.env.CDK_VALIDATION;
    try {
      app.synth();
    } finally {
      process.env.CDK_VALIDATION = CDK_VALIDATION;
      printed.mockRestore();
    }
  };

  test('the CDK does not take a shell variable for a reference to a resource', () => {
    expect(() => synthesise()).not.toThrow();
  });

  test('the CDK still finds a reference in another property', () => {
    expect(() => synthesise('${x}')).toThrow('validation-report.json');
  });
});
