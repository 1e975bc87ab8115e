import {
  aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_ecr as ecr, aws_s3 as s3, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { warn } from '../../private/errors';
import { requirePrivateBucket } from '../../private/private-bucket';
import { renderedProperties } from '../../private/rendered-properties';
import { formatValue } from '../../private/validation';
import { Code } from '../../private/violations';

/** The parts of a pipeline that an override can weaken and that no module checks by itself. */
export interface OverridableParts {
  readonly pipeline: codepipeline.Pipeline;
  /** The repository of the images; one of the user is not checked. */
  readonly repository: ecr.IRepository;
  readonly projects: codebuild.IProject[];
  readonly buildProject: { readonly cacheBucket?: s3.IBucket };
}

/**
 * Checks at synthesis what overrides changed in a pipeline. A cache bucket that they open is refused; what has
 * a legitimate use brings a warning.
 */
export function checkOverrides(scope: Construct, parts: OverridableParts): void {
  const { pipeline, repository, buildProject: { cacheBucket } } = parts;
  if (cacheBucket instanceof s3.Bucket) {
    requirePrivateBucket(cacheBucket, { versioned: false });
  }
  const created = parts.projects.filter((project) => project instanceof codebuild.Project)
    .map((project) => ({ project, privileged: isPrivileged(project) }));
  scope.node.addValidation({
    validate: () => {
      warnOfParallelExecutions(pipeline);
      created.forEach(({ project, privileged }) => warnOfWeakerProject(project, privileged));
      if (repository instanceof ecr.Repository && repository.node.scope === scope) {
        warnOfMutableTags(repository);
      }
      return [];
    },
  });
}

function warnOfParallelExecutions(pipeline: codepipeline.Pipeline): void {
  const { ExecutionMode: mode = 'SUPERSEDED', PipelineType: type } = renderedProperties(pipeline.node.defaultChild);
  const consequences = [
    ...(type === 'V2' ? [] : [`a pipeline of the type ${formatValue(type)} checks no conditions of its stages`]),
    ...(mode === 'SUPERSEDED' || mode === 'QUEUED' ? [] : [
      `executions in the mode ${formatValue(mode)} overtake each other, so an older release can replace a newer one`,
    ]),
  ];
  const remedy = 'use the type V2 and the mode SUPERSEDED or QUEUED';
  warnOf(pipeline, 'BlueGreenFargatePipeline.executions', 'BGP191', consequences, remedy);
}

function warnOfMutableTags(repository: ecr.Repository): void {
  const { ImageTagMutability: tags, ImageScanningConfiguration: scan } =
    renderedProperties(repository.node.defaultChild) as RepositoryProperties;
  const consequences = [
    ...(tags === 'IMMUTABLE' ? [] : ['the tags of the repository are mutable, so a push can replace a released image']),
    ...(String(scan?.ScanOnPush) === 'true' ? [] : ['ECR does not scan the images that a build pushes']),
  ];
  const remedy = 'remove the override of the repository';
  warnOf(repository, 'BlueGreenFargatePipeline.repository', 'BGP188', consequences, remedy);
}

function warnOf(construct: Construct, topic: string, code: Code, consequences: string[], remedy: string): void {
  if (consequences.length > 0) {
    warn(construct, topic, code, `${consequences.join(', and ')}: ${remedy}`);
  }
}

interface RepositoryProperties {
  readonly ImageTagMutability?: unknown;
  readonly ImageScanningConfiguration?: { readonly ScanOnPush?: unknown };
}

interface ProjectProperties {
  readonly Environment?: { readonly PrivilegedMode?: unknown };
  readonly LogsConfig?: { readonly CloudWatchLogs?: { readonly Status?: unknown } };
  readonly Visibility?: unknown;
}

/** Whether the steps of a project use Docker, for which alone the library makes it privileged. */
function isPrivileged(project: codebuild.Project): boolean {
  const { environment } = project.node.defaultChild as codebuild.CfnProject;
  const { privilegedMode } = Stack.of(project).resolve(environment) as codebuild.CfnProject.EnvironmentProperty;
  return privilegedMode === true;
}

function warnOfWeakerProject(project: codebuild.Project, usesDocker: boolean): void {
  const { Environment: environment, LogsConfig: logs, Visibility: visibility = 'PRIVATE' } =
    renderedProperties(project.node.defaultChild) as ProjectProperties;
  const { PrivilegedMode: privileged = false } = environment ?? {};
  const consequences = [
    ...(usesDocker || String(privileged) === 'false' ? [] : ['builds are privileged although no step uses Docker']),
    ...(logs?.CloudWatchLogs?.Status === 'ENABLED' ? [] : ['builds write no log']),
    ...(visibility === 'PRIVATE' ? [] : ['logs and artifacts of builds are public']),
  ];
  warnOf(project, 'BlueGreenFargatePipeline.project', 'BGP193', consequences, 'remove the override of the project');
}
