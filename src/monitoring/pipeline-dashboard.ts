import {
  aws_cloudwatch as cloudwatch, aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_events as events, aws_iam as iam,
  aws_sns as sns, Duration,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  environmentNameProblem, environmentSuffixProblem, homeProblem, listProblems, pipelineProblem, placeProblem, propsProblems, requiredProblem,
  resourcesProblems, shown, textMatching, wrongType,
} from '../private/checks';
import { broken, Problem, refuse } from '../private/errors';
import { lengthProblem, nameOf, regionalNameOf, takenNameProblem } from '../private/names';

/** A stage of the pipeline that deploys to an environment. */
export interface DashboardDeployment {
  /** The name of the environment; lower-case letters and digits. */
  readonly environmentName: string;

  /** The stage whose deploy actions are counted; at most 100 letters, digits and `.@_-`. */
  readonly stageName: string;
}

/** Properties of a `PipelineDashboard`. */
export interface PipelineDashboardProps {
  /**
   * The end of every physical name, which keeps several applications in one account apart.
   *
   * The dashboard is called `dashboard-<suffix>-<region>`.
   */
  readonly environmentSuffix: string;

  /** The pipeline that is shown, in the account and region of the stack, where its events are. */
  readonly pipeline: codepipeline.IPipeline;

  /**
   * The projects whose builds are shown.
   *
   * @default - no builds are shown
   */
  readonly projects?: codebuild.IProject[];

  /**
   * The environments whose deployments are counted, each by two rules, and each once.
   *
   * @default - no deployments are shown
   */
  readonly deployments?: DashboardDeployment[];

  /**
   * Alarms whose state is shown.
   *
   * @default - no alarms are shown
   */
  readonly alarms?: cloudwatch.IAlarm[];
}

/**
 * One page for how the pipeline does: how long builds take, how many deployments succeed, what fails.
 *
 * CodeDeploy has no metrics, and its events count a rollback as a success. So EventBridge counts the pipeline's own deploy
 * actions: a rule for each outcome, whose number of matches CloudWatch keeps. Each match is published to `deploymentTopic`
 * too, which has no subscribers at first. Counts begin with the first deployment after the dashboard exists, and delivery
 * is at least once: a count can be too high by one, now and then.
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
 *   deployments: [{ environmentName: 'production', stageName: 'DeployProduction' }],
 * });
 */
export class PipelineDashboard extends Construct {
  /** @internal */
  public static _problems(scope: Construct, props: PipelineDashboardProps): Problem[] {
    return propsProblems(props, ({ environmentSuffix, pipeline, projects, deployments, alarms }) => [
      environmentSuffixProblem(environmentSuffix),
      lengthProblem({ environmentSuffix }, { rule: 'rule-approval-rejected' }),
      pipelineProblem(pipeline) ?? homeProblem('BGP087', 'pipeline', pipeline, scope),
      ...resourcesProblems('projects', projects, 'projectName', 'a codebuild.IProject', 'build.project'),
      ...listProblems('deployments', deployments, `[${DEPLOYMENT}]`,
        (at, deployment, index) => deploymentProblems(at, deployment, (deployments ?? []).slice(0, index), environmentSuffix)),
      ...resourcesProblems('alarms', alarms, 'alarmArn', 'a cloudwatch.IAlarm', 'alarms.undeliveredAlarm'),
    ]);
  }

  /** The dashboard. */
  public readonly dashboard: cloudwatch.Dashboard;

  /** Gets a message for each deployment that ended, well or badly; nobody is subscribed at first. */
  public readonly deploymentTopic: sns.Topic;

  private readonly props: PipelineDashboardProps;

  constructor(scope: Construct, id: string, props: PipelineDashboardProps) {
    refuse(scope, id, 'PipelineDashboard', [placeProblem(scope, id), ...PipelineDashboard._problems(scope, props), takenNameProblem(scope, 'dashboard', props)]);
    super(scope, id);

    this.props = props;
    this.deploymentTopic = new sns.Topic(this, 'Deployments', {
      topicName: nameOf(this, 'topic-deployments', props),
      displayName: `Deployments of pipeline ${props.environmentSuffix}`,
      enforceSSL: true,
    });
    const outcomes = (props.deployments ?? []).map((deployment) => this.countOutcomes(deployment));
    const rejected = this.countActions('ApprovalRejected', 'rule-approval-rejected', undefined, { type: { category: ['Approval'] }, state: ['FAILED'] });
    this.letPublish([...outcomes.flatMap((outcome) => [outcome.succeeded, outcome.failed]), rejected]);

    this.dashboard = new cloudwatch.Dashboard(this, 'Resource', {
      dashboardName: regionalNameOf(this, 'dashboard', props),
      defaultInterval: Duration.days(14),
      periodOverride: cloudwatch.PeriodOverride.INHERIT,
    });
    this.dashboard.addWidgets(this.buildTimes(), this.pipelineTimes());
    this.dashboard.addWidgets(this.successRates(outcomes), this.failures(outcomes, rejected));
    if (props.alarms && props.alarms.length > 0) {
      this.dashboard.addWidgets(new cloudwatch.AlarmStatusWidget({ title: 'Alarms', width: 24, height: 3, alarms: props.alarms }));
    }
  }

