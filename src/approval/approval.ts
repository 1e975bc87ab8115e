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
   * An approval that SNS requests by e-mail and that is answered in the console of CodePipeline.
   *
   * @param options the approvers; without any, those of the pipeline
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
