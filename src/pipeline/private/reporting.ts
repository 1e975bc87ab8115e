import { aws_codebuild as codebuild, aws_codepipeline as codepipeline } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { EcsBlueGreenDeployment } from '../../deployment/ecs-blue-green-deployment';
import { DashboardDeployment } from '../../monitoring/dashboard-deployment';
import { PipelineAlarms } from '../../monitoring/pipeline-alarms';
import { PipelineDashboard } from '../../monitoring/pipeline-dashboard';

export interface ReportingOptions {
  readonly environmentSuffix: string;
  readonly notificationEmails: string[];
  readonly pipeline: codepipeline.IPipeline;
  readonly projects: codebuild.IProject[];
  /** By the name of the environment. */
  readonly deployments: { readonly [environmentName: string]: EcsBlueGreenDeployment };
}

export interface Reporting {
  readonly dashboard: PipelineDashboard;
  readonly alarms: PipelineAlarms;
}

/**
 * Creates the dashboard of a pipeline and the e-mail alerts. The dashboard comes first, because the alarms for
 * undelivered messages watch its rules, too; every alarm is sent by e-mail and shown.
 */
export function reporting(scope: Construct, options: ReportingOptions): Reporting {
  const { environmentSuffix, notificationEmails, pipeline, projects } = options;
  const deployments = Object.values(options.deployments);
  const environmentAlarms = deployments.flatMap(({ rollbackAlarms, outageAlarms }) => [
    ...rollbackAlarms,
    ...outageAlarms,
  ]);
  const dashboard = new PipelineDashboard(scope, 'Dashboard', {
    environmentSuffix,
    pipeline,
    projects,
    deployments: Object.entries(options.deployments).map(([name, { stageName }]) =>
      new DashboardDeployment(name, stageName)),
    alarms: environmentAlarms,
  });
  const alarms = new PipelineAlarms(scope, 'Alarms', {
    environmentSuffix,
    pipeline,
    notificationEmails,
    projects,
    deploymentGroups: deployments.map(({ deploymentGroup }) => deploymentGroup),
    watchedRules: dashboard.rules,
  });
  environmentAlarms.forEach((alarm) => alarms.notifyOn(alarm));
  alarms.undeliveredAlarms.forEach((alarm) => dashboard.addAlarm(alarm));
  return { dashboard, alarms };
}
