import { aws_iam as iam, Duration } from 'aws-cdk-lib';

/** Properties of an `ApprovalGate`. */
export interface ApprovalGateProps {
  /**
   * Name of this instance of the stack (an application, a branch or a person), not of a deployment
   * environment.
   *
   * Every physical name ends with it, so several instances can share an account.
   */
  readonly environmentSuffix: string;

  /** Name of the environment that needs the approval: lower-case letters and digits, starting with a letter. */
  readonly environmentName: string;

  /**
   * E-mail addresses that receive the approval requests.
   *
   * SNS first sends a confirmation message to each address; until it is confirmed, the address receives no
   * requests.
   */
  readonly approverEmails: string[];

  /**
   * Roles that may approve or reject at this gate, and at no other, and may read the state of the pipeline.
   *
   * Without roles the gate adds no permissions: only principals that already have the permission in the
   * account can answer. Roles of another account, of IAM Identity Center and of AWS services are invalid,
   * because this account cannot change their policies. A role that is imported with `{ mutable: false }`
   * gets no policy; a warning prints the statements that it needs.
   *
   * @default - no role is granted permissions
   */
  readonly approverRoles?: iam.IRole[];

  /**
   * Question to the approvers, from 1 to 1000 characters. It may contain pipeline variables such as
   * `#{Source.CommitId}`.
   *
   * @default - a sentence that names the environment
   */
  readonly message?: string;

  /**
   * Time that the pipeline waits for an answer before the approval fails, from 5 minutes to 60 days in
   * whole minutes.
   *
   * A newer execution, even one with a fix, waits before the gate as long as an older one waits in it.
   *
   * @default Duration.days(7)
   */
  readonly timeout?: Duration;
}
