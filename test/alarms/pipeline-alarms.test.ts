import { aws_codebuild as codebuild, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, aws_cloudwatch as cloudwatch } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { PipelineAlarms, PipelineAlarmsProps } from '../../src';
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

test.each([
  [{ notificationEmails: ['oncall'] }, '\'notificationEmails[0]\' must be an e-mail address, got "oncall"; for example "team@example.com"'],
  [{ notificationEmails: undefined }, '\'notificationEmails\' is required; for example ["team@example.com"]'],
  [{ pipeline: undefined }, "'pipeline' is required; for example a codepipeline.Pipeline"],
])('fails for %j', (props, message) => {
  const stack = newStack();

  expect(() => alarmsIn(stack, props)).toThrow(`Storefront/Alarms (PipelineAlarms): ${message}`);

  expect(stack.node.tryFindChild('Alarms')).toBeUndefined();
});
