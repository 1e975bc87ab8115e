import { aws_codepipeline as codepipeline } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { actionEnvironment } from './environment-checks';
import { stageViolations } from '../../private/placement';
import { struct } from '../../private/structs';
import { CDK, CdkType, cdkType, isCdkType } from '../../private/types';
import { all, formatValue, list, literal, matching, passes, required } from '../../private/validation';
import { violation, Violations } from '../../private/violations';
import { BuildStageOptions } from '../cached-build-project-props';
import { MAX_EXTRA_INPUTS } from '../defaults';

export interface BuildStageChecksOptions {
  readonly project: Construct;
  readonly pipeline: codepipeline.Pipeline;
  readonly options: BuildStageOptions;
  /** The names of the variables that the steps set. */
  readonly reserved: readonly string[];
}

/** Checks the place of a project in a pipeline. */
export function buildStageViolations({ project, pipeline, options, reserved }: BuildStageChecksOptions): Violations {
  const optionsViolations = struct<BuildStageOptions>({
    example: '{ stageName: "Lint", input: source }',
    fields: {
      stageName,
      input: artifact,
      extraInputs: list({ example: `[${ARTIFACT.example}]`, each: (prop, each) => artifact(prop, each) }),
      output: cdkType(ARTIFACT),
      environmentVariables: actionEnvironment({ scope: project, reserved }),
    },
    together: (given) => artifactViolations(pipeline, given),
  });
  const place = stageViolations({
    construct: project,
    child: 'ActionRole',
    pipeline,
    stageName: passes(stageName, options?.stageName) ? options.stageName : undefined,
  });
  return [place, optionsViolations('options', options)];
}

const stageName = all(literal({ remedy: 'write it out, for example "Lint"' }), matching({
  code: 'BGP057',
  pattern: /^[A-Za-z0-9.@_-]{1,100}$/,
  rule: 'at most 100 letters, digits, dots, hyphens, underscores and @',
  example: 'Lint',
}));

const ARTIFACT: CdkType = {
  type: 'a codepipeline.Artifact',
  member: 'atPath',
  example: "new codepipeline.Artifact('Source')",
  isValue: true,
};

const artifact = required(ARTIFACT.example, cdkType(ARTIFACT));

/**
 * Artifacts that fit together; the CDK reports some of the violations at synthesis, and some never.
 */
function artifactViolations(
  pipeline: codepipeline.Pipeline,
  { input, extraInputs = [], output }: Partial<BuildStageOptions>,
): Violations {
  if (input === undefined) {
    return undefined;
  }
  const inputs = [input, ...extraInputs];
  return [
    tooManyViolation(extraInputs),
    extraInputs.map((each, index) => repeatedViolation(`extraInputs[${index}]`, each, inputs.slice(0, index + 1))),
    takenOutputViolation(output, [...inputs, ...outputsOf(pipeline)]),
  ];
}

function tooManyViolation(extraInputs: readonly codepipeline.Artifact[]): Violations {
  return extraInputs.length <= MAX_EXTRA_INPUTS ? undefined : violation({
    code: 'BGP059',
    prop: 'extraInputs',
    rule: `must hold at most ${MAX_EXTRA_INPUTS} artifacts`,
    got: String(extraInputs.length),
    remedy: 'let one build hand on what another needs',
  });
}

function repeatedViolation(
  prop: string,
  input: codepipeline.Artifact,
  others: readonly codepipeline.Artifact[],
): Violations {
  return !others.some((other) => isSame(other, input)) ? undefined : violation({
    code: 'BGP058',
    prop,
    rule: 'must differ from the other inputs',
    got: `${formatValue(input.artifactName ?? 'the same')} twice`,
    remedy: 'remove one',
  });
}

function takenOutputViolation(
  output: codepipeline.Artifact | undefined,
  others: readonly codepipeline.Artifact[],
): Violations {
  return output === undefined || !others.some((other) => isSame(other, output)) ? undefined : violation({
    code: 'BGP058',
    prop: 'output',
    rule: 'must be an artifact of its own',
    got: `${formatValue(output.artifactName ?? 'one')}, which another action makes`,
    remedy: "for example new codepipeline.Artifact('Lint')",
  });
}

function outputsOf(pipeline: codepipeline.Pipeline): codepipeline.Artifact[] {
  if (!isCdkType(CDK.ownPipeline, pipeline)) {
    return [];
  }
  const actions = pipeline.stages.flatMap((stage) => stage.actions);
  return actions.flatMap(({ actionProperties }) => actionProperties.outputs ?? []);
}

function isSame(one: codepipeline.Artifact, other: codepipeline.Artifact): boolean {
  return one === other || (one.artifactName !== undefined && one.artifactName === other.artifactName);
}