  private countOutcomes(deployment: DashboardDeployment): Outcome {
    const { environmentName } = deployment;
    const detail = { stage: [deployment.stageName], type: { category: ['Deploy'] } };
    const id = environmentName[0].toUpperCase() + environmentName.slice(1);
    return {
      environmentName,
      succeeded: this.countActions(`${id}Succeeded`, 'rule-deploy-succeeded', environmentName, { ...detail, state: ['SUCCEEDED'] }),
      failed: this.countActions(`${id}Failed`, 'rule-deploy-failed', environmentName, { ...detail, state: ['FAILED'] }),
    };
  }

  private countActions(id: string, type: string, environmentName: string | undefined, detail: { [field: string]: unknown }): events.Rule {
    const rule = new events.Rule(this, id, {
      ruleName: nameOf(this, type, { environmentName, environmentSuffix: this.props.environmentSuffix }),
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Action Execution State Change'],
        detail: { pipeline: [this.props.pipeline.pipelineName], ...detail },
      },
    });
    rule.addTarget({ bind: () => ({ arn: this.deploymentTopic.topicArn }) });
    return rule;
  }

  private letPublish(rules: events.Rule[]): void {
    this.deploymentTopic.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'RulesOfThisPipeline',
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [this.deploymentTopic.topicArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rules.map((rule) => rule.ruleArn) } },
    }));
  }

  private buildTimes(): cloudwatch.IWidget {
    return new cloudwatch.GraphWidget({
      title: 'Build time',
      width: 12,
      left: (this.props.projects ?? []).flatMap((project) => [
        project.metricDuration({ label: `${project.projectName} average`, period: Duration.hours(1) }),
        project.metricDuration({ label: `${project.projectName} longest`, period: Duration.hours(1), statistic: 'Maximum' }),
      ]),
      leftYAxis: { label: 'seconds', min: 0, showUnits: false },
    });
  }

  private pipelineTimes(): cloudwatch.IWidget {
    return new cloudwatch.GraphWidget({
      title: 'Pipeline time, approvals included',
      width: 12,
      left: [this.pipelineMetric('PipelineDuration', 'Average', 'average'), this.pipelineMetric('PipelineDuration', 'Maximum', 'longest')],
      leftYAxis: { label: 'seconds', min: 0, showUnits: false },
    });
  }

  private successRates(outcomes: Outcome[]): cloudwatch.IWidget {
    return new cloudwatch.GraphWidget({
      title: 'Deployment success rate',
      width: 12,
      left: outcomes.map((outcome) => new cloudwatch.MathExpression({
        label: outcome.environmentName,
        expression: `100 * FILL(${outcome.environmentName}_s, 0) / (FILL(${outcome.environmentName}_s, 0) + FILL(${outcome.environmentName}_f, 0))`,
        usingMetrics: {
          [`${outcome.environmentName}_s`]: matches(outcome.succeeded, 'succeeded'),
          [`${outcome.environmentName}_f`]: matches(outcome.failed, 'failed'),
        },
        period: Duration.days(1),
      })),
      leftYAxis: { label: '%', min: 0, max: 100, showUnits: false },
    });
  }

  private failures(outcomes: Outcome[], rejected: events.Rule): cloudwatch.IWidget {
    return new cloudwatch.GraphWidget({
      title: 'What failed',
      width: 12,
      stacked: true,
      left: [
        this.pipelineMetric('FailedPipelineExecutions', 'Sum', 'executions'),
        ...(this.props.projects ?? []).map((project) =>
          project.metricFailedBuilds({ label: `${project.projectName} builds`, period: Duration.days(1) })),
        ...outcomes.map((outcome) => matches(outcome.failed, `deployments to ${outcome.environmentName}`)),
        matches(rejected, 'approvals rejected or not given in time'),
      ],
      leftYAxis: { label: 'a day', min: 0, showUnits: false },
    });
  }

  private pipelineMetric(metricName: string, statistic: string, label: string): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/CodePipeline',
      metricName,
      dimensionsMap: { PipelineName: this.props.pipeline.pipelineName },
      statistic,
      label,
      period: Duration.days(1),
    });
  }
}

interface Outcome {
  readonly environmentName: string;
  readonly succeeded: events.Rule;
  readonly failed: events.Rule;
}

/** How often a rule matched, by the day. */
function matches(rule: events.Rule, label: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/Events',
    metricName: 'TriggeredRules',
    dimensionsMap: { RuleName: rule.ruleName },
    statistic: 'Sum',
    label,
    period: Duration.days(1),
  });
}

const DEPLOYMENT = '{ environmentName: "production", stageName: "DeployProduction" }';

/** Two rules of one environment would have one name, so each stands in the list once. */
function deploymentProblems(at: string, deployment: unknown, earlier: readonly DashboardDeployment[], environmentSuffix: string): Problem[] {
  if (typeof deployment !== 'object' || deployment === null) {
    return [requiredProblem(at, deployment, DEPLOYMENT) ?? wrongType(at, 'an object', deployment, DEPLOYMENT)];
  }
  const { environmentName, stageName } = deployment as Partial<DashboardDeployment>;
  return [
    environmentNameProblem(`${at}.environmentName`, environmentName)
      ?? lengthProblem({ environmentName, environmentSuffix }, { rule: 'rule-deploy-succeeded' })
      ?? (earlier.some((other) => other?.environmentName === environmentName)
        ? broken('BGP011', `${at}.environmentName`, 'must differ from the others', `${shown(environmentName)} twice`, 'remove one')
        : undefined),
    textMatching('BGP088', `${at}.stageName`, stageName, /^[\w.@-]{1,100}$/,
      'the name of a stage: at most 100 letters, digits and ".@_-"', 'DeployProduction'),
  ];
}
