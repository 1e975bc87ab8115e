import { beside, Check, isFaulty } from './checks';
import { covers, Document, listOf, Policies, Request, ResourcePolicy, Statement, statementsOf } from '../../src/cli/iam/evaluate';
import { actionMatches } from '../../src/cli/iam/patterns';

/** The policies with one flaw. */
export interface Mutant {
  readonly flaw: string;
  readonly policies: Policies;
  /** The role or the resource whose policy has the flaw. */
  readonly owner: string;
  /** Returns true if a policy of that owner affects a request: all other decisions stay the same. */
  readonly touches: (request: Request) => boolean;
  /** The actions of the statement before and after, as patterns: decisions for other actions stay the same. */
  readonly actions: readonly string[];
}

/** A statement with one flaw; without a statement, the flaw is its removal. */
interface Flawed {
  readonly flaw: string;
  readonly statement?: Statement;
}

/** The flaws that change no decision that is checked. */
export function survivorsOf(
  mutants: readonly Mutant[], { bystanders, checks }: { readonly bystanders: readonly ResourcePolicy[]; readonly checks: readonly Check[] },
): string[] {
  const byOwner = new Map<string, Map<string, Check[]>>();
  return mutants.filter(({ policies, owner, touches, actions }) => {
    const byAction = byOwner.get(owner) ?? byActions(checks.filter(({ request }) => touches(request)));
    byOwner.set(owner, byAction);
    const flawed = beside(policies, bystanders);
    return ![...byAction].some(([action, matter]) => actions.some((pattern) => actionMatches(pattern, action)) && isFaulty(flawed, matter));
  }).map(({ flaw }) => flaw);
}

function byActions(checks: readonly Check[]): Map<string, Check[]> {
  const found = new Map<string, Check[]>();
  for (const check of checks) {
    const { action } = check.request;
    found.get(action)?.push(check) ?? found.set(action, [check]);
  }
  return found;
}

/** Every flaw of every statement, one at a time. */
export function mutantsOf(policies: Policies): Mutant[] {
  const ofRoles = policies.roles.flatMap((role, r) => role.policies.flatMap((all, d) => flawedDocuments(all, false).map((flawed): Mutant => ({
    ...flawed,
    flaw: `${role.name}: ${flawed.flaw}`,
    policies: { ...policies, roles: replaced(policies.roles, r, { ...role, policies: replaced(role.policies, d, flawed.document) }) },
    owner: `policies of ${role.arn}`,
    touches: ({ principal }) => 'role' in principal && principal.role === role.arn,
  }))));
  const ofResources = policies.resourcePolicies.flatMap((policy, p) => flawedDocuments(policy.document, true).map((flawed): Mutant => ({
    ...flawed,
    flaw: `${policy.resource}: ${flawed.flaw}`,
    policies: { ...policies, resourcePolicies: replaced(policies.resourcePolicies, p, { ...policy, document: flawed.document }) },
    owner: policy.resource,
    touches: ({ resource }) => covers(policy.resource, resource),
  })));
  return [...ofRoles, ...ofResources];
}

function flawedDocuments(document: Document, ofResource: boolean): { flaw: string; actions: string[]; document: Document }[] {
  const statements = statementsOf(document);
  return statements.flatMap((statement, index) => flaws(statement, ofResource).map((flawed) => ({
    flaw: `${flawed.flaw}, in ${JSON.stringify(statement)}`,
    actions: [...listOf(statement.Action), ...listOf(flawed.statement?.Action)],
    document: {
      ...document,
      Statement: flawed.statement ? replaced(statements, index, flawed.statement) : statements.filter((_, other) => other !== index),
    },
  })));
}

function replaced<T>(items: readonly T[], index: number, item: T): T[] {
  return items.map((old, position) => (position === index ? item : old));
}

function flaws(statement: Statement, ofResource: boolean): Flawed[] {
  const opposite = statement.Effect === 'Allow' ? 'Deny' : 'Allow';
  return [
    { flaw: 'gone' },
    { flaw: `turned to ${opposite}`, statement: { ...statement, Effect: opposite } },
    ...fewer(statement, 'Action'),
    ...fewer(statement, 'Resource'),
    ...(statement.Effect === 'Allow' ? [...widerActions(statement), ...(ofResource ? [] : widerResources(statement))] : narrowerDenials(statement)),
    ...otherConditions(statement),
    ...(ofResource ? otherPrincipals(statement) : []),
  ];
}

