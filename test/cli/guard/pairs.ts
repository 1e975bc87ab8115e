import {
  aws_certificatemanager as acm, aws_codeconnections as connections, aws_dynamodb as dynamodb, aws_lambda as lambda, aws_route53 as route53,
  aws_s3 as s3, aws_ssm as ssm, RemovalPolicy, Stack,
} from 'aws-cdk-lib';
import { Storefront } from '../../../bench/contestants/stock';
import { PipelineEnvironment } from '../../../src';
import { Code } from '../../../src/cli/guard/findings';
import { cdklabs, native } from '../../helpers/other-authors';
import { newStack, pipelineIn, Resource, SynthesisedTemplate, templateOf } from '../../helpers/synthesis';

/** Two versions of a template, and the findings about the step from one to the other. */
export interface Pair {
  readonly before: SynthesisedTemplate;
  readonly after: SynthesisedTemplate;
  readonly codes: readonly Code[];
}

type Properties = { [name: string]: any };
type Edit = (template: SynthesisedTemplate) => void;

const once = <T>(make: () => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};
const templateWith = (make: (stack: Stack) => void) => once(() => {
  const stack = newStack();
  make(stack);
  return templateOf(stack);
});

const ours = templateWith((stack) => pipelineIn(stack, {
  environments: [PipelineEnvironment.production({
    certificate: new acm.Certificate(stack, 'Certificate', { domainName: 'shop.example.com', subjectAlternativeNames: ['www.example.com'] }),
  })],
}));
const stock = once(() => templateOf(new Storefront(newStack().node.root as never, 'Stock', 'dev')));
const labs = templateWith(cdklabs);
const byEcs = templateWith(native);

