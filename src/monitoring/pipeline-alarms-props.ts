import {
  aws_codebuild as codebuild, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, aws_events as events,
} from 'aws-cdk-lib';

/** Properties of `PipelineAlarms`. */
export interface PipelineAlarmsProps {
  /**
   * Name of this instance of the stack (an application, a branch or a person), not of a deployment environment.
   *
   * It is part of every physical name, so several instances can share an account. Use lower-case letters, digits and
   * single hyphens, starting with a letter and not ending in a hyphen, at most 41 characters.
   */
  readonly environmentSuffix: string;

  /**
   * Pipeline whose failed and canceled executions are reported.
   *
   * The pipeline, the projects and the deployment groups must be in the account and region of the stack, because
   * EventBridge receives their events there.
   */
  readonly pipeline: codepipeline.IPipeline;

  /**
   * E-mail addresses that receive the alerts.
   *
   * SNS first sends each address a confirmation link. An address receives no alerts until its owner confirms the
   * subscription.
   */
  readonly notificationEmails: string[];

  /**
   * CodeBuild projects whose failed, faulted, stopped and timed-out builds are reported.
   *
   * @default - a failed build is reported only as a failed execution
   */
  readonly projects?: codebuild.IProject[];

  /**
   * Deployment groups whose failed, stopped and rolled-back deployments are reported.
   *
   * @default - a failed deployment is reported only as a failed execution
   */
  readonly deploymentGroups?: codedeploy.IEcsDeploymentGroup[];

  /**
   * Additional rules whose failed deliveries `undeliveredAlarms` report, such as the `rules` of a
   * `PipelineDashboard`.
   *
   * They must be in the account and region of the stack. One alarm watches at most 10 rules, so more rules create more
   * alarms.
   *
   * @default - only the rules of `PipelineAlarms` are watched
   */
  readonly watchedRules?: events.IRule[];
}
