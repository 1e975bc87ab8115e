import { aws_codebuild as codebuild, Duration, Stack } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import type { Code } from '../../private/catalogue';
import {
  booleanProblem, durationProblem, hiddenTextProblem, known, listProblems, mapProblems, optional, pathProblem, portProblem, requiredProblem,
  repositoryProblem, shown, structProblems, textMatching, textProblem, tokenProblem, typeOf, valueProblem, wrongType,
} from '../../private/checks';
import { broken, Problem } from '../../private/errors';
import { BuildCache } from '../build-cache';
import { BuildReport } from '../build-report';
import type { BuildSpecStepsProps, CommandStepsProps, ImageStepsProps, ProbeStepsProps, ReleaseStepsProps } from '../build-steps-props';
import type { StepsKind } from './steps';

/** What CodeBuild answers to a longer one: "Max buildspec length is 25600" (https://github.com/aws/aws-cdk/issues/30326). */
export const LONGEST_BUILDSPEC = 25_600;

/** What can be wrong about the build of an image. */
export function imageProblems(props: ImageStepsProps): Problem[] {
  return structProblems('props', props, '{ dockerfile: "web/Dockerfile" }', (given) => [
    repositoryProblem('repository', given.repository),
    pathInSource('dockerfile', given.dockerfile, 'Dockerfile'),
    pathInSource('context', given.context, '.'),
    optional(given.target, (target) => textMatching('BGP039', 'target', target, DOCKERFILE_STAGE,
      'the name of a stage, of letters, digits, dots, hyphens and underscores after a letter, or its number', 'runtime')),
    ...mapProblems('buildArgs', given.buildArgs, '{ NODE_VERSION: "22" }', (at, name, value) => [
      keyProblem('BGP031', 'buildArgs', name, IDENTIFIER, 'by names of letters, digits and underscores that do not begin with a digit', 'NODE_VERSION'),
      hiddenTextProblem(at, value, '22'),
    ]),
    ...mapProblems('buildSecrets', given.buildSecrets, `{ "npm-token": ${SECRET} }`, (at, secretId, value) => [
      keyProblem('BGP032', 'buildSecrets', secretId, NAME, 'by ids of letters, digits, dots, hyphens and underscores', 'npm-token'),
      secretProblem(at, value),
    ]),
    ...optionalCommands('preBuildCommands', given.preBuildCommands),
    ...optionalCommands('postBuildCommands', given.postBuildCommands),
    ...reportsProblems(given.reports),
    valueProblem('cache', given.cache, BuildCache, 'BuildCache.registry()'),
    ...releaseFilesProblems(given.releaseFiles),
    optional<unknown>(given.registryCredentials, (secret) => secretProblem('registryCredentials', secret)),
    optional(given.buildkitImage, (image) => textMatching('BGP060', 'buildkitImage', image, IMAGE, 'the name of an image, with a tag or a digest',
      'public.ecr.aws/vend/moby/buildkit:buildx-stable-1')),
    lengthsProblem([given.preBuildCommands, given.postBuildCommands, given.releaseFiles]),
  ]);
}

/** What can be wrong about the trial of an image. */
export function probeProblems(props: ProbeStepsProps): Problem[] {
  return structProblems('props', props, '{ port: 8080, path: "/healthz" }', (given) => [
    repositoryProblem('repository', given.repository),
    portProblem('port', given.port),
    optional(given.path, (path) => pathProblem('path', path)),
    ...mapProblems('environment', given.environment, '{ LOG_LEVEL: "debug" }', (at, name, value) => [
      keyProblem('BGP065', 'environment', name, /^[^\s=]+$/, 'by names without spaces and "="', 'LOG_LEVEL'), hiddenTextProblem(at, value, 'debug'),
    ]),
    ...listProblems('command', given.command, '["node", "server.js"]', (at, word) => typeof word === 'string' ? undefined : wrongType(at, 'a text', word, '"node"')),
    durationProblem('BGP038', 'startupTime', given.startupTime, Duration.seconds(5), Duration.minutes(20), 'seconds'),
  ]);
}

