import {
  aws_cloudwatch as cloudwatch, aws_codebuild as codebuild, aws_codepipeline as codepipeline,
} from 'aws-cdk-lib';
import { DashboardDeployment } from './dashboard-deployment';

/** Properties of a `PipelineDashboard`. */
export interface PipelineDashboardProps {
  /**
   * Name of this instance of the stack (an application, a branch or a person), not of a deployment
   * environment.
   *
   * Every physical name ends with it, so several instances can share an account. The dashboard is called
   * `dashboard-<suffix>-<region>`.
   */
  readonly environmentSuffix: string;

  /** Pipeline to show. It must be in the account and region of the stack, where its events are. */
  readonly pipeline: codepipeline.IPipeline;

  /**
   * CodeBuild projects whose builds are shown.
   *
   * @default - no builds are shown
   */
  readonly projects?: codebuild.IProject[];

  /**
   * Environments whose deployments are counted, each with two rules. Each environment must be unique.
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
