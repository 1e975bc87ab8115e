import { ok } from 'assert';
import { Document, listOf, Policies, ResourcePolicy, Role, Statement } from './evaluate';
import { Place } from './identities';
import managedPolicies from './managed-policies.json';
import { ResolvableTemplate, Resolver, ResolverProps } from './resolve';
import { isObject, textOf } from '../json';

/**
 * AWS-managed policies whose content is known here: what they allow is not in the template.
 * In a pipeline of the library, CDK's provider that empties buckets alone has one.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html
 */
export const AWS_MANAGED: { readonly [name: string]: Document } = managedPolicies;

type Properties = { readonly [name: string]: unknown };
type Holder = { readonly logicalId: string; readonly type: string; readonly properties: Properties };

/** The types of resources with policies: the property that holds one, and the resources that it is for. */
const HOLDERS: {
  readonly [type: string]: [policy: string, owners?: (properties: Properties, place: Place) => readonly unknown[]];
} = {
  'AWS::ECR::Repository': ['RepositoryPolicyText'],
  'AWS::IAM::Role': ['AssumeRolePolicyDocument'],
  'AWS::KMS::Key': ['KeyPolicy'],
  'AWS::S3::BucketPolicy': [
    'PolicyDocument', ({ Bucket }, { partition }) => [`arn:${partition}:s3:::${textOf(Bucket)}`],
  ],
  'AWS::SecretsManager::ResourcePolicy': ['ResourcePolicy', ({ SecretId }) => [SecretId]],
  'AWS::SNS::TopicPolicy': ['PolicyDocument', ({ Topics }) => listOf(Topics)],
  // The permissions in these belong to the roles that they are attached to.
  'AWS::IAM::ManagedPolicy': ['PolicyDocument', () => []],
  'AWS::IAM::Policy': ['PolicyDocument', () => []],
};

/**
 * Returns every policy that the template creates, resolved for one account and region. An unknown element throws,
 * unless a callback receives it; then the rest is read.
 */
export function policiesOf(
  template: ResolvableTemplate, props: ResolverProps, resolver = new Resolver(template, props),
  notKnown: (problem: string) => void = (problem) => {
    throw new Error(problem);
  },
): Policies {
  return new Collector(template, resolver, props, notKnown).policies();
}

/** Merges the policies of several stacks in one account, also those that several stacks have for one role. */
export function mergePolicies(...all: Policies[]): Policies {
  const [{ account }] = all;
  ok(all.every((one) => one.account === account), 'the stacks are not in one account');
  const roles = new Map<string, Role>();
  for (const role of all.flatMap((one) => one.roles)) {
    const policies = [...roles.get(role.arn)?.policies ?? [], ...role.policies];
    roles.set(role.arn, { ...role, policies });
  }
  return { account, roles: [...roles.values()], resourcePolicies: all.flatMap((one) => one.resourcePolicies) };
}

class Collector {
  private readonly roles = new Map<string, { name: string; arn: string; policies: Document[] }>();

  constructor(
    private readonly template: ResolvableTemplate,
    private readonly resolver: Resolver,
    private readonly place: Place,
    private readonly notKnown: (problem: string) => void,
  ) {}

  public policies(): Policies {
    const resources = this.resolver.resources();
    for (const [logicalId, type] of resources) {
      if (!Object.hasOwn(HOLDERS, type) && hasStatement(this.template.Resources[logicalId].Properties)) {
        this.notKnown(`a policy in a resource of type ${type} is not known, in ${logicalId}`);
      }
    }
    const holders = resources.filter(([, type]) => Object.hasOwn(HOLDERS, type))
      .map(([logicalId, type]) => ({ logicalId, type, properties: this.resolver.properties(logicalId) }));
    this.collectRoles(holders);
    const permissions = resources.filter(([, type]) => type === 'AWS::Lambda::Permission')
      .flatMap(([logicalId]) => this.permission(this.resolver.properties(logicalId)));
    return {
      account: this.place.account,
      roles: [...this.roles.values()],
      resourcePolicies: [...holders.flatMap((holder) => this.resourcePolicies(holder)), ...permissions],
    };
  }

