import { aws_codebuild as codebuild, aws_ecr as ecr, CfnResource, Validations } from 'aws-cdk-lib';
import { BlueGreenFargatePipeline, BuildSteps } from '../../src';
import { newStack, pipelineIn } from '../helpers/synthesis';
import { warningsOf } from '../helpers/warnings';

function warningsAfter(change: (made: BlueGreenFargatePipeline) => void): string[] {
  const stack = newStack();
  change(pipelineIn(stack, { testSteps: BuildSteps.commands(['npm test']) }));
  return warningsOf(stack);
}

const override = (part: (made: BlueGreenFargatePipeline) => { readonly node: { readonly defaultChild?: unknown } }, path: string, value: unknown) =>
  (made: BlueGreenFargatePipeline) => (part(made).node.defaultChild as CfnResource).addPropertyOverride(path, value);
const PIPELINE = ({ pipeline }: BlueGreenFargatePipeline) => pipeline;
const REPOSITORY = ({ repository }: BlueGreenFargatePipeline) => repository;
const TEST = ({ testProject }: BlueGreenFargatePipeline) => testProject.project;
const GATE = 'Stages.5.Actions.0';

test.each<[string, (made: BlueGreenFargatePipeline) => void, string]>([
  ['parallel executions', override(PIPELINE, 'ExecutionMode', 'PARALLEL'), 'executions in mode "PARALLEL" can overtake each other'],
  ['an unknown mode', override(PIPELINE, 'ExecutionMode', { Ref: 'Mode' }), 'executions in mode {"Ref":"Mode"}'],
  ['the type V1', override(PIPELINE, 'PipelineType', 'V1'), 'a pipeline of type "V1" does not evaluate stage conditions'],
  ['mutable tags', override(REPOSITORY, 'ImageTagMutability', 'MUTABLE'), 'the tags of the repository are mutable'],
  ['partly mutable tags', override(REPOSITORY, 'ImageTagMutability', 'IMMUTABLE_WITH_EXCLUSION'), 'the tags of the repository are mutable'],
  ['a missing tag mutability', override(REPOSITORY, 'ImageTagMutability', undefined), 'the tags of the repository are mutable'],
  ['a missing image scan', override(REPOSITORY, 'ImageScanningConfiguration.ScanOnPush', false), 'ECR does not scan the images'],
  ['a privileged test', override(TEST, 'Environment.PrivilegedMode', true), 'builds are privileged although no step uses Docker'],
  ['a privileged test through its property', (made) => {
    (TEST(made).node.defaultChild as codebuild.CfnProject).environment = { type: 'LINUX_CONTAINER', image: 'x', computeType: 'BUILD_GENERAL1_SMALL', privilegedMode: true };
  }, 'builds are privileged although no step uses Docker'],
  ['a test that a parameter makes privileged', override(TEST, 'Environment.PrivilegedMode', { Ref: 'Privileged' }), 'builds are privileged'],
  ['a build without a log', override(({ buildProject }) => buildProject.project, 'LogsConfig.CloudWatchLogs.Status', 'DISABLED'), 'builds write no logs'],
  ['a public build', override(({ buildProject }) => buildProject.project, 'Visibility', 'PUBLIC_READ'), 'logs and artifacts of builds are public'],
  ['an approval without its topic', override(PIPELINE, `${GATE}.Configuration.NotificationArn`, undefined), 'so the approvers receive no request'],
  ['an approval with another topic', override(PIPELINE, `${GATE}.Configuration.NotificationArn`, 'arn:aws:sns:us-east-1:222222222222:theirs'), 'so the approvers receive no request'],
])('synthesis warns about %s', (_, change, consequence) => {
  expect(warningsAfter(change)).toEqual([expect.stringContaining(consequence)]);
});

test('two changes of the same part have one warning', () => {
  const [warning, ...others] = warningsAfter((made) => {
    override(REPOSITORY, 'ImageTagMutability', 'MUTABLE')(made);
    override(REPOSITORY, 'ImageScanningConfiguration', undefined)(made);
  });

  expect(others).toEqual([]);
  expect(warning).toContain('so a push can replace a released image, and ECR does not scan the images that a build pushes: remove the override of the repository [BGP188]');
});

test.each<[string, (made: BlueGreenFargatePipeline) => void]>([
  ['no changes', () => undefined],
  ['the mode QUEUED', override(PIPELINE, 'ExecutionMode', 'QUEUED')],
  ['no mode, which CodePipeline treats as SUPERSEDED', override(PIPELINE, 'ExecutionMode', undefined)],
  ['a privileged build, whose steps use Docker', override(({ buildProject }) => buildProject.project, 'Environment.PrivilegedMode', true)],
  ['a warning that is acknowledged', (made) => {
    override(REPOSITORY, 'ImageTagMutability', 'MUTABLE')(made);
    Validations.of(made).acknowledge({ id: '@org/bluegreen-pipeline:BlueGreenFargatePipeline.repository', reason: 'a tag for people' });
  }],
])('synthesis does not warn about a pipeline with %s', (_, change) => {
  expect(warningsAfter(change)).toEqual([]);
});

test('synthesis does not warn about a repository of the user', () => {
  const stack = newStack();
  pipelineIn(stack, { repository: new ecr.Repository(stack, 'Images', { lifecycleRules: [] }) });

  expect(warningsOf(stack)).toEqual([]);
});
