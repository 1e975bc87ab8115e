import { aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_iam as iam, aws_lambda as lambda, CfnResource, Stack } from 'aws-cdk-lib';
import { BlueGreenFargatePipeline, BlueGreenFargatePipelineProps, BuildSteps, CachedBuildProject } from '../../src';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';
import { all, Statement } from '../helpers/templates';

type Change = (made: BlueGreenFargatePipeline, stack: Stack) => void;

/** The violations of a pipeline after a change. */
function violationsAfter(change: Change, props: Partial<BlueGreenFargatePipelineProps> = {}): string[] {
  const stack = newStack();
  const made = pipelineIn(stack, props);
  change(made, stack);
  return stack.node.findAll().flatMap(({ node }) => node.validate());
}

const cfn = (construct?: { readonly node: { readonly defaultChild?: unknown } }) => construct?.node.defaultChild as CfnResource;
const ofPipeline = (path: string, value: unknown): Change => ({ pipeline }) => cfn(pipeline).addPropertyOverride(path, value);
/** The statement after the denies of requests without TLS and the grant to the function that empties the bucket. */
const ofDeny = (path: string, value: unknown): Change => ({ artifacts }) => cfn(artifacts.bucket.policy).addPropertyOverride(`PolicyDocument.Statement.2.${path}`, value);

describe('the condition that the stage Test requires a digest', () => {
  const RULE = 'BeforeEntry.Conditions.0.Rules.0';

  test.each<[string, Change]>([
    ['is removed', ({ pipeline }) => cfn(pipeline).addPropertyDeletionOverride('Stages.2.BeforeEntry')],
    ['skips the stage instead of failing it', ofPipeline('Stages.2.BeforeEntry.Conditions.0.Result', 'SKIP')],
    ['accepts any value', ofPipeline(`Stages.2.${RULE}.Configuration.Value`, '.*')],
    ['uses another comparison', ofPipeline(`Stages.2.${RULE}.Configuration.Operator`, 'CONTAINS')],
    ['reads another variable', ofPipeline(`Stages.2.${RULE}.Configuration.Variable`, '#{Source.CommitId}')],
    ['is another rule', ofPipeline(`Stages.2.${RULE}.RuleTypeId.Provider`, 'CloudWatchAlarm')],
    ['is removed from the stage with another name', ({ pipeline }) => {
      cfn(pipeline).addPropertyOverride('Stages.2.Name', 'Try');
      cfn(pipeline).addPropertyDeletionOverride('Stages.2.BeforeEntry');
    }],
    ['is missing in another stage, where an override adds the action', ofPipeline('Stages.3.Actions.1', {
      Name: 'Again', ActionTypeId: { Category: 'Build', Owner: 'AWS', Provider: 'CodeBuild', Version: '1' }, Configuration: { ProjectName: 'project-release-dev' }, RunOrder: 2,
    })],
    ['stays, but a failed test skips the stage', ofPipeline('Stages.2.OnFailure.Result', 'SKIP')],
  ])('the condition for a digest is reported if it %s', (_, change) => {
    const found = violationsAfter(change).filter((text) => text.includes('[BGP179]'));

    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toMatch(/^'pipeline' must enter each stage that uses 'imageDigest' only with a digest, and must stop when the stage fails, got an override of "(Test|Try|ApproveStaging)"; remove the override \[BGP179\] /);
  });

  test.each<[string, Change]>([
    ['nothing changed', () => undefined],
    ['the stage has another name', ofPipeline('Stages.2.Name', 'Try')],
    ['a failed stage is retried', ofPipeline('Stages.2.OnFailure', { Result: 'RETRY', RetryConfiguration: { RetryMode: 'FAILED_ACTIONS' } })],
    ['the stage has another condition, too', ofPipeline('Stages.2.BeforeEntry.Conditions.1', {
      Result: 'FAIL', Rules: [{ Name: 'Window', RuleTypeId: { Category: 'Rule', Owner: 'AWS', Provider: 'DeploymentWindow', Version: '1' }, Configuration: { Cron: '* * 8-18 ? * MON-FRI *' } }],
    })],
  ])('the condition for a digest is accepted if %s', (_, change) => {
    expect(violationsAfter(change)).toEqual([]);
  });
});

