import { aws_cloudwatch as cloudwatch, aws_events as events, aws_sns as sns, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { MAX_ALARMS_IN_WIDGET } from './defaults';
import { ALARM, propsChecks, violations } from './pipeline-dashboard-checks';
import { PipelineDashboardProps } from './pipeline-dashboard-props';
import { ActionCounter } from './private/action-counter';
import { allowRulesToPublish } from './private/topic-policy';
import { alarmStates, buildTimes, failures, pipelineTimes, successRates } from './private/widgets';
import { throwIfInvalid } from '../private/errors';
import { Names } from '../private/names';
import { warnOfUnknownKeys } from '../private/structs';
import { addTopicPreflight } from '../private/topic-preflight';
import { requiredCdkType } from '../private/types';

/**
 * A CloudWatch dashboard of build times, success rates and failures.
 *
 * CodeDeploy has no metrics, and its events count a rollback as a success. Therefore EventBridge counts the deploy
 * actions of the pipeline: one rule matches each outcome, and a CloudWatch metric counts the matches. Each match is
 * also published to `deploymentTopic`, which has no subscribers at first. Counts start with the first deployment after
 * the dashboard is created. EventBridge delivers at least once, so a count can occasionally be one too high.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 * @example
 *
 * declare const pipeline: codepipeline.Pipeline;
 * declare const build: CachedBuildProject;
 *
 * new PipelineDashboard(this, 'Dashboard', {
 *   environmentSuffix: 'dev',
 *   pipeline,
 *   projects: [build.project],
 *   deployments: [new DashboardDeployment('production', 'DeployProduction')],
 * });
 */
export class PipelineDashboard extends Construct {
  /** CloudWatch dashboard. */
  public readonly dashboard: cloudwatch.Dashboard;

  /**
   * SNS topic that receives a message for each deployment that succeeded or failed. It has no subscribers
   * at first.
   */
  public readonly deploymentTopic: sns.Topic;

  /**
   * EventBridge rules that count deployments and rejected approvals.
   *
   * Pass them to `PipelineAlarms` as `watchedRules` to be alerted when one of them cannot publish.
   */
  public readonly rules: events.Rule[];

  /** Alarms of each widget. */
  private readonly shownAlarms: cloudwatch.IAlarm[][] = [];

  constructor(scope: Construct, id: string, props: PipelineDashboardProps) {
    throwIfInvalid({ type: 'PipelineDashboard', scope, id }, violations(scope, id, props));
    super(scope, id);
    warnOfUnknownKeys(this, props, propsChecks(this));

    const { environmentSuffix, pipeline, projects = [] } = props;
    const names = new Names(this, { environmentSuffix });
    this.deploymentTopic = new sns.Topic(this, 'Deployments', {
      topicName: names.claim('topic-deployments'),
      displayName: `Deployments of pipeline ${environmentSuffix}`,
      enforceSSL: true,
    });
    const counter = new ActionCounter({ scope: this, pipeline, environmentSuffix, topic: this.deploymentTopic });
    const deployments = (props.deployments ?? []).map((deployment) => counter.countDeployments(deployment));
    const rejectedApprovals = counter.countRejectedApprovals();
    this.rules = [...deployments.flatMap(({ succeeded, failed }) => [succeeded, failed]), rejectedApprovals];
    allowRulesToPublish(this.deploymentTopic);
    addTopicPreflight(this.deploymentTopic);

    this.dashboard = new cloudwatch.Dashboard(this, 'Resource', {
      dashboardName: names.claimInAccount('dashboard'),
      defaultInterval: Duration.days(14),
      periodOverride: cloudwatch.PeriodOverride.INHERIT,
    });
    this.dashboard.addWidgets(buildTimes(projects), pipelineTimes(pipeline));
    this.dashboard.addWidgets(
      successRates(deployments),
      failures({ pipeline, projects, deployments, rejectedApprovals }),
    );
    props.alarms?.forEach((alarm) => this.addAlarm(alarm));
  }

  /**
   * Adds an alarm to the dashboard, after the existing alarms.
   *
   * A widget shows at most 100 alarms, the CloudWatch limit. The next alarm starts another widget.
   *
   * @param alarm the alarm, in the account and region of the stack
   */
  public addAlarm(alarm: cloudwatch.IAlarm): void {
    throwIfInvalid({ type: 'PipelineDashboard', scope: this }, requiredCdkType(ALARM)('alarm', alarm));
    let shown = this.shownAlarms[this.shownAlarms.length - 1];
    if (shown === undefined || shown.length === MAX_ALARMS_IN_WIDGET) {
      shown = [];
      this.shownAlarms.push(shown);
      // The widget lists the alarms that there are when the template is rendered.
      this.dashboard.addWidgets(alarmStates(shown, this.shownAlarms.length));
    }
    shown.push(alarm);
  }
}
