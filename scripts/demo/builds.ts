import { duration, listed, retention } from './layout';
import { Resource } from './template';

/** What machines of CodeBuild are, after the user guide's "Build environment compute modes and types". */
const MACHINES: { [type: string]: string } = {
  BUILD_GENERAL1_SMALL: 'the smallest machine, 2 vCPU and 4 GiB',
  BUILD_GENERAL1_MEDIUM: '4 vCPU and 7 GiB',
  BUILD_GENERAL1_LARGE: '8 vCPU and 15 GiB',
};

interface BuildSpec {
  readonly env?: { readonly variables?: { readonly [name: string]: string } };
  readonly phases?: { readonly [phase: string]: { readonly commands?: string[] } };
}

/** A CodeBuild project, a sentence for each thing that a person may ask. */
export function buildInWords(project: Resource): string[] {
  const environment = project.at('Environment');
  const compute = environment.at('ComputeType').text;
  return [
    `${project.name} runs in the image ${environment.at('Image').text} on ${compute}${MACHINES[compute] ? ` (${MACHINES[compute]})` : ''}`
    + `${environment.at('PrivilegedMode').text === 'true' ? ', in privileged mode, which Docker needs' : ''}.`,
    ...stepsInWords(project),
    ...secretsInWords(project),
    cacheInWords(project),
    `Stopped after ${duration(project.at('TimeoutInMinutes').number)}, and given up after waiting ${duration(project.at('QueuedTimeoutInMinutes').number)} `
    + `for a machine. ${logInWords(project)}`,
  ];
}

function stepsInWords(project: Resource): string[] {
  const spec = specOf(project);
  if (spec === undefined) {
    return ['Runs the buildspec of the source.'];
  }
  // How strict the shell is comes before what it runs.
  const commands = Object.values(spec.phases ?? {}).flatMap((phase) => phase.commands ?? []).map((command) => command.replace(/^set -\w+ pipefail; /, ''));
  const variables = spec.env?.variables ?? {};
  const says = (part: string) => commands.some((command) => command.includes(part));
  const repository = project.at('Source', 'BuildSpec').targets.find((target) => target.type === 'AWS::ECR::Repository');
  if (says('docker buildx build --push') && repository !== undefined) {
    return [
      `Builds an image from ${variables.DOCKERFILE} with the context ${variables.BUILD_CONTEXT} and pushes it to ${repository.name}. ${repositoryInWords(repository)}`,
      ...(says('$IMAGE_REPOSITORY@$IMAGE_DIGEST') ? ['Everything after this names the image by its digest.'] : []),
    ];
  }
  if (says('docker run') && variables.HEALTH_URL !== undefined) {
    return [`Starts the image that was just built, and fails unless ${variables.HEALTH_URL} answers 200.`];
  }
  return [`Runs ${commands.length === 1 ? 'one command' : `${commands.length} commands`}: ${commands[0] ?? 'none'}${commands.length > 1 ? ' …' : ''}`];
}

function specOf(project: Resource): BuildSpec | undefined {
  try {
    return JSON.parse(project.at('Source', 'BuildSpec').text) as BuildSpec;
  } catch {
    // YAML, or the name of a file in the source: a user's own.
    return undefined;
  }
}

function repositoryInWords(repository: Resource): string {
  const rules = /"countType":"imageCountMoreThan","countNumber":(\d+)/.exec(repository.at('LifecyclePolicy', 'LifecyclePolicyText').text);
  return `Its tags are ${repository.at('ImageTagMutability').text === 'IMMUTABLE' ? 'immutable' : 'mutable'}`
    + `${repository.at('ImageScanningConfiguration', 'ScanOnPush').text === 'true' ? ', images are scanned on push' : ''}`
    + `${rules === null ? '' : `, the last ${rules[1]} are kept`}.`;
}

/** The names alone: what a secret holds has no place in a report, and is not in the template either. */
function secretsInWords(project: Resource): string[] {
  const secrets = project.at('Environment', 'EnvironmentVariables').items.filter((variable) =>
    ['SECRETS_MANAGER', 'PARAMETER_STORE'].includes(variable.at('Type').text));
  if (secrets.length === 0) {
    return [];
  }
  const from = new Set(secrets.map((variable) => variable.at('Value').target?.name ?? variable.at('Value').text));
  return [`Secret variables: ${listed(secrets.map((variable) => variable.at('Name').text))}, read from ${listed([...from])}.`];
}

function cacheInWords(project: Resource): string {
  if (project.at('Cache', 'Type').text !== 'S3') {
    return 'Keeps no cache.';
  }
  const bucket = project.at('Cache', 'Location').target;
  const days = bucket?.at('LifecycleConfiguration', 'Rules').items.map((rule) => rule.at('ExpirationInDays').number).find((number) => number > 0);
  return `Keeps its cache in ${project.at('Cache', 'Location').text}, ${days === undefined ? 'for ever' : `each entry for ${duration(days * 24 * 60)}`}.`;
}

function logInWords(project: Resource): string {
  const group = project.at('LogsConfig', 'CloudWatchLogs', 'GroupName').target;
  return group === undefined ? 'Its log group is made by CodeBuild itself.'
    : `Logs to ${group.name}, kept ${retention(group.at('RetentionInDays').number)}.`;
}
