import { aws_iam as iam } from 'aws-cdk-lib';

/** Options of the tasks of an environment. */
export interface TaskOptions {
  /**
   * What the container runs instead of its image's own command, word by word. Takes effect with the
   * next release.
   *
   * @default - the command of the image
   */
  readonly command?: string[];

  /**
   * What the application itself may do in AWS. Grants on the exposed `taskRole` add to it.
   *
   * @default - nothing
   */
  readonly policies?: iam.PolicyStatement[];

  /**
   * Whether the execution role may pull the agent of GuardDuty Runtime Monitoring, which GuardDuty
   * adds to each task when its automated agent is on: the repository
   * `aws-guardduty-agent-fargate` of AWS's accounts in the region, and nothing else. Without it
   * GuardDuty cannot start its agent.
   *
   * @see https://docs.aws.amazon.com/guardduty/latest/ug/prereq-runtime-monitoring-ecs-support.html
   * @default false
   */
  readonly guardDutyAgent?: boolean;
}
