import { aws_codepipeline as codepipeline, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  durationProblem, environmentSuffixProblem, known, kindProblem, listProblems, optional, placeProblem, requiredProblem, resourceProblem,
  retentionProblem, shown, stageProblem, structProblems, takenStageProblem, textMatching, tokenProblem, valueProblem,
} from '../../private/checks';
import { broken, BrokenRule, Problem } from '../../private/errors';
import { lengthProblem, NameParts, takenNameProblem } from '../../private/names';
import { BuildImage } from '../build-image';
import { BuildSteps } from '../build-steps';
import type { BuildStageOptions, CachedBuildProjectProps } from '../cached-build-project-props';
import { actionEnvironmentProblems, environmentProblems } from './environment-checks';

/** Everything that can be wrong about a project before it is made. */
export function projectProblems(scope: Construct, id: string, props: CachedBuildProjectProps): Problem[] {
  const misplaced = placeProblem(scope, id);
  return [misplaced, ...structProblems('props', props, '{ environmentSuffix: "dev", steps: BuildSteps.commands(["npm test"]) }', (given) => {
    const { steps, purpose = 'build', timeout } = given;
    const sound = steps instanceof BuildSteps ? steps : undefined;
    const parts = { environmentSuffix: given.environmentSuffix } as NameParts;
    // What is no text has a problem of its own, and the length of a token is not known.
    const word = known(purpose) ? purpose : '';
    return [
      environmentSuffixProblem(given.environmentSuffix),
      lengthProblem(parts, { bucket: `cache-${word}`, role: `role-project-${word}` }),
      misplaced ? undefined : takenNameProblem(scope, `project-${word}`, parts, "a 'purpose' of its own"),
      requiredProblem('steps', steps, "BuildSteps.commands(['npm ci', 'npm test'])")
        ?? valueProblem('steps', steps, BuildSteps, "BuildSteps.commands(['npm ci', 'npm test'])"),
      ...(sound?._problems() ?? []),
      ...(misplaced ? [] : sound?._openSecretProblems(scope) ?? []),
      textMatching('BGP040', 'purpose', purpose, /^[a-z][a-z0-9]{0,15}$/, 'one word of at most 16 lower-case letters and digits', 'lint'),
      valueProblem('buildImage', given.buildImage, BuildImage, 'BuildImage.AMAZON_LINUX_2023'),
      resourceProblem('cacheBucket', given.cacheBucket, 'arnForObjects', 'an s3.IBucket', "s3.Bucket.fromBucketName(this, 'Cache', 'acme-cache')"),
      durationProblem('BGP041', 'cacheExpiration', given.cacheExpiration, Duration.days(1), Duration.days(7), 'days'),
      durationProblem('BGP042', 'timeout', timeout, Duration.minutes(5), Duration.hours(36)) ?? optional(timeout, (limit) => waitProblem(limit, sound)),
      durationProblem('BGP043', 'queuedTimeout', given.queuedTimeout, Duration.minutes(5), Duration.hours(8)),
      retentionProblem('logRetention', given.logRetention),
      ...environmentProblems(scope, given.environmentVariables, sound?._takenVariables() ?? []),
      optional(given.cacheExpiration, () => keepingProblem(given, sound)),
    ];
  })];
}

/** What is legal and unwise: an image that is another one tomorrow. A digest stays the same, whatever tag stands before it. */
export function latestProblems({ buildImage, steps }: CachedBuildProjectProps): BrokenRule[] {
  const { buildkitImage } = steps._kind;
  return [
    ...(buildImage?._tagOrDigest === 'latest' ? [latestProblem('buildImage', buildImage._tagOrDigest)] : []),
    ...(known(buildkitImage) && /^([^/@]*\/)?[^:@]*(:latest)?$/.test(buildkitImage) ? [latestProblem('buildkitImage', buildkitImage)] : []),
  ];
}

function latestProblem(prop: string, image: string): BrokenRule {
  return broken('BGP075', prop, 'should not be "latest", which is another image from one day to the next', shown(image), 'name a version or a digest');
}

