import { readFileSync } from 'fs';
import { join } from 'path';
import { fullDiff, ResourceDifference, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import {
  aws_cloudwatch as cloudwatch, aws_codepipeline_actions as actions, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_logs as logs, CfnResource,
  Stack, Tags,
} from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { BlueGreenFargatePipeline } from '../../src';
import { PROP_CHANGES, PropChange } from '../helpers/prop-changes';
import { newStack, pipelineIn, references, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

const PAGE = readFileSync(join(__dirname, '..', '..', 'docs', 'changes.md'), 'utf8');
const [, SECTION = ''] = /\n## Changing the pipeline\n([^]*?)\n## /.exec(PAGE) ?? [];
const rowsOf = (text: string): string[] => (text.match(/^\| .* \|$/gm) ?? []).slice(2);
const codeIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code);

/** The props that docs/changes.md lists, by construct. Every other prop leaves the pipeline as it is. */
const UPDATING: { readonly [construct: string]: string[] } = {
  BlueGreenFargatePipeline: [
    'environmentSuffix', 'source.connectionArn', 'source.repository', 'source.branch', 'environments (one added)', 'environments (one removed)',
    'environments (another order)', 'environments (another name)', 'repository (of another region)',
  ],
  EcsBlueGreenDeployment: ['environmentSuffix', 'environmentName', 'repository (of another region)'],
  CachedBuildProject: ['environmentSuffix', 'purpose'],
  ApprovalGate: ['environmentSuffix', 'environmentName', 'message', 'timeout'],
  SecureArtifactBucket: ['environmentSuffix'],
};
const updates = ({ construct, prop }: PropChange): boolean => UPDATING[construct]?.includes(prop) ?? false;

const pipelinesIn = (template: SynthesisedTemplate): [string, object][] => all(template, 'AWS::CodePipeline::Pipeline').map(([id]) => [id, template.Resources[id]]);

/** Resources that the pipeline refers to and that CloudFormation replaces: their new names and ARNs update the pipeline, too. */
function replacedForPipeline(before: SynthesisedTemplate, after: SynthesisedTemplate): string[] {
  const used = all(after, 'AWS::CodePipeline::Pipeline').flatMap(([, properties]) => references(properties));
  const replaced: string[] = [];
  fullDiff(before, after).resources.forEachDifference((id: string, { changeImpact }: ResourceDifference) => {
    if (changeImpact === ResourceImpact.WILL_REPLACE && used.includes(id)) {
      replaced.push(id);
    }
  });
  return replaced;
}

/** Whether each step of a change updates the pipeline; a pipeline of other bytes, or one that refers to a resource that is replaced. */
function updatesIn(templates: SynthesisedTemplate[]): boolean[] {
  return templates.slice(1).map((after, index) => {
    const before = templates[index];
    return JSON.stringify(pipelinesIn(before)) !== JSON.stringify(pipelinesIn(after)) || replacedForPipeline(before, after).length > 0;
  });
}

/** The options of an environment are those of a deployment: once is enough. */
const OPTIONS = PROP_CHANGES.filter(({ construct }) => construct === 'PipelineEnvironment').map(({ prop }) => prop);
const CHANGES = PROP_CHANGES.filter(({ construct, prop }) => construct !== 'EcsBlueGreenDeployment' || !OPTIONS.includes(prop));
const named = (changes: PropChange[]) => changes.map((change): [string, string, PropChange] => [change.prop, change.construct, change]);

test.each(named(CHANGES.filter((change) => !updates(change))))('another value of %s of %s leaves the pipeline as it is, byte for byte', (_, __, { templates }) => {
  const found = templates();

  // A change that changes nothing shows nothing.
  expect(found.slice(1).filter((after, index) => JSON.stringify(after) === JSON.stringify(found[index]))).toEqual([]);
  expect(updatesIn(found)).toEqual(found.slice(1).map(() => false));
});

test.each(named(CHANGES.filter(updates)))('another value of %s of %s updates the pipeline, so executions in progress end as cancelled', (_, __, { templates }) => {
  expect(updatesIn(templates())).toContain(true);
});

test('every prop that updates the pipeline is a prop', () => {
  const known = CHANGES.map(({ construct, prop }) => `${construct}.${prop}`);

  expect(Object.entries(UPDATING).flatMap(([construct, props]) => props.map((prop) => `${construct}.${prop}`)).filter((prop) => !known.includes(prop))).toEqual([]);
});

type Afterwards = (shop: BlueGreenFargatePipeline, stack: Stack) => void;

const cfn = ({ node: { defaultChild } }: IConstruct): CfnResource => defaultChild as CfnResource;

function pipelineAfter(change: Afterwards): { [id: string]: { Properties: { [name: string]: unknown } } } {
  const stack = newStack();
  change(pipelineIn(stack), stack);
  return Object.fromEntries(pipelinesIn(templateOf(stack))) as ReturnType<typeof pipelineAfter>;
}

test.each<[string, Afterwards]>([
  ['a grant to the task role', (shop) => shop.deployment('production').taskRole.addToPrincipalPolicy(
    new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:us-east-1:111111111111:orders'] }))],
  ['a rollback alarm', (shop, stack) => {
    const alarm = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Errors' }).createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 });
    shop.deployment('production').addRollbackAlarm(alarm);
    shop.alarms.notifyOn(alarm);
  }],
  ['another container', (shop, stack) => shop.deployment('production').taskDefinition.addContainer('Proxy', {
    image: ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, 'Proxies', 'proxies')),
  })],
  ['an override of a listener', (shop) => cfn(shop.deployment('production').productionListener).addPropertyOverride('SslPolicy', 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06')],
  ['an override of the log retention', (shop) => cfn(shop.deployment('production').logGroup).addPropertyOverride('RetentionInDays', logs.RetentionDays.ONE_DAY)],
  ['an override of a build machine', (shop) => cfn(shop.buildProject.project).addPropertyOverride('Environment.ComputeType', 'BUILD_GENERAL1_LARGE')],
])('%s leaves the pipeline as it is, byte for byte', (_, change) => {
  expect(pipelineAfter(change)).toEqual(pipelineAfter(() => undefined));
});

test.each<[string, Afterwards, string[]]>([
  ['a stage of the user', ({ pipeline }) => pipeline.addStage({
    stageName: 'Announce', actions: [new actions.ManualApprovalAction({ actionName: 'Announce' })],
  }), ['Stages']],
  ['an override of the pipeline', ({ pipeline }) => cfn(pipeline).addPropertyOverride('ExecutionMode', 'QUEUED'), ['ExecutionMode']],
  ['a tag', (_, stack) => Tags.of(stack).add('team', 'web'), ['Tags']],
])('%s updates the pipeline', (_, change, expected) => {
  const [[, { Properties: before }]] = Object.entries(pipelineAfter(() => undefined));
  const [[, { Properties: after }]] = Object.entries(pipelineAfter(change));

  expect(Object.keys(after).filter((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]))).toEqual(expected);
});

/** The last part of a prop, without the kind of change. */
const shortName = (prop: string): string => prop.replace(/ \(.*/, '').split('.').at(-1)!;
const SHORT = [...new Set(Object.values(UPDATING).flat().map(shortName))].sort();

test('docs/changes.md lists exactly the props that update the pipeline', () => {
  const others = ['source', 'ApprovalGate', 'addStage', 'addToPipeline', 'Tags.of(…)'];
  const listed = new Set(rowsOf(SECTION).flatMap((row) => codeIn(row.split('|')[1])));

  expect([...listed].filter((name) => !others.includes(name)).sort()).toEqual(SHORT);
  expect(others.filter((name) => !listed.has(name))).toEqual([]);
});

test('docs/changes.md calls no change free that updates the pipeline', () => {
  const rows = rowsOf(PAGE.slice(0, PAGE.indexOf('\n## '))).filter((row) => !/#(changing-the-pipeline|frozen-options)\)/.test(row));

  expect(rows.length).toBeGreaterThan(5);
  expect(rows.filter((row) => codeIn(row.split('|')[1]).some((name) => [...SHORT, 'source', 'Tags.of(…)'].includes(name)))).toEqual([]);
});

test('docs/changes.md states what an update of the pipeline ends, with the pages of AWS', () => {
  expect(SECTION).toMatch(/Executions in progress end as `Cancelled`\*\*: .*API_PipelineExecution\.html/);
  expect(SECTION).toMatch(/stage rollback cannot reach executions from before the update\*\*: .*API_UpdatePipeline\.html.*stage-rollback\.html/);
});
