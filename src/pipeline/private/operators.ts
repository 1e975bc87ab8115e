import {
  aws_codepipeline as codepipeline, aws_iam as iam, aws_secretsmanager as secretsmanager, aws_sns as sns,
  Lazy, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { EcsBlueGreenDeployment } from '../../deployment/ecs-blue-green-deployment';
import { acknowledgeWildcards, Wildcard } from '../../private/acknowledged';
import { Names } from '../../private/names';
import { PipelineSource } from '../../source/pipeline-source';

/** The resources of a pipeline that operators work with. */
export interface OperatedParts {
  readonly pipeline: codepipeline.Pipeline;
  readonly deployments: { readonly [environmentName: string]: EcsBlueGreenDeployment };
  readonly approvals: { readonly [environmentName: string]: { readonly topic: sns.ITopic } };
  readonly alarms: { readonly topic: sns.ITopic };
  readonly registryCredentials: secretsmanager.ISecret;
}

export interface OperatorsOptions {
  readonly names: Names;
  readonly operatorRoles?: iam.IRole[];
  readonly source: PipelineSource;
  readonly parts: OperatedParts;
}

/**
 * Allows the calls of docs/operations.md on the resources of this pipeline, but those that bypass a protection: an
 * approval, the alarms of a deployment group, the colour of a listener, a rollback of CloudFormation.
 */
export function allowOperators(scope: Construct, options: OperatorsOptions): void {
  const { names, operatorRoles: roles = [], source, parts: shop } = options;
  if (roles.length === 0) {
    return;
  }
  const stack = Stack.of(scope);
  const { pipeline, registryCredentials } = shop;
  const deployments = Object.values(shop.deployments);
  const topics = [shop.alarms, ...Object.values(shop.approvals)].map(({ topic }) => topic);
  const statements: iam.PolicyStatement[] = [];
  const wildcards: Wildcard[] = [];
  const allow = (actions: string[], resources: string[], conditions?: { [operator: string]: object }) =>
    statements.push(new iam.PolicyStatement({ actions, resources, conditions }));
  const allowWildcard = (why: string, ...[actions, resources, conditions]: Parameters<typeof allow>) => {
    wildcards.push({ actions, resources, why });
    allow(actions, resources, conditions);
  };
  const ecsArn = (resource: string, resourceName: string) =>
    stack.formatArn({ service: 'ecs', resource, resourceName });

  allow([
    'codepipeline:GetPipelineState', 'codepipeline:ListPipelineExecutions', 'codepipeline:StartPipelineExecution',
    'codepipeline:StopPipelineExecution',
  ], [pipeline.pipelineArn]);
  allow([
    'codepipeline:DisableStageTransition', 'codepipeline:EnableStageTransition', 'codepipeline:RetryStageExecution',
  ], Lazy.list({ produce: () => pipeline.stages.map(({ stageName }) => `${pipeline.pipelineArn}/${stageName}`) }));
  allow(['codepipeline:RollbackStage'], deployments.map(({ stageName }) => `${pipeline.pipelineArn}/${stageName}`));

  allow(['codedeploy:GetDeployment', 'codedeploy:GetDeploymentGroup', 'codedeploy:ListDeployments'],
    deployments.map(({ deploymentGroup }) => deploymentGroup.deploymentGroupArn));
  allowWildcard('AWS offers no narrower resource for stopping a deployment, or ending its wait.',
    ['codedeploy:ContinueDeployment', 'codedeploy:StopDeployment'], ['*']);

  allow(['ecs:DescribeServices'], deployments.map(({ cluster, service }) =>
    ecsArn('service', `${cluster.clusterName}/${service.serviceName}`)));
  allowWildcard('A task gets its ID when it starts.',
    ['ecs:DescribeTasks'], deployments.map(({ cluster }) => ecsArn('task', `${cluster.clusterName}/*`)));
  allowWildcard('A condition names the clusters: the resource is a container instance, which Fargate does not have.',
    ['ecs:ListTasks'], ['*'], { ArnEquals: { 'ecs:cluster': deployments.map(({ cluster }) => cluster.clusterArn) } });
  allow(['logs:FilterLogEvents'], deployments.map(({ logGroup }) => logGroup.logGroupArn));
  allowWildcard('Application Auto Scaling gives a scalable target an ID that no template can refer to.',
    ['application-autoscaling:RegisterScalableTarget'],
    [stack.formatArn({ service: 'application-autoscaling', resource: 'scalable-target', resourceName: '*' })], {
      StringEquals: {
        'application-autoscaling:service-namespace': 'ecs',
        'application-autoscaling:scalable-dimension': 'ecs:service:DesiredCount',
      },
    });
  allowWildcard('AWS offers no narrower resource for describing the parts of a load balancer.', [
    'elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
  ], ['*']);

  allow(['cloudformation:DescribeStackEvents'], [stack.stackId]);
  allow(['codeconnections:GetConnection', 'codestar-connections:GetConnection'], [source._bind().connectionArn]);
  allow(['sns:ListSubscriptionsByTopic', 'sns:Subscribe'], topics.map(({ topicArn }) => topicArn));
  allow(['secretsmanager:PutSecretValue'], [registryCredentials.secretArn]);

  const policy = new iam.Policy(scope, 'Operators', {
    policyName: names.claim('policy-operators'),
    roles,
    statements,
  });
  acknowledgeWildcards(policy.node.defaultChild as iam.CfnPolicy, wildcards);
}