/** What can be wrong about commands. */
export function commandsProblems(commands: string[], props: CommandStepsProps): Problem[] {
  const missing = requiredProblem('commands', commands, COMMANDS);
  return [...(missing ? [missing] : optionalCommands('commands', commands)), ...structProblems('props', props, '{ docker: true }', (given) => [
    repositoryProblem('repository', given.repository),
    booleanProblem('docker', given.docker),
    ...listProblems('cachePaths', given.cachePaths, '["/root/.npm/**/*"]', (at, path) => textProblem(at, path, '/root/.npm/**/*')),
    ...reportsProblems(given.reports),
    given.repository !== undefined && given.docker === false
      ? broken('BGP050', 'docker', "must not be false beside 'repository', whose image needs Docker", undefined, 'remove one of the two') : undefined,
    lengthsProblem([commands, given.cachePaths]),
  ])];
}

/** What can be wrong about a buildspec of the user's, and how the project is to run it. */
export function buildSpecProblems(spec: codebuild.BuildSpec, props: BuildSpecStepsProps): Problem[] {
  const example = 'codebuild.BuildSpec.fromSourceFilename("ci/buildspec.yml")';
  return [
    requiredProblem('spec', spec, example)
      ?? (typeof spec === 'object' && typeof spec.toBuildSpec === 'function' ? specTextProblem(spec) : wrongType('spec', 'a codebuild.BuildSpec', spec, example)),
    ...structProblems('props', props, '{ docker: true }', (given) => [booleanProblem('docker', given.docker), booleanProblem('cached', given.cached)]),
  ];
}

/** What can be wrong about the writing of a release. */
export function releaseProblems(props: ReleaseStepsProps): Problem[] {
  return structProblems('props', props, '{ releaseFiles: deployment.releaseFiles }', ({ releaseFiles }) => {
    const missing = requiredProblem('releaseFiles', releaseFiles, 'deployment.releaseFiles');
    return missing ? [missing] : [...releaseFilesProblems(releaseFiles), lengthsProblem([releaseFiles])];
  });
}

/** A dynamic reference to a secret would be replaced by the secret itself in the project, where everybody may read it. */
export function openSecretProblems(scope: IConstruct, texts: { [prop: string]: string }): Problem[] {
  return Object.entries(texts).map(([prop, text]) => holdsSecret(scope, text)
    ? broken('BGP049', prop, 'must not hold a secret, which would stand in the project for everybody to read', undefined, 'use buildSecrets, or let the commands read it')
    : undefined);
}

