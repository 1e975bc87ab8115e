import { aws_codebuild as codebuild, aws_ecr as ecr, Tokenization } from 'aws-cdk-lib';
import { exposedSecretViolations, textByPath } from './exposed-secrets';
import { PROBE_VARIABLES, probeSpec } from './probe-spec';
import { BoundSteps, BuildContext, Steps } from './steps';
import { MAKES_NO_IMAGE, requiredOutsidePipeline } from './steps-checks';
import { throwIfInvalid } from '../../private/errors';
import { httpPath, port } from '../../private/shared-checks';
import { struct } from '../../private/structs';
import { CDK, cdkType } from '../../private/types';
import { Check, duration, keyMatching, list, map, optional, secretText, wrongType } from '../../private/validation';
import { Violations } from '../../private/violations';
import { ProbeStepsOptions } from '../build-steps-options';
import { DEFAULT_STARTUP_TIME, MAX_STARTUP_TIME, MIN_STARTUP_TIME } from '../defaults';

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
  : wrongType({ prop, type: 'a text', value, example: '"node"' }));

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
        rule: 'by names without spaces and "="',
        example: 'LOG_LEVEL',
      }),
      entry: secretText('debug'),
    }),
    command: list({ example: '["node", "server.js"]', each: word }),
    startupTime: duration({ code: 'BGP038', min: MIN_STARTUP_TIME, max: MAX_STARTUP_TIME, unit: 'seconds' }),
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
  const variables = containerVariables({ ...context.environment, ...options.environment });
  const words = numbered('CONTAINER_ARGUMENT', options.command ?? context.command ?? []);
  return {
    buildSpec: () => renderProbeSpec({ options, context, environment: variables, command: words }),
    specVariables: PROBE_VARIABLES,
    variables: { plain: { ...variables, ...words }, secret: [] },
    privileged: true,
    needsCacheBucket: false,
    pullFrom: repository,
    needsDigest: true,
    reports: [],
  };
}

interface Values {
  readonly [variable: string]: string;
}

/** Each environment variable of the container in a variable of the build, as `NAME=value`. */
function containerVariables(environment: Values): Values {
  const pairs = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return numbered('CONTAINER_VARIABLE', pairs);
}

function numbered(name: string, values: readonly string[]): Values {
  return Object.fromEntries(values.map((value, index) => [`${name}_${index + 1}`, value]));
}

interface ProbeInContext {
  readonly options: ProbeStepsOptions;
  readonly context: BuildContext;
  readonly environment: Values;
  readonly command: Values;
}

function renderProbeSpec({ options, context, environment, command }: ProbeInContext): codebuild.BuildSpec {
  const { startupTime = DEFAULT_STARTUP_TIME } = options;
  // `violations` has found each of the three.
  const repository = (options.repository ?? context.repository) as ecr.IRepository;
  const containerPort = (options.port ?? context.port) as number;
  const path = (options.path ?? context.path) as string;
  return probeSpec({
    repositoryUri: repository.repositoryUri,
    port: Tokenization.stringifyNumber(containerPort),
    path,
    startupSeconds: Tokenization.stringifyNumber(startupTime.toSeconds()),
    environment: Object.keys(environment),
    command: Object.keys(command),
  });
}