/** What can be wrong about the place of a project in a pipeline. */
export function buildStageProblems(
  project: Construct, pipeline: codepipeline.Pipeline, options: BuildStageOptions, taken: readonly string[],
): Problem[] {
  const misplaced = stageProblem(project, 'ActionRole', pipeline);
  return [misplaced, ...structProblems('options', options, '{ stageName: "Lint", input: source }', (given) => [
    tokenProblem('stageName', given.stageName, 'known at synthesis', 'write it out, for example "Lint"')
      ?? textMatching('BGP057', 'stageName', given.stageName, /^[A-Za-z0-9.@_-]{1,100}$/, 'at most 100 letters, digits, dots, hyphens, underscores and @', 'Lint')
      ?? (misplaced ? undefined : takenStageProblem(pipeline, String(given.stageName))),
    ...artifactProblems(misplaced ? undefined : pipeline, given),
    ...actionEnvironmentProblems(project, given.environmentVariables, taken),
  ])];
}

/** A build that is stopped before the image has had its time can only fail. */
function waitProblem(timeout: Duration, steps: BuildSteps | undefined): Problem {
  const wait = steps?._kind.wait;
  return wait === undefined || wait.isUnresolved() || timeout.isUnresolved() || timeout.toMilliseconds() > wait.toMilliseconds() ? undefined
    : broken('BGP062', 'timeout', `must be longer than the 'startupTime' of the steps, ${shown(wait)}`, shown(timeout), 'change one of the two');
}

/** Whether the life time of the cache comes to anything. */
function keepingProblem({ cacheBucket, cacheExpiration }: Partial<CachedBuildProjectProps>, steps: BuildSteps | undefined): Problem {
  const remedy = 'remove one of the two';
  const { _kind: kind, _repository: repository } = steps?._kind.layerCache ?? {};
  return cacheBucket !== undefined
    ? broken('BGP044', 'cacheExpiration', "must not come with 'cacheBucket': a bucket of yours has life cycle rules of its own", undefined, remedy)
    : repository !== undefined
      ? broken('BGP044', 'cacheExpiration', "must not come with the 'repository' of a cache: a repository of yours has life cycle rules of its own", undefined, remedy)
      // The CDK writes the rules of a repository as text, in which a token would stay what it is.
      : kind === 'registry' ? tokenProblem('cacheExpiration', cacheExpiration, 'known at synthesis for a cache in a repository', 'write it out, for example Duration.days(7)')
        : undefined;
}

const ARTIFACT = "new codepipeline.Artifact('Source')";

/** Artifacts that the CDK would only find fault with at synthesis, whatever else comes into the pipeline. */
function artifactProblems(pipeline: codepipeline.Pipeline | undefined, { input, extraInputs, output }: Partial<BuildStageOptions>): Problem[] {
  const problems = [
    requiredProblem('input', input, ARTIFACT) ?? artifactProblem('input', input),
    ...listProblems('extraInputs', extraInputs, `[${ARTIFACT}]`, (at, artifact) => requiredProblem(at, artifact, ARTIFACT) ?? artifactProblem(at, artifact)),
    artifactProblem('output', output),
  ];
  if (input === undefined || problems.some((problem) => problem !== undefined)) {
    return problems;
  }
  const inputs = [input, ...extraInputs ?? []];
  const made = pipeline?.stages.flatMap(({ actions }) => actions.flatMap(({ actionProperties }) => actionProperties.outputs ?? [])) ?? [];
  return [
    inputs.length > MOST_INPUTS ? broken('BGP059', 'extraInputs', `must hold at most ${MOST_INPUTS - 1} artifacts`, String(inputs.length - 1), 'let one build hand on what another needs') : undefined,
    ...inputs.map((artifact, index) => inputs.slice(0, index).some((other) => same(other, artifact))
      ? broken('BGP058', `extraInputs[${index - 1}]`, 'must differ from the other inputs', `${shown(artifact.artifactName ?? 'the same')} twice`, 'remove one') : undefined),
    output !== undefined && [...inputs, ...made].some((other) => same(other, output))
      ? broken('BGP058', 'output', 'must be an artifact of its own', `${shown(output.artifactName ?? 'one')}, which another action makes`, `for example ${ARTIFACT.replace('Source', 'Lint')}`) : undefined,
  ];
}

/** An action of CodeBuild takes no more (https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-action-artifacts.html). */
const MOST_INPUTS = 5;

function artifactProblem(prop: string, value: unknown): Problem {
  return kindProblem(prop, value, 'atPath', 'a codepipeline.Artifact', ARTIFACT);
}

function same(one: codepipeline.Artifact, other: codepipeline.Artifact): boolean {
  return one === other || (one.artifactName !== undefined && one.artifactName === other.artifactName);
}
