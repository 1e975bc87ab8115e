import { aws_iam as iam } from 'aws-cdk-lib';

/** Options for `Approval.byEmail()`. */
export interface EmailApprovalOptions {
  /**
   * E-mail addresses of the approvers.
   *
   * SNS first sends a confirmation link to each address; until it is confirmed, the address receives no
   * requests.
   *
   * @default - the approvers of the pipeline
   */
  readonly emails?: string[];

  /**
   * Roles that may approve or reject releases to this environment, and to no other.
   *
   * Each must belong to the stack's account.
   *
   * @default - no role is granted permissions
   */
  readonly roles?: iam.IRole[];
}
