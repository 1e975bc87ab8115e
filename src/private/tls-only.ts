import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { renderedProperties } from './rendered-properties';
import { violation, Violations } from './violations';

interface TlsOnly {
  readonly prop: string;
  /** The action that is denied without TLS. */
  readonly action: string;
  readonly resources: string[];
  /** The resource that holds the policy; undefined if it was removed. */
  readonly policy?: IConstruct;
}

/** A statement of a resource policy in the template. */
interface PolicyStatement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

/** A policy that an override removed, narrowed or replaced no longer denies requests without TLS. */
export function tlsViolation({ prop, action, resources, policy }: TlsOnly): Violations {
  const statements = CfnResource.isCfnResource(policy) ? statementsOf(policy) : [];
  const own = CfnResource.isCfnResource(policy) ? Stack.of(policy).resolve(resources) as unknown[] : [];
  return statements.some((statement) => deniesWithoutTls(statement, action, own)) ? undefined : violation({
    code: 'BGP190',
    prop,
    rule: `must deny ${action} without TLS to every principal`,
    got: 'a policy without that Deny',
    remedy: 'remove the override of the policy, and add statements with addToResourcePolicy',
  });
}

function statementsOf(policy: CfnResource): PolicyStatement[] {
  const { PolicyDocument: document } = renderedProperties(policy);
  const { Statement: statements = [] } = (document ?? {}) as { readonly Statement?: PolicyStatement[] };
  return [statements].flat();
}

const WITHOUT_TLS = JSON.stringify({ Bool: { 'aws:SecureTransport': 'false' } });
const ANY_PRINCIPAL = [JSON.stringify('*'), JSON.stringify({ AWS: '*' })];

/** Returns true if the statement denies the action on all of the resources, to every principal. */
function deniesWithoutTls(statement: PolicyStatement, action: string, resources: unknown[]): boolean {
  const { Effect: effect, Principal: principal, Action: actions, Resource: resource, Condition: condition } = statement;
  const denied = [resource].flat().map((one) => JSON.stringify(one));
  return effect === 'Deny'
    && ANY_PRINCIPAL.includes(JSON.stringify(principal))
    && [actions].flat().includes(action)
    && JSON.stringify(condition) === WITHOUT_TLS
    && resources.every((one) => denied.includes(JSON.stringify(one)));
}
