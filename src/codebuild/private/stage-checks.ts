import { aws_codepipeline as codepipeline } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { actionEnvironment } from './environment-checks';
import { stageViolations } from '../../private/placement';
import { struct } from '../../private/structs';
import { CDK, CdkType, cdkType, isCdkType } from '../../private/types';
import { all, formatValue, list, literal, matching, optional, passes, required } from '../../private/validation';
import { violation, Violations } from '../../private/violations';
import { BuildStageOptions } from '../cached-build-project-props';
import { MAX_EXTRA_INPUTS } from '../defaults';

export interface BuildStageChecksOptions {
  readonly project: Construct;
  readonly pipeline: codepipeline.Pipeline;
  readonly options: BuildStageOptions;
  /** The names of the variables that the steps set. */
  readonly reserved: readonly string[];
  /** True if the steps work on the image in `$IMAGE_DIGEST`. */
  readonly needsDigest: boolean;
  /** True if the steps write an artifact. */
  readonly writesArtifact: boolean;
}

/** Checks the place of a project in a pipeline. */
export function buildStageViolations(given: BuildStageChecksOptions): Violations {
  const { project, pipeline, options, reserved, needsDigest, writesArtifact } = given;
  const optionsViolations = struct<BuildStageOptions>({
    example: '{ stageName: "Lint", input: source }',
    fields: {
      stageName,
      input: artifact,
      extraInputs: list({ example: `[${ARTIFACT.example}]`, each: (prop, each) => artifact(prop, each) }),
      output: cdkType(ARTIFACT),
      imageDigest: needsDigest ? required(DIGEST, pipelineVariable) : optional(pipelineVariable),
      environmentVariables: actionEnvironment({ scope: project, reserved }),
    },
    combination: (stage, _, isSet) => [
      artifactViolations(pipeline, stage),
      isSet('output') && !writesArtifact ? WRITES_NO_ARTIFACT : undefined,
      conditionViolation(pipeline, stage),
    ],
  });
  const place = stageViolations({
    construct: project,
    child: 'ActionRole',
    pipeline,
    stageName: passes(stageName, options?.stageName) ? options.stageName : undefined,
  });
  return [place, optionsViolations('options', options)];
}

/** Without files in its buildspec, a build with an output artifact fails when it has done everything else. */
const WRITES_NO_ARTIFACT = violation({
  code: 'BGP199',
  prop: 'output',
  rule: 'must not be set: only BuildSteps.release and BuildSteps.buildSpec write an artifact',
  remedy: 'remove the prop, or use a buildspec with artifacts',
});

const stageName = all(literal({ remedy: 'pass a literal name, for example "Lint"' }), matching({
  code: 'BGP057',
  pattern: /^[A-Za-z0-9.@_-]{1,100}$/,
  rule: '1 to 100 letters, digits, dots, hyphens, underscores or @',
  example: 'Lint',
}));

const DIGEST = '"#{Build.IMAGE_DIGEST}"';

/** Anything else than one variable could hold a second one. */
const pipelineVariable = matching({
  code: 'BGP196',
  pattern: /^#\{[A-Za-z0-9@_-]+\.[A-Za-z0-9@_-]+\}$/,
  rule: 'one variable of an earlier action',
  example: '#{Build.IMAGE_DIGEST}',
});

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

/** @see https://docs.aws.amazon.com/codepipeline/latest/userguide/pipeline-types.html */
function conditionViolation(pipeline: codepipeline.Pipeline, { imageDigest }: Partial<BuildStageOptions>): Violations {
  const type = isCdkType(CDK.ownPipeline, pipeline)
    ? (pipeline.node.defaultChild as codepipeline.CfnPipeline).pipelineType
    : 'V2';
  return imageDigest === undefined || type === 'V2' ? undefined : violation({
    code: 'BGP198',
    prop: 'pipeline',
    rule: "must be of type V2 for 'imageDigest': only V2 pipelines support stage conditions",
    got: formatValue(type ?? 'V1'),
    remedy: "pass 'pipelineType: codepipeline.PipelineType.V2' to the pipeline",
  });
}

function tooManyViolation(extraInputs: readonly codepipeline.Artifact[]): Violations {
  return extraInputs.length <= MAX_EXTRA_INPUTS ? undefined : violation({
    code: 'BGP059',
    prop: 'extraInputs',
    rule: `must have at most ${MAX_EXTRA_INPUTS} artifacts`,
    got: String(extraInputs.length),
    remedy: 'combine several artifacts into one in an earlier build',
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
    rule: 'must be unique among the inputs',
    got: `${formatValue(input.artifactName ?? 'the same artifact')} again`,
    remedy: 'remove the duplicate',
  });
}

function takenOutputViolation(
  output: codepipeline.Artifact | undefined,
  others: readonly codepipeline.Artifact[],
): Violations {
  return output === undefined || !others.some((other) => isSame(other, output)) ? undefined : violation({
    code: 'BGP058',
    prop: 'output',
    rule: 'must be a new artifact',
    got: `${formatValue(output.artifactName ?? 'an artifact')}, which another action produces`,
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
