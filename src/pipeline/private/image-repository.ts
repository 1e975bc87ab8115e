import { aws_ecr as ecr, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Names } from '../../private/names';
import { MAX_IMAGES } from '../defaults';

/** A repository whose tags never move, so that a tag never changes its meaning. */
export function imageRepository(scope: Construct, names: Names): ecr.Repository {
  return new ecr.Repository(scope, 'Repository', {
    repositoryName: names.claim('repository'),
    imageTagMutability: ecr.TagMutability.IMMUTABLE,
    imageScanOnPush: true,
    lifecycleRules: [{ description: `Keep the last ${MAX_IMAGES} images`, maxImageCount: MAX_IMAGES }],
    emptyOnDelete: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
