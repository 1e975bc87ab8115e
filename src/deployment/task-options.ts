import { aws_iam as iam } from 'aws-cdk-lib';

/** Options for the tasks of an environment. */
export interface TaskOptions {
  /**
   * Command of the container, as a list of arguments, instead of the command of its image.
   *
   * A change takes effect with the next release.
   *
   * @default - the command of the image
   */
  readonly command?: string[];

  /**
   * Policy statements for the task role of the application. Grants to `taskRole` add to them.
   *
   * @default - no permissions
   */
  readonly policies?: iam.PolicyStatement[];

  /**
   * Allows the execution role to pull the agent of GuardDuty Runtime Monitoring.
   *
   * GuardDuty adds the agent to each task when its automated agent is enabled, and cannot start it without
   * this permission. The role may pull from the repository `aws-guardduty-agent-fargate` of AWS's accounts
   * in the region, and from nothing else.
   *
   * @see https://docs.aws.amazon.com/guardduty/latest/ug/prereq-runtime-monitoring-ecs-support.html
   * @default false
   */
  readonly guardDutyAgent?: boolean;
}
