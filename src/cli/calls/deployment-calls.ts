import {
  arn, artifactArn, Call, caller, imagePull, onBehalf, PAGES, repositoriesIn, service, writesLog,
} from './call';
import { lookAtBucket } from './pipeline-calls';
import { Action, Environment, taskDefinitionsOf } from '../environments';
import { Role } from '../iam/evaluate';
import { Resource } from '../template';

/** The ARNs that the calls of a deployment name. */
export interface Deployment {
  readonly group: Resource;
  readonly environment: Environment;
  readonly application: string;
  readonly groupArn: string;
  /** The task role and the execution role. */
  readonly passedRoles: string[];
  /** The functions that CodeDeploy calls, by ARN. */
  readonly hooks: string[];
}

/** A deployment by CodeDeploy; undefined where ECS itself deploys, or where the stack does not hold the tasks. */
export function deploymentOf(environment: Environment, actions: Action[]): Deployment | undefined {
  const { group, service: { template } } = environment;
  const released = taskDefinitionsOf(environment.service)?.released;
  if (group === undefined || released === undefined) {
    return undefined;
  }
  const application = group.at('ApplicationName').exact;
  const roles = [released.at('TaskRoleArn').exact, released.at('ExecutionRoleArn').exact];
  return {
    group,
    environment,
    application: arn(template, 'codedeploy', `application:${application}`),
    groupArn: arn(template, 'codedeploy', `deploymentgroup:${application}/${group.ref}`),
    passedRoles: roles.filter((role) => role !== ''),
    hooks: hooksOf(group, actions),
  };
}

/** The functions in the appspec of a deployment, which the buildspec of the release writes. */
function hooksOf(group: Resource, actions: Action[]): string[] {
  const deploys = actions.find(({ settings }) => settings.at('DeploymentGroupName').target === group);
  const appSpec = deploys?.settings.at('AppSpecTemplatePath').text;
  const file = group.template.ofType('AWS::CodeBuild::Project')
    .flatMap((project) => project.at('Source', 'BuildSpec').exact.split('END_OF_RELEASE_FILE'))
    .find((_, index, texts) => appSpec !== undefined && texts[index - 1]?.includes(`/${appSpec} `));
  const functions = file?.matchAll(/arn:[^:\s]+:lambda:[^:\s]+:[^:\s]+:function:[\w<>-]+/g) ?? [];
  return [...new Set([...functions].map(([hook]) => hook))];
}

/** The calls of the deploy action. */
export function deployActionCalls(deployment: Deployment, { pipeline, action, settings }: Action): Call[] {
  const { group, environment, application, groupArn, passedRoles } = deployment;
  const { template } = group;
  const by = { role: action.at('RoleArn').exact };
  const deploys = caller(by, 'Deploy', PAGES.deployAction);
  const family = taskDefinitionsOf(environment.service)?.first.at('Family').exact;
  const configuration = group.at('DeploymentConfigName').exact;
  const revision = ['GetApplication', 'GetApplicationRevision', 'RegisterApplicationRevision'];
  return [
    lookAtBucket(by, 'Deploy', pipeline),
    deploys('reads the task definition, the appspec and the digest', ['s3:GetObject', 's3:GetObjectVersion'],
      [artifactArn(pipeline, settings.at('TaskDefinitionTemplateArtifact').exact)]),
    deploys('registers the task definition with the new image', ['ecs:RegisterTaskDefinition'],
      [arn(template, 'ecs', `task-definition/${family}:*`)]),
    caller(by, 'Deploy', PAGES.tagTaskDefinition)('adds the tags of the stack to it', ['ecs:TagResource'],
      [arn(template, 'ecs', `task-definition/${family}:7`)], { 'ecs:CreateAction': 'RegisterTaskDefinition' }),
    ...['ecs', 'ecs-tasks'].map((passedTo) => deploys('names the two roles of the task in it', ['iam:PassRole'],
      passedRoles, { 'iam:PassedToService': `${passedTo}.amazonaws.com` })),
    deploys('passes the appspec to CodeDeploy', revision.map((name) => `codedeploy:${name}`), [application]),
    deploys('reads how traffic shifts', ['codedeploy:GetDeploymentConfig'],
      [arn(template, 'codedeploy', `deploymentconfig:${configuration}`)]),
    deploys('starts the deployment and waits for it', ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'],
      [groupArn]),
  ];
}