const plain = templateWith((stack) => pipelineIn(stack));
const renamed = templateWith((stack) => pipelineIn(stack, {}, 'Other'));
/** Resources of a user outside of the pipeline. */
const broughtAlong = templateWith((stack) => {
  new s3.Bucket(stack, 'Uploads', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
  new dynamodb.CfnTable(stack, 'Orders', {
    keySchema: [{ attributeName: 'id', keyType: 'HASH' }], attributeDefinitions: [{ attributeName: 'id', attributeType: 'S' }],
  });
  new route53.CfnRecordSet(stack, 'Record', { name: 'shop.example.com.', type: 'CNAME', hostedZoneName: 'example.com.', ttl: '60', resourceRecords: ['alb.example.com'] });
  new connections.CfnConnection(stack, 'Connection', { connectionName: 'code', providerType: 'GitHub' });
  new ssm.CfnParameter(stack, 'Parameter', { type: 'String', value: 'a' });
  new lambda.Function(stack, 'Report', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {};') });
});
/** A deployment of cdklabs whose listener has a certificate of the stack. */
const withCertificate = once(() => {
  const template = structuredClone(labs());
  template.Resources.Certificate = { Type: 'AWS::CertificateManager::Certificate', Properties: { DomainName: 'shop.example.com' } };
  edit('ElasticLoadBalancingV2::Listener', undefined, (listener) => Object.assign(listener, { Protocol: 'HTTPS', Certificates: [{ CertificateArn: { Ref: 'Certificate' } }] }))(template);
  return template;
});
const port = (number: number) => ({ IpProtocol: 'tcp', FromPort: number, ToPort: number });
/** A lifecycle policy whose rules each differ in one key. */
const imagesKept = (...counts: number[]) => {
  const selections = [
    { tagPrefixList: ['a'] }, { tagPrefixList: ['b'] }, { tagPatternList: ['a*'] }, { tagPatternList: ['b*'] },
    { tagPrefixList: ['a'], countType: 'sinceImagePushed', countUnit: 'days' },
  ];
  const rules = counts.map((countNumber, index) => ({
    rulePriority: index, action: { type: 'expire' }, selection: { tagStatus: 'tagged', countType: 'imageCountMoreThan', ...selections[index], countNumber },
  }));
  return { LifecyclePolicy: { LifecyclePolicyText: JSON.stringify({ rules }) } };
};
/** Resources that CDK would write in another way. */
const others = once((): SynthesisedTemplate => {
  const of = (type: string, Properties: object = {}, rest: object = {}) => ({ Type: `AWS::${type}`, Properties, ...rest });
  const container = (group: unknown) => ({ LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': group } } });
  return {
    Conditions: { Kept: { 'Fn::Equals': ['yes', 'yes'] } },
    Resources: {
      Answer: of('CloudFormation::CustomResource', { ServiceToken: 'arn:aws:lambda:us-east-1:111111111111:function:answer', Input: 'a' }),
      Cluster: of('ECS::Cluster'),
      Service: of('ECS::Service', {
        DeploymentController: { Type: 'CODE_DEPLOY' },
        TaskDefinition: { 'Fn::GetAtt': ['Answer', 'TaskDefinition'] },
        NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED', SecurityGroups: ['sg-1'] } },
      }),
      Network: of('EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
      Group: of('EC2::SecurityGroup', { GroupName: 'group', GroupDescription: 'group', VpcId: { Ref: 'Network' }, SecurityGroupIngress: [{ ...port(80), CidrIp: '10.0.0.0/8' }] }),
      Retained: of('S3::Bucket', { BucketName: 'acme-retained' }, { DeletionPolicy: 'Retain' }),
      Redis: of('ElastiCache::ReplicationGroup', {}, { DeletionPolicy: 'Snapshot' }),
      Table: of('DynamoDB::Table', {}, { DeletionPolicy: 'RetainExceptOnCreate' }),
      Conditional: of('DynamoDB::Table', {}, { Condition: 'Kept' }),
      Database: of('RDS::DBCluster', { EngineMode: 'provisioned' }),
      Single: of('RDS::DBInstance'),
      Member: of('RDS::DBInstance', { DBClusterIdentifier: 'cluster' }),
      Secret: of('SecretsManager::Secret', { Name: 'login', GenerateSecretString: {} }),
      Written: of('SecretsManager::Secret', { SecretString: 'a' }),
      Topic: of('SNS::Topic', { TopicName: 'alerts', Subscription: [{ Protocol: 'email', Endpoint: 'team@example.com' }] }),
      Subscription: of('SNS::Subscription', { TopicArn: 'arn:aws:sns:us-east-1:111111111111:topic', Protocol: 'email', Endpoint: 'team@example.com' }),
      Records: of('Route53::RecordSetGroup', { HostedZoneName: 'example.com.', RecordSets: [{ Name: 'a.example.com.', Type: 'A' }, { Name: 'b.example.com.', Type: 'A' }] }),
      Function: of('Lambda::Function', { LoggingConfig: { LogGroup: { Ref: 'FunctionLogs' } } }),
      Plain: of('Lambda::Function'),
      FunctionLogs: of('Logs::LogGroup'),
      NamedFunctionLogs: of('Logs::LogGroup', { LogGroupName: { 'Fn::Sub': '/aws/lambda/${Plain}' } }),
      Workflow: of('StepFunctions::StateMachine', { LoggingConfiguration: { Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: { 'Fn::GetAtt': ['WorkflowLogs', 'Arn'] } } }] } }),
      WorkflowLogs: of('Logs::LogGroup'),
      Tasks: of('ECS::TaskDefinition', { ContainerDefinitions: [container('/shop'), container({ Ref: 'OwnLogs' })] }),
      NamedLogs: of('Logs::LogGroup', { LogGroupName: '/shop' }),
      OwnLogs: of('Logs::LogGroup'),
      Pipeline: of('CodePipeline::Pipeline', { ArtifactStores: [{ Region: 'us-east-1', ArtifactStore: { Location: { Ref: 'Artifacts' } } }] }),
      Artifacts: of('S3::Bucket', {
        LifecycleConfiguration: {
          Rules: [
            { Status: 'Enabled', ExpirationInDays: 90, NoncurrentVersionExpirationInDays: 90 }, { Status: 'Enabled', Prefix: 'a', ExpirationInDays: 80 },
            { Status: 'Enabled', Prefix: 'b' }, { Status: 'Disabled', Prefix: 'c', ExpirationInDays: 1 },
          ],
        },
      }),
      Images: of('ECR::Repository', imagesKept(90, 80, 70, 60, 50)),
      Doors: of('EC2::SecurityGroup', {
        GroupDescription: 'doors',
        SecurityGroupIngress: [{ ...port(443), CidrIp: '0.0.0.0/0' }, { ...port(443), CidrIpv6: '::/0' }, { ...port(22), CidrIp: '10.0.0.0/8' }],
        SecurityGroupEgress: [{ IpProtocol: 'icmp', FromPort: 252, ToPort: 86, CidrIp: '255.255.255.255/32' }],
      }),
      Peers: of('EC2::SecurityGroup', {
        GroupDescription: 'peers',
        SecurityGroupIngress: [{ ...port(8080), SourceSecurityGroupId: 'a' }, { ...port(8081), SourcePrefixListId: 'a' }, { ...port(8082), CidrIpv6: 'fd00::/8' }],
        SecurityGroupEgress: [{ ...port(8080), DestinationSecurityGroupId: 'a' }, { ...port(8081), DestinationPrefixListId: 'a' }],
      }),
      Same: of('EC2::SecurityGroup', { GroupDescription: 'same', SecurityGroupIngress: [{ ...port(22), CidrIp: '10.0.0.0/8' }] }),
      Reader: of('IAM::Role', { RoleName: 'reader', AssumeRolePolicyDocument: { Statement: [] } }),
      Rolling: of('ECS::Service', { TaskDefinition: { Ref: 'Job' } }),
      Job: of('ECS::TaskDefinition', { Family: 'job', TaskRoleArn: { 'Fn::GetAtt': ['Worker', 'Arn'] } }),
      Worker: of('IAM::Role', { RoleName: 'worker', AssumeRolePolicyDocument: { Statement: [] }, ...inline(allow('s3:GetObject', 'arn:aws:s3:::acme/*')) }),
      Shared: of('S3::BucketPolicy', { Bucket: 'acme-shared', PolicyDocument: { Statement: [] } }),
    },
  };
});
/** A deployment of cdklabs with rules of the listener. */
const withRule = once(() => {
  const template = structuredClone(labs());
  const rule = (Priority: number, action: object) => ({ Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { Priority, Actions: [action] } });
  template.Resources.Rule = rule(1, { Type: 'forward', TargetGroupArn: { Ref: find(template, 'ElasticLoadBalancingV2::TargetGroup', /^Blue/) } });
  template.Resources.Fixed = rule(3, { Type: 'fixed-response' });
  return template;
});
const changed = (before: () => SynthesisedTemplate, change: Edit) => once(() => {
  const template = structuredClone(before());
  change(template);
  return template;
});

/** The logical id of the one resource of a type with a name or an id that matches. */
function find({ Resources }: SynthesisedTemplate, type: string, match = /./): string {
  const found = Object.entries(Resources).filter(([id, { Type, Properties }]) =>
    Type === `AWS::${type}` && match.test(`${id} ${JSON.stringify(Properties ?? {})}`));
  if (found.length !== 1) {
    throw new Error(`${found.length} resources of type ${type} match ${String(match)}: ${found.map(([id]) => id).join(', ')}`);
  }
  return found[0][0];
}

type Mutable = { -readonly [K in keyof Resource]: Resource[K] };
const edit = (type: string, match: RegExp | undefined, change: (properties: Properties, resource: Mutable) => void): Edit =>
  (template) => {
    const resource = template.Resources[find(template, type, match)];
    change((resource as { Properties: Properties }).Properties ??= {}, resource);
  };
const remove = (type: string, match?: RegExp): Edit => (template) => {
  delete template.Resources[find(template, type, match)];
};
const move = (type: string, match?: RegExp): Edit => (template) => {
  const id = find(template, type, match);
  const text = JSON.stringify(template).replaceAll(`"${id}"`, '"Moved"');
  Object.assign(template, JSON.parse(text));
};

const set = (id: string, properties: Properties): Edit => ({ Resources }) => {
  Object.assign((Resources[id] as { Properties: Properties }).Properties, properties);
};
const without = (id: string): Edit => ({ Resources }) => {
  delete Resources[id];
};
const expire = (rule: Properties): Edit => ({ Resources }) => {
  (Resources.Artifacts.Properties as Properties).LifecycleConfiguration.Rules[0] = rule;
};
const inline = (statement: Properties) => ({ Policies: [{ PolicyName: 'inline', PolicyDocument: { Statement: [statement] } }] });

type Row = readonly [title: string, before: () => SynthesisedTemplate, codes: readonly Code[], ...edits: Edit[]];

const statementsOf = ({ PolicyDocument, Policies }: Properties): Properties[] =>
  [PolicyDocument, ...(Policies ?? []).map((one: Properties) => one.PolicyDocument)].filter((one) => one).flatMap((one) => one.Statement);
const allow = (action: string, resource: string) => ({ Effect: 'Allow', Action: action, Resource: resource });

const ROWS: Row[] = [
  // Ours, as no prop can change it.
  ['a certificate of ours gets one more name', ours, [], edit('CertificateManager::Certificate', undefined, (one) => {
    one.SubjectAlternativeNames.push('m.example.com');
  })],
  ['the pipeline gets another construct id', plain, ['name-taken'], (template) => {
    Object.assign(template, { Resources: renamed().Resources });
  }],
  ['a target group of ours gets another logical id', ours, ['name-taken'],
    move('ElasticLoadBalancingV2::TargetGroup', /tg-green/)],
  ['a listener of ours forwards to a fixed target group', ours, ['listener-reset'],
    edit('ElasticLoadBalancingV2::Listener', /"Port":443/, (listener) => {
      listener.DefaultActions[0].TargetGroupArn = { Ref: find(ours(), 'ElasticLoadBalancingV2::TargetGroup', /tg-blue/) };
    })],
  ['a listener of ours changes, and its function is not asked', ours, ['listener-reset'],
    edit('ElasticLoadBalancingV2::Listener', /"Port":443/, (listener) => {
      listener.SslPolicy = 'ELBSecurityPolicy-TLS13-1-3-2021-06';
    })],
  ['the redirect of ours is removed', ours, ['port-closed'], remove('ElasticLoadBalancingV2::Listener', /"Port":80,/)],
  ['users may no longer connect', ours, ['port-closed'], remove('EC2::SecurityGroupIngress', /Users443/)],
  ['tasks may no longer be reached', ours, ['port-closed'], remove('EC2::SecurityGroupIngress', /ServiceSecurityGroup/)],
  ['the logs of the application are kept for a week', ours, ['data-deleted'], edit('Logs::LogGroup', /logs-service/, (group) => {
    group.RetentionInDays = 7;
  })],
  ['the login is generated in another way', ours, ['secret-overwritten'], edit('SecretsManager::Secret', undefined, (secret) => {
    secret.GenerateSecretString.PasswordLength = 20;
  })],
  ['the login is removed', ours, ['data-deleted'], remove('SecretsManager::Secret')],
  ['a bucket of the app is removed', broughtAlong, ['data-deleted'], remove('S3::Bucket', /Uploads/)],
  ['a retained bucket of the app is removed', changed(broughtAlong, edit('S3::Bucket', /Uploads/, (_, bucket) => {
    bucket.DeletionPolicy = 'Retain';
  })), [], remove('S3::Bucket', /Uploads/)],
  ['the key of a table changes', broughtAlong, ['data-deleted'], edit('DynamoDB::Table', undefined, (table) => {
    table.KeySchema[0].AttributeName = 'number';
    table.AttributeDefinitions[0].AttributeName = 'number';
  })],
  ['a table may scale', broughtAlong, [], edit('DynamoDB::Table', undefined, (table) => {
    table.BillingMode = 'PAY_PER_REQUEST';
  })],
  ['a record in DNS is removed', broughtAlong, ['service-deleted'], remove('Route53::RecordSet')],
  ['a record in DNS gets another name', broughtAlong, ['service-deleted'], edit('Route53::RecordSet', undefined, (record) => {
    record.Name = 'store.example.com.';
  })],
  ['a connection is replaced', broughtAlong, ['connection-pending'], edit('CodeConnections::Connection', undefined, (connection) => {
    connection.ConnectionName = 'sources';
  })],
  ['a bucket is emptied, because its helper is removed', broughtAlong, ['data-deleted'],
    (template) => Object.entries(template.Resources).filter(([id]) => /^Uploads.*AutoDelete/.test(id)).forEach(([id]) => delete template.Resources[id])],
  ['a parameter gets another type', broughtAlong, ['update-rejected'], edit('SSM::Parameter', undefined, (_, parameter) => {
    parameter.Type = 'AWS::SNS::Topic';
    parameter.Properties = {};
  })],
  ['a parameter gets another value', broughtAlong, [], edit('SSM::Parameter', undefined, (parameter) => {
    parameter.Value = 'b';
  })],
  ['a function gets another runtime', broughtAlong, [], edit('Lambda::Function', /Report/, (one) => {
    one.Runtime = 'nodejs24.x';
  })],
  ['a function is removed', broughtAlong, [], remove('Lambda::Function', /Report/)],
  ['the build may no longer push', ours, ['permission-lost'], edit('IAM::Role', /role-project-build/, (role) => {
    statementsOf(role).forEach((one) => {
      one.Action = [one.Action].flat().filter((action: string) => action !== 'ecr:PutImage');
    });
  })],
  ['the tasks are denied their secrets', ours, ['permission-lost'], edit('IAM::Role', /role-execution/, (role) => {
    role.Policies[0].PolicyDocument.Statement.push({ Effect: 'Deny', Action: 'ecr:BatchGetImage', Resource: '*' });
  })],
  ['a role that deploys loses its deny', ours, ['access-widened'], edit('IAM::Role', /"role-codedeploy-production/, (role) => {
    role.Policies.forEach(({ PolicyDocument }: Properties) => {
      PolicyDocument.Statement = PolicyDocument.Statement.filter(({ Effect }: Properties) => Effect !== 'Deny');
    });
  })],
  ['the tasks are allowed every bucket', ours, ['access-widened'], edit('IAM::Role', /"role-task-production/, (role) => {
    role.Policies = [{ PolicyName: 'wide', PolicyDocument: { Statement: [allow('s3:GetObject', '*')] } }];
  })],
  ['the tasks are allowed one bucket', ours, [], edit('IAM::Role', /"role-task-production/, (role) => {
    role.Policies = [{ PolicyName: 'narrow', PolicyDocument: { Statement: [allow('s3:GetObject', 'arn:aws:s3:::acme/*')] } }];
  })],
  ['another account is trusted', ours, ['access-widened'], edit('IAM::Role', /"role-task-production/, (role) => {
    role.AssumeRolePolicyDocument.Statement.push({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::222222222222:root' } });
  })],
  ['the alerts get another topic', ours, ['subscriptions-unconfirmed'], edit('SNS::Topic', /topic-alerts/, (topic) => {
    topic.TopicName = 'topic-pages-dev';
  })],
  // By others.
  ['stock: a certificate of the listener is replaced', withCertificate, ['listener-reset'], edit('CertificateManager::Certificate', undefined, (one) => {
    one.SubjectAlternativeNames = ['www.example.com'];
  })],
  ['stock: the listener gets another port', labs, ['listener-reset', 'port-closed'], edit('ElasticLoadBalancingV2::Listener', undefined, (listener) => {
    listener.Port = 8081;
  })],
  ['stock: the network gets another range', labs, ['service-rejected', 'service-deleted', 'listener-reset'], edit('EC2::VPC', undefined, (vpc) => {
    vpc.CidrBlock = '10.1.0.0/16';
  })],
  ['stock: the task definition changes', labs, [], edit('ECS::TaskDefinition', undefined, (definition) => {
    definition.Cpu = '1024';
  })],
  ['stock: the number of tasks changes', labs, ['service-rejected'], edit('ECS::Service', undefined, (service) => {
    service.DesiredCount = 3;
  })],
  ['stock: the health check changes', labs, ['health-check-changed'], edit('ElasticLoadBalancingV2::TargetGroup', /^Blue/, (group) => {
    group.HealthCheckPath = '/up';
  })],
  ['stock: the interval of the health check changes', labs, [], edit('ElasticLoadBalancingV2::TargetGroup', /^Blue/, (group) => {
    group.HealthCheckIntervalSeconds = 5;
  })],
  ['stock: the port of the targets changes', labs, ['service-deleted', 'service-rejected', 'listener-reset'],
    edit('ElasticLoadBalancingV2::TargetGroup', /^Blue/, (group) => {
      group.Port = 8080;
    })],
  ['stock: the load balancer becomes internal', labs, ['service-deleted'], edit('ElasticLoadBalancingV2::LoadBalancer', undefined, (one) => {
    one.Scheme = 'internal';
  })],
  ['stock: the deployment group moves traffic another way', labs, [], edit('CodeDeploy::DeploymentGroup', undefined, (group) => {
    group.DeploymentConfigName = 'CodeDeployDefault.ECSAllAtOnce';
  })],
  ['stock: the load balancer keeps connections longer', labs, [], edit('ElasticLoadBalancingV2::LoadBalancer', undefined, (one) => {
    one.LoadBalancerAttributes = [{ Key: 'idle_timeout.timeout_seconds', Value: '120' }];
  })],
  ['stock: the cluster gets a name', labs, ['service-deleted'], edit('ECS::Cluster', undefined, (cluster) => {
    cluster.ClusterName = 'shop';
  })],
  ['stock: a stage is added to the pipeline', stock, ['executions-cancelled'], edit('CodePipeline::Pipeline', undefined, (pipeline) => {
    pipeline.Stages.push(pipeline.Stages.at(-1));
  })],
  ['the test listener of one environment moves to another port, without the function', plain, ['listener-reset'],
    edit('ElasticLoadBalancingV2::Listener', /Production.*9000/, (listener) => {
      listener.Port = 9001;
    })],
  ['the first task definition gets a tag, which registers no revision', plain, [], edit('ECS::TaskDefinition', /Bootstrap.*production/, (definition) => {
    definition.Tags = [{ Key: 'team', Value: 'web' }];
  })],
  ['stock: the pipeline gets a tag', stock, [], edit('CodePipeline::Pipeline', undefined, (pipeline) => {
    pipeline.Tags = [{ Key: 'team', Value: 'web' }];
  })],
  ['stock: the artifacts expire earlier', stock, ['rollback-shortened'], edit('S3::Bucket', /"artifacts-/, (bucket) => {
    bucket.LifecycleConfiguration.Rules[0].ExpirationInDays = 30;
  })],
  ['stock: fewer images are kept', stock, ['rollback-shortened'], edit('ECR::Repository', undefined, (repository) => {
    repository.LifecyclePolicy.LifecyclePolicyText = repository.LifecyclePolicy.LifecyclePolicyText.replace('1500', '50');
  })],
  ['stock: the cache is removed', stock, [], (template) => {
    const id = find(template, 'S3::Bucket', /"cache-/);
    delete template.Resources[id];
    Object.entries(template.Resources).filter(([one]) => one.startsWith('Cache')).forEach(([one]) => delete template.Resources[one]);
    edit('CodeBuild::Project', /project-build-/, (project) => {
      project.Cache = { Type: 'NO_CACHE' };
    })(template);
  }],
  ['ECS itself: the task definition changes', byEcs, [], edit('ECS::TaskDefinition', undefined, (definition) => {
    definition.Cpu = '1024';
  })],
  ['ECS itself: the number of tasks changes', byEcs, [], edit('ECS::Service', undefined, (service) => {
    service.DesiredCount = 3;
  })],
  ['ECS itself: the service gets a name', byEcs, ['service-deleted'], edit('ECS::Service', undefined, (service) => {
    service.ServiceName = 'shop';
  })],
  // Of other templates.
  ['a custom resource of the generic type gets another function, which CloudFormation rejects', others, ['service-rejected', 'update-rejected'], set('Answer', { ServiceToken: 'arn:aws:lambda:us-east-1:111111111111:function:other' })],
  ['what a custom resource returns can change with its input, and the service refers to it', others, ['service-rejected'], set('Answer', { Input: 'b' })],
  ['the order of keys is no difference', others, [], (template) => {
    const { Service } = template.Resources as { [id: string]: { Properties: Properties } };
    Service.Properties.NetworkConfiguration = { AwsvpcConfiguration: { SecurityGroups: ['sg-1'], AssignPublicIp: 'DISABLED' } };
  }],
  ['a security group goes to another network, where its name is free', others, [], set('Network', { CidrBlock: '10.1.0.0/16' }),
    set('Group', { GroupDescription: 'other', SecurityGroupIngress: [] })],
  ['a bucket with a deletion policy alone is replaced: UpdateReplacePolicy is what counts', others, ['data-deleted'], set('Retained', { BucketName: 'acme-other' })],
  ['a cache of which CloudFormation makes a snapshot is removed', others, [], without('Redis')],
  ['a table that is retained except on creation is removed', others, [], without('Table')],
  ['a database cluster is removed, and CloudFormation makes a snapshot by default', others, [], without('Database')],
  ['a database is removed, and CloudFormation makes a snapshot by default', others, [], without('Single')],
  ['a database of a cluster is removed, without a snapshot', others, ['data-deleted'], without('Member')],
  ['a database cluster is replaced: a snapshot is the default for a deletion only', others, ['data-deleted'], set('Database', { EngineMode: 'serverless' })],
  ['a connection gets another logical id, and the update does not come so far that it is deleted', broughtAlong, ['name-taken'], move('CodeConnections::Connection')],
  ['a connection gets a tag', broughtAlong, [], edit('CodeConnections::Connection', undefined, (connection) => {
    connection.Tags = [{ Key: 'team', Value: 'web' }];
  })],
  ['a secret gets another name', others, ['data-deleted'], set('Secret', { Name: 'other' })],
  ['a secret gets another name and is generated in another way: the old one is deleted, not overwritten', others, ['data-deleted'], set('Secret', { Name: 'other', GenerateSecretString: { PasswordLength: 9 } })],
  ['a secret gets another string', others, ['secret-overwritten'], set('Written', { SecretString: 'b' })],
  ['a topic with subscriptions of its own is replaced', others, ['subscriptions-unconfirmed'], set('Topic', { TopicName: 'pages' })],
  ['a subscription is removed, as its template says', others, [], without('Subscription')],
  ['a group of DNS records is removed', others, ['service-deleted'], without('Records')],
  ['a group of DNS records loses one', others, ['service-deleted'], set('Records', { RecordSets: [{ Name: 'a.example.com.', Type: 'A' }] })],
  ['a group of DNS records gets another one', others, [], set('Records', { RecordSets: [{ Name: 'a.example.com.', Type: 'A', TTL: '60' }, { Name: 'b.example.com.', Type: 'A' }, { Name: 'c.example.com.', Type: 'A' }] })],
  ['a condition becomes false, and its table is deleted', others, ['data-deleted'], (template) => {
    Object.assign(template, { Conditions: { Kept: { 'Fn::Equals': ['yes', 'no'] } } });
  }],
  ['the logs of a function are removed, which the next call makes anew', others, [], without('FunctionLogs'), without('NamedFunctionLogs'), without('WorkflowLogs')],
  ['the logs of tasks are removed, which the container names', others, ['data-deleted'], without('NamedLogs')],
  ['the logs of tasks are removed, which the container refers to', others, ['data-deleted'], without('OwnLogs')],
  ['the bucket of the artifacts of another region is removed', others, ['data-deleted', 'executions-cancelled'], without('Artifacts')],
  ['a cluster is removed', others, ['service-deleted'], without('Cluster')],
  ['a bucket is no longer emptied, because the same update removes its tag', broughtAlong, [],
    (template) => Object.entries(template.Resources).filter(([id]) => /^Uploads.*AutoDelete/.test(id)).forEach(([id]) => delete template.Resources[id]),
    edit('S3::Bucket', /Uploads/, (bucket) => {
      bucket.Tags = [{ Key: 'aws-cdk:auto-delete-objects', Value: 'false' }, { Key: 'kept', Value: 'true' }];
    })],
  ['a repository with several rules changes otherwise, and each rule keeps as many images', others, [], set('Images', { ImageTagMutability: 'IMMUTABLE' })],
  ['a repository keeps more images', others, [], set('Images', imagesKept(91, 81, 71, 61, 51))],
  ['a repository gets one more rule that deletes images', changed(others, set('Images', imagesKept())), ['rollback-shortened'], set('Images', imagesKept(90))],
  ['a repository gets a policy that only the deployment knows', others, [], set('Images', { LifecyclePolicy: { LifecyclePolicyText: { Ref: 'AWS::NotificationARNs' } } })],
  ['a repository deletes images without a tag, which no release names', others, [], set('Images', {
    LifecyclePolicy: {
      LifecyclePolicyText: JSON.stringify({
        rules: [{ selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 1 } }],
      }),
    },
  })],
  ['the artifacts of another region expire earlier', others, ['rollback-shortened'], expire({ Status: 'Enabled', ExpirationInDays: 30, NoncurrentVersionExpirationInDays: 90 })],
  ['old versions of artifacts expire earlier, by the older property', others, ['rollback-shortened'], expire({ Status: 'Enabled', ExpirationInDays: 90, NoncurrentVersionExpirationInDays: 9 })],
  ['a rule that expired nothing expires artifacts', others, ['rollback-shortened'], (template) => {
    (template.Resources.Artifacts.Properties as Properties).LifecycleConfiguration.Rules[2].ExpirationInDays = 30;
  }],
  ['the artifacts get a tag, and each rule keeps them as long', others, [], set('Artifacts', { Tags: [{ Key: 'team', Value: 'web' }] })],
  ['a rule that is disabled expires nothing', others, [], (template) => {
    (template.Resources.Artifacts.Properties as Properties).LifecycleConfiguration.Rules.push({ Status: 'Disabled', Prefix: 'd', ExpirationInDays: 1 });
  }],
  ['a pipeline is removed', others, ['executions-cancelled'], without('Pipeline')],
  ['a pipeline is added', changed(others, without('Pipeline')), [], (template) => {
    template.Resources.Pipeline = others().Resources.Pipeline;
  }],
  ['clients by IPv6 may no longer connect', others, ['port-closed'], set('Doors', { SecurityGroupIngress: [{ ...port(443), CidrIp: '0.0.0.0/0' }, { ...port(22), CidrIp: '10.0.0.0/8' }] })],
  ['everyone may connect instead of a network', others, [], set('Doors', {
    SecurityGroupIngress: [{ ...port(443), CidrIp: '0.0.0.0/0' }, { ...port(443), CidrIpv6: '::/0' }, { ...port(22), CidrIp: '0.0.0.0/0' }],
  })],
  ['a network may no longer connect, and another group that lets it in is no replacement', others, ['port-closed'], set('Doors', {
    SecurityGroupIngress: [{ ...port(443), CidrIp: '0.0.0.0/0' }, { ...port(443), CidrIpv6: '::/0' }],
  })],
  ["CDK's rule that lets nothing out is removed", others, [], set('Doors', { SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }] })],
  ...(['SecurityGroupIngress', 'SecurityGroupEgress'] as const).flatMap((direction) => [0, 1, 2].slice(0, direction === 'SecurityGroupIngress' ? 3 : 2).map((index): Row =>
    [`rule ${index} of ${direction} gets another peer`, others, ['port-closed'], (template) => {
      const rule = (template.Resources.Peers.Properties as Properties)[direction][index] as Properties;
      const peer = Object.keys(rule).find((name) => /Id|Ip/.test(name) && name !== 'IpProtocol')!;
      rule[peer] = peer === 'CidrIpv6' ? 'fd01::/16' : 'b';
    }])),
  ...['cloudformation', 'codebuild', 'codedeploy', 'codepipeline', 'dynamodb', 'ecr', 'ecs', 'iam', 'kms', 'lambda', 's3', 'secretsmanager', 'sns', 'sqs', 'ssm', 'sts']
    .map((service): Row => [`a role is allowed an action of ${service} on every resource`, others, ['access-widened'], set('Reader', inline(allow(`${service}:Update`, '*')))]),
  ...['ecs:DescribeTasks', 's3:ListAllMyBuckets', 'ecr:GetAuthorizationToken', 'ecs:RegisterTaskDefinition', 'sts:GetCallerIdentity', 'xray:PutTraceSegments']
    .map((action): Row => [`a role is allowed ${action}, which has no resource`, others, [], set('Reader', inline(allow(action, '*')))]),
  ...['*', 's3:*'].map((action): Row => [`a role is allowed the actions ${action} on a bucket`, others, ['access-widened'], set('Reader', inline(allow(action, 'arn:aws:s3:::acme')))]),
  ['the tasks of a service lose a permission', others, ['permission-lost'], set('Worker', { Policies: [] })],
  ['a service is removed, and its tasks need no permission any more', others, ['service-deleted'], set('Worker', { Policies: [] }), without('Rolling')],
  ['a service is replaced, and its new tasks have other permissions', others, ['service-deleted'], set('Worker', { Policies: [] }), set('Rolling', { ServiceName: 'rolling' })],
  ['a role gets a permissions boundary', others, [], set('Reader', { PermissionsBoundary: 'arn:aws:iam::111111111111:policy/boundary' })],
  ['a bucket is shared with everyone', others, ['access-widened'], set('Shared', { PolicyDocument: { Statement: [{ ...allow('s3:GetObject', 'arn:aws:s3:::acme-shared/*'), Principal: '*' }] } })],
  ['a bucket is shared under a condition', others, [], set('Shared', {
    PolicyDocument: {
      Statement: [
        { ...allow('s3:GetObject', 'arn:aws:s3:::acme-shared/*'), Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
      ],
    },
  })],
  ['a bucket is denied to everyone', others, [], set('Shared', { PolicyDocument: { Statement: [{ ...allow('s3:GetObject', 'arn:aws:s3:::acme-shared/*'), Effect: 'Deny', Principal: '*' }] } })],
  ['stock: a rule that forwards to a target group changes', withRule, ['listener-reset'], set('Rule', { Priority: 2 })],
  ['stock: a rule with a fixed response changes', withRule, [], set('Fixed', { Priority: 4 })],
  ['stock: the service loses a property', labs, ['service-rejected'], edit('ECS::Service', undefined, (service) => {
    delete service.HealthCheckGracePeriodSeconds;
  })],
  ...['HealthCheckPort', 'HealthCheckProtocol', 'Matcher'].map((name): Row => [`stock: the health check gets another ${name}`, labs, ['health-check-changed'],
    edit('ElasticLoadBalancingV2::TargetGroup', /^Blue/, (group) => {
      group[name] = name === 'Matcher' ? { HttpCode: '204' } : 'HTTPS';
    })]),
  ['stock: a replaced target group has no running tasks that a new health check fails', labs, ['service-deleted', 'service-rejected', 'listener-reset'],
    edit('ElasticLoadBalancingV2::TargetGroup', /^Blue/, (group) => {
      Object.assign(group, { Port: 8080, HealthCheckPath: '/up' });
    })],
  // https://github.com/aws/aws-cdk/issues/36649
  ['ECS itself: the rule that a deployment moves changes', byEcs, ['listener-reset'], edit('ElasticLoadBalancingV2::ListenerRule', undefined, (rule) => {
    rule.Conditions[0].PathPatternConfig.Values = ['/shop/*'];
  })],
  ['ECS itself: the listener changes, whose default action no deployment moves', byEcs, [], edit('ElasticLoadBalancingV2::Listener', undefined, (listener) => {
    listener.ListenerAttributes = [{ Key: 'routing.http.response.server.enabled', Value: 'false' }];
  })],
];
export const PAIRS: ReadonlyMap<string, () => Pair> = new Map(ROWS.map(([title, before, codes, ...edits]) => [title, () => {
  const after = structuredClone(before());
  edits.forEach((change) => change(after));
  return { before: before(), after, codes };
}]));
