import {
  aws_cloudwatch as cloudwatch, aws_cloudwatch_actions as cloudwatchActions, aws_codebuild as codebuild, aws_codedeploy as codedeploy,
  aws_codepipeline as codepipeline, aws_events as events, aws_iam as iam, aws_sns as sns, ArnFormat, Duration, IResource, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  emailsProblems, environmentSuffixProblem, homeProblem, pipelineProblem, placeProblem, propsProblems, requiredProblem, resourceProblem,
  resourcesProblems,
} from '../private/checks';
import { Problem, refuse } from '../private/errors';
import { mailTopic } from '../private/mail-topic';
import { lengthProblem, nameOf, takenNameProblem } from '../private/names';

/** Properties of `PipelineAlarms`. */
export interface PipelineAlarmsProps {
  /** The end of every physical name, which keeps several applications in one account apart. */
  readonly environmentSuffix: string;

  /** The pipeline whose failed executions are reported. Like all that is reported, it is in the account and region of the stack, where its events are. */
  readonly pipeline: codepipeline.IPipeline;

  /**
   * Who gets the alerts, by e-mail.
   *
   * Each address first gets a message from SNS that it must confirm; until then it gets no alerts.
   */
  readonly notificationEmails: string[];

  /**
   * The projects whose failed and stopped builds are reported.
   *
   * @default - builds are reported as failed executions only
   */
  readonly projects?: codebuild.IProject[];

  /**
   * The deployment groups whose failed, stopped and rolled-back deployments are reported.
   *
   * @default - deployments are reported as failed executions only
   */
  readonly deploymentGroups?: codedeploy.IEcsDeploymentGroup[];
}

/**
 * Mails to whoever must know when something fails.
 *
 * EventBridge reports a failed execution of the pipeline, a failed or stopped build, and a failed, stopped or rolled-back
 * deployment; each mail says what failed, why as far as AWS says so, and where to look. CloudWatch reports every
 * alarm that is handed to `notifyOn`, such as the rollback alarms of an `EcsBlueGreenDeployment`, which judge each colour by
 * itself; and, by an alarm of its own, alerts that EventBridge could not deliver.
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
 */
export class PipelineAlarms extends Construct {
  /** @internal */
  public static _problems(scope: Construct, props: PipelineAlarmsProps): Problem[] {
    const near = (at: string, resource: IResource) => homeProblem('BGP087', at, resource, scope);
    return propsProblems(props, ({ environmentSuffix, pipeline, notificationEmails, projects, deploymentGroups }) => [
      environmentSuffixProblem(environmentSuffix),
      lengthProblem({ environmentSuffix }, { rule: 'rule-deployment-failed' }),
      pipelineProblem(pipeline) ?? near('pipeline', pipeline),
      ...emailsProblems('notificationEmails', notificationEmails),
      ...resourcesProblems('projects', projects, 'projectName', 'a codebuild.IProject', 'build.project', near),
      ...resourcesProblems('deploymentGroups', deploymentGroups, 'deploymentGroupName', 'a codedeploy.IEcsDeploymentGroup', 'production.deploymentGroup', near),
    ]);
  }

  /** Where alerts are published; subscribe a chat or a pager here. */
  public readonly topic: sns.Topic;

  /** The rules that publish, each with the name of what it reports. */
  public readonly rules: events.Rule[] = [];

  /** Goes off when EventBridge could not hand an alert to the topic. */
  public readonly undeliveredAlarm: cloudwatch.Alarm;

  private readonly names: { readonly environmentSuffix: string };

  constructor(scope: Construct, id: string, props: PipelineAlarmsProps) {
    refuse(scope, id, 'PipelineAlarms', [placeProblem(scope, id), ...PipelineAlarms._problems(scope, props), takenNameProblem(scope, 'topic-alerts', props)]);
    super(scope, id);

    this.names = { environmentSuffix: props.environmentSuffix };
    this.topic = mailTopic(this, 'Topic', {
      ...this.names,
      type: 'topic-alerts',
      displayName: `Alerts of pipeline ${props.environmentSuffix}`,
      emails: props.notificationEmails,
    });
    this.reportPipeline(props.pipeline);
    this.reportBuilds(props.projects ?? []);
    this.reportDeployments(props.deploymentGroups ?? []);
    this.letPublish();
    this.undeliveredAlarm = this.createUndeliveredAlarm();
    this.notifyOn(this.undeliveredAlarm);
  }

  /**
   * Sends a mail when the alarm goes off.
   *
   * @param alarm the alarm, made in this app, in the account and region of the stack
   */
  public notifyOn(alarm: cloudwatch.Alarm): void {
    const example = 'metric.createAlarm(…)';
    // An imported alarm has no metric, and ignores actions that are added to it.
    refuse(this, '', 'PipelineAlarms', [
      requiredProblem('alarm', alarm, example) ?? resourceProblem('alarm', alarm, 'metric', 'a cloudwatch.Alarm', example)
        ?? homeProblem('BGP087', 'alarm', alarm, this),
    ]);
    alarm.addAlarmAction(new cloudwatchActions.SnsAction(this.topic));
  }

