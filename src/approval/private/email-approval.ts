import { ApprovalMethod } from './approval-method';
import { approverRoles } from './approver-roles';
import { throwIfInvalid } from '../../private/errors';
import { optionalEmails } from '../../private/shared-checks';
import { struct } from '../../private/structs';
import { EmailApprovalOptions } from '../email-approval-options';

const emailApprovalViolations = struct<EmailApprovalOptions>({
  example: '{ emails: ["leads@example.com"] }',
  fields: {
    emails: optionalEmails,
    roles: approverRoles(),
  },
});

/** An approval that is requested by e-mail: see `Approval.byEmail`. */
export function emailApproval(options: EmailApprovalOptions): ApprovalMethod {
  throwIfInvalid({ type: 'Approval.byEmail' }, emailApprovalViolations('options', options));
  const { emails, roles } = options;
  return {
    emails,
    roles,
    placeViolations: (prop, scope) => approverRoles(scope)(`${prop}.roles`, roles),
  };
}
