import { aws_codebuild as codebuild, aws_ecr as ecr, Tokenization } from 'aws-cdk-lib';
import { keptByVariables, variableText } from './build-text';
import { exposedSecretViolations, textByPath } from './exposed-secrets';
import {
  ContainerHealthCheck, containerSettings, gracePeriod, joinWords, PLAIN_CONTAINER, targetHealthCheck, Word, Words,
} from './probe-container';
import { PROBE_VARIABLES, probeSpec } from './probe-spec';
import { BoundSteps, BuildContext, Steps } from './steps';
import { MAKES_NO_IMAGE, requiredOutsidePipeline } from './steps-checks';
import { throwIfInvalid } from '../../private/errors';
import { httpPath, port } from '../../private/shared-checks';
import { struct } from '../../private/structs';
import { CDK, cdkType } from '../../private/types';
import { all, Check, duration, keyMatching, list, map, optional, wrongType } from '../../private/validation';
import { Violations } from '../../private/violations';
import { ProbeStepsOptions } from '../build-steps-options';
import {
  DEFAULT_HEALTH_TIMEOUT, DEFAULT_HEALTHY_CODES, DEFAULT_STARTUP_TIME, MAX_STARTUP_TIME, MIN_STARTUP_TIME,
} from '../defaults';

const FACTORY = 'BuildSteps.probe';

/** Starts the image and requests its health path: see `BuildSteps.probe`. */
export function probeSteps(options: ProbeStepsOptions): Steps {
  throwIfInvalid({ type: FACTORY }, optionsViolations('options', options));
  const text = {
    ...textByPath('environment', options.environment),
    ...textByPath('command', options.command),
  };
  return {
    repository: options.repository,
    startupTime: options.startupTime ?? DEFAULT_STARTUP_TIME,
    violations: (scope, context) => [
      missingViolations(options, context),
      exposedSecretViolations(scope, text),
    ],
    violationsAsBuildStage: () => MAKES_NO_IMAGE,
    violationsAsTestStage: (scope) => exposedSecretViolations(scope, text),
    bind: (context) => bindProbeSteps(options, context),
  };
}

const word: Check = (prop, value) => (typeof value === 'string'
  ? undefined
  : wrongType({ prop, type: 'a string', value, example: '"node"' }));

const optionsViolations = struct<ProbeStepsOptions>({
  example: '{ port: 8080, path: "/healthz" }',
  fields: {
    repository: cdkType(CDK.repository),
    port,
    path: optional(httpPath),
    environment: map({
      example: '{ LOG_LEVEL: "debug" }',
      key: keyMatching({
        code: 'BGP065',
        pattern: /^[^\s=]+$/,
        rule: 'a name without spaces or "="',
        example: 'LOG_LEVEL',
      }),
      entry: variableText('debug'),
    }),
    command: list({ example: '["node", "server.js"]', each: all(word, keptByVariables) }),
    startupTime: duration({
      code: 'BGP038',
      min: MIN_STARTUP_TIME,
      max: MAX_STARTUP_TIME,
      unit: 'seconds',
      example: DEFAULT_STARTUP_TIME,
    }),
  },
});

const EXAMPLES = { repository: CDK.repository.example, port: '8080', path: '"/healthz"' };

function missingViolations(options: ProbeStepsOptions, context: BuildContext): Violations {
  const required = ['repository', 'port', 'path'] as const;
  return required.map((prop) => requiredOutsidePipeline({
    factory: FACTORY,
    prop,
    value: options[prop] ?? context[prop],
    example: EXAMPLES[prop],
  }));
}

function bindProbeSteps(options: ProbeStepsOptions, context: BuildContext): BoundSteps {
  const repository = options.repository ?? context.repository;
  // In a pipeline only the library sets variables, and reading the task definition now would freeze it.
  const names = context.service === undefined ? Object.keys(containerVariables(options, context)) : [];
  return {
    buildSpec: () => renderProbeSpec(options, context),
    specVariables: [...PROBE_VARIABLES, ...names],
    variables: { plain: {}, secret: [], lazy: () => containerVariables(options, context) },
    privileged: true,
    needsCacheBucket: false,
    pullFrom: repository,
    needsDigest: true,
    reports: [],
  };
}

/**
 * Returns the settings of the container, each word in its own variable. They are read when the template is written,
 * so that overrides of the task definition apply.
 */
function containerVariables(options: ProbeStepsOptions, { service, path }: BuildContext): Words {
  const container = service === undefined ? PLAIN_CONTAINER : containerSettings(service.taskDefinition);
  const target = service === undefined ? {} : targetHealthCheck(service.targetGroup);
  const environment = Object.entries({ ...container.environment, ...options.environment });
  const command = options.command ?? container.command ?? [];
  return {
    ...numberVariables('CONTAINER_OPTION', [
      ...container.options,
      ...environment.map(([name, value]) => joinWords('--env=', name, '=', value)),
    ]),
    ...numberVariables('CONTAINER_ARGUMENT', [...container.entryPointArguments, ...command]),
    ...(container.size !== undefined && { CONTAINER_SIZE: container.size }),
    ...healthCheckVariables(container.healthCheck),
    HEALTH_PATH: options.path ?? target.path ?? path,
    HEALTH_TIMEOUT: target.timeout ?? DEFAULT_HEALTH_TIMEOUT,
    HEALTHY_CODES: target.codes ?? DEFAULT_HEALTHY_CODES,
    ...(service !== undefined && { GRACE_SECONDS: gracePeriod(service.service) ?? 0 }),
  };
}

function healthCheckVariables(check: ContainerHealthCheck | undefined): Words {
  return check === undefined ? {} : {
    ...numberVariables('HEALTH_CHECK', check.command),
    HEALTH_CHECK_TIMES: check.times.join(' '),
  };
}

function numberVariables(name: string, values: readonly Word[]): Words {
  return Object.fromEntries(values.map((value, index) => [`${name}_${index + 1}`, value]));
}

function renderProbeSpec(options: ProbeStepsOptions, context: BuildContext): codebuild.BuildSpec {
  const { startupTime = DEFAULT_STARTUP_TIME } = options;
  // `violations` has found both.
  const repository = (options.repository ?? context.repository) as ecr.IRepository;
  const containerPort = (options.port ?? context.port) as number;
  return probeSpec({
    repositoryUri: repository.repositoryUri,
    port: Tokenization.stringifyNumber(containerPort),
    startupSeconds: Tokenization.stringifyNumber(startupTime.toSeconds()),
  });
}
