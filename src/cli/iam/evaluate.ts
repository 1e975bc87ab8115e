import { ok } from 'assert';
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

/** A role with its policies and its trust policy. */
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

/** All policies of one account in a template. */
export interface Policies {
  readonly account: string;
  readonly roles: readonly Role[];
  readonly resourcePolicies: readonly ResourcePolicy[];
}

/**
 * Principal of a request: a role of the templates, an AWS service for itself, or an unknown principal (of this
 * account or another), which is assumed to have policies that allow everything.
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
 * Decides about a request as IAM does: an explicit deny takes precedence, then an allow; everything else is denied.
 * An element that is not supported throws, so that nothing is allowed or denied by accident.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function evaluate(request: Request, policies: Policies): Decision {
  const { principal, action, resource } = request;
  const context = { ...globalKeys(principal), ...request.context };
  const applies = (owner?: string) => (statement: Statement) =>
    names(statement, action, resource, owner) && conditionsHold(statement.Condition ?? {}, context);
  const own = identityPolicies(principal, policies).flatMap(statementsOf).filter(applies())
    .map(({ Effect }) => Effect);
  const ofResource = policies.resourcePolicies.filter((policy) => covers(policy.resource, resource))
    .flatMap((policy) => statementsOf(policy.document).filter(applies(policy.resource)))
    .map((statement) => ({ effect: statement.Effect, reach: reachOf(statement, principal) }));
  const granted = (effect: string) => ofResource.filter((one) => one.effect === effect).map(({ reach }) => reach);

  if (own.includes('Deny') || granted('Deny').some((reach) => reach !== 'no')) {
    return 'ExplicitlyDenied';
  }
  const sameAccount = 'service' in principal || accountOf(arnOf(principal)) === policies.account;
  const allowedByOwn = 'stranger' in principal || own.includes('Allow');
  if (granted('Allow').includes('directly') && (sameAccount || allowedByOwn)) {
    return 'Allowed';
  }
  // Within an account the role's own policy is enough, but for a role or a key its own policy must agree. A policy that
  // names an account leaves the decision to the policies of that account.
  const byResource = granted('Allow').includes('through its account')
    || (sameAccount && !/^(sts:AssumeRole|kms:)/i.test(action));
  return allowedByOwn && byResource ? 'Allowed' : 'ImplicitlyDenied';
}

/** Keys that are in every request of the kind. */
function globalKeys(principal: Principal): Context {
  const isService = 'service' in principal;
  return {
    'aws:SecureTransport': 'true',
    'aws:PrincipalIsAWSService': String(isService),
    ...(isService ? {} : {
      'aws:PrincipalArn': arnOf(principal),
      'aws:PrincipalAccount': accountOf(arnOf(principal)),
    }),
  };
}

function identityPolicies(principal: Principal, policies: Policies): readonly Document[] {
  if (!('role' in principal)) {
    return [];
  }
  const role = policies.roles.find(({ arn }) => arn === principal.role);
  ok(role, `the templates have no role ${principal.role}`);
  return role.policies;
}

function arnOf(principal: { readonly role: string } | { readonly stranger: string }): string {
  return 'role' in principal ? principal.role : principal.stranger;
}

function accountOf(arn: string): string {
  const [, account] = /^arn:[^:]+:(?:iam|sts)::(\d{12}|<account>):.+$/.exec(arn) ?? [];
  ok(account !== undefined, `not a principal of an account: ${arn}`);
  return account;
}

/**
 * Returns true if the policy of one resource applies to a request for another: buckets own objects, functions
 * versions.
 */
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

/**
 * Returns true if a statement names this action on this resource. The policy of a resource is for that one by
 * default.
 */
function names(statement: Statement, action: string, resource: string, owner: string | undefined): boolean {
  const notA = (rule: string) => new Error(`${rule}: ${JSON.stringify(statement)}`);
  // An element or its opposite: exactly one of them must be there.
  const either = (element: Patterns, opposite: Patterns, matches: (pattern: string) => boolean) => {
    if ((element === undefined) === (opposite === undefined)) {
      throw notA('a statement has an element or its opposite');
    }
    return element === undefined ? !listOf(opposite).some(matches) : listOf(element).some(matches);
  };
  const { Effect, Action, NotAction, NotResource, Principal, NotPrincipal } = statement;
  if (!Object.keys(statement).every((element) => ELEMENTS.includes(element)) || !['Allow', 'Deny'].includes(Effect)) {
    throw notA('not a statement');
  }
  if ((owner === undefined) !== (Principal === undefined && NotPrincipal === undefined)) {
    throw notA('a statement has a principal if and only if it is of a resource');
  }
  const { Resource = NotResource === undefined && owner !== undefined ? '*' : undefined } = statement;
  return either(Action, NotAction, (pattern) => actionMatches(pattern, action))
    && either(Resource, NotResource, (pattern) => resourceMatches(pattern, resource));
}

type Patterns = string | readonly string[] | undefined;

export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) {
    return [];
  }
  return Array.isArray(value) ? value as readonly T[] : [value as T];
}

type Reach = 'directly' | 'through its account' | 'no';

/** Determines the way in which a statement of a resource names a principal. */
function reachOf(statement: Statement, principal: Principal): Reach {
  if (statement.NotPrincipal !== undefined) {
    // Which principals are left over depends on sessions, users and accounts at once.
    throw new Error(`NotPrincipal is not known: ${JSON.stringify(statement)}`);
  }
  const { Principal } = statement;
  const principals = typeof Principal === 'string' ? { AWS: Principal } : Principal ?? {};
  const found = Object.entries(principals)
    .flatMap(([kind, values]) => listOf(values).map((value) => reachOfName(kind, value, principal)));
  return (['directly', 'through its account'] as const).find((reach) => found.includes(reach)) ?? 'no';
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function reachOfName(kind: string, value: string, principal: Principal): Reach {
  const directlyIf = (named: boolean) => (named ? 'directly' : 'no');
  if (kind === 'Service') {
    ok(/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(value), `not a service: ${value}`);
    return directlyIf('service' in principal && principal.service === value);
  }
  ok(kind === 'AWS', `principals of the kind ${kind} are not known`);
  const [, account] = /^(?:arn:[^:]+:iam::)?(\d{12}|<account>)(?::root)?$/.exec(value) ?? [];
  const isOne = value === '*' || account !== undefined
    || /^arn:[^:]+:(iam|sts)::(\d{12}|<account>):[^*?]+$/.test(value);
  ok(isOne, `not a principal: ${value}`);
  if (value === '*' || 'service' in principal) {
    return directlyIf(value === '*');
  }
  if (account === undefined) {
    return directlyIf(arnOf(principal) === value);
  }
  return accountOf(arnOf(principal)) === account ? 'through its account' : 'no';
}