/** Whether CloudFormation would put a secret into this text. */
export function holdsSecret(scope: IConstruct, text: unknown): boolean {
  return /\{\{resolve:(secretsmanager|ssm-secure):/.test(JSON.stringify(Stack.of(scope).resolve(text)) ?? '');
}

/** What only a pipeline knows by itself. */
export function needed(factory: string, prop: keyof typeof EXAMPLES, value: unknown): Problem {
  return value === undefined
    ? broken('BGP045', prop, `of ${factory} is required outside of a BlueGreenFargatePipeline`, undefined, `for example ${EXAMPLES[prop]}`) : undefined;
}

const EXAMPLES = { repository: "new ecr.Repository(this, 'Images')", port: '8080', path: '"/healthz"' };

/** Whether steps can stand in the build stage of a pipeline, which hands on the image that they export. */
export function madeImageProblem(scope: IConstruct, kind: StepsKind): Problem {
  if (kind.name === 'image') {
    return undefined;
  }
  if (kind.ownSpec === undefined) {
    return broken('BGP070', 'buildSteps', 'must make an image', undefined, 'use BuildSteps.image or BuildSteps.buildSpec');
  }
  // A file of the source is read by CodeBuild, not here.
  const text = kind.ownSpec.isImmediate ? JSON.stringify(Stack.of(scope).resolve(kind.ownSpec.toBuildSpec())) : undefined;
  return text === undefined || (text.includes('exported-variables') && text.includes('IMAGE_URI')) ? undefined
    : broken('BGP071', 'buildSteps', 'must export the image by digest, and their buildspec does not', undefined,
      'set IMAGE_URI and list it under env, exported-variables');
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;
const NAME = /^\w[\w.-]*$/;
/** What BuildKit takes after `AS` (`parseBuildStageName`), in any case, and the place of a stage. */
const DOCKERFILE_STAGE = /^([A-Za-z][\w.-]*|\d+)$/;
/** Host, path, tag and digest of an image (https://pkg.go.dev/github.com/distribution/reference). */
const IMAGE = /^([A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?\/)?[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;
const COMMANDS = '["npm ci", "npm test"]';
const SECRET = "secretsmanager.Secret.fromSecretNameV2(this, 'Npm', 'npm')";

/** The name of an entry; it stands in the buildspec, so it is no token. */
export function keyProblem(code: Code, prop: string, key: string, pattern: RegExp, rule: string, example: string): Problem {
  return tokenProblem(prop, key, rule, `write the name out, for example ${JSON.stringify(example)}`)
    ?? (pattern.test(key) ? undefined : broken(code, prop, `must be ${rule}`, shown(key), `for example ${JSON.stringify(example)}`));
}

function secretProblem(prop: string, value: unknown): Problem {
  return Construct.isConstruct(value) && 'secretValueFromJson' in value ? undefined
    : broken('BGP002', prop, 'must be a secretsmanager.ISecret', typeOf(value), `for example ${SECRET}`);
}

function optionalCommands(prop: string, commands: unknown): Problem[] {
  return Array.isArray(commands) && commands.length === 0
    ? [broken('BGP035', prop, 'must be a list of at least one command', '[]', `for example ${COMMANDS}`)]
    : listProblems(prop, commands, COMMANDS, (at, command) => textProblem(at, command, 'npm test'));
}

/** A report group is of one type, and takes the files of one report from a build. */
function reportsProblems(reports: BuildReport[] | undefined): Problem[] {
  const example = 'BuildReport.junit(["reports/junit.xml"])';
  const problems = listProblems('reports', reports, `[${example}]`, (at, report) => requiredProblem(at, report, example) ?? valueProblem(at, report, BuildReport, example));
  if (reports === undefined || problems.some((problem) => problem !== undefined)) {
    return problems;
  }
  const types = reports.map(({ _type }) => _type);
  const twice = types.find((type, index) => types.indexOf(type) < index);
  return [twice === undefined ? undefined
    : broken('BGP036', 'reports', `must hold at most one report of ${twice === codebuild.ReportGroupType.TEST ? 'test cases' : 'coverage'}`, 'two', 'give one report all the files')];
}

/** The names of what goes into a release. */
function releaseFilesProblems(files: { [name: string]: string } | undefined): Problem[] {
  return mapProblems('releaseFiles', files, 'deployment.releaseFiles', (at, name, content) => [
    name === 'imageDetail.json'
      ? broken('BGP034', 'releaseFiles', 'must not hold "imageDetail.json", which the build writes', undefined, 'remove it')
      : keyProblem('BGP033', 'releaseFiles', name, /^\w[\w.-]{0,254}$/, 'by names of at most 255 letters, digits, dots, hyphens and underscores', 'taskdef-production.json'),
    hiddenTextProblem(at, content, '{}'),
  ]);
}

/** Texts that are too long for a buildspec, whatever else is in it; the whole of it is measured at synthesis. */
function lengthsProblem(texts: unknown[]): Problem {
  const length = texts.flatMap((part): unknown[] => typeof part === 'object' && part !== null ? Object.values(part) : []).filter(known)
    .reduce((sum, text) => sum + JSON.stringify(text).length, 0);
  return buildSpecLengthProblem('steps', length);
}

/** What CodeBuild refuses as too long. */
export function buildSpecLengthProblem(prop: string, length: number): Problem {
  return length <= LONGEST_BUILDSPEC ? undefined
    : broken('BGP061', prop, `must make a buildspec of at most ${LONGEST_BUILDSPEC} characters`, String(length), 'move long commands into a script of the source');
}

/** How many characters a resolved text has for certain; what is only known at deployment counts nothing. */
export function literalLength(text: unknown): number {
  const parts = typeof text === 'object' && text !== null && 'Fn::Join' in text ? (text['Fn::Join'] as [string, unknown[]])[1] : [text];
  return parts.reduce<number>((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0);
}

function specTextProblem(spec: codebuild.BuildSpec): Problem {
  try {
    const text = spec.toBuildSpec();
    return spec.isImmediate ? buildSpecLengthProblem('spec', known(text) ? text.length : 0) : textProblem('spec', text, 'ci/buildspec.yml');
  } catch {
    return broken('BGP064', 'spec', 'must be an object or the name of a file in the source', 'one that is neither', 'use BuildSpec.fromObject or BuildSpec.fromSourceFilename');
  }
}

export function pathInSource(prop: string, value: unknown, example: string): Problem {
  return optional(value, () => textMatching('BGP030', prop, value, /^(?!\/)(?!([^]*\/)?\.\.(\/|$))\P{Cc}*$/u, 'a path within the source, relative to its root', example));
}
