import { Resource, SynthesisedTemplate } from './synthesis';
import { rendered } from './templates';

/** The scope in which a name must be unique, beyond type, environment and suffix. */
type Scope = 'region' | 'account' | 'world';

/** For each type the name property, its length limit, and the scope in which it must be unique (the API reference of each service). */
export const NAMED: { readonly [type: string]: readonly [property: string, limit: number, scope: Scope] } = {
  'AWS::ApplicationAutoScaling::ScalingPolicy': ['PolicyName', 256, 'region'],
  'AWS::CloudWatch::Alarm': ['AlarmName', 255, 'region'],
  'AWS::CloudWatch::Dashboard': ['DashboardName', 255, 'account'],
  'AWS::CodeBuild::Project': ['Name', 150, 'region'],
  'AWS::CodeBuild::ReportGroup': ['Name', 128, 'region'],
  'AWS::CodeDeploy::Application': ['ApplicationName', 100, 'region'],
  'AWS::CodeDeploy::DeploymentConfig': ['DeploymentConfigName', 100, 'region'],
  'AWS::CodeDeploy::DeploymentGroup': ['DeploymentGroupName', 100, 'region'],
  'AWS::CodePipeline::Pipeline': ['Name', 100, 'region'],
  'AWS::EC2::SecurityGroup': ['GroupName', 255, 'region'],
  'AWS::ECR::Repository': ['RepositoryName', 256, 'region'],
  'AWS::ECS::Cluster': ['ClusterName', 255, 'region'],
  'AWS::ECS::Service': ['ServiceName', 255, 'region'],
  'AWS::ECS::TaskDefinition': ['Family', 255, 'region'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['Name', 32, 'region'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['Name', 32, 'region'],
  'AWS::Events::Rule': ['Name', 64, 'region'],
  'AWS::IAM::Policy': ['PolicyName', 128, 'region'],
  'AWS::IAM::Role': ['RoleName', 64, 'account'],
  'AWS::Lambda::Function': ['FunctionName', 64, 'region'],
  'AWS::Logs::LogGroup': ['LogGroupName', 512, 'region'],
  'AWS::S3::Bucket': ['BucketName', 63, 'world'],
  'AWS::SNS::Topic': ['TopicName', 256, 'region'],
  'AWS::SecretsManager::Secret': ['Name', 512, 'region'],
  'AWS::StepFunctions::StateMachine': ['StateMachineName', 80, 'region'],
};

/** Types with an ID instead of a name; they have a `Name` tag. */
const TAGGED = ['AWS::EC2::EIP', 'AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway', 'AWS::EC2::RouteTable', 'AWS::EC2::Subnet', 'AWS::EC2::VPC'];

/** Types with neither: parts and connections of other resources. */
const NAMELESS = [
  'AWS::ApplicationAutoScaling::ScalableTarget', 'AWS::EC2::Route', 'AWS::EC2::SecurityGroupEgress', 'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::SubnetRouteTableAssociation', 'AWS::EC2::VPCGatewayAttachment', 'AWS::ElasticLoadBalancingV2::Listener', 'AWS::Lambda::Permission', 'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription', 'AWS::SNS::TopicPolicy', 'AWS::SecretsManager::ResourcePolicy', 'AWS::SecretsManager::RotationSchedule',
  'Custom::LiveColour', 'Custom::S3AutoDeleteObjects',
];

/** CDK's own function that empties buckets, one per stack, whose name CloudFormation generates. */
const HELPER = /^CustomS3AutoDeleteObjectsCustomResourceProvider(Role|Handler)/;

/** A physical name, or a `Name` tag in its place. */
export interface Name {
  /** The logical id of the resource. */
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly limit: number;
  readonly scope: Scope;
}

function tagOf(properties: Resource['Properties']): string | undefined {
  return ((properties.Tags ?? []) as { Key: string; Value: string }[]).find(({ Key }) => Key === 'Name')?.Value;
}

/** Every physical name of a program, and every `Name` tag. */
export function namesOf(template: SynthesisedTemplate, given: string[] = []): Name[] {
  const ours = Object.entries(template.Resources).filter(([id]) => !given.includes(id) && !HELPER.test(id));
  return ours.flatMap(([id, { Type, Properties }]): Name[] => {
    const inline = ((Properties?.Policies ?? []) as { PolicyName: string }[])
      .map(({ PolicyName }): Name => ({ id, type: 'inline policy', name: PolicyName, limit: 128, scope: 'region' }));
    if (NAMED[Type]) {
      const [property, limit, scope] = NAMED[Type];
      const name = Properties[property] === undefined ? `${id} has no name` : rendered(Properties[property]);
      return [{ id, type: Type, name, limit, scope }, ...inline];
    }
    if (TAGGED.includes(Type)) {
      return [{ id, type: Type, name: tagOf(Properties) ?? `${id} has no tag`, limit: 256, scope: 'region' }];
    }
    return NAMELESS.includes(Type) ? [] : [{ id, type: Type, name: `${id} is of a type that this test does not know`, limit: 0, scope: 'region' }];
  });
}

/** A name with the longest account and region. */
export function longest(name: string): string {
  return name.replace('${AWS::AccountId}', '111111111111').replace(/\$\{AWS::Region\}|us-east-1/, 'ap-southeast-1');
}

/** The names that exceed the limit of AWS. */
export function tooLong(names: Name[]): string[] {
  return names.filter(({ name, limit }) => longest(name).length > limit).map(({ type, name, limit }) => `${type} ${name} > ${limit}`);
}

const TAIL: { readonly [scope in Scope]: string } = {
  region: '',
  account: '-(us-east-1|\\$\\{AWS::Region\\})',
  world: '-\\$\\{AWS::AccountId\\}-(us-east-1|\\$\\{AWS::Region\\})',
};

/** The names that do not consist of type, environment and suffix, with region and account where required. */
export function misnamed(names: Name[], suffix: string, environmentNames: string[]): Name[] {
  const environment = `(-(${environmentNames.join('|')}))?`;
  return names.filter(({ name, scope }) => !new RegExp(`^[a-z]+(-[a-z0-9]+)*?${environment}-${suffix}${TAIL[scope]}$`).test(name));
}

/** The names that two resources of a type share; inline policies have names within a role. */
export function usedTwice(names: Name[]): string[] {
  const used = names.filter(({ type }) => type !== 'inline policy').map(({ type, name }) => `${type} ${name}`);
  return used.filter((name, index) => used.indexOf(name) !== index);
}
