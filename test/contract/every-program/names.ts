import { App, aws_codepipeline as codepipeline, aws_ecr as ecr, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import {
  ApprovalGate, BuildSteps, CachedBuildProject, DashboardDeployment, EcsBlueGreenDeployment, PipelineAlarms, PipelineDashboard,
  RegistryCredentials, SecureArtifactBucket,
} from '../../../src';
import { NAMED, namesOf, tooLong } from '../../helpers/names';
import { allPrograms, pipelineOfTheUser } from '../../helpers/programs';
import { newStack, pipelineIn, templateOf } from '../../helpers/synthesis';
import * as pinned from '../pinned.json';

const RESERVED = /^(internal-|sg-|aws|xn--|sthree-|codedeploydefault)/;

test('no name begins with a prefix that AWS reserves', () => {
  const names = allPrograms().flatMap(({ template, given }) => namesOf(template, given));

  expect(names.filter(({ name }) => RESERVED.test(name))).toEqual([]);
});

test('resources with data or a name keep the logical ids and names of their first deployment', () => {
  const stack = newStack();
  pipelineIn(stack);
  const template = templateOf(stack);
  const names = Object.fromEntries(namesOf(template).filter(({ type }) => type !== 'inline policy').map(({ id, name }) => [id, name]));
  const found: { [type: string]: { [id: string]: string | null } } = {};

  for (const [id, { Type }] of Object.entries(template.Resources)) {
    if (!pinned.connections.includes(Type)) {
      found[Type] = { ...found[Type], [id]: names[id] ?? null };
    }
  }

  expect(found).toEqual(pinned.resources);
  expect(Object.fromEntries(Object.keys(pinned.frozen).map((id) => [id, template.Resources[id]]))).toEqual(pinned.frozen);
});

/** The prefix of a name, before environment and suffix, and whether it has an environment. */
interface Pattern {
  readonly type: string;
  readonly hasEnvironment: boolean;
}

/** The patterns of the names of each kind of resource, over all programs; a `Name` tag need not be unique. */
function patterns(): Pattern[][] {
  const found: { [kind: string]: { [pattern: string]: Pattern } } = {};
  for (const { template, given, suffix, environmentNames } of allPrograms()) {
    const parts = new RegExp(`^(.+?)(-(?:${environmentNames.join('|')}))?-${suffix}(?:-|$)`);
    for (const { type: kind, name } of namesOf(template, given).filter((one) => NAMED[one.type])) {
      const [, type, environment] = parts.exec(name) ?? [name, name];
      const pattern = { type, hasEnvironment: environment !== undefined };
      found[kind] = { ...found[kind], [JSON.stringify(pattern)]: pattern };
    }
  }
  return Object.values(found).map((kind) => Object.values(kind));
}

test('two pipelines never share a name of the same kind, whatever their suffixes and environments', () => {
  const kinds = patterns();
  // Suffixes and environments that consist of the words in names are the most likely to collide.
  const words = [...new Set(kinds.flat().flatMap(({ type }) => type.split('-')).filter((text) => /^[a-z][a-z0-9]*$/.test(text)))];
  const word = fc.oneof(fc.constantFrom(...words), fc.stringMatching(/^[a-z][a-z0-9]{0,2}$/));
  const suffixes = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('-'));

  expect(kinds.flat().length).toBeGreaterThan(50);
  fc.assert(fc.property(fc.constantFrom(...kinds), suffixes, word, (kind, suffix, environment) => {
    for (const pattern of kind) {
      const name = [pattern.type, ...pattern.hasEnvironment ? [environment] : [], suffix].join('-');
      // The one other use that could have the name under each pattern: the rest of it must be an environment and a suffix.
      const rivals = kind.filter(({ type }) => name.startsWith(`${type}-`)).map(({ type, hasEnvironment }) => {
        const rest = name.slice(type.length + 1).split('-');
        return { type, hasEnvironment, environment: hasEnvironment ? rest.shift() : undefined, suffix: rest.join('-') };
      }).filter((rival) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(rival.suffix));

      expect(rivals).toEqual([{ ...pattern, environment: pattern.hasEnvironment ? environment : undefined, suffix }]);
    }
  }), { numRuns: 500 });
});

