import {
  aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_ecr as ecr, aws_stepfunctions as sfn, aws_stepfunctions_tasks as tasks,
  Duration, RemovalPolicy,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';

export interface TaggingProps {
  readonly name: string;
  readonly suffix: string;
  readonly repository: ecr.IRepository;
}

/** The state machine that tags the image of a running release, so that no lifecycle rule deletes it. */
export function tagging(scope: Construct, { name, suffix, repository }: TaggingProps): sfn.StateMachine {
  const { repositoryName, repositoryArn } = repository;
  const read = new tasks.CallAwsService(scope, 'ReadManifest', {
    service: 'ecr',
    action: 'batchGetImage',
    iamResources: [repositoryArn],
    parameters: { RepositoryName: repositoryName, ImageIds: [{ ImageDigest: sfn.JsonPath.stringAt('$.digest') }] },
    resultSelector: { manifest: sfn.JsonPath.stringAt('$.Images[0].ImageManifest') },
    resultPath: '$.image',
  });
  const tag = new tasks.CallAwsService(scope, 'TagImage', {
    service: 'ecr',
    action: 'putImage',
    iamResources: [repositoryArn],
    parameters: {
      RepositoryName: repositoryName,
      ImageManifest: sfn.JsonPath.stringAt('$.image.manifest'),
      ImageTag: sfn.JsonPath.format(`live-${name}-{}`, partOf('$.digest', ':')),
    },
    resultPath: sfn.JsonPath.DISCARD,
  });
  const done = new sfn.Succeed(scope, 'Tagged');
  tag.addCatch(done, { errors: ['Ecr.ImageAlreadyExistsException', 'Ecr.ImageTagAlreadyExistsException'] });
  [read, tag].forEach((call) => call.addRetry({ errors: ['Ecr.ServerException', 'Ecr.EcrException'], maxAttempts: 5 }));
  return new sfn.StateMachine(scope, 'LiveTag', {
    stateMachineName: `state-machine-live-${name}-${suffix}`,
    timeout: Duration.minutes(5),
    removalPolicy: RemovalPolicy.DESTROY,
    definitionBody: sfn.DefinitionBody.fromChainable(
      new sfn.Pass(scope, 'FindDigest', { parameters: { digest: partOf('$.ImageURI', '@') } }).next(read).next(tag).next(done)),
  });
}

/** The action that starts it. */
export function tagAction(stateMachine: sfn.StateMachine, release: codepipeline.Artifact): codepipeline.IAction {
  return new actions.StepFunctionInvokeAction({
    actionName: 'TagImage',
    runOrder: 2,
    stateMachine,
    stateMachineInput: actions.StateMachineInput.filePath(release.atPath('imageDetail.json')),
  });
}

function partOf(path: string, separator: string): string {
  return sfn.JsonPath.arrayGetItem(sfn.JsonPath.stringSplit(sfn.JsonPath.stringAt(path), separator), 1);
}