describe('the deny of other artifact writers', () => {
  test.each<[string, Change]>([
    ['is removed', ({ artifacts }) => cfn(artifacts.bucket.policy).addPropertyDeletionOverride('PolicyDocument.Statement.2')],
    ['allows', ofDeny('Effect', 'Allow')],
    ['denies reads', ofDeny('Action', 's3:GetObject')],
    ['exempts every role', ofDeny('Condition.ArnNotEquals', { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' })],
    ['exempts another role', ({ artifacts, buildProject }, stack) => cfn(artifacts.bucket.policy).addPropertyOverride(
      'PolicyDocument.Statement.2.Condition.ArnNotEquals.aws:PrincipalArn.3', stack.resolve(buildProject.role.roleArn))],
    ['has another condition', ofDeny('Condition.StringEquals', { 'aws:username': 'x' })],
    ['applies to one account', ofDeny('Principal.AWS', '222222222222')],
    ['applies to some objects', ofDeny('Resource', 'arn:aws:s3:::elsewhere/*')],
  ])('the deny of other artifact writers is reported if it %s', (_, change) => {
    expect(violationsAfter(change)).toEqual([
      "'artifacts' must deny s3:PutObject to every principal except the artifact writers of the pipeline, and an override changes that statement; "
      + "remove the override, and pass other writers in 'storage.artifactWriters' "
      + '[BGP180] https://github.com/org/bluegreen-pipeline/blob/main/docs/errors.md#bgp180',
    ]);
  });

  /** A stage of the user that writes an artifact with a build, and one that does so with a function. */
  const ownStages = (withWriters: boolean) => {
    const stack = newStack();
    const role = new iam.Role(stack, 'Writer', { assumedBy: new iam.AccountRootPrincipal() });
    const steps = BuildSteps.buildSpec(codebuild.BuildSpec.fromSourceFilename('notes.yml'));
    const notes = new CachedBuildProject(stack, 'Notes', { environmentSuffix: 'dev', purpose: 'notes', steps });
    const made = pipelineIn(stack, withWriters ? { storage: { artifactWriters: [role, notes.role] } } : {});
    const [{ actions: [source] }] = made.pipeline.stages;
    notes.addToPipeline(made.pipeline, { stageName: 'Notes', input: source.actionProperties.outputs![0], output: new codepipeline.Artifact('Notes') });
    made.pipeline.addStage({
      stageName: 'Invoke',
      actions: [new actions.LambdaInvokeAction({
        actionName: 'Write', role, lambda: lambda.Function.fromFunctionName(stack, 'Function', 'write'), outputs: [new codepipeline.Artifact('Written')],
      })],
    });
    return { stack, found: () => stack.node.findAll().flatMap(({ node }) => node.validate()) };
  };

  test('synthesis reports a stage of the user that writes an artifact', () => {
    expect(ownStages(false).found().map((text) => /"(.*?)".*\[(BGP\d+)\]/.exec(text)?.slice(1))).toEqual([['Notes/Notes', 'BGP197'], ['Invoke/Write', 'BGP197']]);
  });

  test("the deny exempts the roles of 'storage.artifactWriters', and no other principal", () => {
    const { stack, found } = ownStages(true);

    expect(found()).toEqual([]);
    const statements = all(templateOf(stack), 'AWS::S3::BucketPolicy').flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement as (Statement & { Sid?: string })[]);
    const { Condition } = statements.find(({ Sid }) => Sid === 'OnlyWritersOfThePipeline')!;
    const writers = (Condition as { ArnNotEquals: { 'aws:PrincipalArn': { 'Fn::GetAtt': string[] }[] } }).ArnNotEquals['aws:PrincipalArn'];
    expect(writers.map(({ 'Fn::GetAtt': [id] }) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(['PPipelineRole', 'PSourceRole', 'PReleaseRole', 'Writer', 'NotesRole']);
  });
});
