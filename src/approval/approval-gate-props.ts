import { aws_iam as iam, Duration } from 'aws-cdk-lib';

/** Properties of an `ApprovalGate`. */
export interface ApprovalGateProps {
  /** The end of every physical name, which keeps several applications in one account apart. */
  readonly environmentSuffix: string;

  /** The environment that the gate stands before; lower-case letters and digits. */
  readonly environmentName: string;

  /**
   * Who is asked, by e-mail.
   *
   * Each address first gets a message from SNS that it must confirm; until then it gets no
   * requests.
   */
  readonly approverEmails: string[];

  /**
   * The roles that may answer this gate, and no other: they can read the pipeline's state and
   * approve or reject here.
   *
   * Without any the gate adds no permission, and whoever may already do so in the account can
   * answer. Roles of another account cannot be given a permission from here, and are refused; so are
   * roles of IAM Identity Center and of AWS services, whose policies IAM lets nobody change. A role
   * that was imported with `{ mutable: false }` gets no policy, and a warning prints the statements
   * that it needs.
   *
   * @default - no role gets a permission
   */
  readonly approverRoles?: iam.IRole[];

  /**
   * What is asked, from 1 to 1000 characters; may hold pipeline variables such as
   * `#{Source.CommitId}`.
   *
   * @default - a sentence that names the environment
   */
  readonly message?: string;

  /**
   * How long the pipeline waits for an answer before the approval fails, from 5 minutes to 60 days
   * in whole minutes.
   *
   * A newer execution, a fix included, waits before the gate as long as an older one waits in it.
   *
   * @default Duration.days(7)
   */
  readonly timeout?: Duration;
}
