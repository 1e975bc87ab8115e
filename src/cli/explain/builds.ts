import { inWords } from './words';
import { isObject, Json } from '../json';
import { counted, duration, listed, retention } from '../layout';
import { Resource } from '../template';

/** Describes a CodeBuild project, with one sentence for each question of a reader. */
export function buildInWords(project: Resource): string[] {
  const environment = project.at('Environment');
  // CodeBuild's own limits, where a project sets none.
  const limit = (name: string, otherwise: number) => duration(project.at(name).orUndefined?.number ?? otherwise);
  return [
    `${project.name} runs in the image ${environment.at('Image').text} on `
      + `${inWords('machines', environment.at('ComputeType').text)}`
      + `${environment.at('PrivilegedMode').isTrue ? ', in privileged mode, which Docker needs' : ''}.`,
    ...stepsInWords(project),
    ...secretsInWords(project),
    cacheInWords(project),
    `Stopped after ${limit('TimeoutInMinutes', 60)}, and given up after waiting `
      + `${limit('QueuedTimeoutInMinutes', 480)} for a machine. ${logInWords(project)}`,
  ];
}

function stepsInWords(project: Resource): string[] {
  const spec = specOf(project);
  if (spec === undefined) {
    return ['Runs the buildspec of the source.'];
  }
  // The options of the shell come before the command.
  const commands = spec.at('phases').entries.flatMap(([, phase]) => phase.at('commands').texts)
    .map((command) => command.replace(/^set -\w+ pipefail; /, ''));
  const variable = (name: string) => spec.at('env', 'variables', name).text;
  const has = (part: string) => commands.some((command) => command.includes(part));
  const repository = project.at('Source', 'BuildSpec').targets.find((target) => target.type === 'AWS::ECR::Repository');
  if (has('docker buildx build --push') && variable('DOCKERFILE') !== '') {
    const registry = repository?.name ?? 'a repository that is not in this stack';
    return [
      `Builds an image from ${variable('DOCKERFILE')} with the context ${variable('BUILD_CONTEXT')} and pushes it to `
        + `${registry}. ${repository === undefined ? '' : repositoryInWords(repository)}`,
      ...(has('$IMAGE_REPOSITORY@$IMAGE_DIGEST') ? ['Everything after this names the image by its digest.'] : []),
    ];
  }
  if (has('aws ecs describe-task-definition') && has('> .bluegreen-release/')) {
    return ['Writes the release of the image whose digest the build exports, from the task definitions of this stack; '
      + 'it runs no command of the source.'];
  }
  const [path, codes] = ['HEALTH_PATH', 'HEALTHY_CODES'].map((name) => projectVariable(project, name));
  if (has('docker run') && path !== undefined) {
    return ['Starts the image that was just built as the first environment does, and fails unless its port '
      + `${variable('CONTAINER_PORT')} answers ${path} with ${codes ?? 'a good status'}.`];
  }
  const count = commands.length === 1 ? 'one command' : counted(commands.length, 'command');
  return [`Runs ${count}: ${commands[0] ?? 'none'}${commands.length > 1 ? ' …' : ''}`];
}

/** The buildspec in a project; undefined for YAML, or for a file in the source: a user's own. */
function specOf(project: Resource): Json | undefined {
  return parseJson(project.at('Source', 'BuildSpec').exact);
}

function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? new Json(value) : undefined;
  } catch {
    return undefined;
  }
}

function repositoryInWords(repository: Resource): string {
  const isImmutable = repository.at('ImageTagMutability').text === 'IMMUTABLE';
  const isScanned = repository.at('ImageScanningConfiguration', 'ScanOnPush').isTrue;
  return `Its tags are ${isImmutable ? 'immutable' : 'mutable'}${isScanned ? ', images are scanned on push' : ''}`
    + `${imagesKept(repository)}.`;
}

/** ECR holds at most as many images in a repository, so a rule with this count deletes none. */
const MAX_IMAGES = 100_000;

function imagesKept(repository: Resource): string {
  const selections = (parseJson(repository.at('LifecyclePolicy', 'LifecyclePolicyText').text)?.at('rules').items ?? [])
    .map((rule) => rule.at('selection'))
    .filter((selection) => selection.at('countType').text === 'imageCountMoreThan');
  const isForEver = (selection: Json) => selection.at('countNumber').number >= MAX_IMAGES;
  const prefixes = selections.filter(isForEver).flatMap((selection) => selection.at('tagPrefixList').texts);
  const counts = selections.filter((selection) => !isForEver(selection))
    .map((selection) => `, the last ${selection.at('countNumber').text} are kept`);
  return [
    ...counts.slice(0, 1),
    ...(prefixes.length === 0 ? [] : [`, and those whose tag begins with ${listed(prefixes, 'or')} for ever`]),
  ].join('');
}

function projectVariable(project: Resource, name: string): string | undefined {
  return project.at('Environment', 'EnvironmentVariables').items
    .find((variable) => variable.at('Name').text === name)?.at('Value').text;
}

/** Only the names: a report must not contain the value of a secret, which is not in the template either. */
function secretsInWords(project: Resource): string[] {
  const secrets = project.at('Environment', 'EnvironmentVariables').items
    .filter((variable) => ['SECRETS_MANAGER', 'PARAMETER_STORE'].includes(variable.at('Type').text));
  const from = new Set(secrets.map((variable) => variable.at('Value').target?.name ?? variable.at('Value').text));
  const names = secrets.map((variable) => variable.at('Name').text);
  return secrets.length === 0 ? [] : [`Secret variables: ${listed(names)}, read from ${listed([...from])}.`];
}

function cacheInWords(project: Resource): string {
  const location = project.at('Cache', 'Location');
  const days = location.target?.at('LifecycleConfiguration', 'Rules').items
    .map((rule) => rule.at('ExpirationInDays').number).find((number) => number > 0);
  const kept = days === undefined ? 'for ever' : `each entry for ${retention(days)}`;
  const isKept = project.at('Cache', 'Type').text === 'S3';
  return isKept ? `Keeps its cache in ${location.text}, ${kept}.` : 'Keeps no cache.';
}

function logInWords(project: Resource): string {
  const group = project.at('LogsConfig', 'CloudWatchLogs', 'GroupName').target;
  return group === undefined
    ? 'CodeBuild itself creates its log group.'
    : `Logs to ${group.name}, kept ${retention(group.at('RetentionInDays').number)}.`;
}
