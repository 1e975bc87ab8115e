import { aws_iam as iam, aws_s3 as s3, Lazy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { acknowledgeWildcards, Wildcard } from './acknowledged';
import { Names } from './names';
import { inlinePoliciesViolation } from './policy-size';
import { renderedProperties } from './rendered-properties';
import { warnOfWiderTrust } from './role-trust';
import { checkAtSynthesis } from './synthesis-check';
import { immutableRoleViolation } from './user-roles';
import { violation } from './violations';

export interface ScopedRoleProps {
  readonly names: Names;
  /** Purpose of the role, as in `role-<purpose>-…`. */
  readonly purpose: string;
  readonly assumedBy: iam.IPrincipal;
  readonly description: string;
  /** True if the role takes part in deployments, and so must never terminate an instance. */
  readonly deploys?: boolean;
}

interface Conditions {
  readonly [operator: string]: { readonly [key: string]: unknown };
}

/**
 * A role whose permissions are written by hand.
 *
 * CDK's L2s grant more than a release needs (any role may be passed, any listener modified) to the role that they
 * get. This role ignores such grants only while it is closed: a grant that a user makes later takes effect.
 * `role.withoutPolicyUpdates()` would silently drop the user's grants as well.
 */
export class ScopedRole extends iam.Role {
  /** True if the role takes part in deployments. */
  public readonly deploys: boolean;

  private readonly own = new iam.PolicyDocument();
  private readonly wildcards: Wildcard[] = [];
  private readonly props: ScopedRoleProps;
  private added?: iam.Policy;
  /** The actions that CDK's own grants may add just now; undefined while every grant counts. */
  private allowedGrants?: readonly string[];

  /**
   * True with `Role.customizeRoles()`: another team creates the roles, and CDK only reports the permissions that
   * each needs.
   */
  private readonly precreated: boolean;

  constructor(scope: Construct, id: string, props: ScopedRoleProps) {
    super(scope, id, {
      roleName: props.names.claimInAccount(`role-${props.purpose}`),
      description: props.description,
      assumedBy: props.assumedBy,
      ...(props.deploys && {
        inlinePolicies: {
          [props.names.of(`policy-${props.purpose}-deny`)]: new iam.PolicyDocument({ statements: [terminationDeny()] }),
        },
      }),
    });
    this.props = props;
    this.deploys = props.deploys ?? false;
    // Inline policies exist as soon as the role does, so nothing can start before it is allowed to;
    // an empty one is not allowed.
    const role = this.node.defaultChild as iam.CfnRole | undefined;
    if (role) {
      const denied = role.policies;
      role.policies = Lazy.any({
        produce: () => [
          ...(Array.isArray(denied) ? denied : []),
          ...(this.own.isEmpty ? [] : [{
            policyName: props.names.of(`policy-${props.purpose}`),
            policyDocument: this.own,
          }]),
        ],
      }, { omitEmptyArray: true });
      acknowledgeWildcards(role, this.wildcards);
      warnOfWiderTrust(role);
    }
    this.precreated = role === undefined;
    if (role) {
      const beside = () => this.added === undefined ? [] : [this.added];
      checkAtSynthesis(this, () => inlinePoliciesViolation(role, beside()));
    }
    if (role && props.deploys) {
      checkAtSynthesis(this, () => deniesTermination(role) ? undefined : TERMINATION_NOT_DENIED);
    }
  }

  /** Adds to the inline policy of the role. */
  public allow(actions: string[], resources: string[], conditions?: Conditions): void {
    this.addOwn(new iam.PolicyStatement({ actions, resources, conditions }));
  }

  /**
   * Adds permissions that cannot be scoped to exact resources; cdk-nag and the list of permissions show the reason
   * `why`.
   */
  public allowWildcard(why: string, actions: string[], resources: string[], conditions?: Conditions): void {
    this.wildcards.push({ actions, resources, why });
    this.allow(actions, resources, conditions);
  }

  /** Adds the login to the registry of the account, whose repositories are allowed one by one. */
  public allowRegistryToken(): void {
    this.allowWildcard(
      'An ECR token is for the whole registry, and AWS offers no narrower resource.',
      ['ecr:GetAuthorizationToken'],
      ['*'],
    );
  }

  /** Adds actions on the objects of a bucket, or on those below a prefix. */
  public allowObjects(bucket: s3.IBucket, actions: string[], prefix = ''): void {
    this.allowWildcard('The services that write the objects choose new keys in each run.',
      actions, [bucket.arnForObjects(`${prefix}*`)]);
  }

  /** Denies actions on every resource, also if the inline policy or a later grant allows them. */
  public deny(actions: string[], conditions: Conditions): void {
    this.addOwn(new iam.PolicyStatement({ effect: iam.Effect.DENY, actions, resources: ['*'], conditions }));
  }

  private addOwn(statement: iam.PolicyStatement): void {
    if (this.precreated) {
      super.addToPrincipalPolicy(statement);
    } else {
      this.own.addStatements(statement);
    }
  }

  /**
   * Allows the use of the user's KMS key of an artifact bucket, in addition to the actions of S3. CDK creates such
   * a key for a pipeline by default.
   */
  public allowKeyOf(bucket: s3.IBucket, access: 'read' | 'write'): void {
    if (bucket.encryptionKey) {
      const actions = access === 'read' ? ['kms:Decrypt'] : ['kms:Decrypt', 'kms:GenerateDataKey'];
      this.allow(actions, [bucket.encryptionKey.keyArn]);
    }
  }

  /** Runs `make` and ignores CDK's own grants meanwhile. */
  public ignoringGrants<T>(make: () => T): T {
    return this.allowingOnly([], make);
  }

  /** Runs `make` and accepts only these actions of CDK's own grants meanwhile. */
  public allowingOnly<T>(actions: readonly string[], make: () => T): T {
    this.allowedGrants = actions;
    try {
      return make();
    } finally {
      this.allowedGrants = undefined;
    }
  }

  /** Adds grants from outside to a separate policy; it depends on the role, and the role does not depend on it. */
  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    const actions = statement.actions.filter((action) => this.allowedGrants?.includes(action) ?? true);
    if (this.allowedGrants && actions.length === 0) {
      return { statementAdded: true, policyDependable: this };
    }
    const added = this.allowedGrants ? statement.copy({ actions }) : statement;
    if (this.precreated) {
      return super.addToPrincipalPolicy(added);
    }
    this.added ??= new iam.Policy(this, 'Grants', {
      policyName: this.props.names.claim(`policy-${this.props.purpose}-grants`),
      roles: [this],
    });
    this.added.addStatements(added);
    return { statementAdded: true, policyDependable: this.added };
  }

  public addToPolicy(statement: iam.PolicyStatement): boolean {
    return this.addToPrincipalPolicy(statement).statementAdded;
  }

  public addManagedPolicy(policy: iam.IManagedPolicy): void {
    if (!this.allowedGrants) {
      super.addManagedPolicy(policy);
    }
  }
}

