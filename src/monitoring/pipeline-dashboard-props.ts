import {
  aws_cloudwatch as cloudwatch, aws_codebuild as codebuild, aws_codepipeline as codepipeline,
} from 'aws-cdk-lib';
import { DashboardDeployment } from './dashboard-deployment';

/** Properties of a `PipelineDashboard`. */
export interface PipelineDashboardProps {
  /**
   * Name of this instance of the stack (an application, a branch or a person), not of a deployment environment.
   *
   * It is part of every physical name, so several instances can share an account. Use lower-case letters, digits and
   * single hyphens, starting with a letter and not ending in a hyphen, at most 41 characters including the longest
   * environment name in `deployments`. The dashboard is named `dashboard-<suffix>-<region>`.
   */
  readonly environmentSuffix: string;

  /**
   * Pipeline that the dashboard shows. It must be in the account and region of the stack, because EventBridge receives
   * its events there.
   */
  readonly pipeline: codepipeline.IPipeline;

  /**
   * CodeBuild projects whose builds are shown, at most 250.
   *
   * @default - no builds are shown
   */
  readonly projects?: codebuild.IProject[];

  /**
   * Deploy stages whose deployments are counted, with two EventBridge rules for each. Each environment name must be
   * unique in the list.
   *
   * @default - no deployments are shown
   */
  readonly deployments?: DashboardDeployment[];

  /**
   * Alarms whose states are shown.
   *
   * @default - no alarms are shown
   */
  readonly alarms?: cloudwatch.IAlarm[];
}
