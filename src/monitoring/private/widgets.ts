import {
  aws_cloudwatch as cloudwatch, aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_events as events,
  Duration,
} from 'aws-cdk-lib';
import { DeploymentCounts } from './action-counter';

const HALF_WIDTH = 12;
const FULL_WIDTH = 24;
const BUILD_PERIOD = Duration.hours(1);
const PERIOD = Duration.days(1);

export function buildTimes(projects: codebuild.IProject[]): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({
    title: 'Build time',
    width: HALF_WIDTH,
    left: projects.flatMap((project) => [
      project.metricDuration({ label: `${project.projectName} average`, period: BUILD_PERIOD }),
      project.metricDuration({ label: `${project.projectName} maximum`, period: BUILD_PERIOD, statistic: 'Maximum' }),
    ]),
    leftYAxis: { label: 'seconds', min: 0, showUnits: false },
  });
}

export function pipelineTimes(pipeline: codepipeline.IPipeline): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({
    title: 'Pipeline time with approvals',
    width: HALF_WIDTH,
    left: [
      pipelineMetric(pipeline, { metricName: 'PipelineDuration', statistic: 'Average', label: 'average' }),
      pipelineMetric(pipeline, { metricName: 'PipelineDuration', statistic: 'Maximum', label: 'maximum' }),
    ],
    leftYAxis: { label: 'seconds', min: 0, showUnits: false },
  });
}

export function successRates(counts: DeploymentCounts[]): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({
    title: 'Deployment success rate',
    width: HALF_WIDTH,
    left: counts.map(successRate),
    leftYAxis: { label: '%', min: 0, max: 100, showUnits: false },
  });
}

function successRate({ environmentName, succeeded, failed }: DeploymentCounts): cloudwatch.MathExpression {
  const [good, bad] = [`${environmentName}_s`, `${environmentName}_f`];
  return new cloudwatch.MathExpression({
    label: environmentName,
    expression: `100 * FILL(${good}, 0) / (FILL(${good}, 0) + FILL(${bad}, 0))`,
    usingMetrics: {
      [good]: matchesOf(succeeded, 'succeeded'),
      [bad]: matchesOf(failed, 'failed'),
    },
    period: PERIOD,
  });
}

export interface FailuresOptions {
  readonly pipeline: codepipeline.IPipeline;
  readonly projects: codebuild.IProject[];
  readonly deployments: DeploymentCounts[];
  readonly rejectedApprovals: events.Rule;
}

export function failures({ pipeline, projects, deployments, rejectedApprovals }: FailuresOptions): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({
    title: 'Failures',
    width: HALF_WIDTH,
    stacked: true,
    left: [
      pipelineMetric(pipeline, { metricName: 'FailedPipelineExecutions', statistic: 'Sum', label: 'executions' }),
      ...projects.map((project) => project.metricFailedBuilds({
        label: `${project.projectName} builds`,
        period: PERIOD,
      })),
      ...deployments.map(({ failed, environmentName }) => matchesOf(failed, `deployments to ${environmentName}`)),
      matchesOf(rejectedApprovals, 'rejected or expired approvals'),
    ],
    leftYAxis: { label: 'per day', min: 0, showUnits: false },
  });
}

/** A widget of alarms; the second and later ones have their number in the title. */
export function alarmStates(alarms: cloudwatch.IAlarm[], number: number): cloudwatch.IWidget {
  const title = number === 1 ? 'Alarms' : `Alarms ${number}`;
  return new cloudwatch.AlarmStatusWidget({ title, width: FULL_WIDTH, height: 3, alarms });
}

interface PipelineMetricOptions {
  readonly metricName: string;
  readonly statistic: string;
  readonly label: string;
}

function pipelineMetric(pipeline: codepipeline.IPipeline, options: PipelineMetricOptions): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/CodePipeline',
    dimensionsMap: { PipelineName: pipeline.pipelineName },
    period: PERIOD,
    ...options,
  });
}

/** The number of events that a rule matched, per day. */
function matchesOf(rule: events.Rule, label: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/Events',
    metricName: 'TriggeredRules',
    dimensionsMap: { RuleName: rule.ruleName },
    statistic: 'Sum',
    label,
    period: PERIOD,
  });
}
