import {
  aws_codebuild as codebuild, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, aws_events as events,
} from 'aws-cdk-lib';

/** Properties of `PipelineAlarms`. */
export interface PipelineAlarmsProps {
  /** The end of every physical name, which keeps several applications in one account apart. */
  readonly environmentSuffix: string;

  /**
   * The pipeline whose failed and canceled executions are reported. Like all that is reported, it is in the
   * account and region of the stack, where its events are.
   */
  readonly pipeline: codepipeline.IPipeline;

  /**
   * Who gets the alerts, by e-mail.
   *
   * Each address first gets a message from SNS that it must confirm; until then it gets no alerts.
   */
  readonly notificationEmails: string[];

  /**
   * The projects whose failed, faulted, stopped and timed-out builds are reported.
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

  /**
   * Further rules whose failed deliveries `undeliveredAlarms` report, in the account and region of the
   * stack, such as the `rules` of a `PipelineDashboard`. An alarm watches ten rules; more rules make
   * more alarms.
   *
   * @default - only the rules of `PipelineAlarms` are watched
   */
  readonly watchedRules?: events.IRule[];
}
