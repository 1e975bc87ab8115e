import { arn, artifactArn, bucketArn, Call, caller, onBehalf, PAGES, service } from './call';
import { Action } from '../environments';
import { Principal, Role } from '../iam/evaluate';
import { Resource } from '../template';

const LOOK_AT_BUCKET = ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'];

/** The calls of the pipeline itself. */
export function pipelineCalls(pipeline: Resource, actions: Action[]): Call[] {
  const role = pipeline.at('RoleArn').exact;
  const own = arn(pipeline.template, 'codepipeline', pipeline.ref);
  const artifacts = actions.flatMap(({ action }) => outputsOf(action)).map((name) => artifactArn(pipeline, name));
  return [
    caller(service('codepipeline'), 'Source', PAGES.pipelineRole)(
      'runs the pipeline', ['sts:AssumeRole'], [role], onBehalf(pipeline.template, own)),
    lookAtBucket({ role }, 'Every stage', pipeline),
    caller({ role }, 'Every stage', PAGES.pipelineRole)('passes artifacts from stage to stage',
      ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:PutObjectAcl'], artifacts),
  ];
}

/** CodePipeline assumes the role of an action before it runs the action. */
export function actionStarts({ pipeline, action }: Action): Call[] {
  const role = pipeline.at('RoleArn').exact;
  const own = action.at('RoleArn').exact;
  return own === '' ? [] : [caller({ role }, whenOf(action), PAGES.actionRole)(
    'runs the action with a role of its own', ['sts:AssumeRole'], [own])];
}

export function sourceCalls({ pipeline, action, settings }: Action): Call[] {
  const by = { role: action.at('RoleArn').exact };
  return [
    caller(by, 'Source', PAGES.connection)(
      'reads the commit; AWS asks under the old name of the service, the new one, or either',
      ['codeconnections:UseConnection', 'codestar-connections:UseConnection'], [settings.at('ConnectionArn').exact]),
    lookAtBucket(by, 'Source', pipeline),
    caller(by, 'Source', PAGES.pipelineRole)('stores the source', ['s3:PutObject', 's3:PutObjectAcl'],
      outputsOf(action).map((name) => artifactArn(pipeline, name))),
  ];
}

export function approvalCalls({ pipeline, stage, action, settings }: Action, roles: readonly Role[]): Call[] {
  const own = arn(pipeline.template, 'codepipeline', pipeline.ref);
  const topic = settings.at('NotificationArn');
  const asks = caller({ role: action.at('RoleArn').exact }, 'Approval', PAGES.approval);
  return [
    ...(topic.exists ? [asks('asks the approvers', ['sns:Publish'], [topic.exact])] : []),
    ...roles.flatMap((role): Call[] => {
      const approver = caller({ role: role.arn }, 'Approval', PAGES.approval);
      return [
        approver('an approver looks at what is to be approved',
          ['codepipeline:GetPipeline', 'codepipeline:GetPipelineExecution', 'codepipeline:GetPipelineState'], [own]),
        approver('an approver answers', ['codepipeline:PutApprovalResult'],
          [`${own}/${stage}/${action.at('Name').exact}`]),
      ];
    }),
  ];
}

/** The names of the artifacts that an action makes. */
export function outputsOf(action: Action['action']): string[] {
  return action.at('OutputArtifacts').items.map((artifact) => artifact.at('Name').exact);
}

/** The category of an action, which is the part of a release that it belongs to. */
export function whenOf(action: Action['action']): string {
  return action.at('ActionTypeId', 'Category').text;
}

export function lookAtBucket(by: Principal, when: string, pipeline: Resource): Call {
  const bucket = bucketArn(pipeline.template, pipeline.at('ArtifactStore', 'Location').exact);
  return caller(by, when, PAGES.pipelineRole)('looks at the bucket of the artifacts', LOOK_AT_BUCKET, [bucket]);
}
