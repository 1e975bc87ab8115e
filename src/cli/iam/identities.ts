/** Where a template is deployed. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
}

/** A resource whose identity is asked for, with its properties resolved. */
interface Named {
  readonly logicalId: string;
  readonly place: Place;
  /** A property of the resource as a string; undefined where it is not set. */
  readonly property: (name: string) => string | undefined;
}

/** What `Ref` and each `Fn::GetAtt` return. */
export interface Identity {
  readonly Ref: string;
  readonly [attribute: string]: string;
}

/** The property that holds the name of a resource, then `Ref` and the attributes, with `{…}` for what differs. */
interface Kind {
  readonly name?: string;
  readonly Ref: string;
  readonly [attribute: string]: string | undefined;
}

/**
 * What AWS documents under "Return values" on the page of each type.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
const KINDS: { readonly [type: string]: Kind } = {
  'AWS::CloudWatch::Alarm': { name: 'AlarmName', Ref: '{name}', Arn: '{arn:cloudwatch}alarm:{name}' },
  'AWS::CodeBuild::Project': { name: 'Name', Ref: '{name}', Arn: '{arn:codebuild}project/{name}' },
  'AWS::CodeBuild::ReportGroup': {
    name: 'Name',
    Ref: '{arn:codebuild}report-group/{name}',
    Arn: '{arn:codebuild}report-group/{name}',
  },
  'AWS::CodeDeploy::Application': { name: 'ApplicationName', Ref: '{name}' },
  'AWS::CodeDeploy::DeploymentConfig': { name: 'DeploymentConfigName', Ref: '{name}' },
  'AWS::CodeDeploy::DeploymentGroup': { name: 'DeploymentGroupName', Ref: '{name}' },
  'AWS::CodePipeline::Pipeline': { name: 'Name', Ref: '{name}' },
  'AWS::EC2::SecurityGroup': { Ref: 'sg-{id}', GroupId: 'sg-{id}' },
  'AWS::EC2::Subnet': { Ref: 'subnet-{id}' },
  'AWS::ECR::Repository': { name: 'RepositoryName', Ref: '{name}', Arn: '{arn:ecr}repository/{name}' },
  'AWS::ECS::Cluster': { name: 'ClusterName', Ref: '{name}', Arn: '{arn:ecs}cluster/{name}' },
  'AWS::ECS::Service': { name: 'ServiceName', Ref: '{arn:ecs}service/{Cluster}/{name}', Name: '{name}' },
  'AWS::ECS::TaskDefinition': { name: 'Family', Ref: '{arn:ecs}task-definition/{name}:{id}' },
  'AWS::ElasticLoadBalancingV2::Listener': { Ref: '{listener}/{id}' },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    name: 'Name',
    Ref: '{arn:elasticloadbalancing}loadbalancer/app/{name}/{id}',
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    name: 'Name',
    Ref: '{arn:elasticloadbalancing}targetgroup/{name}/{id}',
    TargetGroupName: '{name}',
  },
  'AWS::Events::Rule': { name: 'Name', Ref: '{name}', Arn: '{arn:events}rule/{name}' },
  'AWS::IAM::ManagedPolicy': { name: 'ManagedPolicyName', Ref: '{iam}policy/{name}', PolicyArn: '{iam}policy/{name}' },
  'AWS::IAM::Role': { name: 'RoleName', Ref: '{name}', Arn: '{iam}role{path}{name}' },
  'AWS::KMS::Key': { Ref: '{id}', Arn: '{arn:kms}key/{id}' },
  'AWS::Lambda::Function': { name: 'FunctionName', Ref: '{name}', Arn: '{arn:lambda}function:{name}' },
  // The attribute ends in `:*`, as policies for log streams need it.
  'AWS::Logs::LogGroup': { name: 'LogGroupName', Ref: '{name}', Arn: '{arn:logs}log-group:{name}:*' },
  'AWS::S3::Bucket': { name: 'BucketName', Ref: '{name}', Arn: 'arn:{partition}:s3:::{name}' },
  'AWS::SecretsManager::Secret': { name: 'Name', Ref: '{arn:secretsmanager}secret:{name}-{id}' },
  'AWS::SNS::Topic': { name: 'TopicName', Ref: '{arn:sns}{name}', TopicName: '{name}' },
};

export function hasIdentity(type: string): boolean {
  return Object.hasOwn(KINDS, type);
}

/** The identity of a resource; an unknown type throws, so that no ARN is a guess. */
export function identityOf(type: string, resource: Named): Identity {
  if (!hasIdentity(type)) {
    throw new Error(`the identity of a resource of type ${type} is not known, in ${resource.logicalId}`);
  }
  const { name, ...attributes } = KINDS[type];
  return Object.fromEntries(Object.entries(attributes).map(([attribute, text]) =>
    [attribute, String(text).replace(/\{([^}]+)\}/g, (_, part: string) => partOf(resource, part, name))])) as Identity;
}

/** AWS assigns ids at the deployment: the logical id stands for one, in angle brackets. */
function partOf(resource: Named, part: string, nameProperty = ''): string {
  const { logicalId, place: { partition, region, account, stackName }, property } = resource;
  const [kind, service] = part.split(':');
  switch (kind) {
    case 'arn': return `arn:${partition}:${service}:${region}:${account}:`;
    case 'iam': return `arn:${partition}:iam::${account}:`;
    case 'id': return `<${logicalId}>`;
    case 'listener': return String(property('LoadBalancerArn')).replace(':loadbalancer/', ':listener/');
    case 'name': return property(nameProperty) ?? `${stackName}-${logicalId}-<id>`;
    case 'partition': return partition;
    case 'path': return property('Path') ?? '/';
    default: return String(property(part));
  }
}
