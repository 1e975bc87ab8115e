import { aws_codebuild as codebuild, aws_ecr as ecr } from 'aws-cdk-lib';
import { textLengthViolation } from './build-spec-length';
import { buildSpecText } from './build-text';
import { exposedSecretViolations, textByPath } from './exposed-secrets';
import { reportsSection } from './report';
import { ecrLogin, FIND_IMAGE, START_DOCKER, strict } from './shell';
import { BoundSteps, BuildContext, SpecResources, Steps } from './steps';
import { commands as commandList, MAKES_NO_IMAGE, reportList } from './steps-checks';
import { throwIfInvalid } from '../../private/errors';
import { struct } from '../../private/structs';
import { CDK, cdkType } from '../../private/types';
import { boolean, list } from '../../private/validation';
import { isValid, violation, Violations } from '../../private/violations';
import { CommandStepsOptions } from '../build-steps-options';
import { DEFAULT_CACHE_PATHS } from '../defaults';

/** Runs the user's commands: see `BuildSteps.commands`. */
export function commandSteps(commands: string[], options: CommandStepsOptions): Steps {
  throwIfInvalid({ type: 'BuildSteps.commands' }, commandViolations(commands, options));
  const projectText = textByPath('commands', commands);
  return {
    repository: options.repository,
    violations: (scope) => exposedSecretViolations(scope, projectText),
    violationsAsBuildStage: () => MAKES_NO_IMAGE,
    violationsAsTestStage: (scope) => exposedSecretViolations(scope, projectText),
    bind: (context) => bindCommandSteps(commands, options, context),
  };
}

function commandViolations(commands: string[], options: CommandStepsOptions): Violations {
  const found = [commandList('commands', commands), optionsViolations('options', options)];
  return isValid(found) ? textLengthViolation(commands, options.cachePaths) : found;
}

const optionsViolations = struct<CommandStepsOptions>({
  example: '{ docker: true }',
  fields: {
    repository: cdkType(CDK.repository),
    docker: boolean,
    cachePaths: list({ example: '["/root/.npm/**/*"]', each: buildSpecText('/root/.npm/**/*') }),
    reports: reportList,
  },
  combination: ({ repository, docker }) => (repository !== undefined && docker === false
    ? violation({
      code: 'BGP050',
      prop: 'docker',
      rule: "must not be false when 'repository' is set: running its image requires Docker",
      remedy: 'remove one of the two',
    })
    : undefined),
});

function bindCommandSteps(
  commands: readonly string[],
  options: CommandStepsOptions,
  context: BuildContext,
): BoundSteps {
  const { docker = options.repository !== undefined, cachePaths = DEFAULT_CACHE_PATHS } = options;
  const repository = docker ? options.repository ?? context.repository : undefined;
  const reports = options.reports?.map((report) => report._bind()) ?? [];
  return {
    buildSpec: ({ reportGroupArns }: SpecResources) => commandSpec({
      commands,
      cachePaths,
      docker,
      repository,
      reports: reportsSection(reports, reportGroupArns),
    }),
    specVariables: docker ? ['IMAGE_REPOSITORY'] : [],
    variables: { plain: {}, secret: [] },
    privileged: docker,
    needsCacheBucket: cachePaths.length > 0,
    pullFrom: repository,
    needsDigest: repository !== undefined,
    reports,
  };
}

interface CommandSpecOptions {
  readonly commands: readonly string[];
  readonly cachePaths: readonly string[];
  readonly docker: boolean;
  /** The repository of the image under test. */
  readonly repository?: ecr.IRepository;
  /** A section of the buildspec. */
  readonly reports: object;
}

function commandSpec({ commands, cachePaths, docker, repository, reports }: CommandSpecOptions): codebuild.BuildSpec {
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    env: {
      shell: 'bash',
      ...(repository && { variables: { IMAGE_REPOSITORY: repository.repositoryUri } }),
    },
    phases: {
      ...(docker && { install: { commands: START_DOCKER } }),
      ...(repository && { pre_build: { commands: [ecrLogin('IMAGE_REPOSITORY'), ...FIND_IMAGE] } }),
      build: { commands: commands.map(strict) },
    },
    ...(cachePaths.length > 0 && { cache: { paths: cachePaths } }),
    ...reports,
  });
}
