import { aws_iam as iam, CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { renderedProperties } from './rendered-properties';

interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
}

interface Policy {
  /** Left out of an empty policy. */
  readonly PolicyDocument?: { readonly Statement?: Statement | readonly Statement[] };
}

/**
 * Returns true if a role may call an action by the policies of its stack. Any other policy can allow it: a managed
 * one that is attached by its ARN, and all policies of a role that `Role.customizeRoles()` leaves to another team.
 */
export function mayCall(role: iam.Role, action: string): boolean {
  const resource = role.node.defaultChild;
  if (resource === undefined) {
    return true;
  }
  const { Policies: inline = [], ManagedPolicyArns: managed = [] } = renderedProperties(resource);
  const statements = [...inline as Policy[], ...attachedTo(role)]
    .flatMap(({ PolicyDocument: document }) => document?.Statement ?? []);
  return (managed as unknown[]).length > 0 || statements.some((statement) => allows(statement, action));
}

/** The policies of the stack that name the role. */
function attachedTo(role: iam.Role): Policy[] {
  const stack = Stack.of(role);
  const name = JSON.stringify(stack.resolve(role.roleName));
  return stack.node.findAll().filter(isPolicy).map(renderedProperties)
    .filter(({ Roles: roles = [] }) => (roles as unknown[]).some((one) => JSON.stringify(one) === name));
}

function isPolicy(construct: IConstruct): boolean {
  return CfnResource.isCfnResource(construct) && [
    iam.CfnPolicy.CFN_RESOURCE_TYPE_NAME, iam.CfnManagedPolicy.CFN_RESOURCE_TYPE_NAME,
  ].includes(construct.cfnResourceType);
}

/** A statement with `NotAction` allows nearly everything. */
function allows({ Effect, Action = '*' }: Statement, action: string): boolean {
  return Effect === 'Allow' && [Action].flat().some((pattern) => matches(pattern, action));
}

/** IAM compares actions case-insensitively; `*` matches any characters, `?` one. */
function matches(pattern: string, action: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${expression}$`, 'i').test(action);
}
