import { aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2 } from 'aws-cdk-lib';
import { holdsSecret } from './exposed-secrets';
import { renderedList, renderedProperties } from '../../private/rendered-properties';

/** Resources that run the image in the first environment of a pipeline. */
export interface ProbedService {
  readonly service: ecs.FargateService;
  readonly taskDefinition: ecs.TaskDefinition;
  readonly targetGroup: elbv2.ApplicationTargetGroup;
}

/** A string of a template: a literal, or an intrinsic function whose result only the deployment knows. */
export type Word = unknown;

export interface Words {
  readonly [name: string]: Word;
}

/** Settings of the container. */
export interface ContainerSettings {
  /** Options of `docker run`. */
  readonly options: readonly Word[];
  /** The words of the entry point after the first, which is an option. */
  readonly entryPointArguments: readonly Word[];
  readonly command?: readonly Word[];
  readonly environment: Words;
  readonly healthCheck?: ContainerHealthCheck;
  /** Size of the task, in words. */
  readonly size?: string;
}

/** A command that runs in the container, as ECS does. */
export interface ContainerHealthCheck {
  readonly command: readonly Word[];
  /** Seconds between two runs, seconds for one run, failures in a row, and seconds without counting failures. */
  readonly times: readonly number[];
}

/**
 * Fargate's own limit of open files.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html
 */
const OPEN_FILES = '--ulimit=nofile=65535:65535';

/** Settings of a container of which only the image is known. */
export const PLAIN_CONTAINER: ContainerSettings = { options: [OPEN_FILES], entryPointArguments: [], environment: {} };

/**
 * The settings of the application's container, overrides included. docs/test-stage.md lists what is left out and
 * why; it is a list of all properties that a container has.
 *
 * Every option is one word, `--name=value`, so that a value that is known at deployment only cannot become
 * another option.
 */
export function containerSettings(definition: ecs.TaskDefinition): ContainerSettings {
  const task = renderedProperties(definition.node.defaultChild) as RenderedTask;
  const container = renderedList<RenderedContainer>(task.ContainerDefinitions)
    .find(({ Name }) => Name === definition.defaultContainer?.containerName) ?? {};
  const withoutSecret = (word: Word) => (holdsSecret(definition, word) ? 'secret' : word);
  const [entryPoint, ...entryPointArguments] = words(container.EntryPoint).map(withoutSecret);
  const command = words(container.Command).map(withoutSecret);
  return {
    options: [
      ...cpuOptions(task),
      ...memoryOptions(task, container),
      ...limitOptions(container),
      ...linuxOptions(container.LinuxParameters ?? {}),
      ...renderedList<RenderedMount>(container.MountPoints).flatMap(mountOption),
      ...renderedList<RenderedControl>(container.SystemControls)
        .flatMap(({ Namespace, Value }) => option('--sysctl=', Namespace, '=', Value)),
      ...flag('--read-only', container.ReadonlyRootFilesystem),
      ...flag('--tty', container.PseudoTerminal),
      ...flag('--interactive', container.Interactive),
      ...option('--user=', container.User),
      ...option('--workdir=', container.WorkingDirectory),
      ...option('--entrypoint=', entryPoint),
    ],
    entryPointArguments,
    command: command.length > 0 ? command : undefined,
    environment: Object.fromEntries(renderedList<RenderedVariable>(container.Environment)
      .filter(({ Value }) => isString(Value) && !holdsSecret(definition, Value))
      .map(({ Name, Value }) => [String(Name), Value])),
    healthCheck: healthCheckOf(container.HealthCheck, withoutSecret),
    size: sizeInWords(task, container),
  };
}

/** The health check of the load balancer, overrides included. */
export function targetHealthCheck(targetGroup: elbv2.ApplicationTargetGroup): Words {
  const { HealthCheckPath, HealthCheckTimeoutSeconds, Matcher } =
    renderedProperties(targetGroup.node.defaultChild) as RenderedTargetGroup;
  return { path: HealthCheckPath, timeout: HealthCheckTimeoutSeconds, codes: Matcher?.HttpCode };
}

/** Returns the health check grace period of ECS, in seconds. */
export function gracePeriod(service: ecs.FargateService): Word {
  return renderedProperties(service.node.findChild('Service')).HealthCheckGracePeriodSeconds;
}

/** Strings and intrinsic functions as one string. */
export function joinWords(...parts: readonly Word[]): Word {
  return parts.every((part) => typeof part !== 'object') ? parts.join('') : {
    'Fn::Join': ['', parts.map((part) => (typeof part === 'object' ? part : String(part)))],
  };
}

/** Fargate gives a task no more than its CPU units, also where the machine has more. */
function cpuOptions({ Cpu }: RenderedTask): Word[] {
  const units = amount(Cpu);
  return units === undefined ? [] : [`--cpu-quota=${Math.round(units * 100_000 / 1024)}`];
}

/** Without swap, which Fargate has none of. */
function memoryOptions(task: RenderedTask, container: RenderedContainer): Word[] {
  const limit = memoryLimit(task, container);
  return limit === undefined ? [] : [`--memory=${limit}m`, `--memory-swap=${limit}m`];
}

