import { appendFileSync, cpSync, readFileSync } from 'fs';
import { join } from 'path';
import { AwsApiCall, ExpectedResult, IApiCall, IntegTest, LambdaInvokeFunction, Match } from '@aws-cdk/integ-tests-alpha';
import { GetDeploymentCommandInput } from '@aws-sdk/client-codedeploy';
import { GetPipelineStateCommandInput, PutApprovalResultCommandInput, StartPipelineExecutionCommandInput } from '@aws-sdk/client-codepipeline';
import { DescribeTasksCommandInput, ListTasksCommandInput } from '@aws-sdk/client-ecs';
import {
  App, AssetHashType, aws_codepipeline as codepipeline, aws_events as events, aws_events_targets as targets, aws_iam as iam, aws_lambda as lambda,
  aws_s3_assets as assets, DockerImage, Duration, Stack, Tags,
} from 'aws-cdk-lib';
import { StorefrontProps, StorefrontStack } from '../examples/us-east-1/storefront-stack';
import { sampleContext } from '../scripts/synthesise-example';

/**
 * The us-east-1 example in a real account: its own pipeline carries a good release to production and then a broken one, which
 * must come back by itself. `npm run integ` deploys and destroys it; docs/integration-test.md tells what happens when.
 *
 * Two things differ from the example, because a connection needs a person's handshake and a repository to push to: the source
 * is an archive in S3, and the approval messages do not name a commit. Everything after the source is the example's, with
 * a tag on the task definition of production.
 */
