import { arn, DeployedProgram, PLACE, roleArn } from './account';
import { Principal } from '../../src/cli/iam/evaluate';
import { CONNECTION_ARN } from '../helpers/synthesis';

/** The values of condition keys that a call must have, as patterns: one of them each. */
export interface Circumstances {
  readonly [key: string]: readonly string[];
}

/** Calls that a principal may make, written by hand. What stands in no authorisation must be refused. */
export interface Authorisation {
  readonly principal: Principal;
  readonly actions: readonly string[];
  /** Exactly what the calls reach, as patterns. */
  readonly resources: readonly string[];
  readonly when?: Circumstances;
}

/** Calls that are denied explicitly, whoever else allows them. */
export interface Prohibition {
  readonly principals: readonly Principal[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly when?: Circumstances;
}

/** An environment, as far as roles differ for it. */
export interface EnvironmentExpectation {
  readonly name: string;
  readonly deploymentConfig: string;
  readonly smokeTest?: boolean;
  /** Functions of the user that are asked during a deployment; each has a role of the same name. */
  readonly hooks?: readonly string[];
  /** What the user gives the roles of the environment. */
  readonly given?: readonly { readonly purpose: string; readonly actions: readonly string[]; readonly resources: readonly string[] }[];
}

const BUCKET_READS = ['s3:GetBucketAcl', 's3:GetBucketLocation'];
const REPOSITORY_READS = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const REPOSITORY_WRITES = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];
const LOG_WRITES = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const REPORT_WRITES = ['codebuild:BatchPutCodeCoverages', 'codebuild:BatchPutTestCases', 'codebuild:CreateReport', 'codebuild:UpdateReport'];

const logsOf = (name: string) => arn('logs', `log-group:${name}:*`);
export const repository = (name: string) => arn('ecr', `repository/${name}`);
const hookFunction = (name: string) => arn('lambda', `function:${name}`);

function may(role: string, actions: readonly string[], resources: readonly string[], when?: Circumstances): Authorisation {
  return { principal: { role }, actions, resources, when };
}

/** A build project: its log, and what its steps need. */
export function projectMay(program: DeployedProgram, purpose: string, access: {
  readonly cache?: string;
  readonly pulls?: readonly string[];
  readonly pushes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly reports?: readonly string[];
  readonly artifacts?: 'read' | 'write';
}): Authorisation[] {
  const role = program.role(`project-${purpose}`);
  const { cache, pulls = [], pushes = [], secrets = [], reports = [], artifacts } = access;
  const artifactActions = ['s3:GetObject', 's3:GetObjectVersion', ...(artifacts === 'write' ? ['s3:PutObject'] : [])];
  return [
    may(role, LOG_WRITES, [logsOf(program.named(`logs-project-${purpose}`))]),
    ...(cache === undefined ? [] : [
      may(role, BUCKET_READS, [program.bucket(cache)]),
      may(role, ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], [`${program.bucket(cache)}/${purpose}/*`]),
    ]),
    ...(pulls.length === 0 ? [] : [may(role, ['ecr:GetAuthorizationToken'], ['*']), may(role, REPOSITORY_READS, pulls)]),
    ...(pushes.length === 0 ? [] : [may(role, REPOSITORY_WRITES, pushes)]),
    ...(secrets.length === 0 ? [] : [may(role, ['secretsmanager:GetSecretValue'], secrets)]),
    ...(reports.length === 0 ? [] : [may(role, REPORT_WRITES, reports.map((name) => arn('codebuild', `report-group/${name}`)))]),
    ...(artifacts === undefined ? [] : [
      may(role, BUCKET_READS, [program.bucket('artifacts')]),
      may(role, artifactActions, [`${program.bucket('artifacts')}/*`]),
    ]),
  ];
}

