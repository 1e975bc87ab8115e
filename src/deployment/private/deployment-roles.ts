import {
  Arn, ArnFormat, aws_codedeploy as codedeploy, aws_ecr as ecr, aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2, aws_iam as iam,
  aws_logs as logs, aws_s3 as s3, Fn, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { deploymentGroupArn } from './hooks';
import { NameParts } from '../../private/names';
import { ScopedRole } from '../../private/scoped-role';
import { serviceActingFor } from '../../private/trust';

/** The role of the application itself: it may do nothing until the user grants something. */
export function taskRole(scope: Construct, names: NameParts): ScopedRole {
  return new ScopedRole(scope, 'TaskRole', {
    ...names,
    purpose: 'task',
    assumedBy: tasks(scope),
    description: `The application in ${names.environmentName}`,
  });
}

/** The role with which ECS starts a task: pull the image, write the log; secrets are added by CDK as containers name them. */
export function executionRole(scope: Construct, names: NameParts, repository: ecr.IRepository, logGroup: logs.ILogGroup): ScopedRole {
  const role = new ScopedRole(scope, 'ExecutionRole', {
    ...names,
    purpose: 'execution',
    assumedBy: tasks(scope),
    description: `Starts the tasks of ${names.environmentName}`,
  });
  role.allowRegistryToken();
  role.allow(['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], [repository.repositoryArn]);
  role.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
  return role;
}

/**
 * ECS, for tasks of this account and region. It names no narrower source: the task is not known yet, the cluster not told.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
function tasks(scope: Construct): iam.IPrincipal {
  return serviceActingFor(scope, 'ecs-tasks.amazonaws.com', Stack.of(scope).formatArn({ service: 'ecs', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME }));
}

/** What CodeDeploy touches during a deployment. */
export interface DeploymentTargets {
  readonly service: ecs.FargateService;
  readonly listeners: elbv2.ApplicationListener[];
  readonly alarmArns: string[];
  readonly taskRoles: iam.IRole[];
}

/**
 * CodeDeploy's service role for one service, which it may assume for this deployment group alone.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/security_confused_deputy.html
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForECS.html for what the stock role may do
 */
export function codeDeployRole(scope: Construct, names: NameParts): ScopedRole {
  return new ScopedRole(scope, 'CodeDeployRole', {
    ...names,
    purpose: 'codedeploy',
    assumedBy: serviceActingFor(scope, 'codedeploy.amazonaws.com', deploymentGroupArn(scope, names)),
    description: `Shifts traffic and replaces tasks in ${names.environmentName}`,
    deploys: true,
  });
}

export function allowDeployment(role: ScopedRole, targets: DeploymentTargets): void {
  const { cluster, serviceName } = targets.service;
  const ecsArn = (resource: string, rest: string) => Stack.of(role).formatArn({
    service: 'ecs', resource, resourceName: `${cluster.clusterName}/${serviceName}${rest}`,
  });
  role.allow(['ecs:DescribeServices', 'ecs:UpdateServicePrimaryTaskSet'], [ecsArn('service', '')]);
  role.allowWildcard('The task sets of this one service get their ids when a deployment makes them.',
    ['ecs:CreateTaskSet', 'ecs:DeleteTaskSet'], [ecsArn('task-set', '/*')]);
  role.allowWildcard('AWS offers no narrower resource for reading the parts of a load balancer.',
    ['elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeTargetGroups'], ['*']);
  role.allow(['elasticloadbalancing:ModifyListener'], targets.listeners.map((listener) => listener.listenerArn));
  role.allowWildcard('The rules of the two listeners of this environment have ids of their own, and you may add some.',
    ['elasticloadbalancing:ModifyRule'], targets.listeners.map((listener) => rulesOf(role, listener)));
  role.allow(['cloudwatch:DescribeAlarms'], targets.alarmArns);
  role.allow(['iam:PassRole'], targets.taskRoles.map((passed) => passed.roleArn), {
    StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
  });
}

/** `…:listener/app/<lb>/<id>/<listener>` owns the rules `…:listener-rule/app/<lb>/<id>/<listener>/*`. */
function rulesOf(scope: Construct, listener: elbv2.ApplicationListener): string {
  return Arn.format({
    service: 'elasticloadbalancing',
    resource: 'listener-rule',
    resourceName: `${Fn.select(1, Fn.split(':listener/', listener.listenerArn))}/*`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  }, Stack.of(scope));
}

/** What the pipeline's deploy action does: register the task definition and hand it to CodeDeploy. */
export function deployActionRole(scope: Construct, names: NameParts, options: {
  readonly pipelineRole: iam.IRole;
  readonly group: codedeploy.EcsDeploymentGroup;
  readonly artifacts: s3.IBucket;
  readonly taskRoles: iam.IRole[];
  readonly family: string;
}): ScopedRole {
  const role = new ScopedRole(scope, 'ActionRole', {
    ...names,
    purpose: 'deploy',
    assumedBy: new iam.ArnPrincipal(options.pipelineRole.roleArn),
    description: `Starts the deployments to ${names.environmentName} for the pipeline`,
    deploys: true,
  });
  const { group } = options;
  role.allow(['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'], [group.deploymentGroupArn]);
  role.allow(['codedeploy:GetApplication', 'codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'],
    [group.application.applicationArn]);
  role.allow(['codedeploy:GetDeploymentConfig'], [group.deploymentConfig.deploymentConfigArn]);
  role.allowWildcard('A new revision has no ARN yet, and the policies of AWS itself do not narrow it either.', ['ecs:RegisterTaskDefinition'], ['*']);
  role.allowWildcard('The revision that is tagged as it is registered gets its number only then; the family is fixed.', ['ecs:TagResource'],
    [Stack.of(scope).formatArn({ service: 'ecs', resource: 'task-definition', resourceName: `${options.family}:*` })],
    { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } });
  role.allow(['iam:PassRole'], options.taskRoles.map((passed) => passed.roleArn), {
    StringEquals: { 'iam:PassedToService': ['ecs.amazonaws.com', 'ecs-tasks.amazonaws.com'] },
  });
  role.allow(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'], [options.artifacts.bucketArn]);
  role.allowObjects(options.artifacts, ['s3:GetObject', 's3:GetObjectVersion']);
  return role;
}