  private collectRoles(holders: Holder[]): void {
    const ofType = (...types: string[]) => holders.filter(({ type }) => types.includes(type));
    for (const { logicalId, type, properties } of ofType('AWS::IAM::Role')) {
      if (properties.PermissionsBoundary !== undefined) {
        this.notKnown(`permissions boundaries are not known, in ${logicalId} of type ${type}`);
      }
      const { Ref, Arn } = this.resolver.identity(logicalId);
      const inline = listOf(properties.Policies as ({ PolicyDocument?: unknown } | undefined)[]);
      const policies = inline.map((policy) => this.document(policy?.PolicyDocument, logicalId));
      this.roles.set(Ref, { name: Ref, arn: Arn, policies });
    }
    // Policies that name roles, and managed ones, which roles may name themselves.
    const managed = new Map<string, Document>();
    for (const { logicalId, type, properties } of ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')) {
      if ([...listOf(properties.Users), ...listOf(properties.Groups)].length > 0) {
        this.notKnown(`policies of users and groups are not known, in ${logicalId}`);
      }
      const document = this.document(properties.PolicyDocument, logicalId);
      listOf(properties.Roles).forEach((name) => this.policiesOfRole(textOf(name)).push(document));
      if (type === 'AWS::IAM::ManagedPolicy') {
        managed.set(this.resolver.identity(logicalId).Ref, document);
      }
    }
    for (const { logicalId, properties } of ofType('AWS::IAM::Role')) {
      this.policiesOfRole(this.resolver.identity(logicalId).Ref).push(...listOf(properties.ManagedPolicyArns)
        .flatMap((arn) => managed.get(textOf(arn)) ?? this.awsManaged(textOf(arn), logicalId)));
    }
  }

  /** The policies of a role in the template, or of a user's role, of which only the name is known. */
  private policiesOfRole(name: string): Document[] {
    const arn = `arn:${this.place.partition}:iam::${this.place.account}:role/${name}`;
    const role = this.roles.get(name) ?? { name, arn, policies: [] };
    this.roles.set(name, role);
    return role.policies;
  }

  private awsManaged(arn: string, logicalId: string): Document[] {
    const [, name = ''] = /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn) ?? [];
    if (!Object.hasOwn(AWS_MANAGED, name)) {
      this.notKnown(`the managed policy ${arn} is not known, in ${logicalId}`);
      return [];
    }
    return [AWS_MANAGED[name]];
  }

  private resourcePolicies({ logicalId, type, properties }: Holder): ResourcePolicy[] {
    const [policy, owners = () => [this.resolver.identity(logicalId).Arn]] = HOLDERS[type];
    const value = properties[policy];
    return value === undefined ? [] : owners(properties, this.place)
      .map((owner) => ({ resource: textOf(owner), document: this.document(value, logicalId) }));
  }

  /** A policy, with those of its statements that can be read. */
  private document(value: unknown, logicalId: string): Document {
    const statements = isObject(value) ? listOf(value.Statement) : [value];
    const readable = statements.filter(isStatement);
    if (readable.length === statements.length) {
      return value as Document;
    }
    this.notKnown(`a policy that is not known, in ${logicalId}`);
    return { Statement: readable };
  }

  /** The statement that Lambda adds to the policy of a function for a permission. */
  private permission(properties: Properties): ResourcePolicy[] {
    const { Action, FunctionName, Principal, SourceAccount, SourceArn, ...rest } = properties;
    const [resource, principal] = [textOf(FunctionName), textOf(Principal)];
    if (Object.keys(rest).length > 0 || !resource.startsWith('arn:')) {
      this.notKnown(`a permission for ${resource} with ${Object.keys(rest).join(', ')} is not known`);
      return [];
    }
    const statement: Statement = {
      Effect: 'Allow',
      Action: textOf(Action),
      Resource: resource,
      Principal: principal.includes('.amazonaws.com') ? { Service: principal } : { AWS: principal },
      Condition: {
        ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': SourceArn } }),
        ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
      },
    };
    return [{ resource, document: { Statement: statement } }];
  }
}

function isStatement(value: unknown): value is Statement {
  const isText = (one: unknown) => typeof one === 'string';
  const lists = ['Action', 'NotAction', 'Resource', 'NotResource'];
  return isObject(value)
    && isText(value.Effect)
    && lists.every((name) => listOf(value[name]).every(isText))
    && [value.Condition, ...Object.values(value.Condition ?? {})].every((one) => one === undefined || isObject(one));
}

/** Returns true if a value contains the statement of a policy. */
function hasStatement(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const own = isObject(value) ? listOf(value.Statement) : [];
  return own.some((statement) => isObject(statement) && 'Effect' in statement)
    || Object.values(value).some(hasStatement);
}