/** Returns true if the role in the template still has the deny, without a condition, after all overrides. */
function deniesTermination(role: iam.CfnRole): boolean {
  const policies = JSON.stringify(renderedProperties(role).Policies ?? []);
  return policies.includes(JSON.stringify(terminationDeny().toStatementJson()));
}

const TERMINATION_NOT_DENIED = violation({
  code: 'BGP150',
  prop: 'Policies',
  rule: 'must keep the Deny for ec2:TerminateInstances that every role that deploys has',
  got: 'an override without the Deny',
  remedy: 'remove the override, and add policies with addToPrincipalPolicy or attachInlinePolicy',
});

function terminationDeny(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    effect: iam.Effect.DENY,
    actions: ['ec2:TerminateInstances'],
    resources: ['*'],
  });
}

/**
 * Denies the user's role the actions that no role that deploys may have. Identical statements of one policy become
 * one, so a role may take part in several deployments.
 *
 * A role of the user's own class may only show now that it drops statements; synthesis then fails.
 */
export function denyTermination(construct: Construct, prop: string, role: iam.IRole): void {
  if (role instanceof ScopedRole && role.deploys) {
    return;
  }
  const { statementAdded, policyDependable } = role.addToPrincipalPolicy(terminationDeny());
  if (!statementAdded || !(iam.Role.isRole(role) || Construct.isConstruct(policyDependable))) {
    checkAtSynthesis(construct, () => immutableRoleViolation(prop, role));
  }
}
