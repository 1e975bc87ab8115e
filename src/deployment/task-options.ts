import { aws_iam as iam } from 'aws-cdk-lib';

/** Options for the tasks of an environment. */
export interface TaskOptions {
  /**
   * Command of the container, as a list of at least one argument.
   *
   * It replaces the command of the image. A change takes effect with the next release.
   *
   * @default - the command of the image
   */
  readonly command?: string[];

  /**
   * Policy statements of the application's task role, in addition to grants to `taskRole`.
   *
   * @default - no permissions
   */
  readonly policies?: iam.PolicyStatement[];

  /**
   * Allows the execution role to pull the agent of GuardDuty Runtime Monitoring.
   *
   * GuardDuty adds the agent to each task when automated agent configuration is enabled, and cannot start the agent
   * without this permission. The permission covers only the repository `aws-guardduty-agent-fargate` in AWS's accounts
   * for the region.
   *
   * @see https://docs.aws.amazon.com/guardduty/latest/ug/prereq-runtime-monitoring-ecs-support.html
   * @default false
   */
  readonly guardDutyAgent?: boolean;
}
