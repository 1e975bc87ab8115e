import { readFileSync } from 'fs';
import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';
import { aws_codebuild as codebuild, aws_ecs as ecs, CfnCondition, CfnParameter, CfnResource, Duration, Fn, SecretValue, Stack } from 'aws-cdk-lib';
import {
  BlueGreenFargatePipeline, BlueGreenFargatePipelineProps, BuildSteps, CachedBuildProject, EnvironmentOptions, PipelineEnvironment, ProbeStepsOptions,
} from '../../src';
import { buildSpecOfProject, cleanUp, run, Run, StandIns } from '../helpers/code-build';
import { repository, stack as stackOfSteps } from '../helpers/steps';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { plainVariables, rendered } from '../helpers/templates';

const IMAGE_REPOSITORY = '111111111111.dkr.ecr.us-east-1.amazonaws.com/repository-dev';
const IMAGE = `${IMAGE_REPOSITORY}@sha256:${'a1'.repeat(32)}`;
const URL = 'http://172.17.0.2:8080/healthz';

/** The template of a pipeline whose first environment has plain variables and limits. */
function pipelineWith(
  testSteps?: BuildSteps, options: EnvironmentOptions = {}, change: (pipeline: BlueGreenFargatePipeline, stack: Stack) => void = () => undefined,
  props: Partial<BlueGreenFargatePipelineProps> = {},
): SynthesisedTemplate {
  const stack = newStack();
  const pipeline = pipelineIn(stack, {
    healthCheckPath: '/healthz',
    environments: [
      new PipelineEnvironment('staging', options),
      new PipelineEnvironment('production', { cpu: 1024, memoryLimitMiB: 2048, containerEnvironment: { GREETING: 'never' } }),
    ],
    testSteps,
    ...props,
  });
  change(pipeline, stack);
  return templateOf(stack);
}

/** Overrides of the first container of staging, and of the task definition itself. */
const overridden = (container: object, task: object = {}) => (pipeline: BlueGreenFargatePipeline): void => {
  const definition = pipeline.deployment('staging').taskDefinition.node.defaultChild as CfnResource;
  Object.entries(container).forEach(([key, value]) => definition.addPropertyOverride(`ContainerDefinitions.0.${key}`, value));
  Object.entries(task).forEach(([key, value]) => definition.addPropertyOverride(key, value));
};

const SAYS_MUCH: EnvironmentOptions = {
  containerEnvironment: { 'GREETING': "it's $HOME", 'spring.profiles.active': 'a "b"\nc' },
  tasks: { command: ['serve', '', 'the "shop"', '--rm'] },
};

/** Runs the test stage of a template. Sleeping advances the clock of the shell, so that no test waits. */
function trial(
  template: SynthesisedTemplate, options: { standIns?: StandIns; files?: { [path: string]: string }; environment?: { [name: string]: string } } = {},
): Run {
  const spec = buildSpecOfProject(template, 'project-test-dev');
  const hurried = spec.phases.build.commands.map((command) => `sleep() { SECONDS=$((SECONDS + $1)); }\n${command}`);
  return run({ ...spec, phases: { ...spec.phases, build: { commands: hurried } } }, {
    environment: { ...plainVariables(template, 'project-test-dev'), IMAGE_REPOSITORY, IMAGE_DIGEST: IMAGE.split('@')[1], ...options.environment },
    standIns: { docker: docker(), curl: curl(), ...options.standIns },
    files: options.files,
  });
}

interface Container {
  readonly exit?: number;
  readonly outOfMemory?: boolean;
  readonly log?: string;
  readonly processor?: string;
  /** The first bytes of its program. */
  readonly program?: string;
  /** The exit code of `docker run`. */
  readonly start?: number;
  /** The script of its health check. */
  readonly check?: string;
}

/** A Docker with one container; its first process is found in the files of the run. */
function docker(container: Container = {}): string {
  const { exit, outOfMemory = false, log = 'no database\\n', processor = 'amd64', program, start = 0, check = 'true' } = container;
  return `case "$1" in
  run) printf '%s\\0' "$@" > "$CODEBUILD_SRC_DIR/words"; exit ${start} ;;
  inspect) case "$3" in *.Path*) echo /app ;; *) echo "${exit === undefined} ${exit ?? 0} ${outOfMemory} self/cwd/process 172.17.0.2" ;; esac ;;
  logs) printf '${log}' ;;
  image) echo ${processor} ;;
  version) echo amd64 ;;
  cp) [ "$3" = candidate:/app ] && printf '${program ?? '#!/bin/sh'}' > app && tar -c app ;;
  exec) shift 2; printf '%s\\0' "$@" >> "$CODEBUILD_SRC_DIR/checks"; ${check} ;;
esac`;
}

