import { Json } from '../../json';
import { Resource } from '../../template';
import { Change, Differences, resourceOf } from '../differences';
import { Finding, finding, nameOf } from '../findings';
import { artifactBuckets } from '../stack-policy';

/** A rule that deletes images or objects, and how many or how long it keeps them. */
interface Expiration {
  readonly rule: string;
  readonly kept: number;
}

/** Findings about executions under way, and about the executions that a stage can be rolled back to. */
export function releaseFindings(differences: Differences): Finding[] {
  const pipelines = differences
    .ofType('AWS::CodePipeline::Pipeline')
    .filter((change) => change.kind !== 'added' && !changesTagsAlone(change));
  const stores = artifactBuckets(differences.before);
  return [
    ...pipelines.map((change) => finding('executions-cancelled', nameOf(resourceOf(change)), [change])),
    ...differences.ofType('AWS::ECR::Repository').flatMap((change) => shortened(change, imageExpirations)),
    ...differences
      .ofType('AWS::S3::Bucket')
      .filter(({ before }) => before !== undefined && stores.includes(before))
      .flatMap((change) => shortened(change, objectExpirations)),
  ];
}

/** Pipelines whose executions may end: AWS does not document whether CloudFormation updates a pipeline for its tags. */
export function unknownExecutions(differences: Differences): string[] {
  return differences
    .ofType('AWS::CodePipeline::Pipeline')
    .filter(changesTagsAlone)
    .map((change) => `${nameOf(resourceOf(change))}: whether new tags end its executions in progress`);
}

function changesTagsAlone({ kind, properties }: Change): boolean {
  return kind === 'changed' && properties.every(({ name }) => name === 'Tags');
}

function shortened(change: Change, expirationsOf: (resource: Resource) => Expiration[]): Finding[] {
  const { kind, before, after } = change;
  if (kind !== 'changed') {
    return [];
  }
  const old = expirationsOf(before!);
  const details = expirationsOf(after!).flatMap(({ rule, kept }) => {
    const known = old.find((one) => one.rule === rule)?.kept ?? Infinity;
    return kept < known ? [`${rule}: ${known === Infinity ? 'new' : `${known}, then ${kept}`}`] : [];
  });
  return details.length === 0 ? [] : [finding('rollback-shortened', nameOf(before!), [change], details)];
}

/** Rules that keep more images than ECR can hold delete nothing. */
const MOST_IMAGES = 100_000;

function imageExpirations(repository: Resource): Expiration[] {
  const policy = new Json(parsed(repository.at('LifecyclePolicy', 'LifecyclePolicyText').exact));
  return policy.at('rules').items.flatMap((rule) => {
    const selection = rule.at('selection');
    const which = ['tagStatus', 'tagPrefixList', 'tagPatternList', 'countType', 'countUnit']
      .map((name) => selection.at(name).text)
      .filter((text) => text !== '')
      .join(' ');
    const kept = selection.at('countNumber').number;
    return kept >= MOST_IMAGES || selection.at('tagStatus').text === 'untagged' ? [] : [{ rule: which, kept }];
  });
}

function objectExpirations(bucket: Resource): Expiration[] {
  const rules = bucket
    .at('LifecycleConfiguration', 'Rules')
    .items.filter((rule) => rule.at('Status').text === 'Enabled');
  return rules.flatMap((rule) => {
    const prefix = rule.at('Prefix').text || 'every object';
    return [
      { rule: `days of ${prefix}`, kept: rule.at('ExpirationInDays').number },
      {
        rule: `days of old versions of ${prefix}`,
        kept:
          rule.at('NoncurrentVersionExpiration', 'NoncurrentDays').orUndefined?.number ??
          rule.at('NoncurrentVersionExpirationInDays').number,
      },
    ].filter(({ kept }) => !Number.isNaN(kept));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
