import {
  aws_cloudwatch as cloudwatch, aws_codebuild as codebuild, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, Stack,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { PipelineAlarms, PipelineAlarmsProps } from '../../src';
import { importedPipeline, ownedBy, refusedIn, testStruct } from '../helpers/inputs';
import { newStack } from '../helpers/synthesis';

function alarmsIn(stack: Stack, props: Partial<PipelineAlarmsProps> = {}, id = 'Alarms'): PipelineAlarms {
  return new PipelineAlarms(stack, id, {
    environmentSuffix: 'dev',
    pipeline: importedPipeline(stack),
    notificationEmails: ['oncall@example.com'],
    ...props,
  });
}

const TOPIC = { Ref: Match.stringLikeRegexp('AlarmsTopic') };

test('alarms with minimal props report a failed execution of a pipeline of the user by e-mail', () => {
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
      Arn: TOPIC,
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

test('alarms report the builds and deployments of the given projects and groups', () => {
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
      detail: { 'project-name': ['storefront-build'], 'build-status': ['FAILED', 'STOPPED'] },
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

/** The violations of alarms beside resources of the user. */
function refusedFor(props: unknown, stack = newStack()): string[] {
  ownedBy(stack);
  return refusedIn(stack, () => alarmsIn(stack, props as Partial<PipelineAlarmsProps>));
}

const LONG = 'a'.repeat(42);

test.each<[unknown, string]>([
  [{ projects: ['build'] }, "'projects[0]' must be a codebuild.IProject, got \"build\"; for example build.project [BGP002]"],
  [
    { deploymentGroups: [{}] },
    "'deploymentGroups[0]' must be a codedeploy.IEcsDeploymentGroup, got {}; for example production.deploymentGroup [BGP002]",
  ],
  [
    { environmentSuffix: LONG },
    `'environmentSuffix' must be at most 41 characters, got "${LONG}" (42); `
    + `"rule-deployment-failed-${LONG}" would not fit into the 64 characters of its AWS name; shorten it [BGP007]`,
  ],
])('alarms refuse %j', (props, message) => {
  expect(refusedFor(props)).toEqual([message]);
  expect(refusedFor({ environmentSuffix: 'a'.repeat(41) })).toEqual([]);
});

test('alarms refuse resources of another region or account, whose events never arrive', () => {
  const stack = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
  const arn = 'arn:aws:codedeploy:eu-west-1:111111111111:application:storefront';
  const application = codedeploy.EcsApplication.fromEcsApplicationArn(stack, 'Application', arn);
  const resources = {
    pipeline: codepipeline.Pipeline.fromPipelineArn(stack, 'There', 'arn:aws:codepipeline:eu-west-1:111111111111:storefront'),
    projects: [codebuild.Project.fromProjectArn(stack, 'Project', 'arn:aws:codebuild:us-east-1:222222222222:project/build')],
    deploymentGroups: [codedeploy.EcsDeploymentGroup.fromEcsDeploymentGroupAttributes(stack, 'Group', {
      application, deploymentGroupName: 'live',
    })],
  };

  expect(refusedFor(resources, stack)).toEqual([
    "'pipeline' must be in the region of the stack, us-east-1, got one in eu-west-1; use one from there [BGP087]",
    "'projects[0]' must be in the account of the stack, 111111111111, got one in 222222222222; use one from there [BGP087]",
    "'deploymentGroups[0]' must be in the region of the stack, us-east-1, got one in eu-west-1; use one from there [BGP087]",
  ]);
});

test('alarms notify of alarms of this app alone, in the region of the stack', () => {
  const stack = newStack();
  const alarms = alarmsIn(stack);
  const { alarm: far } = ownedBy(new Stack(stack, 'Far', { env: { region: 'eu-west-1' } }));
  const imported = cloudwatch.Alarm.fromAlarmName(stack, 'Theirs', 'errors');
  const notify = (alarm: unknown) => refusedIn(stack, () => alarms.notifyOn(alarm as cloudwatch.AlarmBase));
  const rule = "'alarm' must be a cloudwatch.Alarm or cloudwatch.CompositeAlarm";
  const example = 'for example metric.createAlarm(…)';

  expect(notify(undefined)).toEqual([`'alarm' is required; ${example} [BGP001]`]);
  expect(notify('errors')).toEqual([`${rule}, got "errors"; ${example} [BGP002]`]);
  expect(notify(imported)).toEqual([`${rule}, got the Import at "Storefront/Theirs"; ${example} [BGP002]`]);
  expect(notify(cloudwatch.CompositeAlarm.fromCompositeAlarmName(stack, 'Others', 'errors'))).toHaveLength(1);
  expect(notify(far)).toEqual([
    "'alarm' must be in the region of the stack, us-east-1, got one in eu-west-1; use one from there [BGP087]",
  ]);
});

testStruct({
  what: 'PipelineAlarms',
  key: 'notification_emails',
  closest: 'notificationEmails',
  claims: 'topic-alerts-dev',
  make: alarmsIn,
});
