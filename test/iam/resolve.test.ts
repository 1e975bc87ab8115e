import { policiesOf, together } from '../../src/cli/iam/collect';
import { ResolvableTemplate, Resolver } from '../../src/cli/iam/resolve';

const PLACE = { partition: 'aws-us-gov', region: 'us-gov-west-1', account: '111111111111', stackName: 'Stack' };
const HERE = 'aws-us-gov:SERVICE:us-gov-west-1:111111111111';
const arn = (service: string, rest: string) => `arn:${HERE.replace('SERVICE', service)}:${rest}`;

/** A template with one named resource of each kind; the names say what they are. */
const TEMPLATE: ResolvableTemplate = {
  Parameters: {
    Plain: { Type: 'String', Default: 'plain' },
    Zones: { Type: 'List<String>', Default: 'a,b' },
    Needed: { Type: 'String' },
    Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/name/of/it' },
  },
  Mappings: { Regions: { 'us-gov-west-1': { Short: 'ugw1' } } },
  Conditions: {
    IsGov: { 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws-us-gov'] },
    IsChina: { 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws-cn'] },
    Neither: { 'Fn::Not': [{ 'Fn::Or': [{ Condition: 'IsGov' }, { Condition: 'IsChina' }] }] },
    Both: { 'Fn::And': [{ Condition: 'IsGov' }, { Condition: 'IsChina' }] },
  },
  Resources: {
    Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName: 'alarm' } },
    Project: { Type: 'AWS::CodeBuild::Project', Properties: { Name: 'project' } },
    Reports: { Type: 'AWS::CodeBuild::ReportGroup', Properties: { Name: 'reports' } },
    Application: { Type: 'AWS::CodeDeploy::Application', Properties: { ApplicationName: 'application' } },
    Config: { Type: 'AWS::CodeDeploy::DeploymentConfig', Properties: { DeploymentConfigName: 'config' } },
    Group: { Type: 'AWS::CodeDeploy::DeploymentGroup', Properties: { DeploymentGroupName: 'group' } },
    Pipeline: { Type: 'AWS::CodePipeline::Pipeline', Properties: { Name: 'pipeline' } },
    Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'repository' } },
    Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'cluster' } },
    Service: { Type: 'AWS::ECS::Service', Properties: { ServiceName: 'service', Cluster: { Ref: 'Cluster' } } },
    Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Name: 'balancer' } },
    Listener: { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { LoadBalancerArn: { Ref: 'Balancer' } } },
    Targets: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Name: 'targets' } },
    Rule: { Type: 'AWS::Events::Rule', Properties: { Name: 'rule' } },
    Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'managed' } },
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'role' } },
    Deep: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'deep', Path: '/teams/' } },
    Unnamed: { Type: 'AWS::IAM::Role' },
    Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'function' } },
    Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/logs' } },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Join': ['-', ['bucket', { Ref: 'AWS::Region' }]] } } },
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'secret' } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'topic' } },
    Subnet: { Type: 'AWS::EC2::Subnet' },
    Firewall: { Type: 'AWS::EC2::SecurityGroup' },
    Key: { Type: 'AWS::KMS::Key' },
    Wide: { Type: 'AWS::EC2::Vpc' },
    Chicken: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::GetAtt': ['Egg', 'TopicName'] } } },
    Egg: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::GetAtt': ['Chicken', 'TopicName'] } } },
    Abroad: { Type: 'AWS::SNS::Topic', Condition: 'IsChina' },
  },
};

const resolver = new Resolver(TEMPLATE, { ...PLACE, exports: { shared: 'arn:shared' } });
const att = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] });

