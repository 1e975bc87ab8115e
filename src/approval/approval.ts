import { EmailApprovalOptions } from './email-approval-options';
import { ApprovalMethod } from './private/approval-method';
import { emailApproval } from './private/email-approval';

/**
 * The approval that a release needs before it is deployed to an environment of a pipeline.
 *
 * @example
 *
 * declare const leads: iam.Role;
 *
 * const approval = Approval.byEmail({ emails: ['leads@example.com'], roles: [leads] });
 */
export class Approval {
  /**
   * Requests the approval by e-mail, through SNS. Approvers approve or reject in the CodePipeline console.
   *
   * @param options the e-mail addresses and roles of the approvers
   */
  public static byEmail(options: EmailApprovalOptions = {}): Approval {
    return new Approval(emailApproval(options));
  }

  private constructor(private readonly method: ApprovalMethod) {}

  /** @internal */
  public _bind(): ApprovalMethod {
    return this.method;
  }
}
