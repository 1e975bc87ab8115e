import {
  actionValues, arn, artifactArn, Call, callsOf, logStream, registryOf, repositoriesIn, secretOf,
} from './call';
import { Action, Environment, taskDefinitionsOf } from '../environments';
import { Role } from '../iam/evaluate';
import { stackArn } from '../iam/identities';
import { Resource, Template } from '../template';

/** Values that no resource of a template mentions, and that only its policies show. */
export interface FromPolicies {
  /** The roles of others that report to a deployment group. */
  readonly reporting: (groupArn: string) => Role[];
  /** The repository of the agent of GuardDuty, if an execution role may pull from it. */
  readonly agent: (executionRole: string) => string | undefined;
}

/**
 * The calls of a deployment by CodeDeploy; none where ECS itself deploys, or where the stack does not hold the tasks.
 */
export function deploymentCalls(
  environment: Environment, actions: Action[], { reporting, agent }: FromPolicies,
): Call[] {
  const { group, service, production, test } = environment;
  const definitions = taskDefinitionsOf(service);
  if (group === undefined || definitions === undefined) {
    return [];
  }
  const { template } = group;
  const action = actions.find(({ settings }) => settings.at('DeploymentGroupName').target === group);
  const artifact = (setting: string) =>
    action && artifactArn(action.pipeline, action.settings.at(setting).exact);
  const application = group.at('ApplicationName').exact;
  const groupArn = arn(template, 'codedeploy', `deploymentgroup:${application}/${group.ref}`);
  const family = arn(template, 'ecs', `task-definition/${definitions.first.at('Family').exact}`);
  const running = `${service.at('Cluster').exact}/${service.at('ServiceName').exact}`;
  const listeners = [production, test].flatMap((listener) => listener?.ref ?? []);
  const hooks = hooksOf(template, definitions.first.at('Family').exact);
  const functions = template.ofType('AWS::Lambda::Function').filter((one) => hooks.includes(one.arn));
  const reporters = [...functions.map((one) => one.at('Role').exact), ...reporting(groupArn).map((role) => role.arn)];
  const shared = {
    group: groupArn,
    passedRoles: ['TaskRoleArn', 'ExecutionRoleArn'].map((property) => definitions.released.at(property).exact)
      .filter((role) => role !== ''),
  };
  return [
    ...(action === undefined ? [] : callsOf('deploy', template, {
      ...shared,
      ...actionValues(action),
      application: arn(template, 'codedeploy', `application:${application}`),
      configuration: arn(template, 'codedeploy', `deploymentconfig:${group.at('DeploymentConfigName').exact}`),
      predefined: arn(template, 'codedeploy', 'deploymentconfig:CodeDeployDefault.ECSAllAtOnce'),
      family: `${family}:*`,
      revision: `${family}:7`,
      release: artifact('TaskDefinitionTemplateArtifact'),
    })),
    ...callsOf('shift', template, {
      ...shared,
      role: group.at('ServiceRoleArn').exact,
      appSpec: artifact('AppSpecTemplateArtifact'),
      service: arn(template, 'ecs', `service/${running}`),
      taskSet: arn(template, 'ecs', `task-set/${running}/ecs-svc/0123456789`),
      listeners,
      rules: listeners.map((listener) => `${listener.replace(':listener/', ':listener-rule/')}/0123456789abcdef`),
      alarms: group.at('AlarmConfiguration', 'Alarms').items
        .map((alarm) => arn(template, 'cloudwatch', `alarm:${alarm.at('Name').exact}`)),
      hooks,
      reporters: [...new Set(reporters)],
    }),
    ...functions.flatMap(hookCalls),
    ...liveColourCalls(production, arn(template, 'ecs', `service/${running}`)),
    ...taskCalls(service, definitions.released, { passedRoles: shared.passedRoles, agent }),
  ];
}

/** The functions in the appspec of a family: the variables of the project that writes the release name them. */
function hooksOf(template: Template, family: string): string[] {
  const settings = template.ofType('AWS::CodeBuild::Project')
    .flatMap((project) => project.at('Environment', 'EnvironmentVariables').items)
    .filter((variable) => variable.at('Name').text.startsWith('RELEASE_SETTINGS_'))
    .map((variable) => variable.at('Value').exact)
    .find((value) => value.includes(`"family":"${family}"`));
  const functions = settings?.matchAll(/arn:[^:\s]+:lambda:[^:\s]+:[^:\s]+:function:[\w<>-]+/g) ?? [];
  return [...new Set([...functions].map(([hook]) => hook))];
}

/** The calls of Lambda for a function in a network, and those of the library's smoke test. */
function hookCalls(hook: Resource): Call[] {
  const { template } = hook;
  const interfaces = arn(template, 'ec2', 'network-interface/eni-0123456789abcdef0');
  const network = (kind: string, list: string) =>
    hook.at('VpcConfig', list).items.map((one) => arn(template, 'ec2', `${kind}/${one.exact}`));
  return callsOf('hook', template, {
    role: hook.at('Role').exact,
    function: hook.arn,
    logs: logStream(template, hook.at('LoggingConfig', 'LogGroup').exact),
    interfaces,
    network: [...network('subnet', 'SubnetIds'), ...network('security-group', 'SecurityGroupIds'), interfaces],
  });
}

/**
 * Returns the calls of the function that finds the target group that a listener forwards to, if a listener uses one.
 */
function liveColourCalls(production: Resource | undefined, service: string): Call[] {
  const answer = production?.at('DefaultActions').items[0]?.at('TargetGroupArn').target;
  const asked = answer?.at('ServiceToken').target;
  return asked === undefined ? [] : callsOf('colour', asked.template, {
    role: asked.at('Role').exact,
    logs: logStream(asked.template, asked.at('LoggingConfig', 'LogGroup').exact),
    service,
    stack: stackArn(asked.template),
  });
}

/** Values that the tasks of a service share with its deployments, and values that only policies show. */
interface TaskContext extends Pick<FromPolicies, 'agent'> {
  readonly passedRoles: string[];
}

/** The calls for the tasks of a service. */
function taskCalls(service: Resource, released: Resource, { passedRoles, agent }: TaskContext): Call[] {
  const { template } = service;
  const executionRole = released.at('ExecutionRoleArn').exact;
  const containers = released.at('ContainerDefinitions').items;
  const images = containers.flatMap((container) => repositoriesIn(container.at('Image').exact, template));
  const secrets = containers.flatMap((container) => container.at('Secrets').items)
    .map((secret) => secret.at('ValueFrom').exact);
  const isParameter = (secret: string) => secret.split(':')[2] === 'ssm';
  return callsOf('task', template, {
    passedRoles,
    executionRole,
    task: arn(template, 'ecs', `task/${service.at('Cluster').exact}/0123456789`),
    registry: registryOf(images),
    images,
    agent: agent(executionRole),
    logs: containers.map((container) =>
      logStream(template, container.at('LogConfiguration', 'Options', 'awslogs-group').exact)),
    parameters: secrets.filter(isParameter),
    secrets: secrets.filter((secret) => !isParameter(secret)).map(secretOf),
  });
}
