import {
  aws_cloudwatch as cloudwatch, aws_cloudwatch_actions as cloudwatchActions, aws_events as events, aws_sns as sns,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { alarmViolations, propsChecks, violations } from './pipeline-alarms-checks';
import { PipelineAlarmsProps } from './pipeline-alarms-props';
import { buildAlert, deploymentAlert, pipelineAlert } from './private/alerts';
import { patternViolation } from './private/pattern-size';
import { allowAlarmsToPublish, allowRulesToPublish } from './private/topic-policy';
import { undeliveredAlarms } from './private/undelivered-alarm';
import { throwIfInvalid } from '../private/errors';
import { mailTopic } from '../private/mail-topic';
import { Names } from '../private/names';
import { warnOfUnknownKeys } from '../private/structs';
import { checkAtSynthesis } from '../private/synthesis-check';

/**
 * Sends e-mail alerts for failed executions, builds and deployments, and for alarms.
 *
 * EventBridge reports a failed or canceled execution of the pipeline, a failed, faulted, stopped or timed-out build,
 * and a failed, stopped or rolled-back deployment. Each e-mail describes the failure, with the reason if AWS provides
 * one, and links to the pipeline or deployment in the console, or to the build log. CloudWatch reports every alarm that
 * is passed to `notifyOn`, such as the rollback and outage alarms of an `EcsBlueGreenDeployment`, and messages that
 * EventBridge could not publish.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 * @example
 *
 * declare const pipeline: codepipeline.Pipeline;
 * declare const production: EcsBlueGreenDeployment;
 *
 * const alarms = new PipelineAlarms(this, 'Alarms', {
 *   environmentSuffix: 'dev',
 *   pipeline,
 *   notificationEmails: ['oncall@example.com'],
 *   deploymentGroups: [production.deploymentGroup],
 * });
 * for (const alarm of production.rollbackAlarms) {
 *   alarms.notifyOn(alarm);
 * }
 * for (const alarm of production.outageAlarms) {
 *   alarms.notifyOn(alarm);
 * }
 */
export class PipelineAlarms extends Construct {
  /** SNS topic that alerts are published to. Subscribe a chat channel or a pager to it. */
  public readonly topic: sns.Topic;

  /** EventBridge rules that publish alerts, each named after the failures that it reports. */
  public readonly rules: events.Rule[];

  /** Alarm for messages that EventBridge could not publish: the first of `undeliveredAlarms`. */
  public readonly undeliveredAlarm: cloudwatch.Alarm;

  /**
   * Alarms for messages that EventBridge could not publish.
   *
   * Each alarm watches at most 10 rules, the CloudWatch limit. CloudWatch publishes the message of an alarm to `topic`
   * directly, without EventBridge.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
   */
  public readonly undeliveredAlarms: cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: PipelineAlarmsProps) {
    throwIfInvalid({ type: 'PipelineAlarms', scope, id }, violations(scope, id, props));
    super(scope, id);
    warnOfUnknownKeys(this, props, propsChecks(this));

    const names = new Names(this, props);
    this.topic = mailTopic(this, 'Topic', {
      names,
      type: 'topic-alerts',
      displayName: `Alerts of pipeline ${props.environmentSuffix}`,
      emails: props.notificationEmails,
    });
    this.rules = this.createRules(props, names);
    allowRulesToPublish(this.topic);
    allowAlarmsToPublish(this.topic);
    this.undeliveredAlarms = undeliveredAlarms(this, names, [...this.rules, ...props.watchedRules ?? []]);
    this.undeliveredAlarms.forEach((alarm) => this.notifyOn(alarm));
    [this.undeliveredAlarm] = this.undeliveredAlarms;
  }

  /**
   * Sends an e-mail when the alarm goes into ALARM state.
   *
   * @param alarm the metric alarm or composite alarm, created in this app, in the account and region of the stack
   */
  public notifyOn(alarm: cloudwatch.AlarmBase): void {
    throwIfInvalid({ type: 'PipelineAlarms', scope: this }, alarmViolations(this, alarm));
    alarm.addAlarmAction(new cloudwatchActions.SnsAction(this.topic));
  }

  private createRules(props: PipelineAlarmsProps, names: Names): events.Rule[] {
    const { pipeline, projects = [], deploymentGroups = [] } = props;
    const alerts = [pipelineAlert(this, pipeline)];
    if (projects.length > 0) {
      alerts.push(buildAlert(projects));
    }
    if (deploymentGroups.length > 0) {
      alerts.push(deploymentAlert(this, deploymentGroups));
    }
    return alerts.map(({ id, prop, nameType, eventPattern, lines }) => {
      const rule = new events.Rule(this, id, { ruleName: names.claim(nameType), eventPattern });
      const input = events.RuleTargetInput.fromMultilineText(lines.join('\n'));
      // CDK's own SNS target would add its statement to the policy of the topic once more for each rule.
      rule.addTarget({ bind: () => ({ arn: this.topic.topicArn, input }) });
      // Names are only known when all constructs are there.
      checkAtSynthesis(this, () => patternViolation(prop, rule));
      return rule;
    });
  }
}
