import { aws_iam as iam } from 'aws-cdk-lib';

/** Options of `Approval.byEmail()`. */
export interface EmailApprovalOptions {
  /**
   * The e-mail addresses of the approvers.
   *
   * SNS first sends a confirmation link to each address; until it is confirmed, the address
   * receives no requests.
   *
   * @default - the approvers of the pipeline
   */
  readonly emails?: string[];

  /**
   * The roles that may approve or reject releases to this environment, and to no other.
   *
   * Each must belong to the stack's account.
   *
   * @default - no role gets a permission
   */
  readonly roles?: iam.IRole[];
}