/** The roles of an environment, but the one with which a pipeline starts its deployments. */
export function environmentMay(program: DeployedProgram, environment: EnvironmentExpectation, images: string, artifacts: boolean): Authorisation[] {
  const { name, smokeTest = false, hooks = [], given = [] } = environment;
  const named = (type: string) => program.named(type, name);
  const group = deploymentGroup(program, name);
  const codeDeploy = program.role('codedeploy', name);
  const execution = program.role('execution', name);
  const functions = [...hooks, ...(smokeTest ? [named('function-smoke')] : [])];
  const service = `${named('cluster')}/${named('service')}`;
  return [
    may(execution, ['ecr:GetAuthorizationToken'], ['*']),
    may(execution, REPOSITORY_READS, [images]),
    may(execution, LOG_WRITES, [logsOf(named('logs-service'))]),
    may(codeDeploy, ['ecs:DescribeServices', 'ecs:UpdateServicePrimaryTaskSet'], [arn('ecs', `service/${service}`)]),
    may(codeDeploy, ['ecs:CreateTaskSet', 'ecs:DeleteTaskSet'], [arn('ecs', `task-set/${service}/*`)]),
    may(codeDeploy, ['elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeTargetGroups'], ['*']),
    may(codeDeploy, ['elasticloadbalancing:ModifyListener'], program.listeners(name)),
    may(codeDeploy, ['elasticloadbalancing:ModifyRule'], program.listeners(name).map((listener) => `${listener.replace(':listener/', ':listener-rule/')}/*`)),
    may(codeDeploy, ['cloudwatch:DescribeAlarms'], ['errors-blue', 'unhealthy-blue', 'errors-green', 'unhealthy-green']
      .map((alarm) => arn('cloudwatch', `alarm:${named(`alarm-${alarm}`)}`))),
    may(codeDeploy, ['iam:PassRole'], [program.role('task', name), execution], { 'iam:PassedToService': ['ecs-tasks.amazonaws.com'] }),
    ...(artifacts ? [may(codeDeploy, ['s3:GetObject', 's3:GetObjectVersion'], [`${program.bucket('artifacts')}/*`])] : []),
    ...(functions.length === 0 ? [] : [may(codeDeploy, ['lambda:InvokeFunction'], functions.map(hookFunction))]),
    ...(smokeTest ? smokeTestMay(program, name) : []),
    ...hooks.map((hook) => may(roleArn(hook), ['codedeploy:PutLifecycleEventHookExecutionStatus'], [group])),
    ...given.map(({ purpose, actions, resources }) => may(program.role(purpose, name), actions, resources)),
  ];
}

