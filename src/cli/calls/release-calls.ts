import { buildCalls } from './build-calls';
import { actionValues, Call, callsOf } from './call';
import { deploymentCalls } from './deployment-calls';
import { tagCalls } from './tag-calls';
import { Action as PipelineAction, actionsOf, environmentsOf } from '../environments';
import { listOf, Policies, Role, statementsOf } from '../iam/evaluate';
import { Resource as TemplateResource, Template } from '../template';

/**
 * Returns every call that a release needs, from the push to the last old task, as AWS documents it. The resources of
 * a template determine the callers. Its policies are not read, because the calls are compared with them, with three
 * exceptions that no resource mentions: approvers, imported hooks, and the agent of GuardDuty.
 */
export function releaseCalls(template: Template, policies: Policies): Call[] {
  const actions = actionsOf(template);
  const from = (provider: string) => actions.filter((action) => action.provider === provider);
  return [
    ...pipelineCalls(template, actions),
    ...actions.filter(({ role }) => role !== '')
      .flatMap((action) => callsOf('action', template, actionValues(action))),
    ...from('CodeStarSourceConnection').flatMap((action) => callsOf('source', template, actionValues(action))),
    ...template.ofType('AWS::CodeBuild::Project').flatMap((project) =>
      buildCalls(project, actions.find(({ settings }) => settings.at('ProjectName').target === project))),
    ...from('Manual').flatMap((action) => approvalCalls(action, policies)),
    ...environmentsOf(template).flatMap((environment) => deploymentCalls(environment, actions, {
      reporting: (groupArn) => rolesWith('codedeploy:PutLifecycleEventHookExecutionStatus', groupArn, policies),
      agent: (role) => agentOf(role, template, policies),
    })),
    ...from('StepFunctions').flatMap(tagCalls),
    ...notificationCalls(template),
    ...rotationCalls(template),
  ];
}

/** The roles that are allowed an action on a resource whose ARN contains a part. */
function rolesWith(action: string, part: string, { roles }: Policies): Role[] {
  return roles.filter((role) => role.policies.flatMap(statementsOf).some(({ Action, Resource }) =>
    listOf(Action).includes(action) && listOf(Resource).some((resource) => resource.includes(part))));
}

/**
 * The repository of the agent of GuardDuty, if the role may pull it. It is in an account of AWS; this is that of
 * us-east-1.
 *
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring-ecr-repository-gdu-agent.html
 */
function agentOf(role: string, { partition, region }: Template, policies: Policies): string | undefined {
  return rolesWith('ecr:BatchGetImage', `:repository/${AGENT}`, policies).some(({ arn }) => arn === role)
    ? `arn:${partition}:ecr:${region}:593207742271:repository/${AGENT}`
    : undefined;
}

const AGENT = 'aws-guardduty-agent-fargate';

/** The calls of the pipelines themselves: the first of their actions names what all of them share. */
function pipelineCalls(template: Template, actions: PipelineAction[]): Call[] {
  return template.ofType('AWS::CodePipeline::Pipeline').flatMap((pipeline) => {
    const own = actions.filter((action) => action.pipeline === pipeline).map(actionValues);
    const artifacts = own.flatMap(({ outputs }) => listOf(outputs));
    return own.length === 0 ? [] : callsOf('pipeline', template, { ...own[0], role: own[0].pipelineRole, artifacts });
  });
}

function approvalCalls(action: PipelineAction, policies: Policies): Call[] {
  const { pipeline, ...values } = actionValues(action);
  return callsOf('approval', action.pipeline.template, {
    ...values,
    pipeline,
    topic: action.settings.at('NotificationArn').items.map((topic) => topic.exact),
    approvers: rolesWith('codepipeline:PutApprovalResult', `/${action.stage}/`, policies).map((role) => role.arn),
    question: `${String(pipeline)}/${action.stage}/${action.action.at('Name').exact}`,
  });
}

function notificationCalls(template: Template): Call[] {
  return [
    ...template.ofType('AWS::Events::Rule').flatMap((rule) => callsOf('rule', template, {
      rule: rule.arn,
      topics: targetsOf(rule, 'AWS::SNS::Topic'),
      functions: targetsOf(rule, 'AWS::Lambda::Function'),
    })),
    ...template.ofType('AWS::CloudWatch::Alarm').flatMap((alarm) => callsOf('alarm', template, {
      alarm: alarm.arn,
      topics: alarm.at('AlarmActions').items.map((topic) => topic.exact),
    })),
  ];
}

function targetsOf(rule: TemplateResource, type: string): string[] {
  return rule.at('Targets').items.map((target) => target.at('Arn'))
    .filter((target) => target.target?.type === type).map((target) => target.exact);
}

/** A rotation by a function of the stack; the policy of another function is its owner's. */
function rotationCalls(template: Template): Call[] {
  return template.ofType('AWS::SecretsManager::RotationSchedule')
    .filter((schedule) => schedule.at('RotationLambdaARN').target !== undefined)
    .flatMap((schedule) => callsOf('rotation', template, {
      function: schedule.at('RotationLambdaARN').exact,
      secret: schedule.at('SecretId').exact,
    }));
}
