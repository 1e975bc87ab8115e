import { aws_codebuild as codebuild, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, aws_cloudwatch as cloudwatch, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { PipelineAlarms, PipelineAlarmsProps } from '../../src';
import { problemsOf } from '../helpers/refusals';
import { newStack } from '../helpers/synthesis';

function alarmsIn(stack = newStack(), props: Partial<PipelineAlarmsProps> = {}) {
  const pipeline = codepipeline.Pipeline.fromPipelineArn(stack, 'Pipeline', 'arn:aws:codepipeline:us-east-1:111111111111:storefront');
  return new PipelineAlarms(stack, 'Alarms', { environmentSuffix: 'dev', pipeline, notificationEmails: ['oncall@example.com'], ...props });
}

test('with minimal properties a failed execution of a pipeline of the user is mailed, in words', () => {
  const stack = newStack();

  alarmsIn(stack);

  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Events::Rule', 1);
  template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'oncall@example.com' });
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'rule-pipeline-failed-dev',
    EventPattern: {
      'source': ['aws.codepipeline'],
      'detail-type': ['CodePipeline Pipeline Execution State Change'],
      'detail': { pipeline: ['storefront'], state: ['FAILED'] },
    },
    Targets: [Match.objectLike({
      Arn: { Ref: Match.stringLikeRegexp('AlarmsTopic') },
      InputTransformer: {
        InputPathsMap: { 'detail-pipeline': '$.detail.pipeline', 'detail-execution-id': '$.detail.execution-id', 'time': '$.time' },
        InputTemplate: [
          '"The pipeline <detail-pipeline> failed."',
          '"Execution: <detail-execution-id>"',
          '"Time: <time>"',
          '"Look here: https://console.aws.amazon.com/codesuite/codepipeline/pipelines/<detail-pipeline>/view?region=us-east-1"',
        ].join('\n'),
      },
    })],
  });
});

test('builds and deployments that are handed over are reported, too, and only those', () => {
  const stack = newStack();
  const application = codedeploy.EcsApplication.fromEcsApplicationName(stack, 'Application', 'storefront');

  const alarms = alarmsIn(stack, {
    projects: [codebuild.Project.fromProjectName(stack, 'Build', 'storefront-build')],
    deploymentGroups: [codedeploy.EcsDeploymentGroup.fromEcsDeploymentGroupAttributes(stack, 'Group', { application, deploymentGroupName: 'live' })],
  });

  const template = Template.fromStack(stack);
  expect(alarms.rules).toHaveLength(3);
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'rule-build-failed-dev',
    EventPattern: { source: ['aws.codebuild'], detail: { 'project-name': ['storefront-build'], 'build-status': ['FAILED', 'STOPPED'] } },
  });
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'rule-deployment-failed-dev',
    EventPattern: { source: ['aws.codedeploy'], detail: { application: ['storefront'], deploymentGroup: ['live'], state: ['FAILURE', 'STOP'] } },
  });
});

test('EventBridge may publish for these rules, and CloudWatch for alarms of this account', () => {
  const stack = newStack();

  alarmsIn(stack);

  Template.fromStack(stack).hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        Match.objectLike({
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': [{ 'Fn::GetAtt': [Match.stringLikeRegexp('AlarmsPipelineFailed'), 'Arn'] }] } },
        }),
        Match.objectLike({
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: {
            ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':cloudwatch:us-east-1:', { Ref: 'AWS::AccountId' }, ':alarm:*']] } },
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          },
        }),
      ],
    },
  });
});

test('an alarm that is handed over is mailed, and so are alerts that could not be delivered', () => {
  const stack = newStack();
  const alarm = new cloudwatch.Metric({ namespace: 'Storefront', metricName: 'Errors' }).createAlarm(stack, 'Errors', {
    alarmName: 'errors', threshold: 1, evaluationPeriods: 1,
  });

  alarmsIn(stack).notifyOn(alarm);

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: 'errors', AlarmActions: [{ Ref: Match.stringLikeRegexp('AlarmsTopic') }] });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'alarm-alerts-undelivered-dev',
    AlarmActions: [{ Ref: Match.stringLikeRegexp('AlarmsTopic') }],
    TreatMissingData: 'notBreaching',
    Metrics: Match.arrayWith([Match.objectLike({
      MetricStat: Match.objectLike({
        Metric: {
          Namespace: 'AWS/Events',
          MetricName: 'FailedInvocations',
          Dimensions: [{ Name: 'RuleName', Value: { Ref: Match.stringLikeRegexp('AlarmsPipelineFailed') } }],
        },
      }),
    })]),
  });
});

/** What alarms with other properties are refused for. */
function refusedFor(props: unknown, stack = newStack()): string[] {
  const problems = problemsOf(() => alarmsIn(stack, props as PipelineAlarmsProps));
  expect(stack.node.tryFindChild('Alarms') === undefined).toBe(problems.length > 0);
  return problems;
}

