import { aws_iam as iam } from 'aws-cdk-lib';
import { lengthBeyond } from './deployed-length';
import { renderedProperties } from './rendered-properties';
import { violation, Violations } from './violations';

/**
 * The characters that all inline policies of a role may have together.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MAX_INLINE_POLICIES = 10_240;

/** Inline policies that IAM rejects as too long: those in a role, and separate policies that are attached to it. */
export function inlinePoliciesViolation(role: iam.CfnRole, beside: readonly iam.Policy[]): Violations {
  const policies = (renderedProperties(role).Policies ?? []) as { readonly PolicyDocument: unknown }[];
  const value = [
    ...policies.map(({ PolicyDocument }) => PolicyDocument),
    ...beside.map((policy) => renderedProperties(policy.node.defaultChild).PolicyDocument),
  ];
  // Without the brackets of the list, and the commas in it.
  const count = (text: string) => withoutWhiteSpace(text) - value.length - 1;
  const length = lengthBeyond({ scope: role, value, limit: MAX_INLINE_POLICIES, count });
  return length === undefined ? undefined : violation({
    code: 'BGP167',
    prop: 'role',
    rule: `must have at most ${MAX_INLINE_POLICIES.toLocaleString('en-US')} characters of inline policies in total, `
      + 'white space not counted',
    got: String(length),
    remedy: 'move your grants to a managed policy, and add that policy with addManagedPolicy',
  });
}

/** IAM counts no white space. */
function withoutWhiteSpace(text: string): number {
  return text.replace(/\s/g, '').length;
}
