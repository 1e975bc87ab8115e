import { misnamed, namesOf, tooLong, usedTwice } from './names';
import { references, SynthesisedTemplate } from './synthesis';
import { all, identityStatements, valueAt } from './templates';

/** The guaranteed properties of every resource of a type, by path, with any props; `undefined` is an absent property. */
export const PROPERTIES: { readonly [type: string]: { readonly [path: string]: unknown } } = {
  'AWS::S3::Bucket': {
    'AccessControl': undefined,
    'BucketEncryption.ServerSideEncryptionConfiguration': [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    'OwnershipControls.Rules': [{ ObjectOwnership: 'BucketOwnerEnforced' }],
    'PublicAccessBlockConfiguration': {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    'WebsiteConfiguration': undefined,
  },
  'AWS::ECR::Repository': { EmptyOnDelete: true },
  // A key would have to allow the services that publish.
  'AWS::SNS::Topic': { KmsMasterKeyId: undefined },
  'AWS::SNS::Subscription': { Protocol: 'email' },
  'AWS::Logs::LogGroup': { RetentionInDays: 30 },
  'AWS::SecretsManager::Secret': {
    'SecretString': undefined,
    'GenerateSecretString.GenerateStringKey': 'password',
    'GenerateSecretString.SecretStringTemplate': '{"username":"REPLACE_ME"}',
  },
  'AWS::CodePipeline::Pipeline': {
    'PipelineType': 'V2',
    'ExecutionMode': 'SUPERSEDED',
    'ArtifactStore.EncryptionKey': undefined,
  },
  'AWS::CodeBuild::Project': {
    'BadgeEnabled': undefined,
    'Environment.ComputeType': 'BUILD_GENERAL1_SMALL',
    'Environment.ImagePullCredentialsType': 'SERVICE_ROLE',
    'Environment.RegistryCredential': undefined,
    'LogsConfig.CloudWatchLogs.Status': 'ENABLED',
    'LogsConfig.S3Logs': undefined,
    'QueuedTimeoutInMinutes': 30,
    'TimeoutInMinutes': 30,
    'Visibility': undefined,
  },
  'AWS::CodeBuild::ReportGroup': { DeleteReports: true, ExportConfig: { ExportConfigType: 'NO_EXPORT' } },
  'AWS::CodeDeploy::Application': { ComputePlatform: 'ECS' },
  'AWS::CodeDeploy::DeploymentGroup': {
    'AlarmConfiguration.Enabled': true,
    'AlarmConfiguration.IgnorePollAlarmFailure': undefined,
    'AutoRollbackConfiguration.Enabled': true,
    'AutoRollbackConfiguration.Events': ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
    'DeploymentStyle': { DeploymentOption: 'WITH_TRAFFIC_CONTROL', DeploymentType: 'BLUE_GREEN' },
  },
  'AWS::ECS::Cluster': {
    ClusterSettings: [{ Name: 'containerInsights', Value: 'disabled' }],
    Configuration: undefined,
  },
  'AWS::ECS::Service': {
    'DeploymentConfiguration': { MaximumPercent: 200, MinimumHealthyPercent: 100 },
    'DeploymentController': { Type: 'CODE_DEPLOY' },
    'EnableExecuteCommand': undefined,
    'LaunchType': 'FARGATE',
    'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp': 'DISABLED',
    'ServiceConnectConfiguration': undefined,
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    LoadBalancerAttributes: expect.arrayContaining([{ Key: 'deletion_protection.enabled', Value: 'false' }]),
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    'HealthCheckEnabled': undefined,
    'HealthCheckPort': undefined,
    'Matcher.HttpCode': '200',
    'Protocol': 'HTTP',
    'TargetType': 'ip',
  },
};

/** The types that CloudFormation retains, fully or in part, unless a policy requires deletion. */
const STATEFUL = [
  'AWS::ECR::Repository', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket', 'AWS::SecretsManager::Secret', 'Custom::S3AutoDeleteObjects',
];

/** The resources that would outlive the stack, or a replacement. */
function retainedResources(template: SynthesisedTemplate): string[] {
  return Object.entries(template.Resources)
    .filter(([, { Type, DeletionPolicy, UpdateReplacePolicy }]) => [DeletionPolicy, UpdateReplacePolicy]
      .some((policy) => policy !== 'Delete' && (policy !== undefined || STATEFUL.includes(Type))))
    .map(([id]) => id);
}

/** The roles that deploy and lack the unconditional Deny for ec2:TerminateInstances. */
function rolesWithoutDeny(template: SynthesisedTemplate): string[] {
  const holders = Object.fromEntries(Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Policy')
    .map(([id, { Properties }]) => [id, references(Properties.Roles)]));
  const denied = identityStatements(template)
    .filter(([, { Effect, Action, Resource, Condition }]) =>
      Effect === 'Deny' && Action === 'ec2:TerminateInstances' && Resource === '*' && Condition === undefined)
    .flatMap(([id]) => holders[id] ?? [id]);
  return all(template, 'AWS::IAM::Role')
    .filter(([id, { RoleName }]) => /^role-(codedeploy|deploy|live-tag|pipeline|project-release|start-release|tag)-/.test(String(RoleName)) && !denied.includes(id))
    .map(([id]) => id);
}

interface Stage {
  readonly Name: string;
  readonly Actions: { readonly ActionTypeId: { readonly Category: string; readonly Provider: string } }[];
}

/** The stages that deploy without a manual approval of the same environment, alone in the stage before. */
function deploymentsWithoutApproval(template: SynthesisedTemplate): string[] {
  const pipelines = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::CodePipeline::Pipeline');
  return pipelines.flatMap(({ Properties }) => {
    const stages = (Properties.Stages as Stage[]).map(({ Name, Actions }) => ({
      name: Name,
      does: Actions.map(({ ActionTypeId: { Category, Provider } }) => `${Category}/${Provider}`).join(),
    }));
    return stages.filter(({ name, does }, index) => {
      const before = stages[index - 1];
      const approved = before?.does === 'Approval/Manual' && before.name.replace('Approve', '') === name.replace('Deploy', '');
      return does.includes('Deploy/') && !approved;
    }).map(({ name }) => name);
  });
}

/** Fails when a template of this library breaks one of the guarantees that hold for every program. */
export function expectGuarantees(
  template: SynthesisedTemplate, suffix: string, environmentNames: string[], given: string[] = [],
): void {
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (!given.includes(id)) {
      const expected = PROPERTIES[Type] ?? {};
      const found = Object.fromEntries(Object.keys(expected).map((path) => [path, valueAt(Properties, path)]));
      expect({ id, ...found }).toEqual({ id, ...expected });
    }
  }
  const names = namesOf(template, given);
  expect({
    retained: retainedResources(template),
    undenied: rolesWithoutDeny(template),
    unapproved: deploymentsWithoutApproval(template),
    misnamed: misnamed(names, suffix, environmentNames),
    tooLong: tooLong(names),
    usedTwice: usedTwice(names),
  }).toEqual({ retained: [], undenied: [], unapproved: [], misnamed: [], tooLong: [], usedTwice: [] });
}
