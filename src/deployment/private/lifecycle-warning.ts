import { aws_ecr as ecr, CfnResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { warn } from '../../private/errors';
import { liveTagPrefix, UNREACHABLE_IMAGE_COUNT } from '../../private/live-tag-prefix';
import { renderedProperties } from '../../private/rendered-properties';
import { checkAtSynthesis } from '../../private/synthesis-check';

/** A rule of a lifecycle policy, as far as it matters here. */
interface Rule {
  readonly rulePriority: number;
  readonly selection: {
    readonly tagStatus: string;
    readonly tagPrefixList?: string[];
    readonly tagPatternList?: string[];
    readonly countType: string;
    readonly countNumber: number;
  };
}

/** ECR's limit for a repository: https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const MAX_IMAGES = 100_000;

/** A hundred years. */
const MAX_DAYS = 36_500;

/**
 * Warns at synthesis if a lifecycle rule may delete the image that an environment runs. The rules of an
 * imported repository cannot be read.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function warnOfLifecycleRules(scope: Construct, repository: ecr.IRepository, environmentName: string): void {
  checkAtSynthesis(scope, () => {
    const prefix = liveTagPrefix(environmentName);
    if (mayDelete(lifecycleRules(repository), prefix)) {
      warn(scope, 'EcsBlueGreenDeployment.lifecycleRules', 'BGP165',
        `a lifecycle rule of the repository may delete the image that ${environmentName} runs; add a rule with a `
        + `higher priority for the tag prefix "${prefix}" and a maxImageCount of ${UNREACHABLE_IMAGE_COUNT}`);
    }
  });
}

function lifecycleRules(repository: ecr.IRepository): Rule[] {
  const { defaultChild } = repository.node;
  if (!CfnResource.isCfnResource(defaultChild)) {
    return [];
  }
  const { LifecyclePolicy: policy } = renderedProperties(defaultChild);
  const { LifecyclePolicyText: text } = (policy ?? {}) as { readonly LifecyclePolicyText?: unknown };
  return typeof text === 'string' ? rulesIn(text) : [];
}

/** Returns the rules of a policy; none if the string is no policy, which ECR rejects. */
function rulesIn(text: string): Rule[] {
  try {
    const { rules } = JSON.parse(text) as { readonly rules: Rule[] };
    return rules.filter(({ selection }) => selection !== undefined);
  } catch {
    return [];
  }
}

/** Of the rules that match an image, only the one with the highest priority applies. */
function mayDelete(rules: Rule[], prefix: string): boolean {
  const decisive = rules
    .filter((rule) => (isUnreachable(rule) ? matchesEach(rule, prefix) : mayMatch(rule)))
    .sort((one, other) => one.rulePriority - other.rulePriority);
  return decisive.length > 0 && !isUnreachable(decisive[0]);
}

/** Returns true if the rule deletes nothing, because no image exceeds its count or its age. */
function isUnreachable({ selection: { countType, countNumber } }: Rule): boolean {
  return (countType === 'imageCountMoreThan' && countNumber >= MAX_IMAGES)
    || (countType === 'sinceImagePushed' && countNumber >= MAX_DAYS);
}

/** Returns true if the rule matches every image with a tag that begins with the prefix. */
function matchesEach({ selection }: Rule, prefix: string): boolean {
  const { tagStatus, tagPrefixList = [], tagPatternList = [] } = selection;
  // Of a pattern with text behind the wildcard nothing is certain.
  const certain = [...tagPrefixList, ...tagPatternList.map((pattern) => /^([^*]*)\*$/.exec(pattern)?.[1])];
  const all = certain.every((beginning) => beginning !== undefined && prefix.startsWith(beginning));
  return tagStatus === 'any' || (tagStatus === 'tagged' && certain.length > 0 && all);
}

/** Returns true if the rule can match a live image: by its live tag, or by the tag of its build, which can be any. */
function mayMatch({ selection }: Rule): boolean {
  return selection.tagStatus !== 'untagged';
}
