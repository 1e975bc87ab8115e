import { counted, duration, listed, retention } from '../layout';
import { Resource } from '../template';

/** CodeBuild's machines, after the user guide's "Build environment compute modes and types". */
const MACHINES: { [type: string]: string } = {
  BUILD_GENERAL1_SMALL: ' (the smallest machine, 2 vCPU and 4 GiB)',
  BUILD_GENERAL1_MEDIUM: ' (4 vCPU and 7 GiB)',
  BUILD_GENERAL1_LARGE: ' (8 vCPU and 15 GiB)',
};

/** CodeBuild's own limits, where a project sets none. */
const DEFAULT_MINUTES = { TimeoutInMinutes: 60, QueuedTimeoutInMinutes: 480 };

interface BuildSpec {
  readonly env?: { readonly variables?: { readonly [name: string]: string } };
  readonly phases?: { readonly [phase: string]: { readonly commands?: string[] } };
}

/** A CodeBuild project, a sentence for each thing that a reader may ask. */
export function buildInWords(project: Resource): string[] {
  const environment = project.at('Environment');
  const compute = environment.at('ComputeType').text;
  const limit = (name: keyof typeof DEFAULT_MINUTES) =>
    duration(project.at(name).exists ? project.at(name).number : DEFAULT_MINUTES[name]);
  return [
    `${project.name} runs in the image ${environment.at('Image').text} on ${compute}${MACHINES[compute] ?? ''}`
      + `${environment.at('PrivilegedMode').isTrue ? ', in privileged mode, which Docker needs' : ''}.`,
    ...stepsInWords(project),
    ...secretsInWords(project),
    cacheInWords(project),
    `Stopped after ${limit('TimeoutInMinutes')}, and given up after waiting ${limit('QueuedTimeoutInMinutes')} `
      + `for a machine. ${logInWords(project)}`,
  ];
}

function stepsInWords(project: Resource): string[] {
  const spec = specOf(project);
  if (spec === undefined) {
    return ['Runs the buildspec of the source.'];
  }
  // The options of the shell come before the command.
  const commands = Object.values(spec.phases ?? {}).flatMap((phase) => phase?.commands ?? [])
    .map((command) => String(command).replace(/^set -\w+ pipefail; /, ''));
  const { DOCKERFILE, BUILD_CONTEXT, HEALTH_URL } = spec.env?.variables ?? {};
  const has = (part: string) => commands.some((command) => command.includes(part));
  const repository = project.at('Source', 'BuildSpec').targets.find((target) => target.type === 'AWS::ECR::Repository');
  if (has('docker buildx build --push') && DOCKERFILE !== undefined) {
    const registry = repository?.name ?? 'a repository that is not in this stack';
    return [
      `Builds an image from ${DOCKERFILE} with the context ${BUILD_CONTEXT} and pushes it to ${registry}. `
        + `${repository === undefined ? '' : repositoryInWords(repository)}`,
      ...(has('$IMAGE_REPOSITORY@$IMAGE_DIGEST') ? ['Everything after this names the image by its digest.'] : []),
    ];
  }
  if (has('docker run') && HEALTH_URL !== undefined) {
    return [`Starts the image that was just built, and fails unless ${HEALTH_URL} answers 200.`];
  }
  const count = commands.length === 1 ? 'one command' : counted(commands.length, 'command');
  return [`Runs ${count}: ${commands[0] ?? 'none'}${commands.length > 1 ? ' …' : ''}`];
}

/** The buildspec in a project; undefined for YAML, or for a file in the source: a user's own. */
function specOf(project: Resource): BuildSpec | undefined {
  try {
    const spec: unknown = JSON.parse(project.at('Source', 'BuildSpec').exact);
    return typeof spec === 'object' && spec !== null ? spec : undefined;
  } catch {
    return undefined;
  }
}

function repositoryInWords(repository: Resource): string {
  const policy = repository.at('LifecyclePolicy', 'LifecyclePolicyText').text;
  const rules = /"countType":"imageCountMoreThan","countNumber":(\d+)/.exec(policy);
  const isImmutable = repository.at('ImageTagMutability').text === 'IMMUTABLE';
  const isScanned = repository.at('ImageScanningConfiguration', 'ScanOnPush').isTrue;
  return `Its tags are ${isImmutable ? 'immutable' : 'mutable'}${isScanned ? ', images are scanned on push' : ''}`
    + `${rules === null ? '' : `, the last ${rules[1]} are kept`}.`;
}

/** The names alone: what a secret holds has no place in a report, and is not in the template either. */
function secretsInWords(project: Resource): string[] {
  const secrets = project.at('Environment', 'EnvironmentVariables').items
    .filter((variable) => ['SECRETS_MANAGER', 'PARAMETER_STORE'].includes(variable.at('Type').text));
  if (secrets.length === 0) {
    return [];
  }
  const from = new Set(secrets.map((variable) => variable.at('Value').target?.name ?? variable.at('Value').text));
  const names = secrets.map((variable) => variable.at('Name').text);
  return [`Secret variables: ${listed(names)}, read from ${listed([...from])}.`];
}

function cacheInWords(project: Resource): string {
  if (project.at('Cache', 'Type').text !== 'S3') {
    return 'Keeps no cache.';
  }
  const bucket = project.at('Cache', 'Location').target;
  const days = bucket?.at('LifecycleConfiguration', 'Rules').items
    .map((rule) => rule.at('ExpirationInDays').number).find((number) => number > 0);
  const kept = days === undefined ? 'for ever' : `each entry for ${duration(days * 24 * 60)}`;
  return `Keeps its cache in ${project.at('Cache', 'Location').text}, ${kept}.`;
}

function logInWords(project: Resource): string {
  const group = project.at('LogsConfig', 'CloudWatchLogs', 'GroupName').target;
  return group === undefined
    ? 'CodeBuild itself creates its log group.'
    : `Logs to ${group.name}, kept ${retention(group.at('RetentionInDays').number)}.`;
}