describe('what Ref and Fn::GetAtt return', () => {
  test.each<[unknown, string]>([
    [{ Ref: 'Alarm' }, 'alarm'],
    [att('Alarm', 'Arn'), arn('cloudwatch', 'alarm:alarm')],
    [{ Ref: 'Project' }, 'project'],
    [att('Project', 'Arn'), arn('codebuild', 'project/project')],
    [{ Ref: 'Reports' }, arn('codebuild', 'report-group/reports')],
    [att('Reports', 'Arn'), arn('codebuild', 'report-group/reports')],
    [{ Ref: 'Application' }, 'application'],
    [{ Ref: 'Config' }, 'config'],
    [{ Ref: 'Group' }, 'group'],
    [{ Ref: 'Pipeline' }, 'pipeline'],
    [{ Ref: 'Repository' }, 'repository'],
    [att('Repository', 'Arn'), arn('ecr', 'repository/repository')],
    [{ Ref: 'Cluster' }, 'cluster'],
    [att('Cluster', 'Arn'), arn('ecs', 'cluster/cluster')],
    [{ Ref: 'Service' }, arn('ecs', 'service/cluster/service')],
    [att('Service', 'Name'), 'service'],
    [{ Ref: 'Balancer' }, arn('elasticloadbalancing', 'loadbalancer/app/balancer/<Balancer>')],
    [{ Ref: 'Listener' }, arn('elasticloadbalancing', 'listener/app/balancer/<Balancer>/<Listener>')],
    [{ Ref: 'Targets' }, arn('elasticloadbalancing', 'targetgroup/targets/<Targets>')],
    [{ Ref: 'Rule' }, 'rule'],
    [att('Rule', 'Arn'), arn('events', 'rule/rule')],
    [{ Ref: 'Managed' }, 'arn:aws-us-gov:iam::111111111111:policy/managed'],
    [{ Ref: 'Role' }, 'role'],
    [att('Role', 'Arn'), 'arn:aws-us-gov:iam::111111111111:role/role'],
    [att('Deep', 'Arn'), 'arn:aws-us-gov:iam::111111111111:role/teams/deep'],
    [att('Unnamed', 'Arn'), 'arn:aws-us-gov:iam::111111111111:role/Stack-Unnamed-<id>'],
    [{ Ref: 'Function' }, 'function'],
    [att('Function', 'Arn'), arn('lambda', 'function:function')],
    [{ Ref: 'Logs' }, '/logs'],
    [att('Logs', 'Arn'), arn('logs', 'log-group:/logs:*')],
    [{ Ref: 'Bucket' }, 'bucket-us-gov-west-1'],
    [att('Bucket', 'Arn'), 'arn:aws-us-gov:s3:::bucket-us-gov-west-1'],
    [{ Ref: 'Secret' }, arn('secretsmanager', 'secret:secret-<Secret>')],
    [{ Ref: 'Topic' }, arn('sns', 'topic')],
    [att('Topic', 'TopicName'), 'topic'],
    [{ Ref: 'Subnet' }, 'subnet-<Subnet>'],
    [att('Firewall', 'GroupId'), 'sg-<Firewall>'],
    [{ Ref: 'Key' }, '<Key>'],
    [att('Key', 'Arn'), arn('kms', 'key/<Key>')],
  ])('%j', (value, expected) => {
    expect(resolver.value(value)).toEqual(expected);
  });
});

