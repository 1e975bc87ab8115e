import { Context } from './conditions';
import { Principal } from './evaluate';
import { Place } from './identities';

/** An environment of a pipeline, as far as calls depend on it. The ids are those that AWS gives; everything else has a name. */
export interface CalledEnvironment {
  readonly name: string;
  readonly deploymentConfig: string;
  /** The production listener and the test listener, by ARN. */
  readonly listeners: readonly string[];
  /** The secrets and parameters of the container, by ARN. */
  readonly secrets: readonly string[];
  readonly parameters: readonly string[];
  /** The hooks of the user, whose roles have the same name. */
  readonly hooks: readonly string[];
  readonly smokeTest?: { readonly securityGroup: string; readonly subnets: readonly string[] };
  readonly approverRoles: readonly string[];
}

/** A pipeline that was deployed. */
export interface CalledPipeline extends Place {
  readonly suffix: string;
  readonly connectionArn: string;
  readonly environments: readonly CalledEnvironment[];
  /** What the build and the test use, beside the repository of the pipeline. */
  readonly registrySecret: string;
  readonly buildImageRepository?: string;
  readonly testsPullTheImage: boolean;
  readonly testsAreCached: boolean;
  /** Where layers are kept in ECR instead of S3, and where reports go, by ARN. */
  readonly cacheRepository?: string;
  readonly reportGroups: readonly string[];
  readonly rotationFunction?: string;
}

/** A call of the API that some release makes. */
export interface Call {
  /** A role by its purpose, as in `role-<purpose>-<suffix>-<region>`, or a service in its own name. */
  readonly by: Principal;
  readonly when: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly context?: Context;
  /** What it is good for, in words that a reviewer can follow. */
  readonly why: string;
  /** The page of AWS that says so. */
  readonly source: string;
}

export const DOCS = 'https://docs.aws.amazon.com';
export const PAGES = {
  actionRole: `${DOCS}/codepipeline/latest/APIReference/API_ActionDeclaration.html`,
  alarmTopic: `${DOCS}/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html`,
  approval: `${DOCS}/codepipeline/latest/userguide/approvals-iam-permissions.html`,
  codeBuild: `${DOCS}/codebuild/latest/userguide/setting-up-service-role.html`,
  codeBuildAction: `${DOCS}/codepipeline/latest/userguide/action-reference-CodeBuild.html`,
  codeBuildSecrets: `${DOCS}/codebuild/latest/userguide/build-spec-ref.html`,
  codeDeployRole: `${DOCS}/aws-managed-policy/latest/reference/AWSCodeDeployRoleForECS.html`,
  connection: `${DOCS}/dtconsole/latest/userguide/security_iam_id-based-policy-examples-connections.html`,
  deployAction: `${DOCS}/codepipeline/latest/userguide/action-reference-ECSbluegreen.html`,
  eventTopic: `${DOCS}/eventbridge/latest/userguide/eb-use-resource-based.html`,
  executionRole: `${DOCS}/AmazonECS/latest/developerguide/task_execution_IAM_role.html`,
  hook: `${DOCS}/codedeploy/latest/userguide/tutorial-ecs-with-hooks-create-hooks.html`,
  lambdaLogs: `${DOCS}/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html`,
  lambdaNetwork: `${DOCS}/lambda/latest/dg/configuration-vpc.html`,
  pipelineRole: `${DOCS}/codepipeline/latest/userguide/how-to-custom-role.html`,
  pullImage: `${DOCS}/AmazonECR/latest/userguide/repository-policy-examples.html`,
  pushImage: `${DOCS}/AmazonECR/latest/userguide/image-push-iam.html`,
  reports: `${DOCS}/codebuild/latest/userguide/test-permissions.html`,
  rotation: `${DOCS}/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html`,
  taskSecrets: `${DOCS}/AmazonECS/latest/developerguide/task_execution_IAM_role.html`,
  tagTaskDefinition: `${DOCS}/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html`,
} as const;

export function arn({ partition, region, account }: Place, prefix: string, resource: string): string {
  return `arn:${partition}:${prefix}:${region}:${account}:${resource}`;
}

export function roleArn({ partition, account, region, suffix }: CalledPipeline, purpose: string): string {
  return `arn:${partition}:iam::${account}:role/role-${purpose}-${suffix}-${region}`;
}

export function bucketArn({ partition, account, region, suffix }: CalledPipeline, name: string): string {
  return `arn:${partition}:s3:::${name}-${suffix}-${account}-${region}`;
}

/** An object as CodePipeline names its artifacts: pipeline, artifact, random. */
export function artifact(pipeline: CalledPipeline, name: string): string {
  return `${bucketArn(pipeline, 'artifacts')}/pipeline-${pipeline.suffix}/${name}/wJalrXU`;
}

export function logStream(pipeline: CalledPipeline, name: string): string {
  return arn(pipeline, 'logs', `log-group:logs-${name}-${pipeline.suffix}:log-stream:a/b/0123456789abcdef`);
}

export function service(name: string): Principal {
  return { service: `${name}.amazonaws.com` };
}

/** What a service says about for whom it acts. */
export function onBehalf({ account }: Place, sourceArn: string): Context {
  return { 'aws:SourceAccount': account, 'aws:SourceArn': sourceArn };
}

/** The pipeline takes on the role of an action before it runs the action. */
export function actionStarts(pipeline: CalledPipeline, when: string, purpose: string): Call {
  return {
    by: { role: roleArn(pipeline, 'pipeline') },
    when,
    actions: ['sts:AssumeRole'],
    resources: [roleArn(pipeline, purpose)],
    why: 'runs the action with a role of its own',
    source: PAGES.actionRole,
  };
}

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

export function imagePull(pipeline: Place, by: Principal, when: string, repository: string, why: string): Call[] {
  return [
    { by, when, actions: ['ecr:GetAuthorizationToken'], resources: ['*'], why: 'logs in to the registry of the account', source: PAGES.pushImage },
    { by, when, actions: PULL, resources: [arn(pipeline, 'ecr', `repository/${repository}`)], why, source: PAGES.pullImage },
  ];
}

export function imagePush(pipeline: Place, by: Principal, when: string, repository: string, why: string): Call[] {
  return [{
    by,
    when,
    actions: ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'],
    resources: [arn(pipeline, 'ecr', `repository/${repository}`)],
    why,
    source: PAGES.pushImage,
  }];
}
