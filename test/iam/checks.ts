import { arn, PLACE } from './account';
import { Context } from '../../src/cli/iam/conditions';
import { Decision, evaluate, Policies, Principal, Request, ResourcePolicy } from '../../src/cli/iam/evaluate';
import { actionMatches, resourceMatches, textMatches } from '../../src/cli/iam/patterns';

/** The required values of condition keys, as patterns: one of them for each key. */
export interface ConditionValues {
  readonly [key: string]: readonly string[];
}

/** Calls that a principal may make. Every call without an authorisation must be denied. */
export interface Authorisation {
  readonly principal: Principal;
  readonly actions: readonly string[];
  /** The exact resources of the calls, as patterns. */
  readonly resources: readonly string[];
  readonly when?: ConditionValues;
  /** Optional keys; if a caller sends one, it must have one of these values. */
  readonly ifSent?: ConditionValues;
}

/** Calls that are denied explicitly, whatever else allows them. */
export interface Prohibition {
  readonly principals: readonly Principal[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly when?: ConditionValues;
}

/** Resources of a kind, and the actions on them. */
export interface Reach {
  readonly kind: string;
  readonly resources: readonly string[];
  readonly actions: readonly string[];
}

/** A request, and its expected decision. */
export interface Check {
  readonly request: Request;
  readonly expected: 'Allowed' | 'Refused' | 'ExplicitlyDenied';
}

/** Services that could send requests, whether or not the program uses them. */
const SERVICES = [
  'budgets', 'cloudformation', 'cloudwatch', 'codebuild', 'codedeploy', 'codepipeline', 'ec2', 'ecs', 'ecs-tasks', 'events', 'lambda', 's3', 'secretsmanager', 'sns', 'states',
].map((service) => `${service}.amazonaws.com`);

const STRANGER: Principal = { stranger: 'arn:aws:iam::222222222222:role/Administrator' };
export const COLLEAGUE: Principal = { stranger: `arn:aws:iam::${PLACE.account}:role/Administrator` };

/** Context that AWS could send with a call, in addition to the context of an authorisation. */
const CONDITION_VALUES: { readonly [action: string]: ConditionValues } = {
  'iam:PassRole': { 'iam:PassedToService': ['ec2.amazonaws.com', 'ecs-tasks.amazonaws.com', 'ecs.amazonaws.com', 'lambda.amazonaws.com'] },
  'sts:GetServiceBearerToken': { 'sts:AWSServiceName': ['codeartifact.amazonaws.com', 'ecr-public.amazonaws.com'] },
  'ecs:TagResource': { 'ecs:CreateAction': ['RegisterTaskDefinition', 'RunTask'] },
};

/** Every relevant request for authorised, prohibited and reachable resources. */
export function checksOf(
  roles: readonly string[], authorisations: readonly Authorisation[], prohibitions: readonly Prohibition[], reach: readonly Reach[],
): Check[] {
  const everybody: Principal[] = [...roles.map((role) => ({ role })), ...SERVICES.map((service) => ({ service })), STRANGER];
  const own = new Map(everybody.map(nameOf).map((name) => [name, authorisations.filter(({ principal }) => nameOf(principal) === name)]));
  const mayAssumeAnyway = ({ principal, resource }: Request) => principal === COLLEAGUE && !roles.includes(resource);
  return [
    ...authorisations.flatMap((authorisation) => checksOfAuthorisation(authorisation, everybody, reach)),
    ...reach.flatMap((one) => withinReach(one, everybody)).filter(({ request }) => !mayAssumeAnyway(request)),
    ...prohibitions.flatMap(checksOfProhibition),
  ].filter(({ request, expected }) => expected !== 'Refused' || !isAuthorised(request, own.get(nameOf(request.principal)) ?? []));
}

/** The authorised calls, and all calls that differ from them in one respect. */
function checksOfAuthorisation(authorisation: Authorisation, everybody: readonly Principal[], reach: readonly Reach[]): Check[] {
  const { principal, actions, resources, when, ifSent = {} } = authorisation;
  const [plain, ...others] = contextsFor(when);
  const sent = { ...plain, ...contextsFor(ifSent)[0] };
  const contexts = [plain, ...others, ...(Object.keys(ifSent).length > 0 ? [sent] : [])];
  return actions.flatMap((action) => resources.flatMap((resource) => {
    const right: Request = { principal, action: sample(action), resource: sample(resource), context: contexts[0] };
    const [service] = action.split(':');
    return [
      ...contexts.map((context): Check => ({ request: { ...right, context }, expected: 'Allowed' })),
      ...neighbours(resource).map((neighbour) => refused({ ...right, resource: neighbour })),
      ...deviatingContexts(when).map((context) => refused({ ...right, context })),
      ...otherValues(ifSent).map((other) => refused({ ...right, context: { ...sent, ...other } })),
      // With the context of this call for all principals and calls.
      ...everybody.map((one) => refused({ ...right, principal: one })),
      ...reach.flatMap((one) => one.actions).filter((one) => one.startsWith(`${service}:`)).map((one) => refused({ ...right, action: one })),
    ];
  }));
}

/** Every principal requests everything. */
function withinReach({ resources, actions }: Reach, everybody: readonly Principal[]): Check[] {
  return resources.flatMap((resource) => actions.flatMap((action) =>
    [...everybody, ...(action === 'sts:AssumeRole' ? [COLLEAGUE] : [])].flatMap((principal) =>
      conditionValuesOf(principal, action).map((context) => refused({ principal, action, resource, context })))));
}

function checksOfProhibition({ principals, actions, resources, when }: Prohibition): Check[] {
  return principals.flatMap((principal) => actions.flatMap((action) => resources.flatMap((resource) =>
    contextsFor(when).map((context): Check => ({ request: { principal, action, resource, context }, expected: 'ExplicitlyDenied' })))));
}

/** The policies, together with resource policies of others. */
export function beside(policies: Policies, bystanders: readonly ResourcePolicy[]): Policies {
  return { ...policies, resourcePolicies: [...policies.resourcePolicies, ...bystanders] };
}

/** The decisions of the policies that differ from the expected ones, as text. */
export function findings(policies: Policies, checks: readonly Check[]): string[] {
  return checks.flatMap(({ request, expected }) => {
    const decision = evaluate(request, policies);
    return fits(decision, expected) ? [] : [`${decision} instead of ${expected}: ${inWords(request)}`];
  });
}

/** The policies if every role had full permissions. */
export function withAdministration(policies: Policies): Policies {
  const everything = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
  return { ...policies, roles: policies.roles.map((role) => ({ ...role, policies: [...role.policies, everything] })) };
}

/** Returns true if any decision of the policies differs from the expected one. */
export function isFaulty(policies: Policies, checks: readonly Check[]): boolean {
  return checks.some(({ request, expected }) => !fits(evaluate(request, policies), expected));
}

function fits(decision: Decision, expected: Check['expected']): boolean {
  return expected === 'Refused' ? decision !== 'Allowed' : decision === expected;
}

function nameOf(principal: Principal): string {
  return 'role' in principal ? principal.role : 'service' in principal ? principal.service : principal.stranger;
}

function inWords({ principal, action, resource, context }: Request): string {
  return `${nameOf(principal)} ${action} on ${resource}${context && Object.keys(context).length > 0 ? ` with ${JSON.stringify(context)}` : ''}`;
}

function refused(request: Request): Check {
  return { request, expected: 'Refused' };
}

/** Returns true if one of the authorisations of its principal covers a request. */
function isAuthorised({ action, resource, context = {} }: Request, authorisations: readonly Authorisation[]): boolean {
  return authorisations.some((one) => one.actions.some((pattern) => actionMatches(pattern, action))
    && one.resources.some((pattern) => resourceMatches(pattern, resource))
    && Object.entries(one.when ?? {}).every(([key, patterns]) =>
      [context[key] ?? []].flat().some((value) => patterns.some((pattern) => textMatches(pattern, value))))
    && Object.entries(one.ifSent ?? {}).every(([key, patterns]) =>
      [context[key] ?? []].flat().every((value) => patterns.some((pattern) => textMatches(pattern, value)))));
}

/** The context of a call without an authorisation: none, or the context of another principal's authorisation. */
function conditionValuesOf(principal: Principal, action: string): Context[] {
  return [
    {},
    ...('service' in principal ? [{ 'aws:SourceAccount': PLACE.account, 'aws:SourceArn': arn('codepipeline', 'payroll') }] : []),
    ...(action in CONDITION_VALUES ? contextsFor(CONDITION_VALUES[action]) : []),
  ];
}

/** One context for each value of each key, with valid values for the other keys. */
function contextsFor(when: ConditionValues = {}): Context[] {
  const right = Object.fromEntries(Object.entries(when).map(([key, [value]]) => [key, sample(value)]));
  return [right, ...Object.entries(when).flatMap(([key, [, ...others]]) => others.map((value) => ({ ...right, [key]: sample(value) })))];
}

/** Contexts in which one key is absent or has an invalid value. */
function deviatingContexts(when: ConditionValues = {}): Context[] {
  const [right] = contextsFor(when);
  return [
    ...Object.keys(when).map((key) => Object.fromEntries(Object.entries(right).filter(([one]) => one !== key))),
    ...otherValues(when).map((other) => ({ ...right, ...other })),
  ];
}

/** One key with an invalid value. */
function otherValues(circumstances: ConditionValues): Context[] {
  return Object.entries(circumstances).flatMap(([key, patterns]) =>
    [...new Set(patterns.flatMap(neighbours))].map((value) => ({ [key]: value })));
}

/** A string that matches a pattern. */
export function sample(pattern: string): string {
  return pattern === '*' ? '*' : pattern.replace(/\*/g, 'Any1');
}

/** Strings that match a pattern except for one part: another region, another account, another name. */
export function neighbours(pattern: string): string[] {
  if (pattern === '*') {
    return [];
  }
  const parts = sample(pattern).split(/([:/])/);
  const fixed = pattern.split(/([:/])/);
  const changed = parts.flatMap((part, index) => (fixed[index].includes('*') || /^([:/]|arn|aws|)$/.test(part) || index === 4 ? []
    : [[...parts.slice(0, index), otherPart(part), ...parts.slice(index + 1)].join('')]));
  return pattern.endsWith('*') ? changed : [...changed, `${sample(pattern)}/more`, `${sample(pattern)}2`];
}

function otherPart(part: string): string {
  return /^\d{12}$/.test(part) ? '999999999999' : `${part}x`;
}