interface Server {
  readonly status?: string;
  readonly exit?: number;
  readonly body?: string;
  readonly location?: string;
  /** The response over TLS. */
  readonly tls?: string;
  /** The response to a request that waits for half a minute, and its time. */
  readonly patient?: string;
}

function curl({ status = '200', exit = 0, body = '', location = '', tls, patient }: Server = {}): string {
  return `while [ $# -gt 1 ]; do
  case "$1" in --output) file="$2" ;; --max-time) time="$2" ;; esac
  shift
done
case "$1 $time" in
  https:*) printf '${tls ?? '000 0.01'}'; exit ${tls === undefined ? 35 : 0} ;;
  *' 30') printf '${patient ?? '000 30.0'}'; exit ${patient === undefined ? 28 : 0} ;;
esac
${body && `printf '${body}' > "$file"`}
printf '${status} 0.012345 ${location}'
exit ${exit}`;
}

const REFUSED = curl({ status: '000', exit: 7 });
const CLOSED: Server = { status: '000', exit: 52 };
const ELF = (machine: string) => `\\177ELF${'\\1'.repeat(14)}\\${machine}\\0`;

/** The sockets of a process in the format of the kernel: the header, a listener for each address, and an unrelated connection. */
function listening(...addresses: string[]): { [path: string]: string } {
  const line = (address: string, state: string) => `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0\n`;
  const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const ofLength = (length: number) => addresses.filter((address) => address.length === length).map((address) => line(address, '0A')).join('');
  return {
    'process/net/tcp': header + ofLength(13) + line('0100007F:1F40', '01'),
    'process/net/tcp6': header + ofLength(37),
  };
}
const PORT = listening('00000000:1F90');

const curls = (result: Run) => result.calls.filter((call) => call.startsWith('curl'));
/** The arguments of `docker run`. */
const started = (result: Run) => result.read('words').split('\0').slice(0, -1);

let smallest: SynthesisedTemplate;

beforeAll(() => {
  smallest = pipelineWith();
});

afterAll(cleanUp);

describe('the start of the image', () => {
  test('the test stage starts the image by digest, as staging runs it, and passes when the health path responds', () => {
    const result = trial(pipelineWith(undefined, SAYS_MUCH));

    // A busy machine takes a second or two for the commands of the probe.
    expect(result.output.replace(/after \d s/, 'after 0 s')).toContain(`${IMAGE} is healthy: /healthz answered 200 after 0 s`);
    expect(result.output).toContain('Starting the image with 0.25 vCPU and 512 MiB, as in the first environment');
    expect(result.status).toBe(0);
    expect(started(result)).toEqual([
      'run', '--detach', '--name', 'candidate', '--no-healthcheck', '--cpu-quota=25000', '--memory=512m', '--memory-swap=512m',
      '--ulimit=nofile=65535:65535', '--init', "--env=GREETING=it's $HOME", '--env=spring.profiles.active=a "b"\nc',
      IMAGE, 'serve', '', 'the "shop"', '--rm',
    ]);
  });

  test('the test stage starts the image with the variables and command of the probe, if it has any', () => {
    const probe = BuildSteps.probe({ environment: { GREETING: 'hi', DATABASE_PASSWORD: 'any' }, command: ['serve'] });

    const words = started(trial(pipelineWith(probe, SAYS_MUCH)));

    expect(words.filter((word) => word.startsWith('--env='))).toEqual(
      ['--env=GREETING=hi', '--env=spring.profiles.active=a "b"\nc', '--env=DATABASE_PASSWORD=any']);
    expect(words.slice(words.indexOf(IMAGE))).toEqual([IMAGE, 'serve']);
  });

  test('a probe outside a pipeline sets only the open-file limit of Fargate', () => {
    new CachedBuildProject(stackOfSteps, 'Probe', {
      environmentSuffix: 'dev', purpose: 'test', steps: BuildSteps.probe({ repository, port: 8080, path: '/up', environment: { A: 'b' } }),
    });

    const result = trial(templateOf(stackOfSteps));

    expect(started(result)).toEqual(
      ['run', '--detach', '--name', 'candidate', '--no-healthcheck', '--ulimit=nofile=65535:65535', '--env=A=b', IMAGE]);
    expect(result.output).not.toContain('Starting the image with');
    expect(result.status).toBe(0);
  });

  test.each([
    ['the image cannot be pulled', { docker: '[ "$1" != pull ]' }, ''],
    ['the container cannot be started', { docker: docker({ start: 125 }) }, 'Docker could not start the container; see the reason above.'],
    ['the program does not exist', { docker: docker({ start: 127 }) }, 'The container did not start: its program is not in the image. Check \'command\''],
    ['the program cannot be executed', { docker: docker({ start: 126 }) }, 'The container did not start: its program cannot be executed.'],
  ])('the test stage fails when %s', (_, standIns, says) => {
    const result = trial(smallest, { standIns });

    expect(result.status).not.toBe(0);
    expect(result.output).toContain(says);
    expect(curls(result)).toEqual([]);
  });
});

