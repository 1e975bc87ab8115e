import { actionValues, Call, callsOf, logStream, registryOf, repositoriesIn, secretOf, Values } from './call';
import { Action } from '../environments';
import { Resource } from '../template';

/** The calls of a CodeBuild project, and of the action that starts it. */
export function buildCalls(project: Resource, action?: Action): Call[] {
  const { template } = project;
  const spec = project.at('Source', 'BuildSpec');
  const buildImages = repositoriesIn(project.at('Environment', 'Image').exact, template);
  // A buildspec that builds an image pushes it, and its layers; any other one pulls.
  const used = repositoriesIn(spec.exact, template);
  const pushes = spec.exact.includes('docker buildx build --push');
  // ECR Public exists only in the partition aws.
  const publicRegistry = spec.exact.includes('aws ecr-public get-login-password') && template.partition === 'aws';
  const [, bucket, prefix] = /^([^/]+)\/(.+)$/.exec(project.at('Cache', 'Location').exact) ?? [];
  const cacheBucket = bucket === undefined ? [] : [`arn:${template.partition}:s3:::${bucket}`];
  const variables = project.at('Environment', 'EnvironmentVariables').items;
  const variable = (name: string) => variables.find((one) => one.at('Name').text === name)?.at('Value').exact ?? '';
  // A secret variable names the secret by its ARN, and then a key in it.
  const secrets = variables
    .filter((one) => one.at('Type').text === 'SECRETS_MANAGER')
    .map((one) => secretOf(one.at('Value').exact));
  const started: Values = action === undefined ? { when: 'Build' } : actionValues(action);
  return callsOf('build', template, {
    ...started,
    starter: started.role,
    role: project.at('ServiceRole').exact,
    project: project.arn,
    logs: logStream(template, project.at('LogsConfig', 'CloudWatchLogs', 'GroupName').exact),
    cacheBucket,
    cache: cacheBucket.map((name) => `${name}/${prefix}/0123456789abcdef`),
    registry: registryOf([...buildImages, ...used]),
    publicRegistry: publicRegistry ? ['*'] : [],
    buildImages,
    released: spec.exact.includes('aws ecr describe-images')
      ? repositoriesIn(variable('IMAGE_REPOSITORY'), template)
      : [],
    taskDefinitions: spec.exact.includes('aws ecs describe-task-definition') ? ['*'] : [],
    pushed: pushes ? used : [],
    pulled: pushes ? [] : used,
    reports: spec.targets.filter(({ type }) => type === 'AWS::CodeBuild::ReportGroup').map((group) => group.arn),
    secrets: [...new Set(secrets)],
  });
}
