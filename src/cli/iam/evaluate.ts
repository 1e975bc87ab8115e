import { Conditions, conditionsHold, Context } from './conditions';
import { actionMatches, resourceMatches } from './patterns';

/** One statement of a policy, resolved. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: Principals;
  readonly NotPrincipal?: Principals;
  readonly Condition?: Conditions;
}

type Principals = '*' | { readonly [kind: string]: string | readonly string[] };

export interface Document {
  readonly Version?: string;
  readonly Statement: Statement | readonly Statement[];
}

/** A role with everything that says what it may do and who may be it. */
export interface Role {
  readonly name: string;
  readonly arn: string;
  /** The policies of the role, inline or attached. */
  readonly policies: readonly Document[];
}

/** The policy of a resource; the trust policy of a role is one. */
export interface ResourcePolicy {
  readonly resource: string;
  readonly document: Document;
}

/** All policies of one account that a template makes. */
export interface Policies {
  readonly account: string;
  readonly roles: readonly Role[];
  readonly resourcePolicies: readonly ResourcePolicy[];
}

/**
 * Who asks: a role of the templates, an AWS service for itself, or a stranger (of this account or another),
 * whose own policies allow everything, because nobody can know better.
 */
export type Principal = { readonly role: string } | { readonly service: string } | { readonly stranger: string };

export interface Request {
  readonly principal: Principal;
  readonly action: string;
  /** The ARN, or `*` for an action that has no resource. */
  readonly resource: string;
  readonly context?: Context;
}

export type Decision = 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied';

/**
 * What IAM decides about a request: an explicit deny wins, then an allow, and nothing else is allowed.
 * Whatever this does not know throws, so that nothing is allowed, or denied, by accident.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function evaluate(request: Request, policies: Policies): Decision {
  const { principal, action, resource } = request;
  const context = { ...globalKeys(principal), ...request.context };
  const holds = ({ Condition }: Statement) => Condition === undefined || conditionsHold(Condition, context);
  const own = identityPolicies(principal, policies).flatMap(statementsOf)
    .filter((statement) => names(statement, action, resource, undefined) && holds(statement));
  const ofResource = policies.resourcePolicies.filter((policy) => covers(policy.resource, resource))
    .flatMap((policy) => statementsOf(policy.document).map((statement) => ({ statement, owner: policy.resource })))
    .filter(({ statement, owner }) => names(statement, action, resource, owner) && holds(statement))
    .map(({ statement }) => ({ effect: statement.Effect, applies: appliesTo(statement, principal) }));

  if (own.some(({ Effect }) => Effect === 'Deny')
    || ofResource.some(({ effect, applies }) => effect === 'Deny' && applies !== 'no')) {
    return 'ExplicitlyDenied';
  }
  const granted = ofResource.filter(({ effect }) => effect === 'Allow').map(({ applies }) => applies);
  const sameAccount = 'service' in principal || accountOf(arnOf(principal)) === policies.account;
  const allowedByOwn = 'stranger' in principal || own.some(({ Effect }) => Effect === 'Allow');
  if (granted.includes('directly') && (sameAccount || allowedByOwn)) {
    return 'Allowed';
  }
  // A policy that names an account leaves the decision to the policies of that account.
  const byResource = granted.includes('through its account') || (sameAccount && !needsResourcePolicy(action));
  return allowedByOwn && byResource ? 'Allowed' : 'ImplicitlyDenied';
}

/** Within an account the role's own policy is enough, but for a role or a key its own policy must agree. */
function needsResourcePolicy(action: string): boolean {
  return /^(sts:AssumeRole|kms:)/i.test(action);
}

/** Keys that are in every request of the kind. */
function globalKeys(principal: Principal): Context {
  if ('service' in principal) {
    return { 'aws:SecureTransport': 'true', 'aws:PrincipalIsAWSService': 'true' };
  }
  return {
    'aws:SecureTransport': 'true',
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalArn': arnOf(principal),
    'aws:PrincipalAccount': accountOf(arnOf(principal)),
  };
}

function identityPolicies(principal: Principal, policies: Policies): readonly Document[] {
  if (!('role' in principal)) {
    return [];
  }
  const role = policies.roles.find(({ arn }) => arn === principal.role);
  if (!role) {
    throw new Error(`the templates have no role ${principal.role}`);
  }
  return role.policies;
}

