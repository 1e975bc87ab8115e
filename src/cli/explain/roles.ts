import { Entry } from '../layout';
import { permissionsOf, RolePermissions } from '../permissions/permissions';
import { roleLines, shortened, summary } from '../permissions/text';
import { Template } from '../template';

/** Every role: who assumes it, what it may do, and what it may never do. */
export function roles(template: Template): Entry[] {
  const permissions = permissionsOf(template);
  return [
    ...permissions.roles.map((role) => ({ lines: [role.name, ...roleLines(brief(shortened(role, template)))] })),
    {
      says: [
        ...summary(permissions),
        ...permissions.notKnown.map((problem) => `- ${problem}`),
        'The command "permissions" prints why each statement is there.',
      ],
    },
  ];
}

/** A role without reasons and the conditions of its trust: the command `permissions` prints them. */
function brief(role: RolePermissions): RolePermissions {
  return {
    ...role,
    assumedBy: role.assumedBy.map((trust) => ({ ...trust, conditions: [] })),
    permissions: role.permissions.map((permission) => ({ ...permission, why: [] })),
  };
}
