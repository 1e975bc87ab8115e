import {
  artifactArn, bucketArn, Call, caller, imagePull, imagePush, onBehalf, PAGES, repositoriesIn, service, writesLog,
} from './call';
import { outputsOf, whenOf } from './pipeline-calls';
import { Action } from '../environments';
import { Principal } from '../iam/evaluate';
import { Resource } from '../template';

const LOOK_AT_BUCKET = ['s3:GetBucketAcl', 's3:GetBucketLocation'];

/** The calls of a CodeBuild project, and of the action that starts it. */
export function buildCalls(project: Resource, action?: Action): Call[] {
  const when = action === undefined ? 'Build' : whenOf(action.action);
  const role = project.at('ServiceRole').exact;
  const by = { role };
  const { template } = project;
  const build = caller(by, when, PAGES.codeBuild);
  const group = project.at('LogsConfig', 'CloudWatchLogs', 'GroupName').exact;
  return [
    ...(action === undefined ? [] : artifactCalls(project, action, by)),
    caller(service('codebuild'), when, PAGES.codeBuild)(
      'runs the build', ['sts:AssumeRole'], [role], onBehalf(template, project.arn)),
    writesLog(by, when, PAGES.codeBuild, template, group),
    ...cacheLocation(project).flatMap(([bucket, prefix]) => [
      build('looks at the bucket of the cache', LOOK_AT_BUCKET, [bucket]),
      build('restores the cache of the last build, and saves one for the next',
        ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], [`${bucket}/${prefix}/0123456789abcdef`]),
    ]),
    ...imageCalls(project, by, when),
    ...reportCalls(project, by, when),
    ...secretCalls(project, by, when),
  ];
}

function artifactCalls(project: Resource, { pipeline, action }: Action, by: Principal): Call[] {
  const when = whenOf(action);
  const starts = caller({ role: action.at('RoleArn').exact }, when, PAGES.codeBuildAction);
  const build = caller(by, when, PAGES.codeBuild);
  const inputs = action.at('InputArtifacts').items.map((artifact) => artifact.at('Name').exact);
  const bucket = bucketArn(pipeline.template, pipeline.at('ArtifactStore', 'Location').exact);
  const objects = (names: string[]) => names.map((name) => artifactArn(pipeline, name));
  const outputs = outputsOf(action);
  return [
    starts('starts the build, waits for it, and stops it with the execution',
      ['codebuild:BatchGetBuilds', 'codebuild:StartBuild', 'codebuild:StopBuild'], [project.arn]),
    build('looks at the bucket of the artifacts', LOOK_AT_BUCKET, [bucket]),
    build('reads its input', ['s3:GetObject', 's3:GetObjectVersion'], objects(inputs)),
    ...(outputs.length === 0 ? [] : [
      build('stores the release: the digest, task definitions and appspecs', ['s3:PutObject'], objects(outputs)),
    ]),
  ];
}

/** The bucket of a cache and the prefix in it. */
function cacheLocation(project: Resource): [bucket: string, prefix: string][] {
  const [, bucket, prefix] = /^([^/]+)\/(.+)$/.exec(project.at('Cache', 'Location').exact) ?? [];
  return bucket === undefined ? [] : [[bucketArn(project.template, bucket), prefix]];
}

/** A buildspec that builds an image pushes it, and its layers; any other one pulls. */
function imageCalls(project: Resource, by: Principal, when: string): Call[] {
  const spec = project.at('Source', 'BuildSpec').exact;
  const own = repositoriesIn(project.at('Environment', 'Image').exact, project.template);
  const used = repositoriesIn(spec, project.template);
  const pushes = spec.includes('docker buildx build --push');
  return [
    ...own.flatMap((repository) => imagePull(by, when, repository, 'starts in the private build image')),
    ...used.flatMap((repository) => (pushes
      ? [
        ...imagePull(by, when, repository, 'checks which layers are there already'),
        imagePush(by, when, repository, 'pushes the image, or its layers for the next build'),
      ]
      : imagePull(by, when, repository, 'pulls the new image by its digest to test it'))),
  ];
}

function reportCalls(project: Resource, by: Principal, when: string): Call[] {
  const groups = project.at('Source', 'BuildSpec').targets.filter(({ type }) => type === 'AWS::CodeBuild::ReportGroup');
  const actions = ['BatchPutCodeCoverages', 'BatchPutTestCases', 'CreateReport', 'UpdateReport'];
  return groups.map((group) => caller(by, when, PAGES.reports)(
    'files the reports of the build', actions.map((action) => `codebuild:${action}`), [group.arn]));
}

/** A secret variable names the secret by its ARN, and then a key in it. */
function secretCalls(project: Resource, by: Principal, when: string): Call[] {
  const variables = project.at('Environment', 'EnvironmentVariables').items
    .filter((variable) => variable.at('Type').text === 'SECRETS_MANAGER');
  const secrets = variables.map((variable) => variable.at('Value').exact.split(':').slice(0, 7).join(':'));
  const reads = caller(by, when, PAGES.codeBuildSecrets);
  return [...new Set(secrets)].map((secret) =>
    reads('reads its secret variables, such as the login of a registry', ['secretsmanager:GetSecretValue'], [secret]));
}