test('pipelines with other suffixes can share a stack, and pipelines of other regions can share a suffix', () => {
  const app = new App();
  const [virginia, ireland] = ['us-east-1', 'eu-west-1'].map((region) => new Stack(app, region, { env: { region } }));
  pipelineIn(virginia, { environmentSuffix: 'one' }, 'One');
  const { pipeline } = pipelineIn(virginia, { environmentSuffix: 'two' }, 'Two');
  pipelineIn(ireland, { environmentSuffix: 'one' });
  for (const purpose of ['lint', 'audit']) {
    new CachedBuildProject(virginia, purpose, { environmentSuffix: 'two', purpose, steps: BuildSteps.commands(['true']) });
  }

  expect(pipeline.node.root).toBe(app);
  expect(() => app.synth()).not.toThrow();
});

test.each([
  ['a stack', 'Shop/Second'],
  ['two stacks of one account and region', 'Till/Second'],
])('%s cannot use a suffix twice, and the error names both uses', (_, second) => {
  const app = new App();
  const env = { account: '111111111111', region: 'us-east-1' };
  const [shop, till] = ['Shop', 'Till'].map((id) => new Stack(app, id, { env }));
  pipelineIn(shop, {}, 'First');

  expect(() => pipelineIn(second.startsWith('Shop') ? shop : till, {}, 'Second'))
    .toThrow(new RegExp(`^${second} \\(BlueGreenFargatePipeline\\): .*"dev".*"pipeline-dev" already belongs to Shop/First\\b`));
});

const repository = (stack: Stack): ecr.IRepository => ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
const pipelineOf = (stack: Stack): codepipeline.IPipeline => codepipeline.Pipeline.fromPipelineArn(stack, 'Theirs',
  stack.formatArn({ service: 'codepipeline', resource: 'theirs' }));
const notificationEmails = ['team@example.com'];

/** Each construct with a suffix, the longest other parts of its names, and the longest suffix that fits. */
const LONGEST: [string, number, (stack: Stack, environmentSuffix: string) => unknown][] = [
  ['BlueGreenFargatePipeline', 12, (stack, environmentSuffix) => pipelineIn(stack, { environmentSuffix })],
  ['SecureArtifactBucket', 24, (stack, environmentSuffix) => new SecureArtifactBucket(stack, 'It', { environmentSuffix })],
  ['CachedBuildProject', 11, (stack, environmentSuffix) => new CachedBuildProject(stack, 'It', {
    environmentSuffix, purpose: 'sixteencharacter', steps: BuildSteps.commands(['true']),
  })],
  ['CachedBuildProject without a cache', 22, (stack, environmentSuffix) => new CachedBuildProject(stack, 'It', {
    environmentSuffix, steps: BuildSteps.commands(['true'], { cachePaths: [] }),
  })],
  ['ApprovalGate', 23, (stack, environmentSuffix) => new ApprovalGate(stack, 'It', {
    environmentSuffix, environmentName: 'acceptance', approverEmails: notificationEmails,
  }).addToPipeline(pipelineOfTheUser(new Construct(stack, 'Given')))],
  ['EcsBlueGreenDeployment', 20, (stack, environmentSuffix) => new EcsBlueGreenDeployment(stack, 'It', {
    environmentSuffix, environmentName: 'qa', repository: repository(stack),
  })],
  ['PipelineAlarms', 41, (stack, environmentSuffix) => new PipelineAlarms(stack, 'It', {
    environmentSuffix, notificationEmails, pipeline: pipelineOf(stack),
  })],
  ['PipelineDashboard', 41, (stack, environmentSuffix) => new PipelineDashboard(stack, 'It', {
    environmentSuffix, pipeline: pipelineOf(stack),
  })],
  ['PipelineDashboard of an environment', 31, (stack, environmentSuffix) => new PipelineDashboard(stack, 'It', {
    environmentSuffix,
    pipeline: pipelineOf(stack),
    deployments: [new DashboardDeployment('acceptance', 'DeployAcceptance')],
  })],
  ['RegistryCredentials', 491, (stack, environmentSuffix) => new RegistryCredentials(stack, 'It', { environmentSuffix })],
];

test.each(LONGEST)('%s accepts suffixes of up to %d characters, with which every name fits its limit', (_, longest, make) => {
  const stack = newStack({ env: {} });
  make(stack, 'a'.repeat(longest));

  expect(tooLong(namesOf(templateOf(stack)))).toEqual([]);
  for (const length of [longest + 1, longest + 2]) {
    expect(() => make(newStack({ env: {} }), 'a'.repeat(length)))
      .toThrow(`'environmentSuffix' must be at most ${longest} characters`);
  }
});
