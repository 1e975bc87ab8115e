import {
  aws_cloudwatch as cloudwatch, aws_cloudwatch_actions as cloudwatchActions, aws_codebuild as codebuild, aws_codepipeline as codepipeline,
  aws_events as events, aws_events_targets as targets, aws_sns as sns, aws_sns_subscriptions as subscriptions, Duration, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Environment } from './stock-environment';

export interface Monitored {
  readonly suffix: string;
  readonly pipeline: codepipeline.Pipeline;
  readonly projects: codebuild.Project[];
  readonly environments: Environment[];
}

export function createTopic(scope: Construct, id: string, topicName: string, emails: string[]): sns.Topic {
  const topic = new sns.Topic(scope, `${id}Topic`, { topicName, enforceSSL: true });
  emails.forEach((email) => topic.addSubscription(new subscriptions.EmailSubscription(email)));
  return topic;
}

/** E-mail alerts for failures that EventBridge reports, and for alarms. */
export function createAlerts(scope: Construct, { suffix, pipeline, projects, environments }: Monitored, counting: events.Rule[]): cloudwatch.Alarm[] {
  const topic = createTopic(scope, 'Alerts', `topic-alerts-${suffix}`, ['team@example.com']);
  const rule = (id: string, name: string, source: string, detailType: string, detail: object, message: string) => new events.Rule(scope, id, {
    ruleName: `rule-${name}-${suffix}`,
    eventPattern: { source: [source], detailType: [detailType], detail: { ...detail } },
    targets: [new targets.SnsTopic(topic, { message: events.RuleTargetInput.fromMultilineText(message) })],
  });
  const { time } = events.EventField;
  const field = (path: string) => events.EventField.fromPath(`$.detail.${path}`);
  const rules = [
    rule('PipelineFailed', 'pipeline-failed', 'aws.codepipeline', 'CodePipeline Pipeline Execution State Change',
      { pipeline: [pipeline.pipelineName], state: ['FAILED', 'CANCELED'] },
      `An execution of the pipeline ${field('pipeline')} ended as ${field('state')}.\nExecution: ${field('execution-id')}\nTime: ${time}`),
    rule('BuildFailed', 'build-failed', 'aws.codebuild', 'CodeBuild Build State Change',
      { 'project-name': projects.map((project) => project.projectName), 'build-status': ['FAILED', 'FAULT', 'STOPPED', 'TIMED_OUT'] },
      `A build of ${field('project-name')} ended as ${field('build-status')}.\nBuild: ${field('build-id')}\n`
      + `Time: ${time}\nLog: ${field('additional-information.logs.deep-link')}`),
    rule('DeploymentFailed', 'deployment-failed', 'aws.codedeploy', 'CodeDeploy Deployment State-change Notification',
      {
        application: environments.map(({ group }) => group.application.applicationName),
        deploymentGroup: environments.map(({ group }) => group.deploymentGroupName),
        state: ['FAILURE', 'STOP'],
      },
      `A deployment of ${field('application')} ended as ${field('state')}.\nDeployment: ${field('deploymentId')}\nTime: ${time}`),
  ];
  const failures = Object.fromEntries([...rules, ...counting].map((failed, index) =>
    [`failed${index}`, ofRule(failed, 'FailedInvocations', { period: Duration.minutes(5) })]));
  const undelivered = new cloudwatch.MathExpression({
    expression: `MAX([${Object.keys(failures).join(', ')}])`,
    usingMetrics: failures,
    period: Duration.minutes(5),
  }).createAlarm(scope, 'Undelivered', {
    alarmName: `alarm-alerts-undelivered-${suffix}`,
    threshold: 0,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 3,
    datapointsToAlarm: 1,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  const alarms = [...environments.flatMap(({ alarms: own, outageAlarms }) => [...own, ...outageAlarms]), undelivered];
  alarms.forEach((alarm) => alarm.addAlarmAction(new cloudwatchActions.SnsAction(topic)));
  return alarms;
}

function ofRule({ ruleName }: events.Rule, metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace: 'AWS/Events', metricName, dimensionsMap: { RuleName: ruleName }, statistic: 'Sum', ...options });
}

