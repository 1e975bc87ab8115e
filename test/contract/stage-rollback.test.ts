import { readFileSync } from 'fs';
import { join } from 'path';
import { Duration, Stack } from 'aws-cdk-lib';
import { BlueGreenFargatePipelineProps, BuildCache, BuildReport, BuildSteps } from '../../src';
import { Properties } from '../helpers/environments';
import { allPrograms } from '../helpers/programs';
import { violationCodes } from '../helpers/refusals';
import { LifecyclePolicy, Registry } from '../helpers/registry';
import { definitionOf, execute } from '../helpers/state-machine';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all, buildSpecOf, idOf, propertiesOf } from '../helpers/templates';

/** The section that states how far back a stage rollback reaches. The numbers below come from it, so neither side can change alone. */
const PAGE = readFileSync(join(__dirname, '..', '..', 'docs', 'operations.md'), 'utf8');
const [, SECTION = ''] = /\n### How far back a stage rollback reaches\n([^]*?)\n## /.exec(PAGE) ?? [];
const stated = (words: RegExp): number => Number(words.exec(SECTION)?.[1].replace(',', ''));
const REACH = stated(/reaches every execution that started in the last (\d+) days/);

function templateWith(props: (stack: Stack) => Partial<BlueGreenFargatePipelineProps> = () => ({})): SynthesisedTemplate {
  const stack = newStack();
  pipelineIn(stack, props(stack));
  return templateOf(stack);
}

const DEFAULT = templateWith();

interface Action {
  readonly Name: string;
  readonly ActionTypeId: { readonly Provider: string };
  readonly RunOrder: number;
  readonly Configuration: { readonly [key: string]: string };
  readonly InputArtifacts?: { readonly Name: string }[];
  readonly OutputArtifacts?: { readonly Name: string }[];
}

const pipelineOf = (template: SynthesisedTemplate): Properties => all(template, 'AWS::CodePipeline::Pipeline')[0][1];
const stagesOf = (template: SynthesisedTemplate) => pipelineOf(template).Stages as { readonly Name: string; readonly Actions: Action[] }[];
const deployStages = stagesOf(DEFAULT).filter(({ Name }) => Name.startsWith('Deploy'));

interface Rule {
  readonly Status: string;
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
}

function artifactRules(template: SynthesisedTemplate): Rule[] {
  return propertiesOf(template, idOf(pipelineOf(template).ArtifactStore.Location), 'AWS::S3::Bucket').LifecycleConfiguration.Rules as Rule[];
}

/** The age at which the first rule of the artifact bucket expires a current version. A filter would only make it later for some objects. */
const artifactDays = (template: SynthesisedTemplate): number =>
  Math.min(...artifactRules(template).flatMap(({ ExpirationInDays = [] }) => ExpirationInDays));

test('by default the artifacts of an execution stay for the days that a stage rollback reaches', () => {
  expect(REACH).toBeGreaterThan(0);
  expect(artifactDays(DEFAULT)).toBe(REACH);
  expect(stated(/\| (\d+) days after the execution wrote it \|/)).toBe(REACH);
  // CodePipeline keeps executions for 12 months, which are 365 or 366 days.
  expect(REACH).toBeLessThanOrEqual(365);
});

test('every rule of the artifact bucket only expires objects, and moves none to a class that cannot be read at once', () => {
  const known = ['Id', 'Status', 'ExpirationInDays', 'NoncurrentVersionExpiration', 'AbortIncompleteMultipartUpload', 'ExpiredObjectDeleteMarker'];

  expect(artifactRules(DEFAULT).flatMap((rule) => Object.keys(rule)).filter((key) => !known.includes(key))).toEqual([]);
});

test('the page states how long S3 keeps the old version of an expired artifact', () => {
  const kept = artifactRules(DEFAULT).flatMap(({ NoncurrentVersionExpiration: old }) => old?.NoncurrentDays ?? []);

  expect(kept).toEqual([stated(/an expired artifact for (\d+) more days as an old version/)]);
});

test.each([37, 180, 3650])('artifactExpiration of %p days is the time that artifacts stay', (days) => {
  expect(artifactDays(templateWith(() => ({ storage: { artifactExpiration: Duration.days(days) } })))).toBe(days);
});

test('artifactExpiration cannot be shorter than the page states', () => {
  const least = stated(/`storage\.artifactExpiration`, at least (\d+) days/);
  const make = (days: number) => () => pipelineIn(newStack(), { storage: { artifactExpiration: Duration.days(days) } });

  expect(violationCodes(make(least - 1))).not.toEqual([]);
  expect(violationCodes(make(least))).toEqual([]);
});

test('a deploy stage reads nothing but the artifact of the release, so no other artifact must stay', () => {
  const actions = deployStages.flatMap(({ Actions }) => Actions);
  const writers = stagesOf(DEFAULT).flatMap(({ Actions }) => Actions).filter(({ OutputArtifacts = [] }) => OutputArtifacts.some(({ Name }) => Name === 'Release'));

  expect(actions).toHaveLength(4);
  expect(actions.map(({ InputArtifacts = [] }) => InputArtifacts.map(({ Name }) => Name))).toEqual(Array(4).fill(['Release']));
  expect(writers.map(({ Name }) => Name)).toEqual(['Release']);
  // Neither a variable of an earlier stage, nor an artifact store in another region.
  expect(JSON.stringify(actions)).not.toContain('#{');
  expect(pipelineOf(DEFAULT).ArtifactStores).toBeUndefined();
});