/** One action or resource fewer. */
function fewer(statement: Statement, element: 'Action' | 'Resource'): Flawed[] {
  const all = listOf(statement[element]);
  return all.length < 2 ? [] : all.map((one) => ({ flaw: `without ${one}`, statement: { ...statement, [element]: all.filter((other) => other !== one) } }));
}

function widerActions(statement: Statement): Flawed[] {
  const all = listOf(statement.Action);
  return all.flatMap((action, index) => [`${action.split(':')[0]}:*`, '*'].filter((wider) => wider !== action)
    .map((wider) => ({ flaw: `${action} widened to ${wider}`, statement: { ...statement, Action: replaced(all, index, wider) } })));
}

/** Everything, or a wildcard in place of one part of an ARN. */
function widerResources(statement: Statement): Flawed[] {
  const all = listOf(statement.Resource);
  return all.flatMap((resource, index) => {
    const parts = resource.split(/([:/])/);
    const wider = parts.flatMap((part, position) => (/^([:/]|arn|aws|\*|)$/.test(part) || position === 4 ? [] : [replaced(parts, position, '*').join('')]));
    return ['*', ...wider].filter((one) => one !== resource)
      .map((one) => ({ flaw: `${resource} widened to ${one}`, statement: { ...statement, Resource: replaced(all, index, one) } }));
  });
}

/** A deny of fewer actions, resources or requests. */
function narrowerDenials(statement: Statement): Flawed[] {
  const actions = listOf(statement.Action);
  const resources = listOf(statement.Resource);
  return [
    ...actions.map((action, index) => {
      const narrower = action.endsWith('*') ? action.replace(/\*$/, 'Get*') : `${action}s`;
      return { flaw: `${action} changed to ${narrower}`, statement: { ...statement, Action: replaced(actions, index, narrower) } };
    }),
    ...resources.map((resource, index) => {
      const narrower = resource === '*' ? 'arn:aws:ec2:us-east-1:111111111111:instance/i-1' : `${resource}/nothing`;
      return { flaw: `${resource} narrowed to ${narrower}`, statement: { ...statement, Resource: replaced(resources, index, narrower) } };
    }),
    { flaw: 'for one region', statement: { ...statement, Condition: { ...statement.Condition, StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } } },
  ];
}

function otherConditions(statement: Statement): Flawed[] {
  const { Condition = {}, ...unconditional } = statement;
  const operators = Object.entries(Condition);
  return [
    ...(operators.length === 0 ? [] : [{ flaw: 'without its condition', statement: unconditional }]),
    ...operators.flatMap(([operator, keys]) => {
      const { [operator]: _, ...others } = Condition;
      const changed = (flaw: string, name: string, values: typeof keys): Flawed =>
        ({ flaw, statement: { ...statement, Condition: { ...others, [name]: values } } });
      return [
        ...(operators.length > 1 ? [{ flaw: `without ${operator}`, statement: { ...statement, Condition: others } }] : []),
        ...(operator === 'Null' ? [] : [changed(`${operator} changed to ${otherwise(operator)}`, otherwise(operator), keys)]),
        ...Object.entries(keys).flatMap(([key, values]) => {
          const all = listOf(values as string | string[]);
          const like = operator.startsWith('Arn') ? operator : operator.replace(/Equals(?=(IfExists)?$)/, 'Like');
          return [
            ...(all.length < 2 ? [] : all.map((value) => changed(`${key} without ${value}`, operator, { ...keys, [key]: all.filter((one) => one !== value) }))),
            ...(statement.Effect === 'Allow' && /(Equals|Like)(IfExists)?$/.test(operator)
              ? all.map((value, index) => changed(`${key} ${value} widened to *`, like, { ...keys, [key]: replaced(all, index, '*') })) : []),
          ];
        }),
      ];
    }),
  ];
}

/** The operator that also holds without the key, or the one that demands it. */
function otherwise(operator: string): string {
  return operator.endsWith('IfExists') ? operator.replace(/IfExists$/, '') : `${operator}IfExists`;
}

/** Another principal, or more principals. */
function otherPrincipals(statement: Statement): Flawed[] {
  const account = 'arn:aws:iam::111111111111:root';
  const others: [string, Statement['Principal']][] = statement.Effect === 'Allow'
    ? [['everybody', '*'], ['the account', { AWS: account }], ['another account', { AWS: '222222222222' }], ['another service', { Service: 'ec2.amazonaws.com' }]]
    : [['the account', { AWS: account }], ['one service', { Service: 'events.amazonaws.com' }]];
  return others.filter(([, principal]) => JSON.stringify(principal) !== JSON.stringify(statement.Principal))
    .map(([who, Principal]) => ({ flaw: `for ${who} instead`, statement: { ...statement, Principal } }));
}