const app = new App({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
const sample = sampleContext();
const given = (name: keyof StorefrontProps): string => app.node.tryGetContext(name) ?? sample[name];
const environmentSuffix = given('environmentSuffix');
const stack = new StorefrontStack(app, {
  connectionArn: sample.connectionArn,
  repository: sample.repository,
  notificationEmail: given('notificationEmail'),
  environmentSuffix,
});
const { pipeline, deployments } = stack.shop;
// A tag of only the task definition; a release propagates it to the tasks.
const TASK_TAG = { key: 'application', value: 'storefront' };
Tags.of(deployments.production.taskDefinition).add(TASK_TAG.key, TASK_TAG.value);
const stageIndex = (stageName: string): number => pipeline.stages.findIndex((stage) => stage.stageName === stageName);

/** The application of the example as in its own repository, with a line at the end of its Dockerfile. */
function source(version: string, lastLine: string): assets.Asset {
  const application = join(__dirname, '..', 'examples', 'us-east-1', 'app');
  return new assets.Asset(stack, `Source${version}`, {
    path: application,
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('not-used'),
      // Not run either, but CDK bundles a folder once for the same options, and would give both releases the same archive.
      command: [lastLine],
      local: {
        tryBundle(folder) {
          const context = join(folder, 'examples', 'us-east-1', 'app');
          // The files that Docker reads, without the node_modules of the machine that synthesises.
          for (const entry of ['.dockerignore', 'Dockerfile', 'package.json', 'package-lock.json', 'src']) {
            cpSync(join(application, entry), join(context, entry), { recursive: true });
          }
          appendFileSync(join(context, 'Dockerfile'), `\n${lastLine}\n`);
          return true;
        },
      },
    },
  });
}
const good = source('Good', 'ENV VERSION=good');
const broken = source('Broken', 'ENV VERSION=broken FAILURE_RATE=0.5');

/** Takes the place of the connection, and of the commit that only a connection knows. */
function readSourceFrom(archive: assets.Asset): void {
  const resource = pipeline.node.defaultChild as codepipeline.CfnPipeline;
  const action = `Stages.${stageIndex('Source')}.Actions.0`;
  resource.addPropertyOverride(`${action}.ActionTypeId`, { Category: 'Source', Owner: 'AWS', Provider: 'S3', Version: '1' });
  for (const name of ['ConnectionArn', 'FullRepositoryId', 'BranchName', 'DetectChanges']) {
    resource.addPropertyDeletionOverride(`${action}.Configuration.${name}`);
  }
  resource.addPropertyOverride(`${action}.Configuration.S3Bucket`, archive.s3BucketName);
  // No such object: the execution that CodePipeline starts with the pipeline ends here, as it does with a pending connection.
  resource.addPropertyOverride(`${action}.Configuration.S3ObjectKey`, `no-release-yet-${environmentSuffix}.zip`);
  resource.addPropertyOverride(`${action}.Configuration.AllowOverrideForS3ObjectKey`, 'true');
  resource.addPropertyOverride(`${action}.Configuration.PollForSourceChanges`, 'false');
  for (const stageName of ['ApproveStaging', 'ApproveProduction']) {
    resource.addPropertyOverride(`Stages.${stageIndex(stageName)}.Actions.0.Configuration.CustomData`, 'The integration test answers this itself.');
  }
  archive.grantRead(stack.shop.node.findChild('SourceRole') as iam.Role);
}
readSourceFrom(good);

// An alarm evaluates a colour only if it has requests.
const users = new lambda.Function(stack, 'Users', {
  runtime: lambda.Runtime.NODEJS_22_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline(readFileSync(join(__dirname, 'integ.us-east-1.users.js'), 'utf8')),
  environment: { STOREFRONT: `http://${deployments.production.loadBalancer.loadBalancerDnsName}/` },
  timeout: Duration.seconds(65),
  // The role may not log either: a log group that Lambda creates would outlive the stack.
  role: new iam.Role(stack, 'UsersRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
});
new events.Rule(stack, 'EveryMinute', { schedule: events.Schedule.rate(Duration.minutes(1)), targets: [new targets.LambdaFunction(users, { retryAttempts: 0 })] });

const assertions = new Stack(app, `assertions-${environmentSuffix}`, {
  env: { region: stack.region },
  description: 'The integration test of the storefront: carries two releases through its pipeline',
});
new IntegTest(app, 'UsEast1', { testCases: [stack], assertionStack: assertions, regions: [stack.region] });

// Not `ExpectedResult.exact`: the function of 2.245.0-alpha.0 compares with the { "$Exact": … } that it is sent.
const whole = (pattern: string): ExpectedResult => ExpectedResult.stringLikeRegexp(`^${pattern}$`);

/** Waits until a part of the pipeline's state is as expected. CloudFormation limits a wait to an hour. */
function pipelineState(id: string, path: string, expected: string, atMost: Duration): IApiCall {
  return new AwsApiCall(assertions, id, {
    service: 'CodePipeline',
    api: 'getPipelineState',
    parameters: { name: pipeline.pipelineName } satisfies GetPipelineStateCommandInput,
  }).assertAtPath(path, whole(expected)).waitForAssertions({ interval: Duration.seconds(20), totalTimeout: atMost });
}

/** Waits until a release has reached the approval of an environment, and approves it. */
function approval(release: string, environment: string, atMost: Duration): IApiCall[] {
  const stageName = `Approve${environment}`;
  const pending = `stageStates.${stageIndex(stageName)}.actionStates.0.latestExecution`;
  const waits = pipelineState(`${release}ReachesApprovalOf${environment}`, `${pending}.status`, 'InProgress', atMost);
  const answer = new AwsApiCall(assertions, `${release}IsApprovedFor${environment}`, {
    service: 'CodePipeline',
    api: 'putApprovalResult',
    parameters: {
      pipelineName: pipeline.pipelineName,
      stageName,
      actionName: 'Approve',
      result: { status: 'Approved', summary: 'by the integration test' },
      token: waits.getAttString(`${pending}.token`),
    } satisfies PutApprovalResultCommandInput,
  });
  return [waits, answer];
}

/** Starts a release, as a push does, and deploys it up to production. */
function pushed(release: string, archive: assets.Asset): IApiCall[] {
  const start = new AwsApiCall(assertions, `${release}IsPushed`, {
    service: 'CodePipeline',
    api: 'startPipelineExecution',
    parameters: {
      name: pipeline.pipelineName,
      sourceRevisions: [{ actionName: 'Source', revisionType: 'S3_OBJECT_KEY', revisionValue: archive.s3ObjectKey }],
    } satisfies StartPipelineExecutionCommandInput,
  });
  return [start, ...approval(release, 'Staging', Duration.minutes(40)), ...approval(release, 'Production', Duration.minutes(40))];
}

/** For twenty seconds every request gets this response. */
function everyAnswer(id: string, answer: string): IApiCall {
  return new LambdaInvokeFunction(assertions, id, { functionName: users.functionName, payload: JSON.stringify({ seconds: 20 }) })
    .expect(ExpectedResult.objectLike({ Payload: Match.stringLikeRegexp(`^\\{"200 ${answer}":\\d+\\}$`) }))
    .waitForAssertions({ interval: Duration.seconds(20), totalTimeout: Duration.minutes(10) });
}

/** Waits until a part of a deployment's state is as expected. */
function deployment(id: string, deploymentId: string, path: string, expected: string): IApiCall {
  return new AwsApiCall(assertions, id, {
    service: 'CodeDeploy',
    api: 'getDeployment',
    parameters: { deploymentId } satisfies GetDeploymentCommandInput,
  }).assertAtPath(path, whole(expected)).waitForAssertions({ interval: Duration.seconds(20), totalTimeout: Duration.minutes(20) });
}

/** The tags of a task that runs in production. */
function taggedTasks(release: string): IApiCall[] {
  const { cluster: { clusterName: cluster }, service: { serviceName } } = deployments.production;
  // A result that is not waited for does not fail the deployment.
  const briefly = { interval: Duration.seconds(20), totalTimeout: Duration.minutes(5) };
  const tasks = new AwsApiCall(assertions, `${release}RunsInProduction`, {
    service: 'ECS',
    api: 'listTasks',
    parameters: { cluster, serviceName, desiredStatus: 'RUNNING' } satisfies ListTasksCommandInput,
  }).assertAtPath('taskArns.0', whole('arn:.+')).waitForAssertions(briefly);
  const tags = new AwsApiCall(assertions, `${release}CarriesTags`, {
    service: 'ECS',
    api: 'describeTasks',
    parameters: { cluster, tasks: [tasks.getAttString('taskArns.0')], include: ['TAGS'] } satisfies DescribeTasksCommandInput,
  }).expect(ExpectedResult.objectLike({ tasks: [{ tags: Match.arrayWith([TASK_TAG]) }] })).waitForAssertions(briefly);
  return [tasks, tags];
}

const production = `stageStates.${stageIndex('DeployProduction')}`;
const failed = pipelineState('BrokenFailsInProduction', `${production}.latestExecution.status`, 'Failed', Duration.minutes(40));
const brokenId = failed.getAttString(`${production}.actionStates.0.latestExecution.externalExecutionId`);
const rollbackPath = 'deploymentInfo.rollbackInfo.rollbackDeploymentId';
const rollback = deployment('RollbackHasBegun', brokenId, rollbackPath, 'd-.+');

[
  everyAnswer('BootstrapAnswers', 'waiting for the first release'),
  ...pushed('Good', good),
  pipelineState('GoodIsInProduction', `${production}.latestExecution.status`, 'Succeeded', Duration.minutes(40)),
  everyAnswer('GoodAnswers', 'good'),
  ...taggedTasks('Good'),
  ...pushed('Broken', broken),
  failed,
  deployment('BrokenWasStoppedByAnAlarm', brokenId, 'deploymentInfo.errorInformation.code', 'ALARM_ACTIVE'),
  rollback,
  deployment('RollbackHasSucceeded', rollback.getAttString(rollbackPath), 'deploymentInfo.status', 'Succeeded'),
  everyAnswer('GoodAnswersAgain', 'good'),
].reduce((before, after) => before.next(after));
