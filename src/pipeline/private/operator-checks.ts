import { aws_iam as iam } from 'aws-cdk-lib';
import { sameEnvironment } from '../../private/placement';
import { CDK, cdkTypeList } from '../../private/types';
import { isImmutable, reservedRoleViolation } from '../../private/user-roles';
import { Check, formatValue } from '../../private/validation';
import { violation } from '../../private/violations';

/** Checks roles that a policy of this stack must reach. */
export function operatorRoles(scope: unknown): Check {
  return cdkTypeList(CDK.role, sameEnvironment({ code: 'BGP087', scope, parts: ['account'] }), notReserved, mutable);
}

const notReserved: Check<iam.IRole> = (prop, role) =>
  reservedRoleViolation(prop, role, 'use a role of your own, or add the statements to the permission set');

const mutable: Check<iam.IRole> = (prop, role) => (isImmutable(role)
  ? violation({
    code: 'BGP202',
    prop,
    rule: 'must be a mutable role: the library adds a policy to it',
    got: formatValue(role.node.path),
    remedy: 'import the role without { mutable: false }',
  })
  : undefined);
