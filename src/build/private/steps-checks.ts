import { aws_codebuild as codebuild, Duration, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { durationProblem, textProblem, optional, pathProblem, portProblem, shown, textMatching } from '../../private/checks';
import { Problem } from '../../private/errors';
import { BuildReport } from '../build-report';
import { ImageStepsProps, ProbeStepsProps } from '../build-steps-props';
import { StepsKind } from './steps';

/** What can be wrong about the build of an image. */
export function imageProblems(props: ImageStepsProps): Problem[] {
  return [
    pathInSource('dockerfile', props.dockerfile, 'Dockerfile'),
    pathInSource('context', props.context, '.'),
    optionalText('target', props.target, 'runtime'),
    optionalText('buildkitImage', props.buildkitImage, 'public.ecr.aws/vend/moby/buildkit:buildx-stable-1'),
    ...Object.keys(props.buildArgs ?? {}).map((name) =>
      textMatching('BGP031', 'buildArgs', name, /^[A-Za-z_]\w*$/, 'by names of letters, digits and underscores that do not begin with a digit', 'NODE_VERSION')),
    ...Object.keys(props.buildSecrets ?? {}).map((id) =>
      textMatching('BGP032', 'buildSecrets', id, /^\w[\w.-]*$/, 'by ids of letters, digits, dots, hyphens and underscores', 'npm-token')),
    props.preBuildCommands === undefined ? undefined : commandsProblem('preBuildCommands', props.preBuildCommands),
    props.postBuildCommands === undefined ? undefined : commandsProblem('postBuildCommands', props.postBuildCommands),
    reportsProblem(props.reports),
    ...releaseFilesProblems(props.releaseFiles),
  ];
}

/** A dynamic reference to a secret would be replaced by the secret itself in the project, where everybody may read it. */
export function secretArgProblems(scope: IConstruct, variables: { [name: string]: string }): Problem[] {
  return Object.entries(variables).map(([name, value]) => /\{\{resolve:(secretsmanager|ssm-secure):/.test(JSON.stringify(Stack.of(scope).resolve(value)))
    ? `'${name}' must not be a secret, which would stand in the project and in the image; use buildSecrets` : undefined);
}

/** What can be wrong about the trial of an image. */
export function probeProblems(props: ProbeStepsProps): Problem[] {
  return [
    portProblem('port', props.port),
    optional(props.path, (path) => pathProblem('path', path)),
    durationProblem('BGP038', 'startupTime', props.startupTime, Duration.seconds(5), Duration.minutes(20), 'seconds'),
  ];
}

/** What only a pipeline knows by itself. */
export function needed(factory: string, prop: keyof typeof EXAMPLES, value: unknown): Problem {
  return value === undefined ? `'${prop}' of ${factory} is required outside of a BlueGreenFargatePipeline; for example ${EXAMPLES[prop]}` : undefined;
}

const EXAMPLES = { repository: "new ecr.Repository(this, 'Images')", port: '8080', path: '"/healthz"' };

/** A list of commands that does something. */
export function commandsProblem(prop: string, commands: unknown): Problem {
  return Array.isArray(commands) && commands.length > 0 && commands.every((command) => typeof command === 'string' && command.trim() !== '')
    ? undefined
    : `'${prop}' must be a list of at least one command, got ${shown(commands)}; for example ["npm ci", "npm test"]`;
}

/** A report group is of one type, and takes the files of one report from a build. */
export function reportsProblem(reports: BuildReport[] | undefined): Problem {
  const types = (reports ?? []).map(({ _type }) => _type);
  const twice = types.find((type, index) => types.indexOf(type) < index);
  return twice === undefined ? undefined
    : `'reports' must hold at most one report of ${twice === codebuild.ReportGroupType.TEST ? 'test cases' : 'coverage'}; give one report all the files`;
}

/** The names of what goes into a release. */
export function releaseFilesProblems(files: { [name: string]: string } | undefined): Problem[] {
  return Object.keys(files ?? {}).map((name) => name === 'imageDetail.json'
    ? "'releaseFiles' must not hold \"imageDetail.json\", which the build writes; remove it"
    : textMatching('BGP033', 'releaseFiles', name, /^\w[\w.-]*$/, 'by names of letters, digits, dots, hyphens and underscores', 'taskdef-production.json'));
}

/** Whether steps can stand in the build stage of a pipeline, which hands on the image that they export. */
export function madeImageProblem(scope: IConstruct, kind: StepsKind): Problem {
  if (kind.name === 'image') {
    return undefined;
  }
  if (kind.ownSpec === undefined) {
    return "'buildSteps' must make an image; use BuildSteps.image or BuildSteps.buildSpec";
  }
  // A file of the source is read by CodeBuild, not here.
  const text = kind.ownSpec.isImmediate ? JSON.stringify(Stack.of(scope).resolve(kind.ownSpec.toBuildSpec())) : undefined;
  return text === undefined || (text.includes('exported-variables') && text.includes('IMAGE_URI')) ? undefined
    : "'buildSteps' must export the image by digest, and their buildspec does not; set IMAGE_URI and list it under env, exported-variables";
}

function optionalText(prop: string, value: unknown, example: string): Problem {
  return value === undefined ? undefined : textProblem(prop, value, example);
}

export function pathInSource(prop: string, value: unknown, example: string): Problem {
  return value === undefined ? undefined
    : textMatching('BGP030', prop, value, /^(?!\/)(?!(.*\/)?\.\.(\/|$))/, 'a path within the source, relative to its root', example);
}