/** The calls of CodeDeploy. The revision is in the bucket of the pipeline. */
export function shiftCalls({ group, groupArn, passedRoles, hooks, environment }: Deployment, action?: Action): Call[] {
  const { template } = group;
  const role = group.at('ServiceRoleArn').exact;
  const shift = caller({ role }, 'Shift', PAGES.codeDeployRole);
  const reversible = caller({ role }, 'Shift, rollback', PAGES.codeDeployRole);
  const running = `${environment.service.at('Cluster').exact}/${environment.service.at('ServiceName').exact}`;
  const listeners = [environment.production, environment.test].flatMap((listener) => listener?.ref ?? []);
  const alarms = group.at('AlarmConfiguration', 'Alarms').items.map((alarm) => alarm.at('Name').exact);
  const describe = ['DescribeListeners', 'DescribeRules', 'DescribeTargetGroups'];
  return [
    caller(service('codedeploy'), 'Shift', PAGES.codeDeployRole)(
      'runs the deployment', ['sts:AssumeRole'], [role], onBehalf(template, groupArn)),
    ...(action === undefined ? [] : [
      shift('reads the revision from the bucket', ['s3:GetObject', 's3:GetObjectVersion'],
        [artifactArn(action.pipeline, action.settings.at('AppSpecTemplateArtifact').exact)]),
    ]),
    shift('watches the service, and makes the new tasks its primary ones',
      ['ecs:DescribeServices', 'ecs:UpdateServicePrimaryTaskSet'], [arn(template, 'ecs', `service/${running}`)]),
    reversible('starts the new tasks; stops the old ones, or the new ones when it rolls back',
      ['ecs:CreateTaskSet', 'ecs:DeleteTaskSet'], [arn(template, 'ecs', `task-set/${running}/ecs-svc/0123456789`)]),
    shift('starts the new tasks with their two roles', ['iam:PassRole'], passedRoles,
      { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }),
    shift('looks up the targets of the listeners', describe.map((name) => `elasticloadbalancing:${name}`), ['*']),
    reversible('shifts test traffic and production traffic, and back',
      ['elasticloadbalancing:ModifyListener'], listeners),
    reversible('does the same for rules of the listeners', ['elasticloadbalancing:ModifyRule'],
      listeners.map((listener) => `${listener.replace(':listener/', ':listener-rule/')}/0123456789abcdef`)),
    shift('rolls back when an alarm is on', ['cloudwatch:DescribeAlarms'],
      alarms.map((alarm) => arn(template, 'cloudwatch', `alarm:${alarm}`))),
    ...hooks.map((hook) =>
      shift('calls the smoke test and the hooks at their events', ['lambda:InvokeFunction'], [hook])),
  ];
}

/** The calls of the hooks: functions of the stack, and roles of others that report for the group. */
export function hookCalls({ group, groupArn, hooks }: Deployment, reporting: readonly Role[]): Call[] {
  const functions = group.template.ofType('AWS::Lambda::Function').filter((one) => hooks.includes(one.arn));
  const roles = [...functions.map((one) => one.at('Role').exact), ...reporting.map((role) => role.arn)];
  return [
    ...[...new Set(roles)].map((role) => caller({ role }, 'Shift', PAGES.hook)(
      'reports to CodeDeploy how the test went', ['codedeploy:PutLifecycleEventHookExecutionStatus'], [groupArn])),
    ...functions.flatMap(functionCalls),
  ];
}

/** The calls of Lambda for a function in a network, and those of the library's smoke test. */
function functionCalls(hook: Resource): Call[] {
  const { template } = hook;
  const role = hook.at('Role').exact;
  const interfaces = [arn(template, 'ec2', 'network-interface/eni-0123456789abcdef0')];
  const network = hook.at('VpcConfig');
  const inNetwork = [
    ...network.at('SubnetIds').items.map((subnet) => arn(template, 'ec2', `subnet/${subnet.exact}`)),
    ...network.at('SecurityGroupIds').items.map((group) => arn(template, 'ec2', `security-group/${group.exact}`)),
  ];
  const places = caller({ role }, 'cdk deploy', PAGES.lambdaNetwork);
  const manage = ['AssignPrivateIpAddresses', 'DeleteNetworkInterface', 'UnassignPrivateIpAddresses'];
  return [
    caller(service('lambda'), 'Shift', PAGES.lambdaNetwork)('runs the function', ['sts:AssumeRole'], [role]),
    writesLog({ role }, 'Shift', PAGES.lambdaLogs, template, hook.at('LoggingConfig', 'LogGroup').exact),
    caller({ role }, 'Shift', PAGES.networkInterfaces)('finds the private addresses of the load balancer',
      ['ec2:DescribeNetworkInterfaces'], ['*'], { 'lambda:SourceFunctionArn': hook.arn }),
    places('Lambda connects the function to the network',
      ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'], ['*']),
    places('Lambda connects the function to the network',
      ['ec2:CreateNetworkInterface'], [...inNetwork, ...interfaces]),
    caller({ role }, 'cdk deploy, cdk destroy', PAGES.lambdaNetwork)(
      'Lambda manages the network interfaces of the function', manage.map((name) => `ec2:${name}`), interfaces),
  ];
}

/** The calls for the tasks of a service. */
export function taskCalls({ passedRoles, environment }: Deployment): Call[] {
  const { service: ecsService } = environment;
  const { template } = ecsService;
  const released = taskDefinitionsOf(ecsService)?.released;
  const when = 'Start of a task';
  const by = { role: released?.at('ExecutionRoleArn').exact ?? '' };
  const task = arn(template, 'ecs', `task/${ecsService.at('Cluster').exact}/0123456789`);
  const containers = released?.at('ContainerDefinitions').items ?? [];
  const secrets = containers.flatMap((container) => container.at('Secrets').items)
    .map((secret) => secret.at('ValueFrom').exact);
  const groups = containers.map((container) => container.at('LogConfiguration', 'Options', 'awslogs-group').exact);
  const reads = caller(by, when, PAGES.executionRole);
  return [
    ...passedRoles.map((role) => caller(service('ecs-tasks'), when, PAGES.taskRole)(
      'starts the task, and gives the application its role', ['sts:AssumeRole'], [role], onBehalf(template, task))),
    ...containers.flatMap((container) => repositoriesIn(container.at('Image').exact, template))
      .flatMap((repository) => imagePull(by, when, repository, 'pulls the image')),
    ...groups.map((group) => writesLog(by, when, PAGES.executionRole, template, group)),
    ...secrets.map((secret) => (secret.split(':')[2] === 'ssm'
      ? reads('reads the secrets of the container', ['ssm:GetParameters'], [secret])
      : reads('reads the secrets of the container', ['secretsmanager:GetSecretValue'],
        [secret.split(':').slice(0, 7).join(':')]))),
  ];
}
