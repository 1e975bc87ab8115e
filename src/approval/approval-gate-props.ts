import { aws_iam as iam, Duration } from 'aws-cdk-lib';

/** Properties of an `ApprovalGate`. */
export interface ApprovalGateProps {
  /**
   * Name of this instance of the stack (an application, a branch or a person), not of a deployment environment.
   *
   * It is part of every physical name, so several instances can share an account. Use lower-case letters, digits and
   * single hyphens, starting with a letter and not ending in a hyphen.
   */
  readonly environmentSuffix: string;

  /** Name of the environment that needs the approval: lower-case letters and digits, starting with a letter. */
  readonly environmentName: string;

  /**
   * E-mail addresses that receive the approval requests.
   *
   * SNS first sends each address a confirmation link. An address receives no requests until its owner confirms the
   * subscription.
   */
  readonly approverEmails: string[];

  /**
   * IAM roles that can approve or reject at this gate only.
   *
   * They are also granted read access to the state of the pipeline. Without roles the gate adds no permissions: only
   * principals that already have the permission in the account can approve or reject. Roles of another account, of IAM
   * Identity Center and of AWS services are invalid, because this account cannot change their policies. A role that was
   * imported with `{ mutable: false }` gets no policy, and a warning prints the statements that the role needs.
   *
   * @default - no role is granted permissions
   */
  readonly approverRoles?: iam.IRole[];

  /**
   * Question to the approvers, from 1 to 1000 characters. It can contain pipeline variables such as
   * `#{Source.CommitId}`.
   *
   * @default - a question that names the environment, such as "Approve the deployment to production?"
   */
  readonly message?: string;

  /**
   * Time after which a pending approval fails, in whole minutes, from 5 minutes to 60 days.
   *
   * While an execution waits for approval, newer executions wait before the gate, even one with a fix.
   *
   * @default Duration.days(7)
   */
  readonly timeout?: Duration;
}
