import { sameEnvironment } from '../../private/placement';
import { CdkType, cdkTypeList } from '../../private/types';
import { Check } from '../../private/validation';

const ROLE: CdkType = {
  type: 'an iam.IRole',
  member: 'roleArn',
  example: "iam.Role.fromRoleName(this, 'Leads', 'leads')",
};

/** Roles that a policy of this account reaches. Without a scope, only their type is checked. */
export function approverRoles(scope?: unknown): Check {
  return cdkTypeList(ROLE, sameEnvironment({ code: 'BGP087', scope, parts: ['account'] }));
}
