import { aws_ecr as ecr, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { liveTagPrefix, UNREACHABLE_IMAGE_COUNT } from '../../private/live-tag-prefix';
import { Names } from '../../private/names';
import { DEFAULT_MAX_IMAGE_COUNT } from '../defaults';

export interface ImageRepositoryOptions {
  readonly names: Names;
  readonly environmentNames: readonly string[];
  /** Number of images that are kept beside those that an environment runs or ran. */
  readonly maxImageCount?: number;
}

/**
 * A repository whose tags never move, so that a tag never changes its meaning.
 *
 * ECR deletes images by the time of their push and knows nothing of their use. An image that matches a
 * rule is not deleted by a rule of a lower priority, so a rule that never deletes protects what an
 * environment runs or ran.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function imageRepository(scope: Construct, options: ImageRepositoryOptions): ecr.Repository {
  const { names, environmentNames, maxImageCount = DEFAULT_MAX_IMAGE_COUNT } = options;
  return new ecr.Repository(scope, 'Repository', {
    repositoryName: names.claim('repository'),
    imageTagMutability: ecr.TagMutability.IMMUTABLE,
    imageScanOnPush: true,
    lifecycleRules: [
      ...environmentNames.map((environmentName, index) => ({
        rulePriority: index + 1,
        description: `Keep what ${environmentName} runs or ran`,
        tagStatus: ecr.TagStatus.TAGGED,
        tagPrefixList: [liveTagPrefix(environmentName)],
        maxImageCount: UNREACHABLE_IMAGE_COUNT,
      })),
      {
        rulePriority: environmentNames.length + 1,
        description: `Keep the last ${maxImageCount} other images`,
        tagStatus: ecr.TagStatus.ANY,
        maxImageCount,
      },
    ],
    emptyOnDelete: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
