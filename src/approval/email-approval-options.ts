import { aws_iam as iam } from 'aws-cdk-lib';

/** Options for `Approval.byEmail()`. */
export interface EmailApprovalOptions {
  /**
   * E-mail addresses of the approvers.
   *
   * SNS first sends each address a confirmation link. An address receives no requests until its owner confirms the
   * subscription.
   *
   * @default - the `approverEmails` of the pipeline
   */
  readonly emails?: string[];

  /**
   * IAM roles that can approve or reject releases to this environment only.
   *
   * Each role must belong to the stack's account. Roles of IAM Identity Center and of AWS services are invalid.
   *
   * @default - no role is granted permissions
   */
  readonly roles?: iam.IRole[];
}