describe('the request to the health path', () => {
  test('the probe sends the request of the load balancer: address of the task, unchanged path and user agent', () => {
    const template = pipelineWith(undefined, {}, undefined, { healthCheckPath: '/{x,y}/../a[1-3]?q=%2e&$HOME' });

    const result = trial(template);

    expect(curls(result)).toHaveLength(1);
    expect(curls(result)[0]).toMatch(/ http:\/\/172\.17\.0\.2:8080\/\{x,y\}\/\.\.\/a\[1-3\]\?q=%2e&\$HOME$/);
    for (const option of ['--globoff', '--path-as-is', '--noproxy *', '--http1.1', '--user-agent ELB-HealthChecker/2.0', '--max-time 5']) {
      expect(curls(result)[0]).toContain(` ${option} `);
    }
  });

  test('the probe uses the health check of the target group, with its overrides', () => {
    const template = pipelineWith(undefined, {}, (pipeline) => {
      const { blueTargetGroup, greenTargetGroup } = pipeline.deployment('staging');
      [blueTargetGroup, greenTargetGroup].forEach((group) => group.configureHealthCheck({
        path: '/deep', timeout: Duration.seconds(9), healthyHttpCodes: '200,301-302',
      }));
    });

    const codes = ['200', '201', '300', '301', '302', '303', '503', '000'].map((status) => {
      const result = trial(template, { standIns: { curl: curl({ status }) }, environment: { STARTUP_SECONDS: '0' } });
      expect(curls(result)[0]).toMatch(/ --max-time 9 .*:8080\/deep$/);
      return [status, result.status];
    });

    expect(codes).toEqual([['200', 0], ['201', 1], ['300', 1], ['301', 0], ['302', 0], ['303', 1], ['503', 1], ['000', 1]]);
  });

  test('the probe requests its own path, if it has one', () => {
    expect(curls(trial(pipelineWith(BuildSteps.probe({ path: '/up' }))))[0]).toMatch(/:8080\/up$/);
  });

  test.each<[string, ProbeStepsOptions | undefined, number, number]>([
    ['a minute', undefined, 25, 31],
    ['the configured startup time', { startupTime: Duration.minutes(2) }, 50, 61],
    ['a few seconds', { startupTime: Duration.seconds(5) }, 2, 4],
  ])('the probe sends requests for %s', (_, props, least, most) => {
    const result = trial(props === undefined ? smallest : pipelineWith(BuildSteps.probe(props)), { standIns: { curl: curl({ status: '503' }) } });

    expect(result.status).toBe(1);
    // Some seconds pass by themselves while the test runs.
    const requests = curls(result).filter((call) => !call.includes('https://'));
    expect(requests.length).toBeGreaterThanOrEqual(least);
    expect(requests.length).toBeLessThanOrEqual(most);
  }, 30_000);

  test('the probe sends requests until the container responds', () => {
    const late = 'touch tries; echo >> tries; if [ "$(wc -l < tries)" -lt 9 ]; then printf 000; exit 7; fi; printf 200';

    const result = trial(smallest, { standIns: { curl: late } });

    expect(result.status).toBe(0);
    expect(curls(result)).toHaveLength(9);
    expect(result.output).not.toContain('WARNING');
  });

  test('a start that takes longer than the grace period of the service passes with a warning', () => {
    const late = 'touch tries; echo >> tries; if [ "$(wc -l < tries)" -lt 40 ]; then printf 000; exit 7; fi; printf 200';

    const result = trial(pipelineWith(BuildSteps.probe({ startupTime: Duration.minutes(5) })), { standIns: { curl: late } });

    expect(result.status).toBe(0);
    expect(result.output).toContain('WARNING: ECS stops tasks that are not healthy after 60 s. Raise HealthCheckGracePeriodSeconds of the service');
  });

  test('the probe sends no more requests once the container has exited', () => {
    expect(curls(trial(smallest, { standIns: { curl: REFUSED, docker: docker({ exit: 3 }) } }))).toHaveLength(1);
  });
});

