import { buildInWords } from './builds';
import { inWords } from './words';
import { Action, actionsOf, environmentsOf, trafficShift } from '../environments';
import { counted, duration, Entry, groupedBy, listed, retention } from '../layout';
import { decide, policiesIn } from '../permissions/permissions';
import { taggingOf } from '../tagging';
import { Resource, Template, Value } from '../template';

/** The stages of every pipeline, in order, each with what its actions do. */
export function stages(template: Template): Entry[] {
  const actions = actionsOf(template);
  return template.ofType('AWS::CodePipeline::Pipeline').flatMap((pipeline) => [
    { says: [`${headlineOf(pipeline)} ${artifactsInWords(pipeline)}`] },
    ...pipeline.at('Stages').items.map((stage, index): Entry => {
      const name = stage.at('Name').text;
      const own = actions.filter((action) => action.pipeline === pipeline && action.stage === name);
      return { name: `${index + 1} ${name}`, says: [...conditionsInWords(stage), ...own.flatMap(actionInWords)] };
    }),
  ]);
}

/** Describes the conditions that CodePipeline checks before it enters a stage. */
function conditionsInWords(stage: Value): string[] {
  return stage.at('BeforeEntry', 'Conditions').items.flatMap((condition) => condition.at('Rules').items.map((rule) => {
    const provider = rule.at('RuleTypeId', 'Provider').text;
    const result = condition.at('Result').text === 'SKIP' ? 'skipped' : 'failed';
    const setting = (name: string) => rule.at('Configuration', name).text;
    return provider === 'VariableCheck' && setting('Operator') === 'MATCHES'
      ? `The stage is ${result} before it begins unless ${setting('Variable')} matches ${setting('Value')}.`
      : `The stage is ${result} before it begins unless its rule ${rule.at('Name').text} (${provider}) holds.`;
  }));
}

function headlineOf(pipeline: Resource): string {
  const type = pipeline.at('PipelineType').text || 'V1';
  const mode = pipeline.at('ExecutionMode').text || 'SUPERSEDED';
  return `${pipeline.name}, a ${type} pipeline of ${counted(pipeline.at('Stages').items.length, 'stage')}: `
    + `${inWords('modes', mode)}.`;
}

function artifactsInWords(pipeline: Resource): string {
  const location = pipeline.at('ArtifactStore', 'Location');
  if (!location.exists) {
    return 'Artifacts are kept in a bucket for each region.';
  }
  const rules = location.target?.at('LifecycleConfiguration', 'Rules').items ?? [];
  const days = (...path: string[]) => rules.map((rule) => rule.at(...path).number).find((number) => number > 0);
  const age = days('ExpirationInDays');
  const old = days('NoncurrentVersionExpiration', 'NoncurrentDays');
  const expiry = [
    ...(age === undefined ? [] : [`they expire after ${retention(age)}`]),
    ...(old === undefined ? [] : [`old versions are deleted after ${retention(old)}`]),
  ];
  return `Stages pass artifacts through the bucket ${location.text}`
    + `${expiry.length === 0 ? '' : `, where ${listed(expiry)}`}.`;
}

function actionInWords(action: Action): string[] {
  const { provider, settings } = action;
  switch (provider) {
    case 'CodeStarSourceConnection':
      return sourceInWords(settings);
    case 'CodeBuild': {
      const { target, text } = settings.at('ProjectName');
      return target === undefined
        ? [`Runs the CodeBuild project ${text}, which is not in this stack.`]
        : buildInWords(target);
    }
    case 'Manual':
      return approvalInWords(action);
    case 'CodeDeployToECS':
      return deploymentInWords(settings);
    case 'StepFunctions':
      return taggingInWords(action);
    default:
      return [`${action.category} action ${action.action.at('Name').text} by ${provider}: `
        + 'what it does is not known here.'];
  }
}

function taggingInWords(action: Action): string[] {
  const tagging = taggingOf(action);
  const { target, text } = action.settings.at('StateMachineArn');
  return [tagging === undefined
    ? `Starts the state machine ${target?.name ?? text}.`
    : `Then ${tagging.machine.name} adds the tag ${tagging.prefix}<digest> to the image in ${tagging.repository}.`];
}

function sourceInWords(settings: Value): string[] {
  const detects = settings.at('DetectChanges');
  const starts = detects.exists && !detects.isTrue ? 'A person starts an execution' : 'A push starts an execution';
  const connection = settings.at('ConnectionArn').text;
  const [, , , region, account, id] = connection.split(':');
  return [
    `The branch ${settings.at('BranchName').text} of ${settings.at('FullRepositoryId').text}. ${starts}.`,
    id === undefined
      ? `Read through the connection ${connection}.`
      : `Read through the ${id.replace('/', ' ')} of account ${account} in ${region}.`,
  ];
}

function approvalInWords({ pipeline, stage, action, settings }: Action): string[] {
  const topic = settings.at('NotificationArn');
  // An approval without a timeout waits for a week.
  const minutes = action.at('TimeoutInMinutes').exists ? action.at('TimeoutInMinutes').number : 7 * 24 * 60;
  const { template } = pipeline;
  const { policies } = policiesIn(template);
  const gate = `arn:${template.partition}:codepipeline:${template.region}:${template.account}:`
    + `${pipeline.ref}/${stage}/${action.at('Name').text}`;
  const roles = policies.roles
    .filter(({ arn }) => decide({ role: arn }, 'codepipeline:PutApprovalResult', gate, policies) === 'Allowed');
  const asked = topic.target === undefined
    ? `through ${topic.text}, which is not in this stack`
    : subscribersInWords(topic.target);
  const asks = topic.exists ? `Asks ${asked}` : 'No approver is notified by e-mail';
  return [
    `${asks}; fails without a response within ${duration(minutes)}.`,
    ...(settings.at('CustomData').exists ? [`"${settings.at('CustomData').text}"`] : []),
    roles.length === 0
      ? 'No role is granted permission to respond here: any principal that can already approve in this account can.'
      : `${listed(roles.map(({ name }) => name))} can approve or reject here.`,
  ];
}

/** Describes the subscribers of a topic. */
export function subscribersInWords(topic: Resource): string {
  const subscriptions = topic.template.ofType('AWS::SNS::Subscription')
    .filter((subscription) => subscription.at('TopicArn').target === topic);
  const byProtocol = groupedBy(subscriptions.map((subscription) =>
    [subscription.at('Protocol').text.replace('email', 'e-mail'), subscription.at('Endpoint').text]));
  return listed(byProtocol.map(([protocol, endpoints]) => `${listed(endpoints)} by ${protocol}`)) || 'nobody';
}

function deploymentInWords(settings: Value): string[] {
  const { target: group, text } = settings.at('DeploymentGroupName');
  const environment = group && environmentsOf(group.template).find((one) => one.group === group);
  const release = `The release is the image and ${settings.at('TaskDefinitionTemplatePath').text} of the build: `
    + 'nothing is built again.';
  if (group === undefined || environment === undefined) {
    return [`CodeDeploy deploys with ${text}, whose service is not in this stack.`, release];
  }
  const ready = group.at('BlueGreenDeploymentConfiguration', 'DeploymentReadyOption');
  const starts = ready.at('ActionOnTimeout').text === 'STOP_DEPLOYMENT'
    ? `waits up to ${duration(ready.at('WaitTimeInMinutes').number)} for a person, and then`
    : 'once they are healthy';
  return [
    `CodeDeploy starts the release as new tasks beside the running ones of ${environment.service.name}, `
      + `and ${starts} moves ${trafficShift(environment).words}.`,
    release,
  ];
}
