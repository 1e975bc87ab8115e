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
  ['stock: health checks use another port', labs, ['health-check-changed'], edit('ElasticLoadBalancingV2::TargetGroup', /^Blue/, (group) => {
    group.HealthCheckPort = '9090';
  })],
  ['stock: health checks expect another status', labs, ['health-check-changed'], edit('ElasticLoadBalancingV2::TargetGroup', /^Blue/, (group) => {
    group.Matcher = { HttpCode: '204' };
  })],
  ['the first task definition gets a tag, which registers no revision', plain, [], edit('ECS::TaskDefinition', /Production.*First|Bootstrap.*production/, (definition) => {
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
  // https://github.com/aws/aws-cdk/issues/36649
  ['ECS itself: the rule of the listener gets another priority', byEcs, ['listener-reset'], edit('ElasticLoadBalancingV2::ListenerRule', undefined, (rule) => {
    rule.Priority = 2;
  })],
  ['ECS itself: the listener keeps its rules and gets an attribute', byEcs, [], edit('ElasticLoadBalancingV2::Listener', undefined, (listener) => {
    listener.ListenerAttributes = [{ Key: 'routing.http.response.server.enabled', Value: 'false' }];
  })],
  ['ECS itself: the service gets a name', byEcs, ['service-deleted'], edit('ECS::Service', undefined, (service) => {
    service.ServiceName = 'shop';
  })],
];
export const PAIRS: ReadonlyMap<string, () => Pair> = new Map(ROWS.map(([title, before, codes, ...edits]) => [title, () => {
  const after = structuredClone(before());
  edits.forEach((change) => change(after));
  return { before: before(), after, codes };
}]));
