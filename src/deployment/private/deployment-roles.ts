import {
  Arn, ArnFormat, aws_cloudwatch as cloudwatch, aws_codedeploy as codedeploy, aws_ecr as ecr,
  aws_elasticloadbalancingv2 as elbv2, aws_iam as iam, aws_logs as logs, aws_s3 as s3, Fn, Lazy, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { deploymentGroupArn } from './hooks';
import { Names } from '../../private/names';
import { renderedProperties } from '../../private/rendered-properties';
import { ScopedRole } from '../../private/scoped-role';
import { serviceActingFor } from '../../private/trust';

/** Creates the role of the application, which has no permission until the user grants one. */
export function taskRole(scope: Construct, names: Names): ScopedRole {
  return new ScopedRole(scope, 'TaskRole', {
    names,
    purpose: 'task',
    assumedBy: tasks(scope),
    description: `Runs the application in ${names.environmentName}`,
  });
}

export interface ExecutionRoleOptions {
  readonly names: Names;
  readonly repository: ecr.IRepository;
  readonly logGroup: logs.ILogGroup;
  readonly guardDutyAgent?: boolean;
}

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/**
 * Creates the role with which ECS starts a task: it pulls the image and writes the log. CDK adds secrets as
 * containers name them.
 */
export function executionRole(scope: Construct, options: ExecutionRoleOptions): ScopedRole {
  const { names, repository, logGroup, guardDutyAgent } = options;
  const role = new ScopedRole(scope, 'ExecutionRole', {
    names,
    purpose: 'execution',
    assumedBy: tasks(scope),
    description: `Starts the tasks of ${names.environmentName}`,
  });
  role.allowRegistryToken();
  role.allow(PULL, [repository.repositoryArn]);
  if (guardDutyAgent) {
    role.allowWildcard(
      'The GuardDuty agent is in a repository of this name in an AWS-owned account that differs by region.',
      PULL,
      [Stack.of(scope).formatArn({
        service: 'ecr',
        account: '*',
        resource: 'repository',
        resourceName: 'aws-guardduty-agent-fargate',
      })],
    );
  }
  role.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
  return role;
}

/**
 * ECS, for tasks of this account and region. The source is no narrower: the task is not known yet, and the request
 * does not contain the cluster.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
function tasks(scope: Construct): iam.IPrincipal {
  const anything = Stack.of(scope).formatArn({ service: 'ecs', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME });
  return serviceActingFor(scope, 'ecs-tasks.amazonaws.com', anything);
}

/**
 * Creates the service role of CodeDeploy, which it may assume only for this deployment group.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/security_confused_deputy.html
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForECS.html for the stock role
 */
export function codeDeployRole(scope: Construct, names: Names): ScopedRole {
  return new ScopedRole(scope, 'CodeDeployRole', {
    names,
    purpose: 'codedeploy',
    assumedBy: serviceActingFor(scope, 'codedeploy.amazonaws.com', deploymentGroupArn(scope, names)),
    description: `Shifts traffic and replaces tasks in ${names.environmentName}`,
    deploys: true,
  });
}

/** Resources that CodeDeploy changes during a deployment. */
export interface DeploymentTargets {
  readonly names: Names;
  readonly listeners: elbv2.ApplicationListener[];
  readonly alarms: cloudwatch.Alarm[];
  readonly taskRoles: iam.IRole[];
}

/**
 * The service waits for this role, so that it is deleted first. The role therefore refers neither to the service nor
 * to an alarm, whose actions may be functions of the user that refer to the service: their ARNs are written out.
 */
export function allowDeployment(role: ScopedRole, targets: DeploymentTargets): void {
  const { names, listeners, alarms, taskRoles } = targets;
  const owner = `${names.of('cluster')}/${names.of('service')}`;
  const ecsArn = (resource: string, resourceName: string) =>
    Stack.of(role).formatArn({ service: 'ecs', resource, resourceName });
  role.allow(['ecs:DescribeServices', 'ecs:UpdateServicePrimaryTaskSet'], [ecsArn('service', owner)]);
  role.allowWildcard(
    'The task sets of this service get their IDs when a deployment creates them.',
    ['ecs:CreateTaskSet', 'ecs:DeleteTaskSet'],
    [ecsArn('task-set', `${owner}/*`)],
  );
  role.allowWildcard(
    'AWS offers no narrower resource for describing the parts of a load balancer.',
    [
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeRules',
      'elasticloadbalancing:DescribeTargetGroups',
    ],
    ['*'],
  );
  role.allow(['elasticloadbalancing:ModifyListener'], listeners.map((listener) => listener.listenerArn));
  role.allowWildcard(
    'The rules of the two listeners of this environment have generated IDs, and you may add rules.',
    ['elasticloadbalancing:ModifyRule'],
    listeners.map((listener) => rulesOf(role, listener)),
  );
  role.allow(['cloudwatch:DescribeAlarms'], alarms.map((alarm) => writtenArn(alarm)));
  role.allow(['iam:PassRole'], taskRoles.map((passed) => passed.roleArn), {
    StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
  });
}

/** Allows an alarm of the user, in a separate policy, because it may watch the service. */
export function allowAlarm(role: ScopedRole, alarm: cloudwatch.IAlarm): void {
  role.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['cloudwatch:DescribeAlarms'],
    resources: [alarm.alarmArn],
  }));
}

