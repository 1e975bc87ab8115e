import { App, aws_codepipeline as codepipeline, aws_ecr as ecr, CfnResource, Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { gateIn } from '../../scripts/errors/cases/subjects';
import { EcsBlueGreenDeployment } from '../../src';
import { pipelineOfTheUser } from '../helpers/programs';
import { newStack, pipelineIn } from '../helpers/synthesis';

const ID = '@org/bluegreen-pipeline:EcsBlueGreenDeployment.lifecycleRules';
const { ANY, TAGGED, UNTAGGED } = ecr.TagStatus;

/** The warnings about lifecycle rules in an app whose own pipeline deploys to production. */
function warningsOf(repositoryIn: (stack: Stack) => ecr.IRepository): string[] {
  const stack = newStack();
  const release = new codepipeline.Artifact('Release');
  const pipeline = pipelineOfTheUser(stack, release);
  gateIn(stack).addToPipeline(pipeline);
  new EcsBlueGreenDeployment(stack, 'Production', {
    environmentSuffix: 'dev', environmentName: 'production', repository: repositoryIn(stack),
  }).addToPipeline(pipeline, { release });
  return lifecycleWarnings(stack);
}

function lifecycleWarnings(stack: Stack): string[] {
  (stack.node.root as App).synth({ skipValidation: true });
  stack.node.findAll().forEach((construct) => construct.node.validate());
  return stack.node.findAll().flatMap(({ node }) => node.metadata)
    .filter(({ type, data }) => type === 'aws:cdk:warning' && String(data).includes('[BGP165]')).map(({ data }) => String(data));
}

const created = (...lifecycleRules: ecr.LifecycleRule[]) => (stack: Stack): ecr.IRepository => new ecr.Repository(stack, 'Images', { lifecycleRules });

/** A repository with a policy that only its template has. */
const overridden = (text: unknown) => (stack: Stack): ecr.IRepository => {
  const repository = new ecr.Repository(stack, 'Images');
  (repository.node.defaultChild as CfnResource).addPropertyOverride('LifecyclePolicy', { LifecyclePolicyText: text });
  return repository;
};

const KEEP: ecr.LifecycleRule = { rulePriority: 1, tagStatus: TAGGED, tagPrefixList: ['live-production-'], maxImageCount: 1_000_000 };

test('synthesis warns about a lifecycle rule that may delete running images, and names the missing rule', () => {
  const [warning, ...others] = warningsOf(created({ maxImageCount: 100 }));

  expect(others).toEqual([]);
  expect(warning).toContain('a lifecycle rule of the repository may delete the image that production runs; add a rule with a higher priority for the '
    + 'tag prefix "live-production-" and a maxImageCount of 1000000 [BGP165] ');
  expect(warning).toContain(`${ID}]`);
});

test.each<[string, ecr.LifecycleRule[]]>([
  ['keeps only a number of images', [{ maxImageCount: 99_999 }]],
  ['deletes images by their age', [{ maxImageAge: Duration.days(36_499) }]],
  ['deletes live images beyond a small number', [{ ...KEEP, maxImageCount: 20 }]],
  ['deletes live images by a pattern', [{ tagPatternList: ['*'], maxImageCount: 20 }]],
  ['deletes live images with one prefix', [{ tagPatternList: ['live-production-a*'], maxImageCount: 20 }]],
  ['deletes live images that have another tag, too', [{ tagPrefixList: ['live-', 'old-'], maxImageCount: 20 }]],
  ['deletes images by the tag of their build', [{ tagPrefixList: ['v'], maxImageCount: 20 }]],
  ['deletes images by a pattern for the tag of their build', [{ tagPatternList: ['3*'], maxImageCount: 20 }]],
  ['has a higher priority than the rule that keeps live images', [{ tagPrefixList: ['live-'], maxImageCount: 20, rulePriority: 1 }, { ...KEEP, rulePriority: 2 }]],
  ['has a lower priority than a rule that keeps another environment', [{ ...KEEP, tagPrefixList: ['live-staging-'] }, { tagStatus: ANY, maxImageCount: 20 }]],
  ['has a lower priority than a rule that keeps only images with a second tag', [{ ...KEEP, tagPrefixList: ['live-production-', 'good-'] }, { tagStatus: ANY, maxImageCount: 20 }]],
  ['has a lower priority than a rule that keeps some of the live images', [{ ...KEEP, tagPrefixList: undefined, tagPatternList: ['live-*-0*'] }, { tagStatus: ANY, maxImageCount: 20 }]],
])('synthesis warns about a rule that %s', (_, rules) => {
  expect(warningsOf(created(...rules))).toHaveLength(1);
});

test.each<[string, (stack: Stack) => ecr.IRepository]>([
  ['no rules', created()],
  ['a rule for images without a tag', created({ tagStatus: UNTAGGED, maxImageAge: Duration.days(1) })],
  ['a rule for other tags with a lower priority than one that keeps live images', created(KEEP, { tagPrefixList: ['v'], maxImageCount: 5, rulePriority: 2 })],
  ['a rule that keeps live images before one that deletes', created(KEEP, { tagStatus: ANY, maxImageCount: 20 })],
  ['the same rules in another order', created({ tagStatus: ANY, maxImageCount: 20, rulePriority: 7 }, KEEP)],
  ['a rule that keeps the live images of all environments', created({ ...KEEP, tagPrefixList: ['live-'] }, { tagStatus: ANY, maxImageCount: 20 })],
  ['a pattern that keeps live images', created({ ...KEEP, tagPrefixList: undefined, tagPatternList: ['live-*'] }, { tagStatus: ANY, maxImageCount: 20 })],
  ['a rule that keeps as many images as a repository holds', created({ maxImageCount: 100_000 })],
  ['a rule that deletes images after a hundred years', created({ maxImageAge: Duration.days(36_500) })],
  ['a policy that is known only at deployment', overridden(Lazy.any({ produce: () => ({ Ref: 'Policy' }) }))],
  ['a policy that is not JSON', overridden('{')],
  ['a policy without rules', overridden('{}')],
  ['a rule that selects nothing', overridden('{"rules":[{"rulePriority":1}]}')],
  ['rules that cannot be read because it is imported', (stack) => ecr.Repository.fromRepositoryName(stack, 'Images', 'images')],
])('synthesis does not warn about a repository with %s', (_, repository) => {
  expect(warningsOf(repository)).toEqual([]);
});

test('the rules of an override are evaluated by priority, in any order', () => {
  const rule = (rulePriority: number, tagStatus: string, countNumber: number, tagPrefixList?: string[]) =>
    ({ rulePriority, selection: { tagStatus, tagPrefixList, countType: 'imageCountMoreThan', countNumber }, action: { type: 'expire' } });
  const keep = rule(1, 'tagged', 1_000_000, ['live-production-']);
  const remove = rule(2, 'any', 5);
  const pulled = { rulePriority: 1, selection: { tagStatus: 'any', countType: 'sinceImagePulled', countUnit: 'days', countNumber: 200_000 }, action: { type: 'transition', targetStorageClass: 'archive' } };
  const warnings = (...rules: object[]) => warningsOf(overridden(JSON.stringify({ rules })));

  expect(warnings(remove)).toHaveLength(1);
  expect(warnings(keep, remove)).toEqual([]);
  expect(warnings(remove, keep)).toEqual([]);
  expect(warnings(pulled)).toHaveLength(1);
});

test("each environment of a pipeline has its own warning, and the library's repository has none", () => {
  const [own, brought] = [newStack(), newStack()];
  pipelineIn(own);
  pipelineIn(brought, { repository: new ecr.Repository(brought, 'Images', { lifecycleRules: [KEEP, { rulePriority: 2, maxImageCount: 100 }] }) });
  const reported = (stack: Stack) => (stack.node.root as App).synth().getStackArtifact(stack.artifactId).messages
    .map(({ entry: { data } }) => String(data)).filter((text) => text.includes('[BGP165]'));

  expect(reported(own)).toEqual([]);
  expect(reported(brought)).toEqual([expect.stringContaining('the image that staging runs')]);
});

test('the warning can be acknowledged', () => {
  expect(warningsOf((stack) => {
    Validations.of(stack).acknowledge({ id: ID, reason: 'nothing is rolled back here' });
    return created({ maxImageCount: 100 })(stack);
  })).toEqual([]);
});
