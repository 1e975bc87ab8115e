import { aws_codepipeline as codepipeline, aws_ecr as ecr } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { warn } from '../../private/errors';
import { renderedProperties } from '../../private/rendered-properties';
import { checkAtSynthesis } from '../../private/synthesis-check';
import { formatValue } from '../../private/validation';
import { Code } from '../../private/violations';

/** The parts of a pipeline that an override can weaken and that no module checks by itself. */
export interface OverridableParts {
  readonly pipeline: codepipeline.Pipeline;
  /** The repository of the images; one of the user is not checked. */
  readonly repository: ecr.IRepository;
}

/** Warns at synthesis of overrides that weaken a pipeline: each has a legitimate use. */
export function checkOverrides(scope: Construct, { pipeline, repository }: OverridableParts): void {
  checkAtSynthesis(scope, () => {
    warnOfParallelExecutions(pipeline);
    if (repository instanceof ecr.Repository && repository.node.scope === scope) {
      warnOfMutableTags(repository);
    }
  });
}

function warnOfParallelExecutions(pipeline: codepipeline.Pipeline): void {
  const { ExecutionMode: mode = 'SUPERSEDED', PipelineType: type } = renderedProperties(pipeline.node.defaultChild);
  const consequences = [
    ...(type === 'V2' ? [] : [`a pipeline of type ${formatValue(type)} does not evaluate stage conditions`]),
    ...(mode === 'SUPERSEDED' || mode === 'QUEUED' ? [] : [
      `executions in mode ${formatValue(mode)} can overtake each other, so an older release can replace a newer one`,
    ]),
  ];
  const remedy = 'use type V2 and mode SUPERSEDED or QUEUED';
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
