import { readFileSync } from 'fs';
import { join } from 'path';
import { BuildCache, BuildReport, BuildSteps } from '../../src';
import { allPrograms } from '../helpers/programs';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

const PAGE = readFileSync(join(__dirname, '..', '..', 'docs', 'retention.md'), 'utf8');

/** The rows of the table: the retained data, its resource type, and the retention. */
const ROWS = (PAGE.match(/^\| .* \|$/gm) ?? []).slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, what, type, kept]): [string, string, string] => [what, type.replace(/`/g, ''), kept]);

const stack = newStack();
pipelineIn(stack, { buildSteps: BuildSteps.image({ cache: BuildCache.registry(), reports: [BuildReport.junit(['junit.xml'])] }) });
const withStores = templateOf(stack);
const programs: SynthesisedTemplate[] = [withStores, ...allPrograms().map(({ template }) => template)];
const types = [...new Set(programs.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)))].sort();

/** The types whose content grows with use: every other resource is deleted as it was created. */
const KEEPING = [
  'AWS::CodeBuild::Project', 'AWS::CodeBuild::ReportGroup', 'AWS::CodeDeploy::Application', 'AWS::CodePipeline::Pipeline', 'AWS::ECR::Repository', 'AWS::ECS::TaskDefinition', 'AWS::Lambda::Function',
  'AWS::Logs::LogGroup', 'AWS::S3::Bucket', 'AWS::SecretsManager::Secret', 'AWS::StepFunctions::StateMachine',
];
const NOT_KEEPING = [
  /^AWS::(ApplicationAutoScaling|EC2|ElasticLoadBalancingV2|Events|IAM|SNS)::/,
  /^AWS::CloudWatch::(Alarm|Dashboard)$/, /^AWS::CodeDeploy::Deployment(Config|Group)$/, /^AWS::ECS::(Cluster|Service)$/, /^AWS::Lambda::Permission$/,
  /^AWS::S3::BucketPolicy$/, /^AWS::SecretsManager::(ResourcePolicy|RotationSchedule)$/, /^Custom::(LiveColour|S3AutoDeleteObjects)$/,
];

test('every resource type either keeps something and has a row, or keeps nothing', () => {
  const unknown = types.filter((type) => !KEEPING.includes(type) && !NOT_KEEPING.some((pattern) => pattern.test(type)));

  expect(unknown).toEqual([]);
  expect(types.filter((type) => KEEPING.includes(type))).toEqual(KEEPING);
  expect([...new Set(ROWS.map(([, type]) => type))].sort()).toEqual(KEEPING);
});

interface Rule {
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
}

/** The first lifecycle rule of the bucket whose name has this prefix. */
function bucketRule(beginning: string): Rule {
  const [[, bucket]] = all(programs[1], 'AWS::S3::Bucket').filter(([, { BucketName }]) => JSON.stringify(BucketName).includes(`"${beginning}-`));
  return bucket.LifecycleConfiguration.Rules[0] as Rule;
}

interface LifecycleRule {
  readonly selection: { readonly tagStatus: string; readonly countType: string; readonly countNumber: number };
}

function repositoryRules(name: string): LifecycleRule[] {
  const [[, { LifecyclePolicy }]] = all(withStores, 'AWS::ECR::Repository').filter(([, { RepositoryName }]) => RepositoryName === name);
  return (JSON.parse(LifecyclePolicy.LifecyclePolicyText as string) as { rules: LifecycleRule[] }).rules;
}

const ruleFor = (rules: LifecycleRule[], status: string): number =>
  Number(rules.find(({ selection: { tagStatus } }) => tagStatus === status)?.selection.countNumber);
const [images, layers] = [repositoryRules('repository-dev'), repositoryRules('layers-build-dev')];
const [artifacts, cache] = [bucketRule('artifacts'), bucketRule('cache-build')];
const logs = new Set(programs.flatMap((program) => all(program, 'AWS::Logs::LogGroup').map(([, { RetentionInDays }]) => RetentionInDays as number)));
const old = artifacts.NoncurrentVersionExpiration?.NoncurrentDays ?? NaN;
const days = (count = NaN): string => (count === 1 ? '1 day' : `${count} days`);

/** The retention in each row, from the templates; undefined if AWS sets it, in which case the row links to AWS's page. */
const EXPECTED: { readonly [what: string]: string | undefined } = {
  'Images that an environment runs or ran': ruleFor(images, 'tagged') > 100_000 ? 'until the stack is deleted' : 'deleted by a rule',
  'Other images': `the last ${ruleFor(images, 'any').toLocaleString('en-US')} by push time`,
  'Layers of `BuildCache.registry`': `${days(ruleFor(layers, 'any'))}; layers that no tag names, ${days(ruleFor(layers, 'untagged'))}`,
  'Artifacts of executions': `${days(artifacts.ExpirationInDays)}, then ${days(old)} as old versions: ${days((artifacts.ExpirationInDays ?? NaN) + old)}`,
  'Replaced versions of artifacts': days(old),
  'Uploads of artifacts that never finished': days(artifacts.AbortIncompleteMultipartUpload?.DaysAfterInitiation),
  'Layers and dependencies in the build cache': `${days(cache.ExpirationInDays)}; uploads that never finished, `
    + days(cache.AbortIncompleteMultipartUpload?.DaysAfterInitiation),
  'Logs of tasks, builds and smoke tests': [...logs].map(days).join(),
  'Log of CDK\'s function that empties buckets': undefined,
  'Test reports': undefined,
  'Task definition revisions': undefined,
  'Versions of the registry secret': undefined,
  'Executions of the pipeline': undefined,
  'Builds in CodeBuild\'s history': undefined,
  'Deployments and the revisions that they registered': undefined,
  'Executions that tagged an image': undefined,
};

test.each(ROWS)('docs/retention.md is right about "%s"', (what, _, kept) => {
  expect(kept).toMatch(EXPECTED[what] === undefined ? /^until you d|\]\(https:\/\/docs\.aws\.amazon\.com\/[^)]+\.html\), by / : new RegExp(`^${EXPECTED[what]}$`));
});

test('every row of docs/retention.md is checked', () => {
  expect(ROWS.map(([what]) => what)).toEqual(Object.keys(EXPECTED));
});