test('the release holds the task definition, the appspec and the image, so a rollback needs no earlier revision', () => {
  const deploys = deployStages.flatMap(({ Actions }) => Actions).filter(({ ActionTypeId }) => ActionTypeId.Provider === 'CodeDeployToECS');
  const [[, release]] = all(DEFAULT, 'AWS::CodeBuild::Project').filter(([, { Name }]) => Name === 'project-release-dev');
  const { env, artifacts } = buildSpecOf(release);

  expect(deploys.map(({ Configuration: { TaskDefinitionTemplateArtifact, AppSpecTemplateArtifact, Image1ArtifactName } }) =>
    [TaskDefinitionTemplateArtifact, AppSpecTemplateArtifact, Image1ArtifactName])).toEqual(Array(2).fill(['Release', 'Release', 'Release']));
  expect(artifacts?.files.length).toBeGreaterThan(0);
  // CodeDeploy replaces the placeholder by the revision that the action registers.
  expect(env?.variables?.APP_SPEC_FILTER).toContain('TaskDefinition: <TASK_DEFINITION>');
});

const policyOf = (template: SynthesisedTemplate): LifecyclePolicy =>
  JSON.parse(all(template, 'AWS::ECR::Repository')[0][1].LifecyclePolicy.LifecyclePolicyText as string) as LifecyclePolicy;

/** A repository in which one image has reached an environment, before many builds that reach none. */
function repositoryAfter(builds: number, template: SynthesisedTemplate, policy = policyOf(template)) {
  const registry = new Registry(`\${${all(template, 'AWS::ECR::Repository')[0][0]}}`);
  const released = registry.push('released');
  const ImageURI = `111111111111.dkr.ecr.us-east-1.amazonaws.com/repository-dev@${released}`;
  expect(execute(definitionOf(template, 'state-machine-live-production-dev'), { ImageURI }, registry.apis()).status).toBe('SUCCEEDED');
  for (let build = 0; build < builds; build += 1) {
    registry.push(`build-${build}`);
    registry.expire(policy);
  }
  return { isReleasedKept: registry.digests.includes(released), kept: registry.digests.length };
}

test('a stage succeeds only after it has tagged the image, so a lifecycle rule protects every image that a rollback can reach', () => {
  const tagging = deployStages.map(({ Actions }) => Actions.map(({ ActionTypeId: { Provider } }) => Provider));
  const rules = policyOf(DEFAULT).rules.map(({ selection: { tagPrefixList = [] } }) => tagPrefixList);

  expect(tagging).toEqual(Array(2).fill(['CodeDeployToECS', 'StepFunctions']));
  expect(deployStages.every(({ Actions: [first, second] }) => first.RunOrder < second.RunOrder)).toBe(true);
  expect(rules).toEqual([['live-staging-'], ['live-production-'], []]);
});

test('the image of a release outlives any number of builds, also with the smallest maxImageCount', () => {
  const small = templateWith(() => ({ storage: { maxImageCount: 100 } }));

  expect(repositoryAfter(3000, DEFAULT)).toEqual({ isReleasedKept: true, kept: stated(/count of ([\d,]+) images/) + 1 });
  expect(repositoryAfter(500, small)).toEqual({ isReleasedKept: true, kept: 101 });
});

test('the rule of an environment keeps its images: without the rule, the count deletes them', () => {
  const { rules } = policyOf(DEFAULT);

  // Removing an environment removes its rule. It also changes the pipeline, so no rollback reaches these releases.
  expect(repositoryAfter(2000, DEFAULT, { rules: rules.filter(({ selection }) => !selection.tagPrefixList?.includes('live-production-')) }).isReleasedKept).toBe(false);
});

test('the page states the count of other images, and the days that it lasts at the builds that the page names', () => {
  const count = policyOf(DEFAULT).rules.filter(({ selection: { tagStatus } }) => tagStatus === 'any').map(({ selection: { countNumber } }) => countNumber);
  const [, perDay, images, days] = (/At (\d+) builds a day, ([\d,]+) images are (\d+) days/.exec(SECTION) ?? []).map((text) => Number(text.replace(',', '')));

  expect(count).toEqual([stated(/count of ([\d,]+) images/)]);
  expect([images]).toEqual(count);
  expect(days).toBe(images / perDay);
});

/** Properties that delete or replace something by age or by count, with what a stage rollback has to do with each. */
const EXPIRING: { readonly [path: string]: string } = {
  'AWS::ECR::Repository.LifecyclePolicy': 'images: see above; the layers of a build cache are not read by a deployment',
  'AWS::Logs::LogGroup.RetentionInDays': 'deletes log events, and not the log group that tasks write to',
  'AWS::S3::Bucket.LifecycleConfiguration': 'artifacts: see above; a build cache is not read by a deployment',
  'AWS::SecretsManager::RotationSchedule.RotateImmediatelyOnUpdate': 'the same login',
  'AWS::SecretsManager::RotationSchedule.RotationRules': 'the login of builds, which a rollback does not run',
};
const AGEING = /expir|retention|retain|lifecycle|transition|rotationrules|rotateimmediately|timetolive|ttl|deleteafter|archive|tiering/i;

test('nothing else in a template expires', () => {
  const stack = newStack();
  pipelineIn(stack, { buildSteps: BuildSteps.image({ cache: BuildCache.registry(), reports: [BuildReport.junit(['junit.xml'])] }) });
  const programs: SynthesisedTemplate[] = [templateOf(stack), ...allPrograms().map(({ template }) => template)];
  const found = programs.flatMap(({ Resources }) => Object.values(Resources).flatMap(({ Type, Properties: properties = {} }) =>
    Object.keys(properties).filter((key) => AGEING.test(key)).map((key) => `${Type}.${key}`)));

  expect([...new Set(found)].sort()).toEqual(Object.keys(EXPIRING).sort());
});
