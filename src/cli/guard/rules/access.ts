import { Conditions, Context } from '../../iam/conditions';
import { evaluate, listOf, Policies, ResourcePolicy, Role, Statement, statementsOf } from '../../iam/evaluate';

/** Access that one template allows and the other one does not. */
export interface AccessChange {
  /** ARN of a role, or a principal in the policy of a resource. */
  readonly who: string;
  readonly action: string;
  readonly resource: string;
  /** True if it is more than a narrow permission: a whole service, every resource, or another account. */
  readonly isWide: boolean;
}

interface Allowed {
  readonly action: string;
  readonly resource: string;
  readonly conditions: Conditions;
}

/** Access that a role loses: all of it, if the role is removed. */
export function lostAccess(role: Role, old: Policies, current: Policies): AccessChange[] {
  const left = current.roles.find(({ arn }) => arn === role.arn);
  return allowsOf(role)
    .filter((one) => isAllowed(role.arn, one, old) !== false && !isStillAllowed(role.arn, one, left, current))
    .map((one) => ({ who: role.arn, ...one, isWide: false }));
}

/** Access that roles gain, and principals that policies of resources add. */
export function newAccess(old: Policies, current: Policies): AccessChange[] {
  const ofRoles = current.roles.flatMap((role) => {
    const known = old.roles.find(({ arn }) => arn === role.arn);
    return known === undefined
      ? []
      : allowsOf(role)
        .filter((one) => !isStillAllowed(role.arn, one, known, old))
        .map((one) => ({ who: role.arn, ...one, isWide: isWide(one) }));
  });
  const statements = ({ resource, document }: ResourcePolicy) =>
    statementsOf(document)
      .filter(({ Effect }) => Effect === 'Allow')
      .map((statement) => ({ resource, statement }));
  const written = new Set(old.resourcePolicies.flatMap(statements).map((one) => JSON.stringify(one)));
  const ofResources = current.resourcePolicies.flatMap(statements).filter((one) => !written.has(JSON.stringify(one)));
  return [
    ...ofRoles,
    ...ofResources.flatMap(({ resource, statement }) =>
      principalsOf(statement).flatMap((who) =>
        listOf(statement.Action).map((action) => ({
          who,
          action,
          resource,
          isWide: isForeign(who, current.account) && statement.Condition === undefined,
        })),
      ),
    ),
  ];
}

/** Each action of a role with each resource; what a statement leaves out is not read. */
export function allowsOf({ policies }: Role): Allowed[] {
  return policies
    .flatMap(statementsOf)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action, Resource, Condition = {} }) =>
      listOf(Action).flatMap((action) =>
        listOf(Resource).map((resource) => ({ action, resource, conditions: Condition })),
      ),
    );
}

/** Asks the evaluator about an example of what a statement allows; undefined where it does not know the answer. */
export function isAllowed(
  role: string,
  { action, resource, conditions }: Allowed,
  policies: Policies,
): boolean | undefined {
  const example = (pattern: string) => pattern.replace(/\*/g, 'x').replace(/\?/g, 'x');
  try {
    return (
      evaluate(
        {
          principal: { role },
          action: action === '*' ? 'example:Example' : example(action),
          resource: resource === '*' ? '*' : example(resource),
          context: contextOf(conditions),
        },
        policies,
      ) === 'Allowed'
    );
  } catch {
    return undefined;
  }
}

/** Compares the statements themselves if the evaluator does not know the answer. */
function isStillAllowed(arn: string, one: Allowed, role: Role | undefined, policies: Policies): boolean {
  if (role === undefined) {
    return false;
  }
  return isAllowed(arn, one, policies) ?? allowsOf(role).some((other) => JSON.stringify(other) === JSON.stringify(one));
}

/** Values that meet the conditions of a statement, as far as conditions name values. */
function contextOf(conditions: Conditions): Context {
  const values = Object.entries(conditions)
    .filter(([operator]) => !/^(Null|.*Not)/.test(operator))
    .flatMap(([, keys]) =>
      Object.entries(keys).map(([key, value]) => [key, String(listOf(value as string | string[])[0])]),
    );
  return Object.fromEntries(values) as Context;
}

/** Services whose actions have resources, so that a whole service or every resource is too much. */
const WITH_RESOURCES = [
  'cloudformation', 'codebuild', 'codedeploy', 'codepipeline', 'dynamodb', 'ecr', 'ecs', 'iam', 'kms', 'lambda', 's3',
  'secretsmanager', 'sns', 'sqs', 'ssm', 'sts',
];
const WITHOUT_RESOURCE = /:(Describe|List|GetAuthorizationToken|RegisterTaskDefinition|GetCallerIdentity)/i;

function isWide({ action, resource }: Allowed): boolean {
  return (
    action === '*' ||
    action.endsWith(':*') ||
    (resource === '*' && WITH_RESOURCES.includes(action.split(':')[0].toLowerCase()) && !WITHOUT_RESOURCE.test(action))
  );
}

function principalsOf({ Principal }: Statement): string[] {
  return typeof Principal === 'string'
    ? [Principal]
    : Object.values(Principal ?? {}).flatMap((one) => listOf<string>(one));
}

/** Returns true if a principal is everyone, or of another account. */
function isForeign(who: string, account: string): boolean {
  const [, other = account] = /(?:^|::)(\d{12})(?:$|:)/.exec(who) ?? [];
  return who === '*' || other !== account;
}
