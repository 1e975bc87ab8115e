import { AspectPriority, Aspects, aws_s3 as s3, CfnDeletionPolicy } from 'aws-cdk-lib';
import { renderedResource } from './rendered-properties';

/** The tag that CDK's function requires before it deletes the objects of a bucket. */
const AUTO_DELETE_TAG = 'aws-cdk:auto-delete-objects';

/**
 * Makes CDK's function empty a bucket only if the bucket is deleted.
 *
 * CDK does not allow a retained bucket with `autoDeleteObjects`, and with a `DeletionPolicy` by an override it
 * empties the bucket that it keeps. So the policy of the user becomes an override here, and the tag of the bucket
 * `false`: the bucket gets the tag before the function runs, and without any tag the function fails.
 */
export function emptyUnlessRetained(bucket: s3.Bucket): void {
  const resource = bucket.node.defaultChild as s3.CfnBucket;
  Aspects.of(bucket).add({
    visit: (node) => {
      if (node === resource) {
        keepObjectsIfRetained(resource);
      }
    },
  }, { priority: AspectPriority.READONLY });
}

function keepObjectsIfRetained(resource: s3.CfnBucket): void {
  const { DeletionPolicy: chosen } = renderedResource(resource);
  if (chosen !== undefined && chosen !== CfnDeletionPolicy.DELETE) {
    resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    resource.addOverride('DeletionPolicy', chosen);
    resource.tags.setTag(AUTO_DELETE_TAG, 'false', ABOVE_CDK_PRIORITY);
  }
}

/** A priority above that of the tag which CDK sets. */
const ABOVE_CDK_PRIORITY = 1000;
