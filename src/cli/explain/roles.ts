import { Entry } from '../layout';
import { permissionsOf } from '../permissions/permissions';
import { roleEntry, summary } from '../permissions/text';
import { Template } from '../template';

/** Describes every role: its trust policy, its permissions, and its denies. */
export function roles(template: Template): Entry[] {
  const permissions = permissionsOf(template);
  return [
    // Without reasons and the conditions of trust: the command `permissions` prints them.
    ...permissions.roles.map((role) => roleEntry({
      ...role,
      assumedBy: role.assumedBy.map((trust) => ({ ...trust, conditions: [] })),
      permissions: role.permissions.map((permission) => ({ ...permission, why: [] })),
    }, template)),
    {
      says: [
        ...summary(permissions),
        ...permissions.notKnown.map((problem) => `- ${problem}`),
        'The command "permissions" prints why each statement is there.',
      ],
    },
  ];
}