  private reportPipeline(pipeline: codepipeline.IPipeline): void {
    this.report('PipelineFailed', 'rule-pipeline-failed', {
      source: ['aws.codepipeline'],
      detailType: ['CodePipeline Pipeline Execution State Change'],
      detail: { pipeline: [pipeline.pipelineName], state: ['FAILED'] },
    }, [
      `The pipeline ${events.EventField.fromPath('$.detail.pipeline')} failed.`,
      `Execution: ${events.EventField.fromPath('$.detail.execution-id')}`,
      `Time: ${events.EventField.time}`,
      `Look here: ${this.page(`codepipeline/pipelines/${events.EventField.fromPath('$.detail.pipeline')}/view`)}`,
    ]);
  }

  private reportBuilds(projects: codebuild.IProject[]): void {
    if (projects.length === 0) {
      return;
    }
    this.report('BuildFailed', 'rule-build-failed', {
      source: ['aws.codebuild'],
      detailType: ['CodeBuild Build State Change'],
      detail: { 'project-name': projects.map((project) => project.projectName), 'build-status': ['FAILED', 'STOPPED'] },
    }, [
      `A build of ${events.EventField.fromPath('$.detail.project-name')} ended as ${events.EventField.fromPath('$.detail.build-status')}.`,
      `Build: ${events.EventField.fromPath('$.detail.build-id')}`,
      `Time: ${events.EventField.time}`,
      `Its log: ${events.EventField.fromPath('$.detail.additional-information.logs.deep-link')}`,
    ]);
  }

  /** A rolled-back deployment is one that failed or was stopped; the rollback itself is a deployment of its own that succeeds. */
  private reportDeployments(groups: codedeploy.IEcsDeploymentGroup[]): void {
    if (groups.length === 0) {
      return;
    }
    this.report('DeploymentFailed', 'rule-deployment-failed', {
      source: ['aws.codedeploy'],
      detailType: ['CodeDeploy Deployment State-change Notification'],
      detail: {
        application: groups.map((group) => group.application.applicationName),
        deploymentGroup: groups.map((group) => group.deploymentGroupName),
        state: ['FAILURE', 'STOP'],
      },
    }, [
      `A deployment of ${events.EventField.fromPath('$.detail.application')} ended as ${events.EventField.fromPath('$.detail.state')}: `
      + 'CodeDeploy sends all traffic back to the tasks that ran before.',
      `Deployment: ${events.EventField.fromPath('$.detail.deploymentId')}`,
      `Time: ${events.EventField.time}`,
      `Look here: ${this.page(`codedeploy/deployments/${events.EventField.fromPath('$.detail.deploymentId')}`)}`,
    ]);
  }

  private report(id: string, type: string, eventPattern: events.EventPattern, lines: string[]): void {
    const rule = new events.Rule(this, id, {
      ruleName: nameOf(this, type, this.names),
      eventPattern,
    });
    // CDK's own SNS target would let every rule of every account publish; `letPublish` names ours.
    rule.addTarget({ bind: () => ({ arn: this.topic.topicArn, input: events.RuleTargetInput.fromMultilineText(lines.join('\n')) }) });
    this.rules.push(rule);
  }

  /** @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html */
  private letPublish(): void {
    this.topic.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'RulesOfThisPipeline',
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [this.topic.topicArn],
      conditions: { ArnEquals: { 'aws:SourceArn': this.rules.map((rule) => rule.ruleArn) } },
    }));
    const stack = Stack.of(this);
    this.topic.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [this.topic.topicArn],
      conditions: {
        ArnLike: {
          'aws:SourceArn': stack.formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
        },
        StringEquals: { 'aws:SourceAccount': stack.account },
      },
    }));
  }

  private createUndeliveredAlarm(): cloudwatch.Alarm {
    const failures = this.rules.map((rule, index) => [`failed${index}`, new cloudwatch.Metric({
      namespace: 'AWS/Events',
      metricName: 'FailedInvocations',
      dimensionsMap: { RuleName: rule.ruleName },
      statistic: 'Sum',
      period: Duration.minutes(5),
    })] as const);
    return new cloudwatch.MathExpression({
      expression: failures.map(([name]) => `FILL(${name}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(failures),
      label: 'Alerts that did not reach the topic',
      period: Duration.minutes(5),
    }).createAlarm(this, 'Undelivered', {
      alarmName: nameOf(this, 'alarm-alerts-undelivered', this.names),
      alarmDescription: 'EventBridge could not publish an alert of this pipeline: see the policy of the topic',
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  /** A page of the console in the partition of the stack's region; the commercial one while the region is not known. */
  private page(path: string): string {
    const { region } = Stack.of(this);
    const domain = region.startsWith('cn-') ? 'amazonaws.cn' : region.startsWith('us-gov-') ? 'amazonaws-us-gov.com' : 'aws.amazon.com';
    return `https://console.${domain}/codesuite/${path}?region=${region}`;
  }
}
