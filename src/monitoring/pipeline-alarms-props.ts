import {
  aws_codebuild as codebuild, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, aws_events as events,
} from 'aws-cdk-lib';

/** Properties of `PipelineAlarms`. */
export interface PipelineAlarmsProps {
  /**
   * Name of this instance of the stack (an application, a branch or a person), not of a deployment
   * environment.
   *
   * Every physical name ends with it, so several instances can share an account.
   */
  readonly environmentSuffix: string;

  /**
   * Pipeline whose failed and canceled executions are reported.
   *
   * The pipeline, the projects and the deployment groups must be in the account and region of the stack,
   * where their events are.
   */
  readonly pipeline: codepipeline.IPipeline;

  /**
   * E-mail addresses that receive the alerts.
   *
   * SNS first sends a confirmation message to each address; until it is confirmed, the address receives no
   * alerts.
   */
  readonly notificationEmails: string[];

  /**
   * CodeBuild projects whose failed, faulted, stopped and timed-out builds are reported.
   *
   * @default - failed builds are reported as failed executions only
   */
  readonly projects?: codebuild.IProject[];

  /**
   * Deployment groups whose failed, stopped and rolled-back deployments are reported.
   *
   * @default - failed deployments are reported as failed executions only
   */
  readonly deploymentGroups?: codedeploy.IEcsDeploymentGroup[];

  /**
   * Additional rules whose failed deliveries `undeliveredAlarms` report, such as the `rules` of a
   * `PipelineDashboard`.
   *
   * They must be in the account and region of the stack. Each alarm watches at most 10 rules; more rules
   * create more alarms.
   *
   * @default - only the rules of `PipelineAlarms` are watched
   */
  readonly watchedRules?: events.IRule[];
}
