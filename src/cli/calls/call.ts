import { Context } from '../iam/conditions';
import { Principal } from '../iam/evaluate';
import { Resource, Template } from '../template';

/** A call of the AWS API that some release makes. */
export interface Call {
  readonly by: Principal;
  /** The part of a release that makes the call. */
  readonly when: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly context?: Context;
  /** The purpose, in words that a reviewer can follow. */
  readonly why: string;
  /** The page of AWS that documents it. */
  readonly source: string;
}

const DOCS = 'https://docs.aws.amazon.com';
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
  networkInterfaces: `${DOCS}/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html`,
  pipelineRole: `${DOCS}/codepipeline/latest/userguide/how-to-custom-role.html`,
  pullImage: `${DOCS}/AmazonECR/latest/userguide/repository-policy-examples.html`,
  pushImage: `${DOCS}/AmazonECR/latest/userguide/image-push-iam.html`,
  reports: `${DOCS}/codebuild/latest/userguide/test-permissions.html`,
  rotation: `${DOCS}/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html`,
  tagTaskDefinition: `${DOCS}/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html`,
  taskRole: `${DOCS}/AmazonECS/latest/developerguide/task-iam-roles.html`,
} as const;

/** The rest of a call whose caller, time and page are known. */
type Caller = (why: string, actions: string[], resources: readonly string[], context?: Context) => Call;

/** The calls of one principal that one page documents. */
export function caller(by: Principal, when: string, source: string): Caller {
  return (why, actions, resources, context) => ({ by, when, source, why, actions, resources, context });
}

export function service(name: string): Principal {
  return { service: `${name}.amazonaws.com` };
}

export function arn({ partition, region, account }: Template, prefix: string, resource: string): string {
  return `arn:${partition}:${prefix}:${region}:${account}:${resource}`;
}

export function bucketArn({ partition }: Template, name: string): string {
  return `arn:${partition}:s3:::${name}`;
}

/** An object as CodePipeline names it: pipeline, artifact, random. */
export function artifactArn(pipeline: Resource, artifact: string): string {
  const bucket = bucketArn(pipeline.template, pipeline.at('ArtifactStore', 'Location').exact);
  return `${bucket}/${pipeline.ref}/${artifact}/wJalrXU`;
}

/** What a service states about the resource that it acts for. */
export function onBehalf({ account }: Template, sourceArn: string): Context {
  return { 'aws:SourceAccount': account, 'aws:SourceArn': sourceArn };
}

export function writesLog(by: Principal, when: string, source: string, template: Template, group: string): Call {
  const stream = arn(template, 'logs', `log-group:${group}:log-stream:a/b/0123456789abcdef`);
  return caller(by, when, source)('writes the log', ['logs:CreateLogStream', 'logs:PutLogEvents'], [stream]);
}

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const PUSH = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];

export function imagePull(by: Principal, when: string, repository: string, why: string): Call[] {
  const login = caller(by, when, PAGES.pushImage);
  return [
    login('logs in to the registry of the account', ['ecr:GetAuthorizationToken'], ['*']),
    caller(by, when, PAGES.pullImage)(why, PULL, [repository]),
  ];
}

export function imagePush(by: Principal, when: string, repository: string, why: string): Call {
  return caller(by, when, PAGES.pushImage)(why, PUSH, [repository]);
}

/** The ARNs of the ECR repositories whose images a string mentions. */
export function repositoriesIn(text: string, { partition }: Template): string[] {
  const images = text.matchAll(/(\d{12}|<account>)\.dkr\.ecr\.([\w<>-]+)\.[\w.]+\/([\w./-]+)/g);
  return [...new Set([...images].map(([, account, region, name]) =>
    `arn:${partition}:ecr:${region}:${account}:repository/${name}`))];
}
