import { aws_ecr as ecr, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { liveTagPrefix, UNREACHABLE_IMAGE_COUNT } from '../../private/live-tag-prefix';
import { Names } from '../../private/names';
import { DEFAULT_MAX_IMAGE_COUNT } from '../defaults';

export interface ImageRepositoryOptions {
  readonly names: Names;
  readonly environmentNames: readonly string[];
  /** Number of images that are kept in addition to those that an environment runs or ran. */
  readonly maxImageCount?: number;
}

/**
 * Creates a repository with immutable tags, so that a tag always means the same image.
 *
 * ECR deletes images by the time of their push and does not know their use. An image that matches a rule is not
 * deleted by a rule of a lower priority, so a rule that never deletes protects the images that an environment runs
 * or ran.
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
        description: `Keep images that ${environmentName} runs or ran`,
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