/** The settings of a container or task definition, and the `docker run` arguments that the probe adds for them. */
describe('the settings of the task definition', () => {
  /** Resolves only the test project, which is much faster than writing the template. */
  const words = (change: (pipeline: BlueGreenFargatePipeline, stack: Stack) => void, options: EnvironmentOptions = {}) => {
    const stack = newStack();
    const pipeline = pipelineIn(stack, { environments: [new PipelineEnvironment('staging', options), new PipelineEnvironment('production')] });
    change(pipeline, stack);
    const { environment } = pipeline.testProject.project.node.defaultChild as codebuild.CfnProject;
    const { environmentVariables } = stack.resolve(environment) as { environmentVariables: { name: string; value: unknown }[] };
    return environmentVariables.filter(({ name }) => /^CONTAINER_(OPTION|ARGUMENT)_|^HEALTH_CHECK/.test(name)).map(({ value }) => rendered(value));
  };
  const PLAIN = ['--cpu-quota=25000', '--memory=512m', '--memory-swap=512m', '--ulimit=nofile=65535:65535', '--init'];
  const withOther = (change: object) => words(overridden(change)).filter((word) => !PLAIN.includes(word));

  test('the probe uses the plain settings of a task definition without overrides', () => {
    expect(words(() => undefined)).toEqual(PLAIN);
  });

  test.each<[string, object, string[]]>([
    ['Command', { Command: ['a', ''] }, ['a', '']],
    ['EntryPoint', { EntryPoint: ['sh', '-c'], Command: ['x'] }, ['--entrypoint=sh', '-c', 'x']],
    ['Environment', { Environment: [{ Name: 'A', Value: '1' }, { Name: 'B', Value: '' }] }, ['--env=A=1', '--env=B=']],
    ['User', { User: 'node:node' }, ['--user=node:node']],
    ['WorkingDirectory', { WorkingDirectory: '/srv app' }, ['--workdir=/srv app']],
    ['ReadonlyRootFilesystem', { ReadonlyRootFilesystem: true }, ['--read-only']],
    ['disabled ReadonlyRootFilesystem', { ReadonlyRootFilesystem: false }, []],
    ['PseudoTerminal', { PseudoTerminal: true }, ['--tty']],
    ['Interactive', { Interactive: true }, ['--interactive']],
    ['MountPoints', { MountPoints: [{ ContainerPath: '/tmp', SourceVolume: 'tmp' }, { ContainerPath: '/ro', SourceVolume: 'ro', ReadOnly: true }] },
      ['--mount=type=volume,target=/tmp', '--mount=type=volume,target=/ro,readonly']],
    ['SystemControls', { SystemControls: [{ Namespace: 'net.core.somaxconn', Value: '4096' }] }, ['--sysctl=net.core.somaxconn=4096']],
    ['Ulimits', { Ulimits: [{ Name: 'core', SoftLimit: 0, HardLimit: 1 }] }, ['--ulimit=core=0:1']],
    ['LinuxParameters.Capabilities', { 'LinuxParameters.Capabilities': { Add: ['SYS_PTRACE'], Drop: ['NET_RAW'] } }, ['--cap-add=SYS_PTRACE', '--cap-drop=NET_RAW']],
    ['LinuxParameters.Tmpfs', { 'LinuxParameters.Tmpfs': [{ ContainerPath: '/run', Size: 64, MountOptions: ['noexec', 'mode=1777'] }] },
      ['--tmpfs=/run:size=64m,noexec,mode=1777']],
    ['HealthCheck of a shell command', { HealthCheck: { Command: ['CMD-SHELL', 'curl -f localhost'] } }, ['/bin/sh', '-c', 'curl -f localhost', '30 5 3 0']],
    ['HealthCheck of a command', { HealthCheck: { Command: ['CMD', 'check', 'me'], Interval: 10, Timeout: 2, Retries: 5, StartPeriod: 60 } },
      ['check', 'me', '10 2 5 60']],
    ['disabled HealthCheck', { HealthCheck: { Command: ['NONE'] } }, []],
  ])('the probe uses the %s of the container', (_, change, expected) => {
    expect(withOther(change)).toEqual(expected);
  });

  test.each<[string, object, object, string[]]>([
    ['the size of the task', {}, { Cpu: '2 vCPU', Memory: '4 GB' }, ['--cpu-quota=200000', '--memory=4096m', '--memory-swap=4096m']],
    ['a container memory below that of the task', { Memory: 300 }, {}, ['--cpu-quota=25000', '--memory=300m', '--memory-swap=300m']],
    ['the memory of the task, if the container has more', { Memory: 700 }, {}, ['--cpu-quota=25000', '--memory=512m', '--memory-swap=512m']],
  ])('the probe limits the container to %s', (_, container, task, expected) => {
    expect(words(overridden(container, task))).toEqual([...expected, ...PLAIN.slice(3)]);
  });

  test("the probe uses the container's own open-file limit instead of the limit of Fargate, and no init process", () => {
    expect(words(overridden({ 'Ulimits': [{ Name: 'nofile', SoftLimit: 10, HardLimit: 20 }], 'LinuxParameters.InitProcessEnabled': false })))
      .toEqual([...PLAIN.slice(0, 3), '--ulimit=nofile=10:20']);
  });

  test('the probe uses settings that are added after the pipeline was created', () => {
    expect(words((pipeline) => pipeline.deployment('staging').taskDefinition.defaultContainer!.addEnvironment('LATE', 'yes')))
      .toEqual([...PLAIN, '--env=LATE=yes']);
  });

  test('the probe ignores a sidecar', () => {
    expect(words((pipeline) => {
      const { taskDefinition } = pipeline.deployment('staging');
      taskDefinition.addContainer('Agent', { image: ecs.ContainerImage.fromRegistry('agent'), environment: { SIDE: 'car' } });
    })).toEqual(PLAIN);
  });

  test('the probe passes values that are known only at deployment, each within one word', () => {
    const template = pipelineWith(undefined, {}, (pipeline, stack) => {
      const user = new CfnParameter(stack, 'User');
      overridden({ User: user.valueAsString, Environment: [{ Name: 'REGION', Value: { Ref: 'AWS::Region' } }] })(pipeline);
    });

    expect(plainVariables(template, 'project-test-dev')).toMatchObject({ CONTAINER_OPTION_6: '--user=${User}', CONTAINER_OPTION_7: '--env=REGION=${AWS::Region}' });
  });

  test('the probe leaves out settings that may not be strings, so that the stack can be deployed', () => {
    expect(words((pipeline, stack) => {
      new CfnCondition(stack, 'IsHard', { expression: Fn.conditionEquals('a', 'b') });
      const maybe = (value: unknown) => ({ 'Fn::If': ['IsHard', value, { Ref: 'AWS::NoValue' }] });
      overridden({
        ReadonlyRootFilesystem: maybe(true),
        User: maybe('node'),
        HealthCheck: maybe({ Command: ['CMD', 'x'] }),
        Ulimits: maybe([]),
        Environment: [{ Name: 'A', Value: maybe('b') }],
      }, { Memory: maybe('1024') })(pipeline);
    })).toEqual(['--cpu-quota=25000', ...PLAIN.slice(3)]);
  });

  test('the probe leaves out a secret that an override added', () => {
    const template = pipelineWith(undefined, {}, (pipeline) => {
      const secret = SecretValue.secretsManager('db').unsafeUnwrap();
      overridden({ Environment: [{ Name: 'PASSWORD', Value: secret }, { Name: 'A', Value: 'b' }], Command: ['serve', secret] })(pipeline);
    });

    const variables = plainVariables(template, 'project-test-dev');
    expect(JSON.stringify(variables)).not.toContain('resolve:secretsmanager');
    expect(variables).toMatchObject({ CONTAINER_OPTION_6: '--env=A=b', CONTAINER_ARGUMENT_1: 'serve', CONTAINER_ARGUMENT_2: 'secret' });
    expect(variables).not.toHaveProperty('CONTAINER_OPTION_7');
  });
});

