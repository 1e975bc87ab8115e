import { Document, listOf, Policies, ResourcePolicy, Role, Statement } from './evaluate';
import { Place } from './identities';
import { ResolvableTemplate, Resolver, ResolverProps } from './resolve';

/**
 * AWS-managed policies whose content is known here: what they allow is not in the template.
 * In a pipeline of the library, CDK's provider that empties buckets alone has one.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html
 */
const AWS_MANAGED: { readonly [name: string]: Document } = {
  'AdministratorAccess': { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  'service-role/AWSLambdaBasicExecutionRole': {
    Statement: [{
      Effect: 'Allow',
      Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: ['*'],
    }],
  },
};

/** Whether the statements of an AWS-managed policy are known here. */
export function isKnownManaged(name: string): boolean {
  return Object.hasOwn(AWS_MANAGED, name);
}

/** The name of the AWS-managed policy that a document is. */
export function managedNameOf(document: Document): string | undefined {
  return Object.keys(AWS_MANAGED).find((name) => AWS_MANAGED[name] === document);
}

/** The types of resources that hold policies. */
const HOLDERS = [
  'AWS::ECR::Repository', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::KMS::Key',
  'AWS::S3::BucketPolicy', 'AWS::SecretsManager::ResourcePolicy', 'AWS::SNS::TopicPolicy',
];

type Properties = { readonly [name: string]: unknown };
type Holder = { readonly logicalId: string; readonly type: string; readonly properties: Properties };

/** Every policy that the template makes, resolved in one place. By default, whatever is not known throws. */
export function policiesOf(template: ResolvableTemplate, props: ResolverProps): Policies {
  return new Collector(template, new Resolver(template, props), props, (problem) => {
    throw new Error(problem);
  }).policies();
}

/** Every policy of a template as it is resolved already; tells what is not known instead of throwing. */
export function knownPoliciesOf(
  template: ResolvableTemplate, resolver: Resolver, place: Place, notKnown: (problem: string) => void,
): Policies {
  return new Collector(template, resolver, place, notKnown).policies();
}

/** The policies of several stacks in one account. What several stacks say about one role is put together. */
export function together(...all: Policies[]): Policies {
  const [{ account }] = all;
  if (all.some((one) => one.account !== account)) {
    throw new Error('the stacks are not in one account');
  }
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
    const holders = resources.filter(([logicalId, type]) => this.holdsPolicy(logicalId, type))
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

  private holdsPolicy(logicalId: string, type: string): boolean {
    if (!HOLDERS.includes(type) && hasStatement(this.template.Resources[logicalId].Properties)) {
      this.notKnown(`a policy in a resource of type ${type} is not known, in ${logicalId}`);
    }
    return HOLDERS.includes(type);
  }

  private collectRoles(holders: Holder[]): void {
    const ofRoles = holders.filter(({ type }) => type === 'AWS::IAM::Role');
    for (const { logicalId, type, properties } of ofRoles) {
      if (properties.PermissionsBoundary !== undefined) {
        this.notKnown(`permissions boundaries are not known, in ${logicalId} of type ${type}`);
      }
      const { Ref, Arn } = this.resolver.identity(logicalId);
      const inline = listOf(properties.Policies as ({ PolicyDocument?: unknown } | undefined)[]);
      const policies = inline.flatMap((policy) => this.document(policy?.PolicyDocument, logicalId));
      this.roles.set(Ref, { name: Ref, arn: Arn, policies });
    }
    const managed = this.attachedPolicies(holders);
    for (const { logicalId, properties } of ofRoles) {
      const { policies } = this.role(this.resolver.identity(logicalId).Ref);
      policies.push(...listOf(properties.ManagedPolicyArns as string[])
        .flatMap((arn) => managed.get(arn) ?? this.awsManaged(arn, logicalId)));
    }
  }

  /** Attaches policies to the roles that they name; gives the managed ones, which roles may name themselves. */
  private attachedPolicies(holders: Holder[]): Map<string, Document[]> {
    const managed = new Map<string, Document[]>();
    for (const { logicalId, type, properties } of holders) {
      if (!['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].includes(type)) {
        continue;
      }
      if ([...listOf(properties.Users), ...listOf(properties.Groups)].length > 0) {
        this.notKnown(`policies of users and groups are not known, in ${logicalId}`);
      }
      const documents = this.document(properties.PolicyDocument, logicalId);
      listOf(properties.Roles as string[]).forEach((name) => this.role(name).policies.push(...documents));
      if (type === 'AWS::IAM::ManagedPolicy') {
        managed.set(this.resolver.identity(logicalId).Ref, documents);
      }
    }
    return managed;
  }

  /** A role of the template, or one that the user brings, which is known by its name alone. */
  private role(name: string): { policies: Document[] } {
    const arn = `arn:${this.place.partition}:iam::${this.place.account}:role/${name}`;
    const known = this.roles.get(name) ?? { name, arn, policies: [] };
    this.roles.set(name, known);
    return known;
  }

  private awsManaged(arn: string, logicalId: string): Document[] {
    const [, name = ''] = /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn) ?? [];
    if (!isKnownManaged(name)) {
      this.notKnown(`the managed policy ${arn} is not known, in ${logicalId}`);
      return [];
    }
    return [AWS_MANAGED[name]];
  }

  private resourcePolicies({ logicalId, type, properties }: Holder): ResourcePolicy[] {
    const policy = (resource: string, value: unknown): ResourcePolicy[] =>
      (value === undefined ? [] : this.document(value, logicalId).map((document) => ({ resource, document })));
    const own = () => this.resolver.identity(logicalId).Arn;
    switch (type) {
      case 'AWS::ECR::Repository':
        return policy(own(), properties.RepositoryPolicyText);
      case 'AWS::IAM::Role':
        return policy(own(), properties.AssumeRolePolicyDocument);
      case 'AWS::KMS::Key':
        return policy(own(), properties.KeyPolicy);
      case 'AWS::S3::BucketPolicy':
        return policy(`arn:${this.place.partition}:s3:::${String(properties.Bucket)}`, properties.PolicyDocument);
      case 'AWS::SecretsManager::ResourcePolicy':
        return policy(String(properties.SecretId), properties.ResourcePolicy);
      case 'AWS::SNS::TopicPolicy':
        return listOf(properties.Topics as string[]).flatMap((topic) => policy(topic, properties.PolicyDocument));
      default:
        return [];
    }
  }

  /** A policy, with those of its statements that can be read. */
  private document(value: unknown, logicalId: string): Document[] {
    const statements = isObject(value) ? listOf(value.Statement) : [value];
    const readable = statements.filter(isStatement);
    if (readable.length === statements.length) {
      return [value as Document];
    }
    this.notKnown(`a policy that is not known, in ${logicalId}`);
    return [{ Statement: readable }];
  }

  /** The statement that Lambda adds to the policy of a function for a permission. */
  private permission(properties: Properties): ResourcePolicy[] {
    const { Action, FunctionName, Principal, SourceAccount, SourceArn, ...rest } = properties;
    const principal = String(Principal);
    if (Object.keys(rest).length > 0 || !String(FunctionName).startsWith('arn:')) {
      this.notKnown(`a permission for ${String(FunctionName)} with ${Object.keys(rest).join(', ')} is not known`);
      return [];
    }
    const statement: Statement = {
      Effect: 'Allow',
      Action: String(Action),
      Resource: String(FunctionName),
      Principal: principal.includes('.amazonaws.com') ? { Service: principal } : { AWS: principal },
      Condition: {
        ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } }),
        ...(SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
      },
    };
    return [{ resource: String(FunctionName), document: { Statement: statement } }];
  }
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStatement(value: unknown): value is Statement {
  const isText = (one: unknown) => typeof one === 'string';
  const lists = ['Action', 'NotAction', 'Resource', 'NotResource'];
  return isObject(value)
    && isText(value.Effect)
    && lists.every((name) => listOf(value[name]).every(isText))
    && [value.Condition, ...Object.values(value.Condition ?? {})].every((one) => one === undefined || isObject(one));
}

/** Whether something in a value is the statement of a policy. */
function hasStatement(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const own = isObject(value) ? listOf(value.Statement) : [];
  return own.some((statement) => isObject(statement) && 'Effect' in statement)
    || Object.values(value).some(hasStatement);
}