function smokeTestMay(program: DeployedProgram, name: string): Authorisation[] {
  const role = program.role('smoke', name);
  const interfaces = arn('ec2', 'network-interface/*');
  return [
    may(role, LOG_WRITES, [logsOf(program.named('logs-smoke', name))]),
    may(role, ['codedeploy:PutLifecycleEventHookExecutionStatus'], [deploymentGroup(program, name)]),
    may(role, ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'], ['*']),
    may(role, ['ec2:AssignPrivateIpAddresses', 'ec2:DeleteNetworkInterface', 'ec2:UnassignPrivateIpAddresses'], [interfaces]),
    may(role, ['ec2:CreateNetworkInterface'], [
      interfaces,
      arn('ec2', `security-group/${program.smokeTestSecurityGroup(name)}`),
      // A subnet that another account shares belongs to that account.
      ...program.functionSubnets().map((subnet) => `arn:${PLACE.partition}:ec2:${PLACE.region}:*:subnet/${subnet}`),
    ]),
  ];
}

/** What a pipeline adds: its own role, those of its actions, and those with which it starts deployments. */
export function pipelineMay(program: DeployedProgram, environments: readonly EnvironmentExpectation[]): Authorisation[] {
  const artifacts = program.bucket('artifacts');
  const bucketReads = [...BUCKET_READS, 's3:GetBucketVersioning'];
  const project = (purpose: string) => arn('codebuild', `project/${program.named(`project-${purpose}`)}`);
  return [
    may(program.role('pipeline'), bucketReads, [artifacts]),
    may(program.role('pipeline'), ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:PutObjectAcl'], [`${artifacts}/*`]),
    may(program.role('pipeline'), ['sts:AssumeRole'], actionRoles(program, environments)),
    may(program.role('source'), ['codeconnections:UseConnection', 'codestar-connections:UseConnection'], [CONNECTION_ARN]),
    may(program.role('source'), bucketReads, [artifacts]),
    may(program.role('source'), ['s3:PutObject', 's3:PutObjectAcl'], [`${artifacts}/*`]),
    ...['build', 'test'].map((purpose) =>
      may(program.role(`start-${purpose}`), ['codebuild:BatchGetBuilds', 'codebuild:StartBuild', 'codebuild:StopBuild'], [project(purpose)])),
    ...environments.flatMap(({ name, deploymentConfig }) => {
      const named = (type: string) => program.named(type, name);
      const deploy = program.role('deploy', name);
      return [
        may(program.role('approval', name), ['sns:Publish'], [arn('sns', named('topic-approval'))]),
        may(deploy, ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'], [deploymentGroup(program, name)]),
        may(deploy, ['codedeploy:GetApplication', 'codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'],
          [arn('codedeploy', `application:${named('application')}`)]),
        may(deploy, ['codedeploy:GetDeploymentConfig'], [arn('codedeploy', `deploymentconfig:${deploymentConfig}`)]),
        may(deploy, ['ecs:RegisterTaskDefinition'], ['*']),
        may(deploy, ['ecs:TagResource'], [arn('ecs', `task-definition/${named('task')}:*`)], { 'ecs:CreateAction': ['RegisterTaskDefinition'] }),
        may(deploy, ['iam:PassRole'], [program.role('task', name), program.role('execution', name)],
          { 'iam:PassedToService': ['ecs.amazonaws.com', 'ecs-tasks.amazonaws.com'] }),
        may(deploy, bucketReads, [artifacts]),
        may(deploy, ['s3:GetObject', 's3:GetObjectVersion'], [`${artifacts}/*`]),
      ];
    }),
  ];
}

/** The roles that a pipeline assumes, one for each action. */
export function actionRoles(program: DeployedProgram, environments: readonly EnvironmentExpectation[]): string[] {
  return [
    ...['source', 'start-build', 'start-test'].map((purpose) => program.role(purpose)),
    ...environments.flatMap(({ name }) => [program.role('approval', name), program.role('deploy', name)]),
  ];
}

export function deploymentGroup(program: DeployedProgram, name: string): string {
  return arn('codedeploy', `deploymentgroup:${program.named('application', name)}/${program.named('deployment-group', name)}`);
}

/** CDK's own provider, which empties the buckets when they are deleted. */
export function emptyingMay(program: DeployedProgram, buckets: readonly string[]): Authorisation[] {
  return [
    may(program.emptyingRole(), ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], ['*']),
    may(program.emptyingRole(), ['s3:PutBucketPolicy', 's3:GetBucket*', 's3:List*', 's3:DeleteObject*'], buckets.flatMap((bucket) => [bucket, `${bucket}/*`])),
  ];
}

/** The services that report to a topic, each for the sake of these rules or of the alarms of this account. */
export function topicsAccept(program: DeployedProgram, environments: readonly string[]): Authorisation[] {
  const rules = (names: string[]) => names.map((name) => arn('events', `rule/${name}`));
  const publish = (service: string, topic: string, when: Circumstances): Authorisation =>
    ({ principal: { service }, actions: ['sns:Publish'], resources: [arn('sns', program.named(topic))], when });
  return [
    publish('events.amazonaws.com', 'topic-alerts', {
      'aws:SourceArn': rules(['pipeline', 'build', 'deployment'].map((what) => program.named(`rule-${what}-failed`))),
    }),
    publish('cloudwatch.amazonaws.com', 'topic-alerts', { 'aws:SourceArn': [arn('cloudwatch', 'alarm:*')], 'aws:SourceAccount': [PLACE.account] }),
    publish('events.amazonaws.com', 'topic-deployments', {
      'aws:SourceArn': rules([
        ...environments.flatMap((name) => ['succeeded', 'failed'].map((outcome) => program.named(`rule-deploy-${outcome}`, name))),
        program.named('rule-approval-rejected'),
      ]),
    }),
  ];
}

/**
 * Who may be each role: one service for the sake of this account and, where AWS says which, of one resource; or the role of the pipeline.
 * See docs/decisions/0014 for each.
 */
export function trusted(program: DeployedProgram, { environments, projects, pipeline }: {
  readonly environments: readonly EnvironmentExpectation[];
  readonly projects: readonly string[];
  readonly pipeline: boolean;
}): Authorisation[] {
  const trust = (principal: Principal, resources: readonly string[], when?: Circumstances): Authorisation =>
    ({ principal, actions: ['sts:AssumeRole'], resources, when });
  const service = (name: string, role: string, when?: Circumstances) => trust({ service: `${name}.amazonaws.com` }, [role], when);
  const here = { 'aws:SourceAccount': [PLACE.account] };
  return [
    ...projects.map((project) => service('codebuild', program.role(`project-${project}`),
      { ...here, 'aws:SourceArn': [arn('codebuild', `project/${program.named(`project-${project}`)}`)] })),
    ...environments.flatMap(({ name, smokeTest }) => [
      ...['task', 'execution'].map((purpose) => service('ecs-tasks', program.role(purpose, name), { ...here, 'aws:SourceArn': [arn('ecs', '*')] })),
      service('codedeploy', program.role('codedeploy', name), { ...here, 'aws:SourceArn': [deploymentGroup(program, name)] }),
      ...(smokeTest ? [service('lambda', program.role('smoke', name))] : []),
    ]),
    service('lambda', program.emptyingRole()),
    ...(pipeline ? [service('codepipeline', program.role('pipeline'), here), trust({ role: program.role('pipeline') }, actionRoles(program, environments))] : []),
  ];
}