const PIPELINE = "for example codepipeline.Pipeline.fromPipelineArn(this, 'Theirs', arn)";

test.each<[unknown, string]>([
  [{ notificationEmails: ['oncall'] }, '\'notificationEmails[0]\' must be an e-mail address, got "oncall"; for example "team@example.com" [BGP010]'],
  [{ notificationEmails: undefined }, '\'notificationEmails\' is required; for example ["team@example.com"] [BGP001]'],
  [{ pipeline: undefined }, `'pipeline' is required; ${PIPELINE} [BGP001]`],
  [{ pipeline: 'storefront' }, `'pipeline' must be a codepipeline.IPipeline, got "storefront"; ${PIPELINE} [BGP002]`],
  [{ projects: {} }, "'projects' must be a list, got {}; for example [build.project] [BGP002]"],
  [{ projects: ['build'] }, "'projects[0]' must be a codebuild.IProject, got \"build\"; for example build.project [BGP002]"],
  [{ projects: [null] }, "'projects[0]' is required; for example build.project [BGP001]"],
  [{ deploymentGroups: [{}] }, "'deploymentGroups[0]' must be a codedeploy.IEcsDeploymentGroup, got {}; for example production.deploymentGroup [BGP002]"],
  [{ environmentSuffix: 'a'.repeat(42) }, "'environmentSuffix' must be at most 41 characters, got \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" (42); "
    + '"rule-deployment-failed-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" would not fit into the 64 characters of its AWS name; shorten it [BGP007]'],
])('fails for %j', (props, message) => {
  expect(refusedFor(props)).toEqual([message]);
});

test('accepts the longest suffix, and lists that are empty', () => {
  expect(refusedFor({ environmentSuffix: 'a'.repeat(41), projects: [], deploymentGroups: [] })).toEqual([]);
});

test('fails for what is in another region or account, whose events never come here', () => {
  const stack = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
  const there = codepipeline.Pipeline.fromPipelineArn(stack, 'There', 'arn:aws:codepipeline:eu-west-1:111111111111:storefront');
  const project = codebuild.Project.fromProjectArn(stack, 'Project', 'arn:aws:codebuild:us-east-1:222222222222:project/build');
  const group = codedeploy.EcsDeploymentGroup.fromEcsDeploymentGroupAttributes(stack, 'Group', {
    application: codedeploy.EcsApplication.fromEcsApplicationArn(stack, 'Application', 'arn:aws:codedeploy:eu-west-1:111111111111:application:storefront'),
    deploymentGroupName: 'live',
  });

  expect(refusedFor({ pipeline: there, projects: [project], deploymentGroups: [group] }, stack)).toEqual([
    "'pipeline' must be in the region of the stack, us-east-1, got one in eu-west-1; use one from there [BGP087]",
    "'projects[0]' must be in the account of the stack, 111111111111, got one in 222222222222; use one from there [BGP087]",
    "'deploymentGroups[0]' must be in the region of the stack, us-east-1, got one in eu-west-1; use one from there [BGP087]",
  ]);
});

test('notifies of an alarm, and of nothing else', () => {
  const stack = newStack();
  const alarms = alarmsIn(stack);
  const far = new cloudwatch.Metric({ namespace: 'Storefront', metricName: 'Errors' })
    .createAlarm(new Stack(stack, 'Far', { env: { region: 'eu-west-1' } }), 'Errors', { threshold: 1, evaluationPeriods: 1 });
  const notify = (alarm: unknown) => problemsOf(() => alarms.notifyOn(alarm as cloudwatch.Alarm));

  expect([notify(undefined), notify('errors'), notify(cloudwatch.Alarm.fromAlarmName(stack, 'Theirs', 'errors')), notify(far)]).toEqual([
    ["'alarm' is required; for example metric.createAlarm(…) [BGP001]"],
    ["'alarm' must be a cloudwatch.Alarm, got \"errors\"; for example metric.createAlarm(…) [BGP002]"],
    ["'alarm' must be a cloudwatch.Alarm, got the AlarmBase at \"Storefront/Theirs\"; for example metric.createAlarm(…) [BGP002]"],
    ["'alarm' must be in the region of the stack, us-east-1, got one in eu-west-1; use one from there [BGP087]"],
  ]);
});

test('fails for a suffix that is taken', () => {
  const stack = newStack();
  new PipelineAlarms(stack, 'One', {
    environmentSuffix: 'dev',
    pipeline: codepipeline.Pipeline.fromPipelineArn(stack, 'Other', 'arn:aws:codepipeline:us-east-1:111111111111:till'),
    notificationEmails: ['oncall@example.com'],
  });

  expect(refusedFor({}, stack)).toEqual([expect.stringContaining('"topic-alerts-dev" already belongs to Storefront/One; give')]);
});