/** The rules that count deployments and rejected approvals. */
export interface Counts {
  readonly outcomes: { readonly name: string; readonly succeeded: events.Rule; readonly failed: events.Rule }[];
  readonly rejected: events.Rule;
}

export function createCounts(scope: Construct, { suffix, pipeline, environments }: Monitored): Counts {
  const topic = createTopic(scope, 'Deployments', `topic-deployments-${suffix}`, []);
  const count = (id: string, ruleName: string, detail: object) => new events.Rule(scope, id, {
    ruleName,
    eventPattern: {
      source: ['aws.codepipeline'],
      detailType: ['CodePipeline Action Execution State Change'],
      detail: { pipeline: [pipeline.pipelineName], ...detail },
    },
    targets: [new targets.SnsTopic(topic)],
  });
  const outcomes = environments.map(({ name, node }) => {
    const detail = { stage: [`Deploy${node.id}`], type: { category: ['Deploy'] } };
    return {
      name,
      succeeded: count(`${node.id}Succeeded`, `rule-deploy-succeeded-${name}-${suffix}`, { ...detail, state: ['SUCCEEDED'] }),
      failed: count(`${node.id}Failed`, `rule-deploy-failed-${name}-${suffix}`, { ...detail, state: ['FAILED'] }),
    };
  });
  const rejected = count('ApprovalRejected', `rule-approval-rejected-${suffix}`, { type: { category: ['Approval'] }, state: ['FAILED'] });
  return { outcomes, rejected };
}

/** The dashboard of the pipeline; rules count its deployments. */
export function createDashboard(
  scope: Construct, { suffix, pipeline, projects }: Monitored, { outcomes, rejected }: Counts, alarms: cloudwatch.Alarm[],
): void {
  const matchesOf = (rule: events.Rule) => ofRule(rule, 'TriggeredRules', { period: Duration.days(1), label: rule.node.id });
  const ofPipeline = (metricName: string, statistic: string) => new cloudwatch.Metric({
    namespace: 'AWS/CodePipeline',
    metricName,
    dimensionsMap: { PipelineName: pipeline.pipelineName },
    statistic,
    period: Duration.days(1),
  });
  const dashboard = new cloudwatch.Dashboard(scope, 'Dashboard', {
    dashboardName: `dashboard-${suffix}-${Stack.of(scope).region}`,
    defaultInterval: Duration.days(14),
  });
  dashboard.addWidgets(
    new cloudwatch.GraphWidget({
      title: 'Build time',
      width: 12,
      left: projects.flatMap((project) => ['Average', 'Maximum'].map((statistic) =>
        project.metricDuration({ statistic, label: `${project.node.id} ${statistic}`, period: Duration.hours(1) }))),
    }),
    new cloudwatch.GraphWidget({
      title: 'Pipeline time',
      width: 12,
      left: [ofPipeline('PipelineDuration', 'Average'), ofPipeline('PipelineDuration', 'Maximum')],
    }),
  );
  dashboard.addWidgets(
    new cloudwatch.GraphWidget({
      title: 'Deployment success rate',
      width: 12,
      left: outcomes.map(({ name, succeeded, failed }) => new cloudwatch.MathExpression({
        label: name,
        expression: `100 * FILL(${name}_s, 0) / (FILL(${name}_s, 0) + FILL(${name}_f, 0))`,
        usingMetrics: { [`${name}_s`]: matchesOf(succeeded), [`${name}_f`]: matchesOf(failed) },
        period: Duration.days(1),
      })),
      leftYAxis: { label: '%', min: 0, max: 100, showUnits: false },
    }),
    new cloudwatch.GraphWidget({
      title: 'Failures',
      width: 12,
      stacked: true,
      left: [
        ofPipeline('FailedPipelineExecutions', 'Sum'),
        ...projects.map((project) => project.metricFailedBuilds({ period: Duration.days(1) })),
        ...outcomes.map(({ failed }) => matchesOf(failed)),
        matchesOf(rejected),
      ],
    }),
  );
  dashboard.addWidgets(new cloudwatch.AlarmStatusWidget({ title: 'Alarms', width: 24, height: 3, alarms }));
}