function arnOf(principal: { readonly role: string } | { readonly stranger: string }): string {
  return 'role' in principal ? principal.role : principal.stranger;
}

function accountOf(arn: string): string {
  const [, account] = /^arn:[^:]+:(?:iam|sts)::(\d{12}|<account>):.+$/.exec(arn) ?? [];
  if (account === undefined) {
    throw new Error(`not a principal of an account: ${arn}`);
  }
  return account;
}

/** Whether a request for this resource reaches the policy of that one: buckets own objects, functions versions. */
export function covers(owner: string, resource: string): boolean {
  if (!resource.startsWith(owner)) {
    return false;
  }
  const [, service = ''] = /^arn:[^:]+:(s3|lambda):/.exec(owner) ?? [];
  const separator: { [service: string]: string } = { s3: '/', lambda: ':' };
  return resource === owner || resource[owner.length] === separator[service];
}

export function statementsOf(document: Document): readonly Statement[] {
  return listOf<Statement>(document.Statement);
}

const ELEMENTS = [
  'Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'NotPrincipal', 'Condition',
];

/** Whether a statement names this action on this resource. The policy of a resource is for that one by default. */
function names(statement: Statement, action: string, resource: string, owner: string | undefined): boolean {
  const unknown = Object.keys(statement).filter((element) => !ELEMENTS.includes(element));
  if (unknown.length > 0 || !['Allow', 'Deny'].includes(statement.Effect)) {
    throw new Error(`not a statement: ${JSON.stringify(statement)}`);
  }
  if ((owner === undefined) !== (statement.Principal === undefined && statement.NotPrincipal === undefined)) {
    const rule = 'a statement has a principal if and only if it is of a resource';
    throw new Error(`${rule}: ${JSON.stringify(statement)}`);
  }
  const { Resource = statement.NotResource === undefined && owner !== undefined ? '*' : undefined } = statement;
  return either(statement.Action, statement.NotAction, (pattern) => actionMatches(pattern, action), statement)
    && either(Resource, statement.NotResource, (pattern) => resourceMatches(pattern, resource), statement);
}

type Patterns = string | readonly string[] | undefined;

/** An element or its opposite: exactly one of them must be there. */
function either(
  element: Patterns, opposite: Patterns, matches: (pattern: string) => boolean, statement: Statement,
): boolean {
  if ((element === undefined) === (opposite === undefined)) {
    throw new Error(`a statement has an element or its opposite: ${JSON.stringify(statement)}`);
  }
  return element === undefined ? !listOf(opposite).some(matches) : listOf(element).some(matches);
}

export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) {
    return [];
  }
  return Array.isArray(value) ? value as readonly T[] : [value as T];
}

type Applies = 'directly' | 'through its account' | 'no';

function appliesTo(statement: Statement, principal: Principal): Applies {
  if (statement.NotPrincipal !== undefined) {
    // Which principals are left over depends on sessions, users and accounts at once.
    throw new Error(`NotPrincipal is not known: ${JSON.stringify(statement)}`);
  }
  const { Principal } = statement;
  const principals = typeof Principal === 'string' ? { AWS: Principal } : Principal ?? {};
  const found = Object.entries(principals)
    .flatMap(([kind, values]) => listOf(values).map((value) => named(kind, value, principal)));
  const order: Applies[] = ['directly', 'through its account'];
  return order.find((applies) => found.includes(applies)) ?? 'no';
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function named(kind: string, value: string, principal: Principal): Applies {
  switch (kind) {
    case 'Service':
      if (!/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(value)) {
        throw new Error(`not a service: ${value}`);
      }
      return 'service' in principal && principal.service === value ? 'directly' : 'no';
    case 'AWS': {
      if (value === '*') {
        return 'directly';
      }
      const [, account] = /^(?:arn:[^:]+:iam::)?(\d{12}|<account>)(?::root)?$/.exec(value) ?? [];
      if (account === undefined && !/^arn:[^:]+:(iam|sts)::(\d{12}|<account>):[^*?]+$/.test(value)) {
        throw new Error(`not a principal: ${value}`);
      }
      if ('service' in principal) {
        return 'no';
      }
      if (account === undefined) {
        return arnOf(principal) === value ? 'directly' : 'no';
      }
      return accountOf(arnOf(principal)) === account ? 'through its account' : 'no';
    }
    default:
      throw new Error(`principals of the kind ${kind} are not known`);
  }
}
