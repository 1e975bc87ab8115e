import { aws_codepipeline as codepipeline, aws_s3 as s3, CfnResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { warn } from '../../private/errors';
import { renderedList, renderedProperties } from '../../private/rendered-properties';
import { checkAtSynthesis } from '../../private/synthesis-check';
import { ARTIFACT_EXPIRATION_MARGIN, DEFAULT_TIMEOUT } from '../defaults';

interface StageAction {
  readonly TimeoutInMinutes?: unknown;
}

interface Stage {
  readonly Name: string;
  readonly Actions?: unknown;
}

interface Rule {
  readonly ExpirationInDays?: unknown;
  readonly Status?: string;
  readonly TagFilters?: unknown;
}

/**
 * Warns at synthesis if the artifacts of an execution that waits for an approval expire too soon after the
 * answer: the deployment and a stage rollback read them. The rules of an imported bucket cannot be read.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html
 */
export function warnOfArtifactExpiration(scope: Construct, pipeline: codepipeline.Pipeline, stageName: string): void {
  checkAtSynthesis(scope, () => {
    const timeout = approvalTimeout(pipeline, stageName);
    const required = Math.ceil(timeout.plus(ARTIFACT_EXPIRATION_MARGIN).toDays({ integral: false }));
    const days = Math.min(...expirations(pipeline.artifactBucket));
    if (days < required) {
      warn(scope, 'ApprovalGate.artifactExpiration', 'BGP177',
        `the artifacts of the pipeline expire after ${Duration.days(days).toHumanString()}, too soon for an approval `
        + `that waits up to ${timeout.toHumanString()}; keep the artifacts for at least ${required} days`);
    }
  });
}

function approvalTimeout(pipeline: codepipeline.Pipeline, stageName: string): Duration {
  const { Stages: stages } = renderedProperties(pipeline.node.defaultChild);
  const stage = renderedList<Stage>(stages).find(({ Name }) => Name === stageName);
  const [action] = renderedList<StageAction>(stage?.Actions);
  const minutes = Number(action?.TimeoutInMinutes);
  return minutes > 0 ? Duration.minutes(minutes) : DEFAULT_TIMEOUT;
}

/** The ages in days at which lifecycle rules delete artifacts. CodePipeline adds no tags to artifacts. */
function expirations({ node: { defaultChild } }: s3.IBucket): number[] {
  if (!CfnResource.isCfnResource(defaultChild)) {
    return [];
  }
  const { LifecycleConfiguration: configuration } = renderedProperties(defaultChild);
  const { Rules: rules } = (configuration ?? {}) as { readonly Rules?: unknown };
  return renderedList<Rule>(rules)
    .filter(({ Status, TagFilters }) => Status === 'Enabled' && TagFilters === undefined)
    .map(({ ExpirationInDays }) => Number(ExpirationInDays))
    .filter((days) => days > 0);
}
