import { Fn, Token } from 'aws-cdk-lib';
import { isNoValue, JsonText } from './json-text';

/** Properties whose keys are the user's own words, not names of the API. */
const MAPS = new Set(['DockerLabels', 'DriverOpts', 'Labels', 'Options']);

/** Names that are not the CloudFormation name with a small first letter. */
const RENAMED: { [name: string]: string } = {
  EFSVolumeConfiguration: 'efsVolumeConfiguration',
  FSxWindowsFileServerVolumeConfiguration: 'fsxWindowsFileServerVolumeConfiguration',
  FilesystemId: 'fileSystemId',
  IAM: 'iam',
  ProxyConfigurationProperties: 'properties',
  S3FilesVolumeConfiguration: 's3filesVolumeConfiguration',
};

/** Texts in the API for the task as a whole, and numbers for each container. */
const TASK_TEXTS = new Set(['Cpu', 'Memory']);

const NUMBERS = new Set([
  'ContainerPort', 'Cpu', 'HardLimit', 'HostPort', 'IgnoredExitCodes', 'Interval', 'MaxSwap', 'Memory',
  'MemoryReservation', 'RestartAttemptPeriod', 'Retries', 'SharedMemorySize', 'Size', 'SizeInGiB', 'SoftLimit',
  'StartPeriod', 'StartTimeout', 'StopTimeout', 'Swappiness', 'Timeout', 'TransitEncryptionPort',
]);

const BOOLEANS = new Set([
  'Autoprovision', 'ConfiguredAtLaunch', 'DisableNetworking', 'EnableFaultInjection', 'Enabled', 'Essential',
  'InitProcessEnabled', 'Interactive', 'Privileged', 'PseudoTerminal', 'ReadOnly', 'ReadonlyRootFilesystem',
]);

/** Lists of texts, which may come as one intrinsic. */
const LISTS = new Set([
  'Add', 'Command', 'CredentialSpecs', 'DnsSearchDomains', 'DnsServers', 'DockerSecurityOptions', 'Drop', 'EntryPoint',
  'Links', 'MountOptions', 'Permissions', 'RequiresCompatibilities',
]);

/**
 * The properties of an `AWS::ECS::TaskDefinition` in the form that `RegisterTaskDefinition` takes.
 *
 * CloudFormation turns `"256"` into a number where the API wants one, and a number into a text;
 * whoever reads the file does not.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 */
export function registerTaskDefinitionInput(properties: Properties): Properties {
  const renamed = Object.entries(properties)
    .map(([name, value]) => [TASK_TEXTS.has(name) ? name.toLowerCase() : name, value]);
  return membersOf(Object.fromEntries(renamed) as Properties);
}

interface Properties {
  [name: string]: unknown;
}

function membersOf(properties: object): Properties {
  return Object.fromEntries(Object.entries(properties)
    .filter(([, value]) => value !== undefined && !isNoValue(value))
    .map(([name, value]) => [memberName(name), valueOf(name, value)]));
}

function memberName(name: string): string {
  return RENAMED[name] ?? name[0].toLowerCase() + name.slice(1);
}

function valueOf(name: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    const elementName = LISTS.has(name) ? '' : name;
    return value.filter((element) => !isNoValue(element)).map((element) => valueOf(elementName, element));
  }
  if (typeof value !== 'object' || value === null) {
    return scalarOf(name, value);
  }
  if ('Fn::If' in value) {
    const [condition, ...branches] = value['Fn::If'] as unknown[];
    return { 'Fn::If': [condition, ...branches.map((branch) => isNoValue(branch) ? branch : valueOf(name, branch))] };
  }
  if (isIntrinsic(value)) {
    return intrinsicOf(name, value);
  }
  return MAPS.has(name) ? mapOf(value) : membersOf(value);
}

function scalarOf(name: string, value: unknown): unknown {
  if (NUMBERS.has(name)) {
    return Number(value);
  }
  return BOOLEANS.has(name) ? String(value) === 'true' : String(value);
}

function intrinsicOf(name: string, value: object): unknown {
  if (NUMBERS.has(name) || BOOLEANS.has(name)) {
    return new JsonText(Token.asString(value));
  }
  return LISTS.has(name)
    ? new JsonText(`["${Fn.join('","', Token.asList(value))}"]`)
    : Token.asString(value);
}

function mapOf(value: object): Properties {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, valueOf('', inner)]));
}

function isIntrinsic(value: object): boolean {
  const [first, ...others] = Object.keys(value);
  return others.length === 0 && first !== undefined && (first === 'Ref' || first.startsWith('Fn::'));
}