test('docs/test-stage.md describes the treatment of every container property', async () => {
  const specification = await loadAwsServiceSpec();
  const resource = specification.lookup('resource', 'cloudFormationType', 'equals', 'AWS::ECS::TaskDefinition').only();
  const definition = specification.follow('usesType', resource).find(({ entity }) => entity.name === 'ContainerDefinition')!;
  const page = readFileSync('docs/test-stage.md', 'utf8');

  const [, container] = page.split(/^## /m);
  const listed = container.split('\n').filter((line) => line.startsWith('| `')).flatMap((line) => [...line.split('|')[1].matchAll(/`(\w+)`/g)].map(([, name]) => name));

  expect(listed.sort()).toEqual(Object.keys(definition.entity.properties).sort());
});

describe('the health check of the container', () => {
  let template: SynthesisedTemplate;

  beforeAll(() => {
    template = pipelineWith(undefined, {}, overridden({ HealthCheck: { Command: ['CMD', 'check', 'the "shop"'], Interval: 10, Retries: 2, StartPeriod: 15 } }));
  });

  test('the container health check must pass, too, and runs as soon as the path responds', () => {
    const result = trial(template);

    expect(result.status).toBe(0);
    expect(result.read('checks')).toBe('check\0the "shop"\0');
  });

  test.each<[string, string, string, number]>([
    ['fails', 'echo "shop is \u001b[31mclosed"; exit 1', `The health check of the container, check the "shop", exited with code 1. ECS replaces a task that fails it 2 times in a row.
It wrote: shop is [31mclosed`, 1],
    ['is not in the image', 'exit 127', 'exited with code 127. ECS replaces a task that fails it 2 times in a row.\nIts program is not in the image', 1],
    ['does not end', 'exit 124', 'did not end within 5 s.', 1],
  ])('a container health check that %s fails the build', (_, check, says) => {
    const result = trial(template, { standIns: { docker: docker({ check }) } });

    expect(result.status).toBe(1);
    expect(result.output).toContain(says);
    expect(result.output).not.toContain('is healthy');
    // The first failure that counts is that after 20 s, and the second one ends the trial.
    expect(curls(result).length).toBeGreaterThanOrEqual(11);
    expect(curls(result).length).toBeLessThanOrEqual(17);
  });

  test('the container health check counts failures even before the path responds', () => {
    const result = trial(template, { standIns: { docker: docker({ check: 'exit 1' }), curl: REFUSED }, files: listening() });

    expect(result.output).toContain('nothing listens on port 8080');
    expect(result.output).toContain('The health check of the container, check the "shop", exited with code 1.');
    expect(result.read('checks').split('check').length - 1).toBe(3);
  });

  test('a container health check that passes again resets the count of failures', () => {
    const flaky = 'touch ../runs; echo >> ../runs; exit $(($(wc -l < ../runs) % 2))';

    const result = trial(template, { standIns: { docker: docker({ check: flaky }), curl: REFUSED }, files: listening() });

    expect(result.output).not.toContain('The health check of the container');
    expect(curls(result).length).toBeGreaterThanOrEqual(25);
  });
});

const TLS = `${URL} responded with 400 instead of 200.`;
const MORE_TIME = "If it needs longer to start, raise 'startupTime' of BuildSteps.probe and, with an override, HealthCheckGracePeriodSeconds of the service: "
  + "after that time (60 s) ECS stops tasks that are not healthy. More 'cpu' can help; it had 0.25 vCPU and 512 MiB.";
const SPEAKS_TLS = 'The container speaks TLS (HTTPS) on port 8080, but the load balancer sends plain HTTP to it. Serve plain HTTP there: '
  + "the load balancer terminates TLS with the 'certificate' of the environment.";
const HOST = 'If the application checks the Host header, accept any host on this path: a health check sends the address of the task, here 172.17.0.2:8080.';

interface Message {
  readonly container?: Container;
  readonly server?: Server;
  readonly files?: { [path: string]: string };
  /** The messages that the build must print, in this order. */
  readonly says: string[];
}

const MESSAGES: { readonly [what: string]: Message } = {
  // Containers that exited.
  'exits': {
    container: { exit: 3 },
    says: ['The container exited with code 3. Does it need an environment variable or a secret? Secrets are not set here; pass placeholder values with BuildSteps.probe({ environment }).'],
  },
  'continues in the background': {
    container: { exit: 0 }, says: ['exited with code 0: its program ended, or continued in the background', "nginx -g 'daemon off;'"],
  },
  'needs more memory': {
    container: { exit: 137, outOfMemory: true },
    says: ["The container exited with code 137: it needs more memory than 512 MiB. Raise 'memoryLimitMiB' of the environment, or limit the memory of the program."],
  },
  'is killed for a reason other than its memory': {
    container: { exit: 137 }, says: ['exited with code 137: its program was killed (SIGKILL), but not for exceeding the memory limit of the task.'],
  },
  'keeps running after one process exceeds the memory': {
    container: { outOfMemory: true },
    server: { status: '502' },
    says: ['responded with 502 instead of 200.', 'A process in the container was killed: it needs more memory than 512 MiB.'],
  },
  'cannot be executed': { container: { exit: 126 }, says: ['exited with code 126: /app, or what it starts, cannot be executed.', 'chmod +x'] },
  'is not in the image': { container: { exit: 127 }, says: ['exited with code 127: /app, or what it starts, is not in the image.', 'Windows line endings'] },
  'aborts': { container: { exit: 134 }, says: ['exited with code 134: its program aborted (SIGABRT), as Node.js does when its heap is full.'] },
  'crashes': { container: { exit: 139 }, says: ['exited with code 139: its program crashed (SIGSEGV).'] },
  'receives SIGTERM': { container: { exit: 143 }, says: ['exited with code 143: something in the image sent SIGTERM to its program.'] },
  'is built for another CPU architecture': {
    container: { exit: 1, processor: 'arm64' },
    says: ["exited with code 1: its program is built for arm64, but the CPU architecture here, as in the task, is amd64. Build the program for amd64, or change 'platform.cpuArchitecture'."],
  },
  'has a program for another CPU architecture': {
    container: { exit: 2, program: ELF('267') }, says: ['exited with code 2: its program is built for arm64, but the CPU architecture here, as in the task, is amd64.'],
  },
  'has a program for a third CPU architecture': {
    container: { exit: 2, program: ELF('3') }, says: ['exited with code 2: its program is built for another CPU architecture, but the CPU architecture here, as in the task, is amd64.'],
  },
  'has a program for this CPU architecture': { container: { exit: 2, program: ELF('76') }, says: ['exited with code 2. Does it need an environment variable'] },
  'starts a program for another CPU architecture': {
    container: { exit: 126, log: 'run.sh: line 2: /worker: cannot execute binary file: Exec format error\\n' },
    says: ['exited with code 126: it starts a program that is built for a CPU architecture other than amd64, or a script whose first line does not name its interpreter, such as #!/bin/sh.'],
  },
  'writes to a read-only file system': {
    container: { exit: 1, log: 'Error: EROFS: read-only file system, open /x\\n' },
    says: ['exited with code 1.', 'Its log says that it writes to a read-only file system: the task definition has readonlyRootFilesystem.'],
  },

  // Containers that do not respond.
  'never listens': {
    server: { status: '000', exit: 7 },
    files: listening(),
    says: [`${URL} did not respond.`, 'After 60 s, nothing listens on port 8080 or on any other port: the container runs, but does not listen yet.', MORE_TIME],
  },
  'listens on another port': {
    server: { status: '000', exit: 7 },
    files: listening('00000000:0BB8', '0100007F:22B8'),
    says: ['Nothing listens on port 8080 after 60 s: the container listens on 3000 8888 instead.'],
  },
  'listens on 127.0.0.1 only': {
    server: { status: '000', exit: 7 },
    files: listening('0100007F:1F90', `${'0'.repeat(24)}01000000:1F90`, '0000000000000000FFFF00000100007F:1F90'),
    says: ['The container listens on port 8080 of 127.0.0.1 only, so only the container itself can connect. It must listen on all addresses, 0.0.0.0.'],
  },
  'listens over IPv6 only': {
    server: { status: '000', exit: 7 },
    files: listening('0100007F:1F90', `${'0'.repeat(32)}:1F90`),
    says: ['The container listens on port 8080 over IPv6 only, but the load balancer connects over IPv4. It must listen on 0.0.0.0, or on :: for both'],
  },
  'starts to listen at the last moment': {
    server: { status: '000', exit: 7 }, files: PORT, says: ['The container started to respond only after 60 s.', MORE_TIME],
  },
  'responds slowly': {
    server: { status: '000', exit: 28, patient: '200 7.031083' },
    files: PORT,
    says: ['It responded with 200 after 7.0 s, but the health check of the load balancer waits only 5 s. Make the path respond faster, or set a longer timeout for the health checks of both target groups.'],
  },
  'responds slowly until it is warm': {
    server: { status: '000', exit: 28, patient: '200 0.031083' }, files: PORT, says: ['The container started to respond only after 60 s.', MORE_TIME],
  },
  'never responds': {
    server: { status: '000', exit: 28 },
    files: PORT,
    says: ['The container accepts connections on port 8080, but does not respond within 30 s either'],
  },
  'speaks TLS and closes the connection': { server: { ...CLOSED, tls: '200 0.01' }, files: PORT, says: [`${URL} did not respond.`, SPEAKS_TLS] },
  'speaks TLS and resets the connection': { server: { status: '000', exit: 56, tls: '404 0.01' }, files: PORT, says: [SPEAKS_TLS] },
  'speaks another protocol': {
    server: CLOSED, files: PORT, says: ['The container accepts connections on port 8080 but closes them without an HTTP response. The load balancer sends HTTP/1.1 requests there.'],
  },

  // Containers with an unexpected response.
  'speaks TLS in Go': { server: { status: '400', body: 'Client sent an HTTP request to an HTTPS server.\\n' }, says: [TLS, SPEAKS_TLS] },
  'speaks TLS in nginx': {
    server: { status: '400', body: '<html>\\r\\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>\\r\\n<body><center><h1>400 Bad Request</h1></center>' },
    says: [TLS, 'The response starts with: 400 The plain HTTP request was sent to HTTPS port 400 Bad Request', SPEAKS_TLS],
  },
  'speaks TLS in Apache': {
    server: { status: '400', body: '<p>Your browser sent a request that this server could not understand.<br />\\nReason: You are speaking plain HTTP to an SSL-enabled server port.' },
    says: [TLS, SPEAKS_TLS],
  },
  'speaks TLS in another server': { server: { status: '400', tls: '200 0.01' }, says: [TLS, SPEAKS_TLS] },
  'rejects the request': { server: { status: '400', body: '<title>Bad Request (400)</title>' }, says: [TLS, 'The response starts with: Bad Request (400)', HOST] },
  // The response of Django 5.2 with DEBUG.
  'rejects the host as Django does': {
    server: {
      status: '400',
      body: '<!DOCTYPE html>\\n<html><head>\\n <title>DisallowedHost at /</title>\\n <style type="text/css">\\n html * { padding:0; }\\n </style>\\n<script>if (1 < 2) {}</script></head>'
        + '<body><h1>DisallowedHost</h1>\\n <pre class="exception_value">Invalid HTTP_HOST header: &#x27;172.17.0.2:8080&#x27;.</pre>',
    },
    says: ['The response starts with: DisallowedHost at / DisallowedHost Invalid HTTP_HOST header: &#x27;172.17.0.2:8080&#x27;.', HOST],
  },
  'rejects the host as Rails does': {
    server: { status: '403', body: '<header><h1>Blocked hosts: 172.17.0.2:8080</h1></header>' }, says: ['The response starts with: Blocked hosts: 172.17.0.2:8080', HOST],
  },
  'requires a login': {
    server: { status: '401', body: '{"error":"no token"}' },
    says: [`${URL} responded with 401 instead of 200.`, 'The response starts with: {"error":"no token"}',
      'The load balancer sends no credentials either, so its requests would be rejected too. Make the path respond without authentication.'],
  },
  'forbids': { server: { status: '403' }, says: ['The load balancer sends no credentials either, so its requests would be rejected too.', HOST] },
  'redirects': {
    server: { status: '301', location: 'https://172.17.0.2/healthz' },
    says: [`${URL} responded with 301 instead of 200.`,
      "It redirects to https://172.17.0.2/healthz, but the load balancer does not follow redirects. Use a 'healthCheckPath' that responds without a redirect; exclude it from a redirect to HTTPS."],
  },
  'has no health path': { server: { status: '404' }, says: [`${URL} responded with 404 instead of 200.`, "The application has no such path. Set 'healthCheckPath' to an existing path."] },
  'is unhealthy': {
    server: { status: '503', body: 'no\\033[2J database\\007\\302\\233\\n::error::stop' },
    says: [`${URL} responded with 503 instead of 200.`, 'The response starts with: no[2J database ::error::stop', 'The application runs, but reports that it is unhealthy.', MORE_TIME],
  },
  'sends a long response': { server: { status: '418', body: `${'tea '.repeat(200)}` }, says: [`The response starts with: ${'tea '.repeat(75)}\n`] },
};

test.each(Object.entries(MESSAGES))('an image that %s fails the build, with its log and the reason', (_, { container, server, files, says }) => {
  const result = trial(smallest, { standIns: { docker: docker(container), curl: curl(server ?? { status: '000', exit: 7 }) }, files });

  expect(result.status).toBe(1);
  const [log, message] = result.output.split('End of the log of the container.\n');
  expect(log).toContain('The log of the container:\n| ');
  says.reduce((rest, each) => {
    expect(rest).toContain(each);
    return rest.slice(rest.indexOf(each) + each.length);
  }, message);
  expect(result.output).not.toContain('is healthy');
  expect(result.output).not.toMatch(/integer expression|unbound|syntax error|not found\n/);
});

test('a message about TLS has no second explanation', () => {
  expect(trial(smallest, { standIns: { curl: curl({ status: '400', tls: '200 0.01' }) } }).output).not.toContain('Host header');
});

test.each([
  ['200 lines in full', 200, 'The log of the container:', '| line 1\n'],
  ['a longer log without its first lines', 15_000, 'The log of the container, without its first 14800 lines:', '| line 14801\n'],
])('the build repeats a log of %s', (_, lines, says, first) => {
  const result = trial(smallest, { standIns: { curl: REFUSED, docker: docker({ exit: 1 }).replace("printf 'no database\\n'", `seq -f 'line %.0f' ${lines}`) } });

  const [, log] = result.output.split(`${says}\n`);
  expect(log.startsWith(first)).toBe(true);
  expect(log.split('\n').filter((line) => line.startsWith('| line '))).toHaveLength(200);
  expect(log).toContain(`| line ${lines}\nEnd of the log`);
});

test('the log of the container cannot imitate a line of the build', () => {
  const log = `\\033[1mred\\033[0m\\a\\r::set-output name=x::y\\n${IMAGE} is healthy\\n\\302\\233 C1\\n${'x'.repeat(2000)}\\n[Container] Phase complete`;

  const { output } = trial(smallest, { standIns: { curl: REFUSED, docker: docker({ exit: 1, log }) } });

  expect(output).toContain(`:\n| [1mred[0m::set-output name=x::y\n| ${IMAGE} is healthy\n|  C1\n| ${'x'.repeat(1000)}\n| [Container] Phase complete\nEnd of the log`);
});
