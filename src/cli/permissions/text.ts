import { Permission, Permissions, RolePermissions } from './permissions';
import { columns, counted, listed, paragraph, Section } from '../layout';
import { Template } from '../template';

/** The sections of the command `permissions`. */
export function permissionSections(permissions: Permissions, template: Template): Section[] {
  const { roles, resourcePolicies, notKnown, findings } = permissions;
  const list = (title: string, texts: readonly string[]) =>
    (texts.length === 0 ? [] : [{ title, entries: [{ says: texts.map((text) => `- ${text}`) }] }]);
  const owners = [...new Set(resourcePolicies.map(({ policyOf = '' }) => policyOf))];
  return [
    {
      title: 'Roles',
      entries: [
        ...roles.map((role) => ({ lines: [role.name, ...roleLines(shortened(role, template))] })),
        { says: summary(permissions) },
      ],
    },
    {
      title: 'Policies of resources',
      entries: owners.length === 0 ? [{ says: ['None in this stack.'] }] : owners.map((name) => ({
        lines: [name, ...resourcePolicies.filter(({ policyOf }) => policyOf === name).flatMap((permission) =>
          permissionLines({ ...shortenedPermission(permission, template), policyOf: undefined, why: [] }))],
      })),
    },
    ...list('Not known', notKnown),
    ...list('Findings', findings),
  ];
}

/** A role: who assumes it, what it may do, and what it may never do. */
export function roleLines(role: RolePermissions): string[] {
  const ordered = [...role.permissions].sort((a, b) => Number(b.effect === 'Deny') - Number(a.effect === 'Deny'));
  const assumes = role.assumedBy.map(({ principals = [], conditions }) =>
    `${listed([...principals])}${conditions.length === 0 ? '' : `, if ${conditionsInWords(conditions)}`}`);
  const description = role.description === undefined ? '' : `${role.description}. `;
  const trust = assumes.length === 0
    ? 'Not in this stack: who assumes it is not known.'
    : `Assumed by ${listed(assumes)}.`;
  return [
    ...paragraph(description + trust, 2),
    ...merged(ordered).flatMap(permissionLines),
    ...(ordered.length === 0 ? ['  MAY    do nothing in AWS'] : []),
  ];
}

function permissionLines(permission: Permission): string[] {
  const { effect, actions, resources, conditions, principals, policyOf, managedPolicy, why } = permission;
  const texts = [
    ...resources,
    ...(principals === undefined ? [] : [`for ${listed([...principals])}`]),
    ...(conditions.length === 0 ? [] : [`only if ${conditionsInWords(conditions)}`]),
    ...(policyOf === undefined ? [] : [`(by the policy of ${policyOf})`]),
    ...(managedPolicy === undefined ? [] : [`(by the AWS-managed policy ${managedPolicy.replace(/^.*\//, '')})`]),
    ...why.map(({ text }) => `why: ${text}`),
  ];
  return columns(grouped(actions), texts, 9, 40).map((line, index) =>
    (index === 0 ? `  ${(effect === 'Deny' ? 'NEVER' : 'MAY').padEnd(7)}${line.trimStart()}` : line));
}

function conditionsInWords(conditions: readonly string[]): string {
  return conditions.join(' and ').replaceAll(' StringEquals ', ' is ');
}

/** CDK writes a statement for each grant; those that differ in their resources alone are one for a reader. */
function merged(permissions: Permission[]): Permission[] {
  const groups = new Map<string, Permission>();
  for (const permission of permissions) {
    const key = JSON.stringify({ ...permission, resources: [] });
    const resources = [...new Set([...groups.get(key)?.resources ?? [], ...permission.resources])];
    groups.set(key, { ...permission, resources });
  }
  return [...groups.values()];
}

/** `ecs: CreateTaskSet, DeleteTaskSet` */
function grouped(actions: readonly string[]): string {
  const services = new Map<string, string[]>();
  for (const action of actions) {
    const [service, name] = action.includes(':') ? action.split(':') : ['', action];
    services.set(service, [...services.get(service) ?? [], name]);
  }
  return [...services].map(([service, names]) => `${service && `${service}: `}${names.join(', ')}`).join('; ');
}

/** A role with names instead of the ARNs of its own account and region. */
export function shortened(role: RolePermissions, template: Template): RolePermissions {
  const permissions = (all: readonly Permission[]) => all.map((one) => shortenedPermission(one, template));
  return { ...role, assumedBy: permissions(role.assumedBy), permissions: permissions(role.permissions) };
}

function shortenedPermission(permission: Permission, template: Template): Permission {
  const { resources, principals, policyOf } = permission;
  return {
    ...permission,
    resources: resources.map((one) => short(one, template)),
    principals: principals?.map((one) => short(one, template)),
    policyOf: policyOf && short(policyOf, template),
  };
}

/** The part of an ARN that differs within an account and region; any other ARN stays whole. */
function short(arn: string, template: Template): string {
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

/** What a reviewer looks for first. */
export function summary({ roles }: Permissions): string[] {
  const wide = everywhere(roles);
  const actions = [...new Set(wide.flatMap((permission) => permission.actions))].sort();
  const managed = roles.flatMap(({ name, permissions }) => permissions
    .filter(({ managedPolicy }) => managedPolicy !== undefined)
    .map(({ managedPolicy = '' }) => `${managedPolicy.replace(/^.*\//, '')} of ${name}`));
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
export function everywhere(roles: readonly RolePermissions[]): Permission[] {
  return ownStatements(roles).filter(({ effect, resources }) => effect === 'Allow' && resources.includes('*'));
}
