import { buildInWords } from './builds';
import { trafficShift } from './environment';
import { counted, duration, labelled, listed, paragraph } from './layout';
import { rolesAllowed } from './policies';
import { ACCOUNT, Resource, Template, Value } from './template';

/** CodePipeline's execution modes in words. */
const MODES: { [mode: string]: string } = {
  SUPERSEDED: 'a newer push overtakes an older one that waits between stages',
  QUEUED: 'pushes wait for each other',
  PARALLEL: 'pushes do not wait for each other',
};

/** The stages of every pipeline, in order, each with what its actions do. */
export function road(template: Template): string[] {
  return template.ofType('AWS::CodePipeline::Pipeline').flatMap((pipeline) => [
    ...paragraph(`${pipeline.name}, a ${pipeline.at('PipelineType').text} pipeline of ${counted(pipeline.at('Stages').items.length, 'stage')}: `
      + `${MODES[pipeline.at('ExecutionMode').text] ?? pipeline.at('ExecutionMode').text}. ${artifactsInWords(pipeline)}`),
    ...pipeline.at('Stages').items.flatMap((stage, index) => ['', ...stageLines(pipeline, stage, index + 1)]),
  ]);
}

function artifactsInWords(pipeline: Resource): string {
  const bucket = pipeline.at('ArtifactStore', 'Location').target;
  const old = bucket?.at('LifecycleConfiguration', 'Rules').items.map((rule) => rule.at('NoncurrentVersionExpiration', 'NoncurrentDays').number)
    .find((days) => days > 0);
  return `Stages hand each other their work through the bucket ${pipeline.at('ArtifactStore', 'Location').text}`
    + `${old === undefined ? '' : `, where replaced versions are deleted after ${duration(old * 24 * 60)}`}.`;
}

function stageLines(pipeline: Resource, stage: Value, number: number): string[] {
  const name = stage.at('Name').text;
  return labelled(`${number}  ${name}`, stage.at('Actions').items.flatMap((action) => actionInWords(pipeline, name, action)), 1, 22);
}

function actionInWords(pipeline: Resource, stageName: string, action: Value): string[] {
  const settings = action.at('Configuration');
  switch (action.at('ActionTypeId', 'Provider').text) {
    case 'CodeStarSourceConnection': return sourceInWords(settings);
    case 'CodeBuild': {
      const project = settings.at('ProjectName').target;
      return project === undefined ? [`Runs the CodeBuild project ${settings.at('ProjectName').text}.`] : buildInWords(project);
    }
    case 'Manual': return approvalInWords(pipeline, stageName, action);
    case 'CodeDeployToECS': return deploymentInWords(settings);
    default: return [`${action.at('ActionTypeId', 'Category').text} by ${action.at('ActionTypeId', 'Provider').text}: ${action.at('Name').text}.`];
  }
}

function sourceInWords(settings: Value): string[] {
  const [, , , region, account, connection] = settings.at('ConnectionArn').text.split(':');
  const starts = settings.at('DetectChanges').text === 'true' ? 'A push starts an execution' : 'A person starts an execution';
  return [
    `The branch ${settings.at('BranchName').text} of ${settings.at('FullRepositoryId').text}. ${starts}.`,
    `Read through the ${connection?.replace('/', ' ') ?? settings.at('ConnectionArn').text} of account ${account} in ${region}.`,
  ];
}

function approvalInWords(pipeline: Resource, stageName: string, action: Value): string[] {
  const settings = action.at('Configuration');
  const topic = settings.at('NotificationArn').target;
  // Without a time limit of its own an approval waits a week.
  const minutes = action.at('TimeoutInMinutes').exists ? action.at('TimeoutInMinutes').number : 7 * 24 * 60;
  const gate = `arn:aws:codepipeline:${pipeline.template.region}:${ACCOUNT}:${pipeline.name}/${stageName}/${action.at('Name').text}`;
  const roles = rolesAllowed(pipeline.template, 'codepipeline:PutApprovalResult', gate);
  return [
    `${topic === undefined ? 'Nobody is asked by e-mail' : `Asks ${subscribersInWords(topic)}`}; fails without an answer in ${duration(minutes)}.`,
    `"${settings.at('CustomData').text}"`,
    roles.length === 0
      ? 'No role gets the permission to answer here: whoever may already approve in this account can.'
      : `${listed(roles)} may answer here.`,
  ];
}

/** Who gets the messages of a topic. */
export function subscribersInWords(topic: Resource): string {
  const subscriptions = topic.template.ofType('AWS::SNS::Subscription').filter((subscription) => subscription.at('TopicArn').target === topic);
  const byProtocol = new Map<string, string[]>();
  for (const subscription of subscriptions) {
    const protocol = subscription.at('Protocol').text.replace('email', 'e-mail');
    byProtocol.set(protocol, [...byProtocol.get(protocol) ?? [], subscription.at('Endpoint').text]);
  }
  return byProtocol.size === 0 ? 'nobody' : listed([...byProtocol].map(([protocol, endpoints]) => `${listed(endpoints)} by ${protocol}`));
}

function deploymentInWords(settings: Value): string[] {
  const group = settings.at('DeploymentGroupName').target;
  if (group === undefined) {
    return [`CodeDeploy deploys with ${settings.at('DeploymentGroupName').text}.`];
  }
  const service = group.at('ECSServices').items[0]?.at('ServiceName').text ?? 'a service';
  const ready = group.at('BlueGreenDeploymentConfiguration', 'DeploymentReadyOption');
  const starts = ready.at('ActionOnTimeout').text === 'STOP_DEPLOYMENT'
    ? `waits up to ${duration(ready.at('WaitTimeInMinutes').number)} for a person, and then`
    : 'once they are healthy';
  return [
    `CodeDeploy starts the release as new tasks beside the running ones of ${service}, and ${starts} moves ${trafficShift(group).words}.`,
    `The release is the image and ${settings.at('TaskDefinitionTemplatePath').text} of the build: nothing is built again.`,
  ];
}
