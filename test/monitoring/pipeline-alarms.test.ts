import {
  aws_cloudwatch as cloudwatch, aws_codebuild as codebuild, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, aws_events as events,
  CfnElement, Stack,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import messages from './messages.json';
import { PipelineAlarms, PipelineAlarmsProps } from '../../src';
import { importedPipeline, ownedBy, testStruct } from '../helpers/inputs';
import { testMessages } from '../helpers/messages';
import { newStack, Resource } from '../helpers/synthesis';

function alarmsIn(stack: Stack, props: Partial<PipelineAlarmsProps> = {}, id = 'Alarms'): PipelineAlarms {
  return new PipelineAlarms(stack, id, {
    environmentSuffix: 'dev',
    pipeline: importedPipeline(stack),
    notificationEmails: ['oncall@example.com'],
    ...props,
  });
}

const TOPIC = { Ref: Match.stringLikeRegexp('AlarmsTopic') };

test("alarms with minimal props report a failed or canceled execution of the user's pipeline by e-mail", () => {
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
      'detail': { pipeline: ['storefront'], state: ['FAILED', 'CANCELED'] },
    },
    Targets: [Match.objectLike({
      Arn: TOPIC,
      InputTransformer: {
        InputPathsMap: {
          'detail-pipeline': '$.detail.pipeline',
          'detail-state': '$.detail.state',
          'detail-execution-id': '$.detail.execution-id',
          'time': '$.time',
        },
        InputTemplate: [
          '"An execution of the pipeline <detail-pipeline> ended as <detail-state>."',
          '"Execution: <detail-execution-id>"',
          '"Time: <time>"',
          '"Console: https://console.aws.amazon.com/codesuite/codepipeline/pipelines/<detail-pipeline>/view?region=us-east-1"',
        ].join('\n'),
      },
    })],
  });
});

test('alarms report the builds and deployments of the given projects and deployment groups', () => {
  const stack = newStack();
  const application = codedeploy.EcsApplication.fromEcsApplicationName(stack, 'Application', 'storefront');

  const alarms = alarmsIn(stack, {
    projects: [codebuild.Project.fromProjectName(stack, 'Build', 'storefront-build')],
    deploymentGroups: [codedeploy.EcsDeploymentGroup.fromEcsDeploymentGroupAttributes(stack, 'Group', {
      application, deploymentGroupName: 'live',
    })],
  });

  const template = Template.fromStack(stack);
  expect(alarms.rules).toHaveLength(3);
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'rule-build-failed-dev',
    EventPattern: {
      source: ['aws.codebuild'],
      detail: { 'project-name': ['storefront-build'], 'build-status': ['FAILED', 'FAULT', 'STOPPED', 'TIMED_OUT'] },
    },
  });
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'rule-deployment-failed-dev',
    EventPattern: {
      source: ['aws.codedeploy'],
      detail: { application: ['storefront'], deploymentGroup: ['live'], state: ['FAILURE', 'STOP'] },
    },
  });
});

test('alarms send an e-mail for an alarm, for a composite alarm and for undelivered alerts', () => {
  const stack = newStack();
  const { alarm } = ownedBy(stack);
  const composite = new cloudwatch.CompositeAlarm(stack, 'Both', { compositeAlarmName: 'both', alarmRule: alarm });

  const alarms = alarmsIn(stack);
  alarms.notifyOn(alarm);
  alarms.notifyOn(composite);

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Errors', AlarmActions: [TOPIC] });
  template.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', { AlarmName: 'both', AlarmActions: [TOPIC] });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'alarm-alerts-undelivered-dev',
    AlarmActions: [TOPIC],
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

test('alarms for undelivered messages watch ten rules each, and every one is itself watched and sends an e-mail', () => {
  const stack = newStack();
  const names = Array.from({ length: 24 }, (_, index) => `rule-${index}`);
  const watchedRules = names.map((name) => events.Rule.fromEventRuleArn(stack, name, `arn:aws:events:us-east-1:111111111111:rule/${name}`));

  const { undeliveredAlarm, undeliveredAlarms } = alarmsIn(stack, { watchedRules });

  const deployed = undeliveredAlarms.map((alarm): Resource['Properties'] =>
    Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')[stack.getLogicalId(alarm.node.defaultChild as CfnElement)].Properties);
  const rules = deployed.map(({ Metrics }) => (Metrics as { MetricStat?: { Metric: { Dimensions: { Value: unknown }[] } } }[])
    .flatMap(({ MetricStat }) => MetricStat?.Metric.Dimensions.map(({ Value }) => Value) ?? []));
  expect(undeliveredAlarm).toBe(undeliveredAlarms[0]);
  expect(rules.map(({ length }) => length)).toEqual([10, 10, 5]);
  expect(rules.flat()).toEqual([{ Ref: expect.stringMatching('^AlarmsPipelineFailed') }, ...names]);
  expect(deployed.map(({ AlarmName }) => AlarmName)).toEqual([
    'alarm-alerts-undelivered-dev', 'alarm-alerts-undelivered2-dev', 'alarm-alerts-undelivered3-dev',
  ]);
  expect(deployed.map(({ AlarmActions, DatapointsToAlarm, EvaluationPeriods }) => [AlarmActions, DatapointsToAlarm, EvaluationPeriods]))
    .toEqual(deployed.map(() => [[{ Ref: expect.stringMatching('^AlarmsTopic') }], 1, 3]));
});

const place = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
const far = codedeploy.EcsApplication.fromEcsApplicationArn(
  place, 'Far', 'arn:aws:codedeploy:eu-west-1:111111111111:application:storefront');
const alarmsInPlace = alarmsIn(place);
const { alarm: farAlarm } = ownedBy(new Stack(place, 'FarStack', { env: { region: 'eu-west-1' } }));

testMessages(messages, {
  'PipelineAlarms': {
    stack: place,
    make: (props) => alarmsIn(place, { environmentSuffix: 'two', ...props }, 'Refused'),
    // Their events never arrive.
    named: () => ({
      'resources of another region or account': {
        pipeline: codepipeline.Pipeline.fromPipelineArn(
          place, 'There', 'arn:aws:codepipeline:eu-west-1:111111111111:storefront'),
        projects: [codebuild.Project.fromProjectArn(
          place, 'Project', 'arn:aws:codebuild:us-east-1:222222222222:project/build')],
        deploymentGroups: [codedeploy.EcsDeploymentGroup.fromEcsDeploymentGroupAttributes(place, 'Group', {
          application: far, deploymentGroupName: 'live',
        })],
        watchedRules: [events.Rule.fromEventRuleArn(place, 'Rule', 'arn:aws:events:eu-west-1:111111111111:rule/far')],
      },
    }),
  },
  'PipelineAlarms.notifyOn': {
    stack: place,
    make: (alarm) => alarmsInPlace.notifyOn(alarm),
    named: () => ({
      'an imported alarm': cloudwatch.Alarm.fromAlarmName(place, 'Theirs', 'errors'),
      'an imported composite alarm': cloudwatch.CompositeAlarm.fromCompositeAlarmName(place, 'Others', 'errors'),
      'an alarm of another region': farAlarm,
    }),
  },
});

testStruct({
  what: 'PipelineAlarms',
  key: 'notification_emails',
  closest: 'notificationEmails',
  claims: 'topic-alerts-dev',
  make: alarmsIn,
});