/** The memory of the task, which a container gets unless it has its own limit. */
function memoryLimit(task: RenderedTask, container: RenderedContainer): number | undefined {
  const limits = [task.Memory, container.Memory].flatMap((value) => amount(value) ?? []);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

function sizeInWords(task: RenderedTask, container: RenderedContainer): string | undefined {
  const units = amount(task.Cpu);
  const memory = memoryLimit(task, container);
  return units === undefined || memory === undefined ? undefined : `${units / 1024} vCPU and ${memory} MiB`;
}

/** CPU units or MiB; ECS also accepts them with a unit, such as "1 vCPU" and "2 GB". */
function amount(value: Word): number | undefined {
  const [, number, unit] = /^(\d*\.?\d+) *(vCPU|GB)?$/i.exec(String(value)) ?? [];
  return number === undefined ? undefined : Number(number) * (unit === undefined ? 1 : 1024);
}

function limitOptions({ Ulimits }: RenderedContainer): Word[] {
  const limits = renderedList<RenderedLimit>(Ulimits);
  return [
    ...(limits.some(({ Name }) => Name === 'nofile') ? [] : [OPEN_FILES]),
    ...limits.flatMap(({ Name, SoftLimit, HardLimit }) => option('--ulimit=', Name, '=', SoftLimit, ':', HardLimit)),
  ];
}

function linuxOptions({ Capabilities, InitProcessEnabled, Tmpfs }: RenderedLinuxParameters): Word[] {
  return [
    ...flag('--init', InitProcessEnabled),
    ...words(Capabilities?.Add).flatMap((capability) => option('--cap-add=', capability)),
    ...words(Capabilities?.Drop).flatMap((capability) => option('--cap-drop=', capability)),
    ...renderedList<RenderedTmpfs>(Tmpfs).flatMap(({ ContainerPath, Size, MountOptions }) => option(
      '--tmpfs=', ContainerPath, ':size=', Size, 'm', ...words(MountOptions).flatMap((each) => [',', each]),
    )),
  ];
}

/** A volume that is empty but for what the image has there. */
function mountOption({ ContainerPath, ReadOnly }: RenderedMount): Word[] {
  return option('--mount=type=volume,target=', ContainerPath, ...(ReadOnly === true ? [',readonly'] : []));
}

/** A boolean that only the deployment knows cannot be part of a string. */
function flag(name: string, value: Word): Word[] {
  return value === true || value === 'true' ? [name] : [];
}

function option(name: string, ...values: Word[]): Word[] {
  return values.every(isString) && values[0] !== '' ? [joinWords(name, ...values)] : [];
}

/** Returns true if the value is a string or a number, or certainly resolves to a string. */
function isString(value: Word): boolean {
  return value !== undefined && value !== null && !JSON.stringify(value).includes('"AWS::NoValue"');
}

/** A word may be empty. */
function words(list: unknown): Word[] {
  return Array.isArray(list) ? list.filter(isString) : [];
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
function healthCheckOf(
  check: RenderedHealthCheck | undefined,
  withoutSecret: (word: Word) => Word,
): ContainerHealthCheck | undefined {
  const [kind, ...rest] = words(check?.Command).map(withoutSecret);
  if (kind === undefined || kind === 'NONE') {
    return undefined;
  }
  const otherwise = { Interval: 30, Timeout: 5, Retries: 3, StartPeriod: 0 };
  return {
    command: kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...rest] : rest,
    times: Object.entries(otherwise).map(([name, value]) => {
      const given = Number(check?.[name as keyof typeof otherwise] ?? value);
      return Number.isFinite(given) ? given : value;
    }),
  };
}

// The properties that are read from a template. Overrides can set any value.
interface RenderedTask {
  readonly Cpu?: Word;
  readonly Memory?: Word;
  readonly ContainerDefinitions?: unknown;
}

interface RenderedContainer {
  readonly Name?: Word;
  readonly Memory?: Word;
  readonly EntryPoint?: unknown;
  readonly Command?: unknown;
  readonly Environment?: unknown;
  readonly HealthCheck?: RenderedHealthCheck;
  readonly LinuxParameters?: RenderedLinuxParameters;
  readonly MountPoints?: unknown;
  readonly SystemControls?: unknown;
  readonly Ulimits?: unknown;
  readonly ReadonlyRootFilesystem?: Word;
  readonly User?: Word;
  readonly WorkingDirectory?: Word;
  readonly PseudoTerminal?: Word;
  readonly Interactive?: Word;
}

interface RenderedHealthCheck {
  readonly Command?: unknown;
  readonly Interval?: Word;
  readonly Timeout?: Word;
  readonly Retries?: Word;
  readonly StartPeriod?: Word;
}

interface RenderedLinuxParameters {
  readonly Capabilities?: { readonly Add?: unknown; readonly Drop?: unknown };
  readonly InitProcessEnabled?: Word;
  readonly Tmpfs?: unknown;
}

interface RenderedTmpfs {
  readonly ContainerPath?: Word;
  readonly Size?: Word;
  readonly MountOptions?: unknown;
}

interface RenderedLimit { readonly Name?: Word; readonly SoftLimit?: Word; readonly HardLimit?: Word }
interface RenderedMount { readonly ContainerPath?: Word; readonly ReadOnly?: Word }
interface RenderedControl { readonly Namespace?: Word; readonly Value?: Word }
interface RenderedVariable { readonly Name?: Word; readonly Value?: Word }

interface RenderedTargetGroup {
  readonly HealthCheckPath?: Word;
  readonly HealthCheckTimeoutSeconds?: Word;
  readonly Matcher?: { readonly HttpCode?: Word };
}
