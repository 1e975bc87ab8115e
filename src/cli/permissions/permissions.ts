import { isFromLibrary } from './library-roles';
import { Call } from '../calls/call';
import { releaseCalls } from '../calls/release-calls';
import { actionsOf } from '../environments';
import { AWS_MANAGED, policiesOf, mergePolicies } from '../iam/collect';
import {
  Decision, evaluate, listOf, Policies, Principal as Caller, Role, Statement, statementsOf,
} from '../iam/evaluate';
import { actionMatches, resourceMatches } from '../iam/patterns';
import { textOf } from '../json';
import { Resource, Template } from '../template';

/** A reason for a statement, with the page of AWS that documents it. */
export interface Reason {
  readonly text: string;
  readonly source?: string;
}

/** One statement of a policy. */
export interface Permission {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly string[];
  /** Principals in the policy of a resource. */
  readonly principals?: readonly string[];
  /** The resource whose policy holds the statement; undefined where a policy of the role does. */
  readonly policyOf?: string;
  /** The AWS-managed policy that the statement is from. */
  readonly managedPolicy?: string;
  readonly why: readonly Reason[];
}

export interface RolePermissions {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  /** True if the library created the role. */
  readonly fromLibrary: boolean;
  /** True if the role takes part in deployments. */
  readonly deploys: boolean;
  readonly assumedBy: readonly Permission[];
  readonly permissions: readonly Permission[];
}

/** Permissions in a stack, with their reasons. */
export interface Permissions {
  readonly roles: readonly RolePermissions[];
  readonly resourcePolicies: readonly Permission[];
  readonly findings: readonly string[];
  readonly notKnown: readonly string[];
}

const NOT_KNOWN: Reason[] = [{ text: 'not known' }];

/** Every policy of a stack and of its nested stacks, and the problems of those that cannot be read. */
export function policiesIn(template: Template): { policies: Policies; notKnown: string[] } {
  const notKnown: string[] = [];
  const policies = mergePolicies(...template.all.map((one) =>
    policiesOf(one.json, one, one.exact, (problem) => notKnown.push(problem))));
  return { policies, notKnown };
}

export function permissionsOf(template: Template): Permissions {
  const { policies, notKnown } = policiesIn(template);
  const calls = releaseCalls(template, policies);
  const deploying = deployingRoles(template, calls);
  const statementsFor = (isWanted: (resource: string) => boolean) => policies.resourcePolicies
    .filter(({ resource }) => isWanted(resource))
    .flatMap(({ resource, document }) => statementsOf(document).map((statement) => ({ resource, statement })));
  const ofResources = statementsFor((resource) => !policies.roles.some(({ arn }) => arn === resource))
    .map(({ resource, statement }) => permissionOf(statement, NOT_KNOWN, resource));
  const roles = policies.roles.map((role): RolePermissions => {
    const resource = template.ofType('AWS::IAM::Role').find(({ arn }) => arn === role.arn);
    const fromLibrary = resource !== undefined && isFromLibrary(resource);
    return {
      name: role.name,
      arn: role.arn,
      description: resource?.at('Description').orUndefined?.text,
      fromLibrary,
      deploys: deploying.includes(role.arn),
      assumedBy: statementsFor((one) => one === role.arn).map(({ statement }) => permissionOf(statement, [])),
      permissions: [
        ...role.policies.flatMap((document) => statementsOf(document).map((statement) => ({
          ...permissionOf(statement, fromLibrary ? why(statement, role, calls) : NOT_KNOWN),
          managedPolicy: Object.keys(AWS_MANAGED).find((name) => AWS_MANAGED[name] === document),
        }))),
        ...unknownManagedPolicies(resource),
        ...ofResources.filter(({ principals = [] }) => principals.includes(role.arn))
          .map((permission) => ({ ...permission, principals: undefined })),
      ],
    };
  });
  return { roles, resourcePolicies: ofResources, findings: findingsOf(roles, policies), notKnown };
}

/** The evaluator throws where it does not know the answer. */
function ifKnown<T>(answer: () => T): T | undefined {
  try {
    return answer();
  } catch {
    return undefined;
  }
}

/** Decides about a request by the policies; undefined if an element of them is not known. */
export function decide(principal: Caller, action: string, resource: string, policies: Policies): Decision | undefined {
  return ifKnown(() => evaluate({ principal, action, resource }, policies));
}

