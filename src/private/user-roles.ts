import { aws_iam as iam, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { warn } from './errors';
import { formatValue } from './validation';
import { violation, Violation, Violations } from './violations';

/**
 * Checks that the user's role can get the deny of a role that deploys: it must be mutable, and not managed by AWS.
 */
export function mutableRole(prop: string, role: iam.IRole | undefined): Violations {
  if (role === undefined) {
    return undefined;
  }
  return isImmutable(role)
    ? immutableRoleViolation(prop, role)
    : reservedRoleViolation(prop, role, 'use your own role');
}

/** The CDK's wrapper that accepts statements and drops them; property injectors identify it by this ID. */
const IMMUTABLE_ROLE = 'aws-cdk-lib.aws-iam.ImmutableRole';

/** Returns true if a role was imported with `{ mutable: false }` or wrapped by `withoutPolicyUpdates()`. */
export function isImmutable(role: iam.IRole): boolean {
  return (role.constructor as { readonly PROPERTY_INJECTION_ID?: string }).PROPERTY_INJECTION_ID === IMMUTABLE_ROLE;
}

export function immutableRoleViolation(prop: string, role: iam.IRole): Violation {
  return violation({
    code: 'BGP108',
    prop,
    rule: 'must have a mutable role',
    got: `${formatValue(role.node.path)}: `
      + 'the library adds a Deny for ec2:TerminateInstances to every role that deploys',
    remedy: 'import the role without { mutable: false }, or pass the role itself, not a withoutPolicyUpdates() copy',
  });
}

/**
 * Warns that an immutable role of a pipeline is not allowed to assume the role of an action: the CDK drops its
 * statement.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/security-iam.html
 */
export function warnOfImmutablePipelineRole(
  construct: Construct, topic: string, pipelineRole: iam.IRole, actionRole: iam.IRole,
): void {
  if (isImmutable(pipelineRole)) {
    warn(construct, topic, 'BGP156', 'the pipeline cannot start this stage, because its role '
      + `${formatValue(pipelineRole.node.path)} is immutable: grant that role sts:AssumeRole on the role `
      + `${formatValue(actionRole.node.path)}`);
  }
}

/** The end of an ARN by its path or by the name, within an intrinsic as well. */
const RESERVED_ROLE = new RegExp([
  /(?<=:role\/)aws-(reserved|service-role)\/[^"]*/.source, /(?<=^|:role\/)AWS(ReservedSSO_|ServiceRoleFor)[^"]*/.source,
].join('|'));

/**
 * Rejects a role of IAM Identity Center or of an AWS service: IAM does not allow changes to its policies.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export function reservedRoleViolation(prop: string, role: iam.IRole, remedy: string): Violations {
  const [found] = RESERVED_ROLE.exec(arnText(role)) ?? RESERVED_ROLE.exec(role.roleName) ?? [];
  return found === undefined ? undefined : violation({
    code: 'BGP155',
    prop,
    rule: 'must not be a role that AWS manages, under /aws-reserved/ or /aws-service-role/: IAM rejects changes to '
      + 'its policies',
    got: formatValue(found),
    remedy,
  });
}

/** The ARN of a role; as JSON if it is an intrinsic function such as `Fn::Sub`. */
function arnText(role: iam.IRole): string {
  return Token.isUnresolved(role.roleArn) ? JSON.stringify(Stack.of(role).resolve(role.roleArn)) : role.roleArn;
}
