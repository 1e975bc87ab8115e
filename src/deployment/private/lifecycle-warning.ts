import { aws_ecr as ecr, CfnResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { warn } from '../../private/errors';
import { liveTagPrefix } from '../../private/live-tag-prefix';
import { renderedProperties } from '../../private/rendered-properties';

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

/** ECR holds at most as many images in a repository. */
const MAX_IMAGES = 100_000;

/**
 * Warns at synthesis of lifecycle rules that may delete the image that an environment runs. The rules of
 * an imported repository cannot be read.
 */
export function warnOfLifecycleRules(scope: Construct, repository: ecr.IRepository, environmentName: string): void {
  scope.node.addValidation({
    validate: () => {
      const tag = liveTagPrefix(environmentName);
      if (mayDelete(lifecycleRules(repository), tag)) {
        warn(scope, 'EcsBlueGreenDeployment.lifecycleRules', 'BGP165',
          `a lifecycle rule of the repository may delete the image that ${environmentName} runs: `
          + `add a rule of a higher priority for the tag prefix "${tag}" with a maxImageCount of ${MAX_IMAGES}`);
      }
      return [];
    },
  });
}

function lifecycleRules(repository: ecr.IRepository): Rule[] {
  const { defaultChild } = repository.node;
  if (!CfnResource.isCfnResource(defaultChild)) {
    return [];
  }
  const { LifecyclePolicy: policy } = renderedProperties(defaultChild);
  const { LifecyclePolicyText: text } = (policy ?? {}) as { readonly LifecyclePolicyText?: unknown };
  return typeof text === 'string' ? (JSON.parse(text) as { readonly rules: Rule[] }).rules : [];
}

/** Of all rules that an image matches, the one of the highest priority alone decides. */
function mayDelete(rules: Rule[], tag: string): boolean {
  const [first] = rules
    .filter(({ selection }) => selects(selection, tag))
    .sort((one, other) => one.rulePriority - other.rulePriority);
  return first !== undefined
    && !(first.selection.countType === 'imageCountMoreThan' && first.selection.countNumber >= MAX_IMAGES);
}

/** Whether a rule is about images with a tag that begins so; an image must match all tags of a rule. */
function selects({ tagStatus, tagPrefixList = [], tagPatternList = [] }: Rule['selection'], tag: string): boolean {
  const prefixes = [...tagPrefixList, ...tagPatternList.map((pattern) => pattern.split('*')[0])];
  return tagStatus === 'any' || (tagStatus === 'tagged' && prefixes.every((prefix) => tag.startsWith(prefix)));
}