/** The AWS-managed policies of a role whose statements are not known. */
function unknownManagedPolicies(role?: Resource): Permission[] {
  const names = role?.at('ManagedPolicyArns').items.map((arn) => /:iam::aws:policy\/(.+)$/.exec(arn.exact)?.[1]) ?? [];
  return names.filter((name) => name !== undefined && !Object.hasOwn(AWS_MANAGED, name)).map((managedPolicy) => ({
    effect: 'Allow',
    actions: ['what the policy allows'],
    resources: ['not known'],
    conditions: [],
    managedPolicy,
    why: NOT_KNOWN,
  }));
}

/** The roles that deploy: of pipelines, of their deploy actions, of CodeDeploy, and of its hooks. */
function deployingRoles(template: Template, calls: Call[]): string[] {
  const reports = calls.filter(({ actions }) => actions.includes('codedeploy:PutLifecycleEventHookExecutionStatus'));
  return [
    ...template.ofType('AWS::CodePipeline::Pipeline').map((pipeline) => pipeline.at('RoleArn').exact),
    ...actionsOf(template).filter(({ category }) => category === 'Deploy').map(({ role }) => role),
    ...template.ofType('AWS::CodeDeploy::DeploymentGroup').map((group) => group.at('ServiceRoleArn').exact),
    ...reports.flatMap(({ by }) => ('role' in by ? [by.role] : [])),
  ];
}

function permissionOf(statement: Statement, reasons: readonly Reason[], policyOf?: string): Permission {
  const { Effect, Principal, NotPrincipal, Condition = {} } = statement;
  // A missing element is as wide as a wildcard, so it must not look like a short list.
  const butFor = (omitted?: string | readonly string[]) => listOf(omitted).map((one) => `everything but ${one}`);
  const named = (who: Statement['Principal'] = {}) =>
    (typeof who === 'string' ? [who] : Object.values(who).flat().map(textOf));
  const principals = [...named(Principal), ...butFor(named(NotPrincipal))];
  return {
    effect: Effect,
    actions: [...listOf(statement.Action), ...butFor(statement.NotAction)],
    resources: [...listOf(statement.Resource), ...butFor(statement.NotResource)],
    conditions: Object.entries(Condition).flatMap(([operator, keys]) => Object.entries(keys)
      .map(([key, values]) => `${key} ${operator} ${listOf(values).map(textOf).join(' or ')}`)),
    ...(principals.length > 0 && { principals }),
    ...(policyOf !== undefined && { policyOf }),
    why: reasons,
  };
}

/** The calls of a release that need a statement. */
function why(statement: Statement, role: Role, calls: Call[]): Reason[] {
  if (statement.Effect === 'Deny') {
    return [{
      text: statement.Condition === undefined
        ? 'no role that deploys may terminate an instance, whatever else it is granted'
        : 'Lambda itself needs it; the code of the function does not',
    }];
  }
  // A pattern that the evaluator does not know matches nothing here.
  const someMatch = (match: typeof actionMatches, patterns: Statement['Action'], values: readonly string[]) =>
    listOf(patterns).some((pattern) => values.some((value) => ifKnown(() => match(pattern, value))));
  const needed = calls.filter(({ by, actions, resources }) => 'role' in by && by.role === role.arn
    && someMatch(actionMatches, statement.Action, actions)
    && someMatch(resourceMatches, statement.Resource, resources));
  const reasons = new Map(needed.map(({ when, why: purpose, source }) => {
    const text = `${when}: ${purpose}`;
    return [text + source, { text, source }];
  }));
  return reasons.size === 0 ? [{ text: 'granted by the app' }] : [...reasons.values()];
}

/** Returns the findings that a reviewer must look at: see the help of the command. */
function findingsOf(roles: readonly RolePermissions[], policies: Policies): string[] {
  const instance = 'arn:aws:ec2:us-east-1:111111111111:instance/i-0123456789abcdef0';
  return roles.flatMap((role) => {
    const allowed = role.permissions.filter(({ effect }) => effect === 'Allow');
    const denied = decide({ role: role.arn }, 'ec2:TerminateInstances', instance, policies) === 'ExplicitlyDenied';
    const passesAll = allowed.some(({ actions, resources }) =>
      resources.includes('*') && actions.some((action) => ifKnown(() => actionMatches(action, 'iam:PassRole'))));
    return [
      ...(role.deploys && !denied ? [`${role.name} deploys and has no Deny for ec2:TerminateInstances`] : []),
      ...(allowed.some(({ actions }) => actions.includes('*')) ? [`${role.name} is allowed every action`] : []),
      ...(passesAll ? [`${role.name} is allowed iam:PassRole on every role`] : []),
    ];
  });
}
