import { Construct } from 'constructs';
import { ApprovalGateProps } from './approval-gate-props';
import { MAX_MESSAGE_LENGTH, MAX_TIMEOUT, MIN_TIMEOUT } from './defaults';
import { approverRoles } from './private/approver-roles';
import { ClaimedName, nameLengthViolation, NameParts, takenNameViolations } from '../private/names';
import { placeViolations } from '../private/placement';
import { emails, environmentName, environmentSuffix } from '../private/shared-checks';
import { propsViolations, StructOptions } from '../private/structs';
import { all, Check, duration, isResolvedString, literal, optional, text } from '../private/validation';
import { violation, Violations } from '../private/violations';

/** The name that each `ApprovalGate` claims first; its other names end in the same way. */
export function claimedNames(parts: Partial<NameParts>): ClaimedName[] {
  return [{ type: 'topic-approval', parts }];
}

/** Returns all violations of the props of `ApprovalGate`. */
export function violations(scope: Construct, id: string, props: ApprovalGateProps): Violations {
  return [
    placeViolations(scope, id),
    propsViolations(props, propsChecks(scope)),
    takenNameViolations(scope, claimedNames(props)),
  ];
}

export function propsChecks(scope: Construct): StructOptions<ApprovalGateProps> {
  return {
    example: '{ environmentSuffix: "dev" }',
    fields: {
      environmentSuffix,
      environmentName,
      approverEmails: emails,
      approverRoles: approverRoles(scope),
      message: optional(text('Approve the release?'), messageLength),
      // The CDK compares it with its bounds, so it must know the value.
      timeout: all(
        literal({ remedy: 'pass a literal value, for example Duration.days(7)' }),
        duration({ code: 'BGP080', min: MIN_TIMEOUT, max: MAX_TIMEOUT }),
      ),
    },
    combination: (props) => nameLengthViolation(props, { role: 'role-approval' }),
  };
}

const messageLength: Check<string> = (prop, message) => {
  const tooLong = isResolvedString(message) && message.length > MAX_MESSAGE_LENGTH;
  return tooLong
    ? violation({
      code: 'BGP081',
      prop,
      rule: `must be at most ${MAX_MESSAGE_LENGTH} characters`,
      got: String(message.length),
      remedy: 'shorten it',
    })
    : undefined;
};
