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
  /** What the role is for, as in `role-<purpose>-…`. */
  readonly purpose: string;
  readonly assumedBy: iam.IPrincipal;
  readonly description: string;
  /** Whether the role takes part in deployments, and so may never terminate an instance. */
  readonly deploys?: boolean;
}

interface Conditions {
  readonly [operator: string]: { readonly [key: string]: unknown };
}

/**
 * A role whose permissions are written by hand.
 *
 * CDK's L2s grant more than a release needs (any role may be passed, any listener modified) to
 * whatever role they get. This one ignores them while it is closed, and only then: a grant that a
 * user makes later takes effect. `role.withoutPolicyUpdates()` would drop the user's grants as
 * well, without a word.
 */
export class ScopedRole extends iam.Role {
  /** Whether the role takes part in deployments. */
  public readonly deploys: boolean;

  private readonly own = new iam.PolicyDocument();
  private readonly wildcards: Wildcard[] = [];
  private readonly props: ScopedRoleProps;
  private added?: iam.Policy;
  /** The actions that CDK's own grants may add just now; undefined while every grant counts. */
  private allowedGrants?: readonly string[];

  /**
   * With `Role.customizeRoles()` somebody else makes the roles, and CDK only reports what each must
   * be allowed.
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
      checkAtSynthesis(this, () => deniesTermination(role) ? undefined : LOST_DENY);
    }
  }

  /** Adds to the inline policy of the role. */
  public allow(actions: string[], resources: string[], conditions?: Conditions): void {
    this.addOwn(new iam.PolicyStatement({ actions, resources, conditions }));
  }

  /**
   * Adds what cannot be scoped to exact resources; `why` is what cdk-nag and the list of
   * permissions tell a reviewer.
   */
  public allowWildcard(why: string, actions: string[], resources: string[], conditions?: Conditions): void {
    this.wildcards.push({ actions, resources, why });
    this.allow(actions, resources, conditions);
  }

  /** Adds the login to the registry of the account, whose repositories are allowed one by one. */
  public allowRegistryToken(): void {
    this.allowWildcard(
      'The token of ECR is for the registry as a whole, and AWS offers no narrower resource.',
      ['ecr:GetAuthorizationToken'],
      ['*'],
    );
  }

  /** Adds actions on the objects of a bucket, or on those below a prefix. */
  public allowObjects(bucket: s3.IBucket, actions: string[], prefix = ''): void {
    this.allowWildcard('The keys of the objects are chosen by the services that write them, anew at each run.',
      actions, [bucket.arnForObjects(`${prefix}*`)]);
  }

  /** Takes away on every resource what the inline policy, or a later grant, would allow. */
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
   * What a role needs beside the actions of S3 for artifacts under a key of the user's: CDK makes
   * one for a pipeline by default.
   */
  public allowKeyOf(bucket: s3.IBucket, access: 'read' | 'write'): void {
    if (bucket.encryptionKey) {
      const actions = access === 'read' ? ['kms:Decrypt'] : ['kms:Decrypt', 'kms:GenerateDataKey'];
      this.allow(actions, [bucket.encryptionKey.keyArn]);
    }
  }

  /** Runs `make` and ignores the grants of CDK's own meanwhile. */
  public ignoringGrants<T>(make: () => T): T {
    return this.allowingOnly([], make);
  }

  /** Runs `make` and takes only these actions of CDK's own grants meanwhile. */
  public allowingOnly<T>(actions: readonly string[], make: () => T): T {
    this.allowedGrants = actions;
    try {
      return make();
    } finally {
      this.allowedGrants = undefined;
    }
  }

  /**
   * Grants from outside go into a policy of their own; it depends on the role and the role not on
   * it.
   */
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

/**
 * Whether the role in the template still has the deny, without a condition, whatever was
 * overridden.
 */
function deniesTermination(role: iam.CfnRole): boolean {
  const policies = JSON.stringify(renderedProperties(role).Policies ?? []);
  return policies.includes(JSON.stringify(terminationDeny().toStatementJson()));
}

const LOST_DENY = violation({
  code: 'BGP150',
  prop: 'Policies',
  rule: 'must keep the deny of ec2:TerminateInstances, as those of every role that deploys',
  got: 'an override without it',
  remedy: 'add policies with addToPrincipalPolicy or attachInlinePolicy, which leave it in place',
});

function terminationDeny(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    effect: iam.Effect.DENY,
    actions: ['ec2:TerminateInstances'],
    resources: ['*'],
  });
}

/**
 * Denies a role of the user's what no role that deploys may do. Identical statements of one policy
 * become one, so a role may take part in several deployments.
 *
 * A role of a class of the user's may say only now that it drops statements; synthesis then fails.
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
