import { aws_iam as iam, aws_s3 as s3, Lazy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { acknowledgeWildcards, Wildcard } from './acknowledged';
import { shown } from './checks';
import { broken, inWords, Problem } from './errors';
import { NameParts, nameOf, regionalNameOf, resourceName } from './names';
import { renderedProperties } from './rendered-properties';

export interface ScopedRoleProps extends NameParts {
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
 * CDK's L2s grant more than a release needs (any role may be passed, any listener modified) to whatever role they
 * get. This one ignores them while it is closed, and only then: a grant that a user makes later takes effect.
 * `role.withoutPolicyUpdates()` would drop the user's grants as well, without a word.
 */
export class ScopedRole extends iam.Role {
  /** Whether the role takes part in deployments. */
  public readonly deploys: boolean;

  private readonly own = new iam.PolicyDocument();
  private readonly wildcards: Wildcard[] = [];
  private readonly parts: ScopedRoleProps;
  private added?: iam.Policy;
  /** The actions that CDK's own grants may add just now; undefined while every grant counts. */
  private admitted?: readonly string[];

  /** With `Role.customizeRoles()` somebody else makes the roles, and CDK only reports what each must be allowed. */
  private readonly precreated: boolean;

  constructor(scope: Construct, id: string, props: ScopedRoleProps) {
    super(scope, id, {
      roleName: regionalNameOf(scope, `role-${props.purpose}`, props),
      description: props.description,
      assumedBy: props.assumedBy,
      ...(props.deploys && {
        inlinePolicies: { [resourceName(`policy-${props.purpose}-deny`, props)]: new iam.PolicyDocument({ statements: [denyTermination()] }) },
      }),
    });
    this.parts = props;
    this.deploys = props.deploys ?? false;
    // Inline policies exist as soon as the role does, so nothing can start before it is allowed to; an empty one is not allowed.
    const role = this.node.defaultChild as iam.CfnRole | undefined;
    if (role) {
      const denied = role.policies;
      role.policies = Lazy.any({
        produce: () => [
          ...(Array.isArray(denied) ? denied : []),
          ...(this.own.isEmpty ? [] : [{ policyName: resourceName(`policy-${props.purpose}`, props), policyDocument: this.own }]),
        ],
      }, { omitEmptyArray: true });
      acknowledgeWildcards(role, this.wildcards);
    }
    this.precreated = role === undefined;
    if (role && props.deploys) {
      this.node.addValidation({ validate: () => deniesTermination(role) ? [] : [inWords(LOST_DENY)] });
    }
  }

  /** Adds to the inline policy of the role. */
  public allow(actions: string[], resources: string[], conditions?: Conditions): void {
    this.addOwn(new iam.PolicyStatement({ actions, resources, conditions }));
  }

  /** Adds what cannot be scoped to exact resources; `why` is what cdk-nag and the list of permissions tell a reviewer. */
  public allowWildcard(why: string, actions: string[], resources: string[], conditions?: Conditions): void {
    this.wildcards.push({ actions, resources, why });
    this.allow(actions, resources, conditions);
  }

  /** Adds the login to the registry of the account, whose repositories are allowed one by one. */
  public allowRegistryToken(): void {
    this.allowWildcard('The token of ECR is for the registry as a whole, and AWS offers no narrower resource.', ['ecr:GetAuthorizationToken'], ['*']);
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

  /** What a role needs beside the actions of S3 for artifacts under a key of the user's: CDK makes one for a pipeline by default. */
  public allowKeyOf(bucket: s3.IBucket, access: 'read' | 'write'): void {
    if (bucket.encryptionKey) {
      this.allow(access === 'read' ? ['kms:Decrypt'] : ['kms:Decrypt', 'kms:GenerateDataKey'], [bucket.encryptionKey.keyArn]);
    }
  }

  /** Runs `make` while no grant of CDK's own reaches this role. */
  public whileClosed<T>(make: () => T): T {
    return this.whileAdmitting([], make);
  }

  /** Runs `make` while of CDK's own grants only these actions reach this role. */
  public whileAdmitting<T>(actions: readonly string[], make: () => T): T {
    this.admitted = actions;
    try {
      return make();
    } finally {
      this.admitted = undefined;
    }
  }

  /** Grants from outside go into a policy of their own; it depends on the role and the role not on it. */
  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    const actions = statement.actions.filter((action) => this.admitted?.includes(action) ?? true);
    if (this.admitted && actions.length === 0) {
      return { statementAdded: true, policyDependable: this };
    }
    const added = this.admitted ? statement.copy({ actions }) : statement;
    if (this.precreated) {
      return super.addToPrincipalPolicy(added);
    }
    const type = `policy-${this.parts.purpose}-grants`;
    this.added ??= new iam.Policy(this, 'Grants', { policyName: nameOf(this, type, this.parts), roles: [this] });
    this.added.addStatements(added);
    return { statementAdded: true, policyDependable: this.added };
  }

  public addToPolicy(statement: iam.PolicyStatement): boolean {
    return this.addToPrincipalPolicy(statement).statementAdded;
  }

  public addManagedPolicy(policy: iam.IManagedPolicy): void {
    if (!this.admitted) {
      super.addManagedPolicy(policy);
    }
  }
}

/**
 * Denies a role of the user's that deploys what no role of ours that deploys may do, and says when that would not take effect.
 *
 * Nothing tells beforehand whether a role takes statements. An immutable one says yes and drops them, but names no policy
 * that holds them; any other names its policy, or itself while it is not made yet.
 */
export function undeniedProblem(prop: string, role: iam.IRole | undefined): Problem {
  if (role === undefined || DENIED.has(role) || (role instanceof ScopedRole && role.deploys)) {
    return undefined;
  }
  const { statementAdded, policyDependable } = role.addToPrincipalPolicy(denyTermination());
  if (statementAdded && (iam.Role.isRole(role) || Construct.isConstruct(policyDependable))) {
    DENIED.add(role);
    return undefined;
  }
  return broken('BGP108', prop, 'must have a role that can be denied ec2:TerminateInstances, as every role that deploys',
    `${shown(role.node.path)}, which takes no statements`,
    'give it the role itself rather than a copy of it that cannot be changed, or import the role as mutable');
}

/** Roles of users that have the deny: one role may stand for several functions, and a pipeline asks before its deployments do. */
const DENIED = new WeakSet<iam.IRole>();

const LOST_DENY = broken('BGP150', 'Policies', 'must keep the deny of ec2:TerminateInstances, as those of every role that deploys', 'an override without it',
  'add policies with addToPrincipalPolicy or attachInlinePolicy, which leave it in place');

/** Whether the role in the template still has the deny, without a condition, whatever was overridden. */
function deniesTermination(role: iam.CfnRole): boolean {
  return JSON.stringify(renderedProperties(role).Policies ?? []).includes(JSON.stringify(denyTermination().toStatementJson()));
}

function denyTermination(): iam.PolicyStatement {
  return new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['ec2:TerminateInstances'], resources: ['*'] });
}
