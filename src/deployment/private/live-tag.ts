import {
  ArnFormat, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_ecr as ecr, aws_iam as iam,
  aws_s3 as s3, aws_stepfunctions as sfn, aws_stepfunctions_tasks as tasks, Duration, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { acknowledge } from '../../private/acknowledged';
import { liveTagPrefix } from '../../private/live-tag-prefix';
import { Names } from '../../private/names';
import { ScopedRole } from '../../private/scoped-role';
import { serviceActingFor } from '../../private/trust';

export interface LiveTagOptions {
  readonly names: Names;
  readonly repository: ecr.IRepository;
  readonly pipelineRole: iam.IRole;
  readonly artifacts: s3.IBucket;
  readonly release: codepipeline.Artifact;
}

/** The action that tags the image of a release, and the role that it runs with. */
export interface LiveTag {
  readonly action: codepipeline.IAction;
  readonly role: ScopedRole;
}

/**
 * Tags the image of a release once its deployment has succeeded, so that no lifecycle rule deletes what an
 * environment runs or ran: see docs/decisions/0017.
 *
 * The action reads the image from the release rather than from a variable, so a rollback of the stage tags
 * what the rollback deploys.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-StepFunctions.html
 */
export function liveTag(scope: Construct, options: LiveTagOptions): LiveTag {
  const machine = createStateMachine(scope, options);
  const role = actionRole(scope, machine, options);
  const action = new actions.StepFunctionInvokeAction({
    actionName: 'TagImage',
    runOrder: 2,
    stateMachine: machine,
    stateMachineInput: actions.StateMachineInput.filePath(options.release.atPath('imageDetail.json')),
    role,
  });
  return { action, role };
}

function createStateMachine(scope: Construct, { names, repository }: LiveTagOptions): sfn.StateMachine {
  const stateMachineName = names.claim('state-machine-live');
  const stateMachineArn = Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: stateMachineName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const role = new ScopedRole(scope, 'LiveTagRole', {
    names,
    purpose: 'live-tag',
    // See https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
    assumedBy: serviceActingFor(scope, 'states.amazonaws.com', stateMachineArn),
    description: `Tags the images that ${names.environmentName} runs`,
    deploys: true,
  });
  role.allow(['ecr:BatchGetImage', 'ecr:PutImage'], [repository.repositoryArn]);
  const machine = role.ignoringGrants(() => new sfn.StateMachine(scope, 'LiveTag', {
    stateMachineName,
    comment: `Tags the image that ${names.environmentName} runs, so that no lifecycle rule deletes it`,
    role,
    timeout: Duration.minutes(5),
    definitionBody: sfn.DefinitionBody.fromChainable(tagImage(scope, repository, names.environmentName)),
  }));
  acknowledge(machine, 'SF1', 'Step Functions keeps the history of an execution for 90 days; writing it to a log '
    + 'group, too, requires permissions on all log deliveries of the account.');
  acknowledge(machine, 'SF2', 'Two calls of one API need no trace, and the X-Ray permissions apply to every '
    + 'resource of the account.');
  return machine;
}

/** Every form in which an image may be stored: ECR returns an image only in a form that the caller accepts. */
const MEDIA_TYPES = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
];

/**
 * The image has the tag already, after a retry or a rollback of the stage. The tag ends in the digest, so no
 * other image can have it. Repositories with immutable tags report the second error for the same image, too:
 * https://github.com/aws/containers-roadmap/issues/2179
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html
 */
const ALREADY_TAGGED = ['Ecr.ImageAlreadyExistsException', 'Ecr.ImageTagAlreadyExistsException'];

/**
 * Step Functions names an error after the service and the exception of the AWS SDK for Java, and reports what
 * the service's API does not define, such as throttling, as the exception of the service.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
const TRANSIENT = ['Ecr.ServerException', 'Ecr.ThrottlingException', 'Ecr.EcrException', 'Ecr.SdkClientException'];

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-retag.html */
function tagImage(scope: Construct, repository: ecr.IRepository, environmentName: string): sfn.IChainable {
  const { repositoryName } = repository;
  const iamResources = [repository.repositoryArn];
  const digest = new sfn.Pass(scope, 'FindDigest', {
    stateName: 'Find the digest',
    parameters: { digest: partOf('$.ImageURI', '@') },
  });
  const read = new tasks.CallAwsService(scope, 'ReadManifest', {
    stateName: 'Read the manifest',
    service: 'ecr',
    action: 'batchGetImage',
    iamResources,
    parameters: {
      RepositoryName: repositoryName,
      ImageIds: [{ ImageDigest: sfn.JsonPath.stringAt('$.digest') }],
      AcceptedMediaTypes: MEDIA_TYPES,
    },
    resultSelector: {
      manifest: sfn.JsonPath.stringAt('$.Images[0].ImageManifest'),
      mediaType: sfn.JsonPath.stringAt('$.Images[0].ImageManifestMediaType'),
    },
    resultPath: '$.image',
  });
  const tag = new tasks.CallAwsService(scope, 'TagImage', {
    stateName: 'Tag the image',
    service: 'ecr',
    action: 'putImage',
    iamResources,
    parameters: {
      RepositoryName: repositoryName,
      ImageManifest: sfn.JsonPath.stringAt('$.image.manifest'),
      ImageManifestMediaType: sfn.JsonPath.stringAt('$.image.mediaType'),
      ImageDigest: sfn.JsonPath.stringAt('$.digest'),
      ImageTag: sfn.JsonPath.format(`${liveTagPrefix(environmentName)}{}`, partOf('$.digest', ':')),
    },
    resultPath: sfn.JsonPath.DISCARD,
  });
  const done = new sfn.Succeed(scope, 'Tagged', { stateName: 'The image has the tag' });
  tag.addCatch(done, { errors: ALREADY_TAGGED, resultPath: sfn.JsonPath.DISCARD });
  for (const call of [read, tag]) {
    call.addRetry({ errors: TRANSIENT, interval: Duration.seconds(2), maxAttempts: 5, backoffRate: 2 });
  }
  return digest.next(read).next(tag).next(done);
}

/** Returns an expression for the part after a separator in the input of a state. */
function partOf(path: string, separator: string): string {
  return sfn.JsonPath.arrayGetItem(sfn.JsonPath.stringSplit(sfn.JsonPath.stringAt(path), separator), 1);
}

function actionRole(scope: Construct, machine: sfn.StateMachine, options: LiveTagOptions): ScopedRole {
  const { names, pipelineRole, artifacts } = options;
  const role = new ScopedRole(scope, 'TagActionRole', {
    names,
    purpose: 'tag',
    assumedBy: new iam.ArnPrincipal(pipelineRole.roleArn),
    description: `Starts the tagging of the images that ${names.environmentName} runs`,
    deploys: true,
  });
  role.allow(['states:DescribeStateMachine', 'states:StartExecution'], [machine.stateMachineArn]);
  role.allowWildcard(
    'An execution gets its name when the pipeline starts it.',
    ['states:DescribeExecution'],
    [Stack.of(scope).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${machine.stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })],
  );
  role.allow(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'], [artifacts.bucketArn]);
  role.allowObjects(artifacts, ['s3:GetObject', 's3:GetObjectVersion']);
  role.allowKeyOf(artifacts, 'read');
  return role;
}
