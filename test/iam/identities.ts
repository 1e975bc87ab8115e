import { createHash } from 'crypto';

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
  /** A property of the resource as a text; undefined where it is not set. */
  readonly property: (name: string) => string | undefined;
}

/** What `Ref` and each `Fn::GetAtt` return. */
export interface Identity {
  readonly Ref: string;
  readonly [attribute: string]: string;
}

/** What only CloudFormation knows before a deployment: made up, and the same each time. */
function madeUp({ logicalId, place }: Named, length: number): string {
  return createHash('sha256').update(`${place.stackName}/${logicalId}`).digest('hex').slice(0, length);
}

/** The physical name of a resource: the one that its properties give, or one made as CloudFormation makes it. */
function nameOf(resource: Named, property: string): string {
  return resource.property(property) ?? `${resource.place.stackName}-${resource.logicalId}-${madeUp(resource, 12)}`.toLowerCase();
}

function arn({ place: { partition, region, account } }: Named, service: string, rest: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${rest}`;
}

function named(property: string, service: string, rest: (name: string) => string): (resource: Named) => Identity {
  return (resource) => {
    const name = nameOf(resource, property);
    return { Ref: name, Arn: arn(resource, service, rest(name)) };
  };
}

function onlyNamed(property: string): (resource: Named) => Identity {
  return (resource) => ({ Ref: nameOf(resource, property) });
}

/**
 * What AWS documents under "Return values" on the page of each type.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
const IDENTITIES: { readonly [type: string]: (resource: Named) => Identity } = {
  'AWS::CloudWatch::Alarm': named('AlarmName', 'cloudwatch', (name) => `alarm:${name}`),
  'AWS::CodeBuild::Project': named('Name', 'codebuild', (name) => `project/${name}`),
  'AWS::CodeBuild::ReportGroup': (resource) => {
    const own = arn(resource, 'codebuild', `report-group/${nameOf(resource, 'Name')}`);
    return { Ref: own, Arn: own };
  },
  'AWS::CodeDeploy::Application': onlyNamed('ApplicationName'),
  'AWS::CodeDeploy::DeploymentConfig': onlyNamed('DeploymentConfigName'),
  'AWS::CodeDeploy::DeploymentGroup': onlyNamed('DeploymentGroupName'),
  'AWS::CodePipeline::Pipeline': onlyNamed('Name'),
  'AWS::EC2::SecurityGroup': (resource) => ({ Ref: `sg-0${madeUp(resource, 16)}`, GroupId: `sg-0${madeUp(resource, 16)}` }),
  'AWS::EC2::Subnet': (resource) => ({ Ref: `subnet-0${madeUp(resource, 16)}` }),
  'AWS::ECR::Repository': named('RepositoryName', 'ecr', (name) => `repository/${name}`),
  'AWS::ECS::Cluster': named('ClusterName', 'ecs', (name) => `cluster/${name}`),
  'AWS::ECS::Service': (resource) => {
    const name = nameOf(resource, 'ServiceName');
    return { Ref: arn(resource, 'ecs', `service/${resource.property('Cluster')}/${name}`), Name: name };
  },
  'AWS::ElasticLoadBalancingV2::Listener': (resource) => ({
    Ref: `${String(resource.property('LoadBalancerArn')).replace(':loadbalancer/', ':listener/')}/${madeUp(resource, 16)}`,
  }),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (resource) => ({
    Ref: arn(resource, 'elasticloadbalancing', `loadbalancer/app/${nameOf(resource, 'Name')}/${madeUp(resource, 16)}`),
  }),
  'AWS::ElasticLoadBalancingV2::TargetGroup': (resource) => ({
    Ref: arn(resource, 'elasticloadbalancing', `targetgroup/${nameOf(resource, 'Name')}/${madeUp(resource, 16)}`),
  }),
  'AWS::Events::Rule': named('Name', 'events', (name) => `rule/${name}`),
  'AWS::IAM::ManagedPolicy': (resource) => {
    const { partition, account } = resource.place;
    const own = `arn:${partition}:iam::${account}:policy/${nameOf(resource, 'ManagedPolicyName')}`;
    return { Ref: own, PolicyArn: own };
  },
  'AWS::IAM::Role': (resource) => {
    const { partition, account } = resource.place;
    const name = nameOf(resource, 'RoleName');
    return { Ref: name, Arn: `arn:${partition}:iam::${account}:role${resource.property('Path') ?? '/'}${name}` };
  },
  'AWS::KMS::Key': (resource) => ({ Ref: madeUp(resource, 32), Arn: arn(resource, 'kms', `key/${madeUp(resource, 32)}`) }),
  'AWS::Lambda::Function': named('FunctionName', 'lambda', (name) => `function:${name}`),
  // The attribute ends in `:*`, as policies for log streams need it.
  'AWS::Logs::LogGroup': named('LogGroupName', 'logs', (name) => `log-group:${name}:*`),
  'AWS::S3::Bucket': (resource) => {
    const name = nameOf(resource, 'BucketName');
    return { Ref: name, Arn: `arn:${resource.place.partition}:s3:::${name}` };
  },
  'AWS::SecretsManager::Secret': (resource) => ({ Ref: arn(resource, 'secretsmanager', `secret:${nameOf(resource, 'Name')}-${madeUp(resource, 6)}`) }),
  'AWS::SNS::Topic': (resource) => {
    const name = nameOf(resource, 'TopicName');
    return { Ref: arn(resource, 'sns', name), TopicName: name };
  },
};

export function hasIdentity(type: string): boolean {
  return Object.hasOwn(IDENTITIES, type);
}

/** The identity of a resource; a type that nobody has looked up yet throws, so that no ARN is a guess. */
export function identityOf(type: string, resource: Named): Identity {
  if (!hasIdentity(type)) {
    throw new Error(`the identity of a resource of type ${type} is not known, in ${resource.logicalId}`);
  }
  return IDENTITIES[type](resource);
}