/** The ARN with the name that the alarm has in the template. */
function writtenArn(alarm: cloudwatch.Alarm): string {
  return Stack.of(alarm).formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: Lazy.string({ produce: () => renderedProperties(alarm.node.defaultChild).AlarmName as string }),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/**
 * `…:listener/app/<lb>/<id>/<listener>` owns the rules
 * `…:listener-rule/app/<lb>/<id>/<listener>/*`.
 */
function rulesOf(scope: Construct, listener: elbv2.ApplicationListener): string {
  const listenerPath = Fn.select(1, Fn.split(':listener/', listener.listenerArn));
  return Arn.format({
    service: 'elasticloadbalancing',
    resource: 'listener-rule',
    resourceName: `${listenerPath}/*`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  }, Stack.of(scope));
}

export interface DeployActionRoleOptions {
  readonly names: Names;
  readonly pipelineRole: iam.IRole;
  readonly group: codedeploy.EcsDeploymentGroup;
  readonly artifacts: s3.IBucket;
  readonly taskRoles: iam.IRole[];
  readonly family: string;
}

/**
 * Creates the role of the pipeline's deploy action, which registers the task definition and passes it to
 * CodeDeploy.
 */
export function deployActionRole(scope: Construct, options: DeployActionRoleOptions): ScopedRole {
  const { names, group, artifacts, taskRoles } = options;
  const role = new ScopedRole(scope, 'ActionRole', {
    names,
    purpose: 'deploy',
    assumedBy: new iam.ArnPrincipal(options.pipelineRole.roleArn),
    description: `Starts the deployments to ${names.environmentName} for the pipeline`,
    deploys: true,
  });
  role.allow(['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'], [group.deploymentGroupArn]);
  role.allow(
    ['codedeploy:GetApplication', 'codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'],
    [group.application.applicationArn],
  );
  const { deploymentConfigArn, deploymentConfigName } = group.deploymentConfig;
  if (!deploymentConfigName.startsWith(PREDEFINED)) {
    role.allow(['codedeploy:GetDeploymentConfig'], [deploymentConfigArn]);
  }
  role.allowWildcard(
    'You may switch the group to any predefined configuration, such as all at once in an emergency.',
    ['codedeploy:GetDeploymentConfig'],
    [predefinedConfigurations(scope)],
  );
  allowRegistration(role, options.family);
  role.allow(['iam:PassRole'], taskRoles.map((passed) => passed.roleArn), {
    StringEquals: { 'iam:PassedToService': ['ecs.amazonaws.com', 'ecs-tasks.amazonaws.com'] },
  });
  role.allow(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'], [artifacts.bucketArn]);
  role.allowObjects(artifacts, ['s3:GetObject', 's3:GetObjectVersion']);
  role.allowKeyOf(artifacts, 'read');
  return role;
}

/** The begin of the names of AWS's own configurations for ECS; no other name may begin with `CodeDeployDefault.` */
const PREDEFINED = 'CodeDeployDefault.ECS';

/** @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html */
function predefinedConfigurations(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'codedeploy',
    resource: 'deploymentconfig',
    resourceName: `${PREDEFINED}*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

function allowRegistration(role: ScopedRole, family: string): void {
  role.allowWildcard(
    'A new revision has no ARN yet, and the AWS-managed policies do not narrow it either.',
    ['ecs:RegisterTaskDefinition'],
    ['*'],
  );
  role.allowWildcard(
    'A revision is tagged when it is registered and gets its number; the family is fixed.',
    ['ecs:TagResource'],
    [Stack.of(role).formatArn({ service: 'ecs', resource: 'task-definition', resourceName: `${family}:*` })],
    { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } },
  );
}
