import { buildCalls } from './build-calls';
import { Call, caller, onBehalf, PAGES, service } from './call';
import { deployActionCalls, deploymentOf, hookCalls, shiftCalls, taskCalls } from './deployment-calls';
import { actionStarts, approvalCalls, pipelineCalls, sourceCalls } from './pipeline-calls';
import { actionsOf, environmentsOf } from '../environments';
import { listOf, Policies, Role, statementsOf } from '../iam/evaluate';
import { Template } from '../template';

/**
 * Every call that a release needs, from the push to the last old task, as AWS documents it. The resources of a template
 * say who calls what; its policies say nothing here, because they are what the calls are compared with. The exceptions
 * are roles of others, which no resource mentions: approvers, and hooks that were imported.
 */
export function releaseCalls(template: Template, policies: Policies): Call[] {
  const actions = actionsOf(template);
  const projects = template.ofType('AWS::CodeBuild::Project');
  const startedBy = (project: unknown) => actions.find(({ settings }) => settings.at('ProjectName').target === project);
  const from = (provider: string) => actions.filter((action) => action.provider === provider);
  const deployments = environmentsOf(template).flatMap((environment) => deploymentOf(environment, actions) ?? []);
  return [
    ...template.ofType('AWS::CodePipeline::Pipeline')
      .flatMap((pipeline) => pipelineCalls(pipeline, actions.filter((action) => action.pipeline === pipeline))),
    ...actions.flatMap(actionStarts),
    ...from('CodeStarSourceConnection').flatMap(sourceCalls),
    ...projects.flatMap((project) => buildCalls(project, startedBy(project))),
    ...from('Manual').flatMap((action) => approvalCalls(action,
      rolesWith('codepipeline:PutApprovalResult', `/${action.stage}/`, policies))),
    ...deployments.flatMap((deployment) => {
      const { group, groupArn } = deployment;
      const action = actions.find(({ settings }) => settings.at('DeploymentGroupName').target === group);
      return [
        ...(action === undefined ? [] : deployActionCalls(deployment, action)),
        ...shiftCalls(deployment, action),
        ...hookCalls(deployment, rolesWith('codedeploy:PutLifecycleEventHookExecutionStatus', groupArn, policies)),
        ...taskCalls(deployment),
      ];
    }),
    ...notificationCalls(template),
    ...rotationCalls(template),
  ];
}

/** The roles that are allowed an action on a resource whose ARN contains a part. */
function rolesWith(action: string, part: string, { roles }: Policies): Role[] {
  return roles.filter((role) => role.policies.flatMap(statementsOf).some(({ Action, Resource }) =>
    listOf(Action).includes(action) && listOf(Resource).some((resource) => resource.includes(part))));
}

function notificationCalls(template: Template): Call[] {
  const rules = template.ofType('AWS::Events::Rule').flatMap((rule) => rule.at('Targets').items
    .filter((target) => target.at('Arn').target?.type === 'AWS::SNS::Topic')
    .map((target) => caller(service('events'), 'Report', PAGES.eventTopic)(
      'publishes the events of a rule', ['sns:Publish'], [target.at('Arn').exact], onBehalf(template, rule.arn))));
  const alarms = template.ofType('AWS::CloudWatch::Alarm').flatMap((alarm) => alarm.at('AlarmActions').items
    .map((topic) => caller(service('cloudwatch'), 'Report', PAGES.alarmTopic)(
      'publishes the state of an alarm', ['sns:Publish'], [topic.exact], onBehalf(template, alarm.arn))));
  return [...rules, ...alarms];
}

/** A rotation by a function of the stack; the policy of another function is its owner's. */
function rotationCalls(template: Template): Call[] {
  return template.ofType('AWS::SecretsManager::RotationSchedule')
    .filter((schedule) => schedule.at('RotationLambdaARN').target !== undefined)
    .map((schedule) => caller(service('secretsmanager'), 'Rotation', PAGES.rotation)(
      'makes new credentials for the registry', ['lambda:InvokeFunction'], [schedule.at('RotationLambdaARN').exact],
      onBehalf(template, schedule.at('SecretId').exact)));
}
