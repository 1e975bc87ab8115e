import { Permission, Permissions, permissionsOf, RolePermissions } from './permissions';
import { Stack } from '../assembly';
import { columns, counted, Entry, groupedBy, listed, paragraph, Report, WIDTH, wrapped } from '../layout';
import { Template } from '../template';

/** The report of the command `permissions`; undefined where a stack has no role and no policy. */
export function permissionsReport({ template, path }: Stack): Report | undefined {
  const permissions = permissionsOf(template);
  const { roles, resourcePolicies, notKnown, findings } = permissions;
  const { stackName, region, account } = template;
  const owners = [...new Set(resourcePolicies.map(({ policyOf = '' }) => policyOf))];
  const linesOf = (owner: string) => resourcePolicies.filter(({ policyOf }) => policyOf === owner)
    .flatMap((permission) => permissionLines({ ...shortenArns(permission, template), policyOf: undefined, why: [] }));
  return roles.length + resourcePolicies.length + notKnown.length === 0 ? undefined : {
    headline: ['='.repeat(WIDTH), `Permissions of ${stackName} in ${region}, account ${account}`],
    sections: [
      {
        title: 'Roles',
        entries: [...roles.map((role) => roleEntry(role, template)), { says: summary(permissions) }],
      },
      {
        title: 'Policies of resources',
        entries: owners.length === 0
          ? [{ says: ['None in this stack.'] }]
          : owners.map((owner) => ({ lines: [owner, ...linesOf(owner)] })),
      },
    ],
    data: { stack: stackName, path, region, account, ...permissions },
    notKnown,
    findings,
  };
}

/** Describes a role: its trust policy, its permissions, and its denies. */
export function roleEntry(role: RolePermissions, template: Template): Entry {
  const permissions = role.permissions.map((permission) => shortenArns(permission, template))
    .sort((a, b) => Number(b.effect === 'Deny') - Number(a.effect === 'Deny'));
  const assumes = role.assumedBy.map((trust) => shortenArns(trust, template)).map(({ principals = [], conditions }) =>
    `${listed(principals)}${conditions.length === 0 ? '' : `, if ${conditionsInWords(conditions)}`}`);
  const description = role.description === undefined ? '' : `${role.description}. `;
  const trust = assumes.length === 0
    ? 'Not in this stack: the principals that assume it are not known.'
    : `Assumed by ${listed(assumes)}.`;
  return {
    lines: [
      role.name,
      ...paragraph(description + trust, 2),
      ...mergeResources(permissions).flatMap(permissionLines),
      ...(permissions.length === 0 ? ['  MAY    do nothing in AWS'] : []),
    ],
  };
}

function permissionLines(permission: Permission): string[] {
  const { effect, actions, resources, conditions, principals, policyOf, managedPolicy, why } = permission;
  const texts = [
    ...resources,
    ...(principals === undefined ? [] : [`for ${listed(principals)}`]),
    ...(conditions.length === 0 ? [] : [`only if ${conditionsInWords(conditions)}`]),
    ...(policyOf === undefined ? [] : [`(by the policy of ${policyOf})`]),
    ...(managedPolicy === undefined ? [] : [`(by the AWS-managed policy ${managedPolicy.replace(/^.*\//, '')})`]),
    ...why.map(({ text }) => `why: ${text}`),
  ];
  return columns(wrapped(formatActions(actions), 38), texts, 9, 40).map((line, index) =>
    (index === 0 ? `  ${(effect === 'Deny' ? 'NEVER' : 'MAY').padEnd(7)}${line.trimStart()}` : line));
}

function conditionsInWords(conditions: readonly string[]): string {
  return conditions.join(' and ').replaceAll(' StringEquals ', ' is ');
}

/** CDK writes a statement for each grant; those that differ only in their resources are combined. */
function mergeResources(permissions: Permission[]): Permission[] {
  const groups = groupedBy(permissions.map((one) => [JSON.stringify({ ...one, resources: [] }), one]));
  return groups.map(([, alike]) => ({
    ...alike[0], resources: [...new Set(alike.flatMap(({ resources }) => resources))],
  }));
}

/** `ecs: CreateTaskSet, DeleteTaskSet` */
function formatActions(actions: readonly string[]): string {
  const services = groupedBy(actions.map((action) => {
    const [, service = '', name = action] = /^([^:]*):([^:]*)/.exec(action) ?? [];
    return [service, name];
  }));
  return services.map(([service, names]) => `${service && `${service}: `}${names.join(', ')}`).join('; ');
}

/** A permission with names instead of ARNs in the same account and region. */
function shortenArns(permission: Permission, template: Template): Permission {
  const { resources, principals, policyOf } = permission;
  const short = (arn: string) => shortArn(arn, template);
  return {
    ...permission,
    resources: resources.map(short),
    principals: principals?.map(short),
    policyOf: policyOf && short(policyOf),
  };
}

/** The part of an ARN that differs within an account and region; any other ARN stays whole. */
function shortArn(arn: string, template: Template): string {
  const [, owner, rest] = /^arn:[^:]+:[^:]+:[^:]*:([^:]*):(.+)$/.exec(arn) ?? [];
  if (rest === undefined || (owner !== '' && owner !== template.account)) {
    return arn;
  }
  const [, id] = /^listener(?:-rule)?\/.*<(\w+)>(?:\/\*)?$/.exec(rest) ?? [];
  const listener = template.all.flatMap((one) => one.resource(id) ?? [])[0];
  if (listener !== undefined) {
    return `${rest.startsWith('listener-rule/') ? 'rules of ' : ''}${listener.name}`;
  }
  const [, logGroup] = /^log-group:(.+?)(?::\*)?$/.exec(rest) ?? [];
  const [, secret] = /^secret:(.+?)(?:-<\w+>)?$/.exec(rest) ?? [];
  return logGroup ?? secret ?? rest.replace(/^(role|repository|project)\/|^(alarm|function):/, '');
}

/** Returns the facts that a reviewer looks for first. */
export function summary({ roles }: Permissions): string[] {
  const wide = allowedOnEveryResource(roles);
  const actions = [...new Set(wide.flatMap((permission) => permission.actions))].sort();
  const managed = roles.flatMap(({ name, permissions }) => permissions.flatMap(({ managedPolicy }) =>
    (managedPolicy === undefined ? [] : [`${managedPolicy.replace(/^.*\//, '')} of ${name}`])));
  const denied = roles.filter(({ permissions }) => permissions
    .some(({ effect, actions: never }) => effect === 'Deny' && never.includes('ec2:TerminateInstances')));
  return [
    `${counted(roles.length, 'role')}. ${counted(wide.length, 'Allow statement')} on Resource "*"`
      + `${actions.length === 0 ? '.' : `, for these actions: ${actions.join(', ')}.`}`,
    `${counted(denied.length, 'role')} with an explicit deny of ec2:TerminateInstances.`,
    ...(managed.length === 0 ? [] : [`Not in this count: statements of AWS-managed policies (${listed(managed)}).`]),
  ];
}

/** The statements of the stack's own policies of roles. */
export function ownStatements(roles: readonly RolePermissions[]): Permission[] {
  return roles.flatMap(({ permissions }) => permissions)
    .filter(({ policyOf, managedPolicy }) => policyOf === undefined && managedPolicy === undefined);
}

/** The statements that allow something on every resource. */
export function allowedOnEveryResource(roles: readonly RolePermissions[]): Permission[] {
  return ownStatements(roles).filter(({ effect, resources }) => effect === 'Allow' && resources.includes('*'));
}
