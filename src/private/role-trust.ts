import { aws_iam as iam } from 'aws-cdk-lib';
import { warn } from './errors';
import { renderedProperties } from './rendered-properties';
import { checkAtSynthesis } from './synthesis-check';
import { formatValue } from './validation';

/** The trust policy of a role in the template. Where it is an intrinsic function it has no statements. */
interface Trust {
  readonly Statement?: { readonly Effect?: unknown; readonly Principal?: unknown }[];
}

/** Warns at synthesis if more may assume a role than the library allows, or on fewer conditions. */
export function warnOfWiderTrust(role: iam.CfnRole): void {
  const created = role.stack.resolve(role.assumeRolePolicyDocument) as Trust;
  const own = statementsOf(created).map((statement) => JSON.stringify(statement));
  checkAtSynthesis(role, () => {
    const trust = renderedProperties(role).AssumeRolePolicyDocument as Trust | undefined;
    const added = statementsOf(trust)
      .filter(({ Effect: effect }) => effect !== 'Deny')
      .filter((statement) => !own.includes(JSON.stringify(statement)));
    if (added.length > 0) {
      warn(role, 'Role.widerTrust', 'BGP187', `the trust policy of ${formatValue(role.node.path)} allows `
        + `${formatValue(added.map(({ Principal: principal }) => principal))}, which the library did not add: any `
        + 'principal that assumes the role has all of its permissions; remove the statement or the override');
    }
  });
}

function statementsOf(trust: Trust | undefined): { readonly Effect?: unknown; readonly Principal?: unknown }[] {
  const { Statement: statements = [{ Principal: trust }] } = trust ?? {};
  return [statements].flat();
}