describe('intrinsic functions', () => {
  test.each<[unknown, unknown]>([
    [{ Ref: 'AWS::AccountId' }, '111111111111'],
    [{ Ref: 'AWS::Partition' }, 'aws-us-gov'],
    [{ Ref: 'AWS::Region' }, 'us-gov-west-1'],
    [{ Ref: 'AWS::StackName' }, 'Stack'],
    [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    [{ Ref: 'Plain' }, 'plain'],
    [{ Ref: 'Zones' }, ['a', 'b']],
    [{ 'Fn::Join': [':', ['a', { Ref: 'Plain' }, 3]] }, 'a:plain:3'],
    [{ 'Fn::Join': ['+', { Ref: 'Zones' }] }, 'a+b'],
    [{ 'Fn::Split': ['-', { Ref: 'AWS::Region' }] }, ['us', 'gov', 'west', '1']],
    [{ 'Fn::Select': ['2', { 'Fn::Split': ['-', { Ref: 'AWS::Region' }] }] }, 'west'],
    [{ 'Fn::Sub': 'arn:${AWS::Partition}:${Alarm.Arn}:${Alarm}:${!Literal}' }, `arn:aws-us-gov:${arn('cloudwatch', 'alarm:alarm')}:alarm:\${Literal}`],
    [{ 'Fn::Sub': ['${Own}/${Plain}', { Own: 'own' }] }, 'own/plain'],
    [{ 'Fn::GetAtt': 'Alarm.Arn' }, arn('cloudwatch', 'alarm:alarm')],
    [{ 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'Short'] }, 'ugw1'],
    [{ 'Fn::If': ['IsGov', 'yes', 'no'] }, 'yes'],
    [{ 'Fn::If': ['IsChina', 'yes', { Ref: 'Plain' }] }, 'plain'],
    [{ 'Fn::If': ['Neither', 'yes', 'no'] }, 'no'],
    [{ 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
    [{ 'Fn::ImportValue': 'shared' }, 'arn:shared'],
    [{ a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1, true, null] }, { b: [1, true, null] }],
    [{ Ref: 'AWS::NoValue' }, undefined],
    [{ Ref: 'Plain', more: 1 }, { Ref: 'Plain', more: 1 }],
  ])('%j', (value, expected) => {
    expect(resolver.value(value)).toEqual(expected);
  });

  test('a resource whose condition is false does not exist', () => {
    expect(resolver.resources().map(([id]) => id)).toEqual(Object.keys(TEMPLATE.Resources).filter((id) => id !== 'Abroad'));
  });

  test('a parameter takes the value it is given', () => {
    const given = new Resolver(TEMPLATE, { ...PLACE, parameters: { Plain: 'given', Stored: 'what it holds' } });
    expect(given.value([{ Ref: 'Plain' }, { Ref: 'Stored' }])).toEqual(['given', 'what it holds']);
  });

  test.each<[string, unknown, string]>([
    ['a function', { 'Fn::Base64': 'a' }, 'Fn::Base64 is not known'],
    ['a logical id', { Ref: 'Nobody' }, 'the template has no Nobody'],
    ['a name that every object has', { Ref: 'constructor' }, 'the template has no constructor'],
    ['a pseudo parameter', { Ref: 'AWS::StackId' }, 'the template has no AWS::StackId'],
    ['a type', { Ref: 'Wide' }, 'the identity of a resource of type AWS::EC2::Vpc is not known, in Wide'],
    ['an attribute', att('Alarm', 'Colour'), 'the attribute Colour of a resource of type AWS::CloudWatch::Alarm is not known, in Alarm'],
    ['an attribute that is a function', att('Alarm', 'Ref'), 'the attribute Ref of a resource of type AWS::CloudWatch::Alarm is not known'],
    ['a parameter without a value', { Ref: 'Needed' }, 'the parameter Needed has no value'],
    ['a parameter whose value is elsewhere', { Ref: 'Stored' }, 'the parameter Stored has no value'],
    ['a mapping', { 'Fn::FindInMap': ['Regions', 'eu-west-1', 'Short'] }, 'the template maps nothing to Regions.eu-west-1.Short'],
    ['a condition', { 'Fn::If': ['Maybe', 1, 2] }, 'the template has no condition Maybe'],
    ['an export', { 'Fn::ImportValue': 'private' }, 'no stack exports private'],
    ['an item', { 'Fn::Select': [4, ['a']] }, 'there is no such item'],
    ['a text that is a list', { 'Fn::Join': ['', [{ Ref: 'Zones' }]] }, 'not a text: '],
    ['a list that is a text', { 'Fn::Join': ['', 'ab'] }, 'not a list: "ab"'],
    ['a secret', '{{resolve:secretsmanager:a}}', 'a dynamic reference has no value before the deployment'],
    ['a circle', { Ref: 'Chicken' }, 'resources depend on each other: Chicken > Egg > Chicken'],
  ])('%s that is not known throws', (_, value, message) => {
    expect(() => resolver.value(value)).toThrow(message);
  });
});

describe('what policies a template holds', () => {
  const statement = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' });
  const document = (Action: string) => ({ Statement: [statement(Action)] });
  const collect = (Resources: ResolvableTemplate['Resources']) => policiesOf({ Resources }, PLACE);
  const role = (more: { [name: string]: unknown } = {}) => ({ Type: 'AWS::IAM::Role', Properties: { RoleName: 'role', AssumeRolePolicyDocument: document('sts:AssumeRole'), ...more } });
  const ROLE = 'arn:aws-us-gov:iam::111111111111:role/role';
  const LAMBDA = 'arn:aws-us-gov:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

  test('a role has its inline policies, those attached to it either way, and its trust policy', () => {
    expect(collect({
      Role: role({ Policies: [{ PolicyName: 'p', PolicyDocument: document('a:Inline') }], ManagedPolicyArns: [{ Ref: 'Named' }, LAMBDA] }),
      Attached: { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'p', Roles: [{ Ref: 'Role' }], PolicyDocument: document('a:Attached') } },
      Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: document('a:Managed') } },
      Named: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document('a:Named') } },
    })).toEqual({
      account: '111111111111',
      roles: [{
        name: 'role',
        arn: ROLE,
        policies: [
          document('a:Inline'), document('a:Attached'), document('a:Managed'), document('a:Named'),
          { Statement: [{ ...statement(''), Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: ['*'] }] },
        ],
      }],
      resourcePolicies: [{ resource: ROLE, document: document('sts:AssumeRole') }],
    });
  });

  test('a role that the user brings has what the template attaches to it', () => {
    expect(collect({ Attached: { Type: 'AWS::IAM::Policy', Properties: { Roles: ['theirs'], PolicyDocument: document('a:Attached') } } }).roles)
      .toEqual([{ name: 'theirs', arn: 'arn:aws-us-gov:iam::111111111111:role/theirs', policies: [document('a:Attached')] }]);
  });

  test('a resource has its own', () => {
    expect(collect({
      Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'repository', RepositoryPolicyText: document('ecr:A') } },
      Bare: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'bare' } },
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: document('kms:A') } },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'bucket' } },
      OfBucket: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: document('s3:A') } },
      Secret: { Type: 'AWS::SecretsManager::ResourcePolicy', Properties: { SecretId: 'arn:secret', ResourcePolicy: document('secretsmanager:A') } },
      Topics: { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: ['arn:one', 'arn:two'], PolicyDocument: document('sns:A') } },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: { Action: 'lambda:InvokeFunction', FunctionName: 'arn:function', Principal: 'events.amazonaws.com', SourceArn: 'arn:rule', SourceAccount: '1' },
      },
    }).resourcePolicies).toEqual([
      { resource: arn('ecr', 'repository/repository'), document: document('ecr:A') },
      { resource: expect.stringContaining(':key/'), document: document('kms:A') },
      { resource: 'arn:aws-us-gov:s3:::bucket', document: document('s3:A') },
      { resource: 'arn:secret', document: document('secretsmanager:A') },
      { resource: 'arn:one', document: document('sns:A') },
      { resource: 'arn:two', document: document('sns:A') },
      {
        resource: 'arn:function',
        document: {
          Statement: {
            Effect: 'Allow',
            Action: 'lambda:InvokeFunction',
            Resource: 'arn:function',
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { ArnLike: { 'aws:SourceArn': 'arn:rule' }, StringEquals: { 'aws:SourceAccount': '1' } },
          },
        },
      },
    ]);
  });

  test('stacks of two accounts are not put together', () => {
    expect(() => together(policiesOf({ Resources: {} }, PLACE), policiesOf({ Resources: {} }, { ...PLACE, account: '222222222222' })))
      .toThrow('the stacks are not in one account');
  });

  test.each<[string, ResolvableTemplate['Resources'], string]>([
    ['a managed policy of AWS', { Role: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess'] }) }, 'the managed policy arn:aws:iam::aws:policy/PowerUserAccess is not known, in Role'],
    ['a boundary', { Role: role({ PermissionsBoundary: 'arn' }) }, 'permissions boundaries are not known, in Role'],
    ['a user', { Policy: { Type: 'AWS::IAM::Policy', Properties: { Users: ['jane'], PolicyDocument: document('a:A') } } }, 'policies of users and groups are not known, in Policy'],
    ['a holder of policies', { Queue: { Type: 'AWS::SQS::QueuePolicy', Properties: { PolicyDocument: document('sqs:A') } } }, 'a policy in a resource of type AWS::SQS::QueuePolicy is not known, in Queue'],
    ['a permission', { P: { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: 'arn:function', PrincipalOrgID: 'o-1' } } }, 'a permission for arn:function with PrincipalOrgID is not known'],
  ])('%s that is not known throws', (_, Resources, message) => {
    expect(() => collect(Resources)).toThrow(message);
  });
});
