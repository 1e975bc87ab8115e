import {
  aws_cloudwatch as cloudwatch, aws_codebuild as codebuild, aws_codepipeline as codepipeline,
} from 'aws-cdk-lib';
import { DashboardDeployment } from './dashboard-deployment';

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
