import { Document, listOf, Policies, ResourcePolicy, Role } from './evaluate';
import { Place } from './identities';
import { ResolvableTemplate, Resolver, ResolverProps } from './resolve';

/**
 * AWS-managed policies that roles of the programs have: what they allow is not in the template.
 * Only CDK's provider that empties buckets has one.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html
 */
const AWS_MANAGED: { readonly [name: string]: Document } = {
  'service-role/AWSLambdaBasicExecutionRole': {
    Statement: [{ Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: ['*'] }],
  },
};

/** Where policies stand in a template. Any other resource that holds one throws. */
const HOLDERS = [
  'AWS::ECR::Repository', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::KMS::Key',
  'AWS::S3::BucketPolicy', 'AWS::SecretsManager::ResourcePolicy', 'AWS::SNS::TopicPolicy',
];

type Properties = { readonly [name: string]: unknown };

/** Every policy that the template makes, resolved in one place. */
export function policiesOf(template: ResolvableTemplate, props: ResolverProps): Policies {
  const resolver = new Resolver(template, props);
  const resources = resolver.resources();
  const holders = resources
    .filter(([logicalId, type]) => holdsPolicy(template.Resources[logicalId].Properties, logicalId, type))
    .map(([logicalId, type]): [string, string, Properties] => [logicalId, type, resolver.properties(logicalId)]);
  return {
    account: props.account,
    roles: rolesOf(resolver, holders, props),
    resourcePolicies: [
      ...holders.flatMap(([logicalId, type, properties]) => resourcePoliciesOf(resolver, logicalId, type, properties)),
      ...resources.filter(([, type]) => type === 'AWS::Lambda::Permission').map(([logicalId]) => permission(resolver.properties(logicalId))),
    ],
  };
}

/** The policies of several stacks in one account. */
export function together(...all: Policies[]): Policies {
  const [{ account }] = all;
  if (all.some((one) => one.account !== account)) {
    throw new Error('the stacks are not in one account');
  }
  return { account, roles: all.flatMap(({ roles }) => roles), resourcePolicies: all.flatMap(({ resourcePolicies }) => resourcePolicies) };
}

function holdsPolicy(value: unknown, logicalId: string, type: string): boolean {
  if (HOLDERS.includes(type)) {
    return true;
  }
  if (typeof value === 'object' && value !== null) {
    if ('Statement' in value) {
      throw new Error(`a policy in a resource of type ${type} is not known, in ${logicalId}`);
    }
    Object.values(value).forEach((inner) => holdsPolicy(inner, logicalId, type));
  }
  return false;
}

function rolesOf(resolver: Resolver, holders: [string, string, Properties][], place: Place): Role[] {
  const roles = new Map<string, { name: string; arn: string; policies: Document[] }>();
  for (const [logicalId, type, properties] of holders.filter(([, holder]) => holder === 'AWS::IAM::Role')) {
    if (properties.PermissionsBoundary !== undefined) {
      throw new Error(`permissions boundaries are not known, in ${logicalId} of type ${type}`);
    }
    const { Ref, Arn } = resolver.identity(logicalId);
    const inline = (properties.Policies ?? []) as { PolicyDocument: Document }[];
    roles.set(Ref, { name: Ref, arn: Arn, policies: inline.map(({ PolicyDocument }) => PolicyDocument) });
  }
  // A role that the user brings is known by its name alone.
  const role = (name: string) => {
    const known = roles.get(name) ?? { name, arn: `arn:${place.partition}:iam::${place.account}:role/${name}`, policies: [] };
    roles.set(name, known);
    return known;
  };
  const managed = new Map<string, Document>();
  for (const [logicalId, type, properties] of holders.filter(([, holder]) => ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].includes(holder))) {
    if ([...listOf(properties.Users), ...listOf(properties.Groups)].length > 0) {
      throw new Error(`policies of users and groups are not known, in ${logicalId}`);
    }
    const document = properties.PolicyDocument as Document;
    listOf(properties.Roles as string[]).forEach((name) => role(name).policies.push(document));
    if (type === 'AWS::IAM::ManagedPolicy') {
      managed.set(resolver.identity(logicalId).Ref, document);
    }
  }
  for (const [logicalId, , properties] of holders.filter(([, type]) => type === 'AWS::IAM::Role')) {
    const { policies } = role(resolver.identity(logicalId).Ref);
    policies.push(...listOf(properties.ManagedPolicyArns as string[]).map((arn) => managed.get(arn) ?? awsManaged(arn, logicalId)));
  }
  return [...roles.values()];
}

function awsManaged(arn: string, logicalId: string): Document {
  const [, name = ''] = /^arn:[\w-]+:iam::aws:policy\/(.+)$/.exec(arn) ?? [];
  if (!Object.hasOwn(AWS_MANAGED, name)) {
    throw new Error(`the managed policy ${arn} is not known, in ${logicalId}`);
  }
  return AWS_MANAGED[name];
}

function resourcePoliciesOf(resolver: Resolver, logicalId: string, type: string, properties: Properties): ResourcePolicy[] {
  const policy = (resource: string, document: unknown): ResourcePolicy[] =>
    (document === undefined ? [] : [{ resource, document: document as Document }]);
  switch (type) {
    case 'AWS::ECR::Repository':
      return policy(resolver.identity(logicalId).Arn, properties.RepositoryPolicyText);
    case 'AWS::IAM::Role':
      return policy(resolver.identity(logicalId).Arn, properties.AssumeRolePolicyDocument);
    case 'AWS::KMS::Key':
      return policy(resolver.identity(logicalId).Arn, properties.KeyPolicy);
    case 'AWS::S3::BucketPolicy':
      return policy(`arn:${resolver.text({ Ref: 'AWS::Partition' })}:s3:::${String(properties.Bucket)}`, properties.PolicyDocument);
    case 'AWS::SecretsManager::ResourcePolicy':
      return policy(String(properties.SecretId), properties.ResourcePolicy);
    case 'AWS::SNS::TopicPolicy':
      return listOf(properties.Topics as string[]).flatMap((topic) => policy(topic, properties.PolicyDocument));
    default:
      return [];
  }
}

/** What Lambda writes into the policy of a function for a permission. */
function permission({ Action, FunctionName, Principal, SourceAccount, SourceArn, ...rest }: Properties): ResourcePolicy {
  const principal = String(Principal);
  if (Object.keys(rest).length > 0 || !String(FunctionName).startsWith('arn:')) {
    throw new Error(`a permission for ${String(FunctionName)} with ${Object.keys(rest).join(', ')} is not known`);
  }
  return {
    resource: String(FunctionName),
    document: {
      Statement: {
        Effect: 'Allow',
        Action: String(Action),
        Resource: String(FunctionName),
        Principal: principal.includes('.amazonaws.com') ? { Service: principal } : { AWS: principal },
        Condition: {
          ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } }),
          ...(SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
        },
      },
    },
  };
}
