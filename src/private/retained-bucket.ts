import { AspectPriority, Aspects, aws_s3 as s3, CfnDeletionPolicy } from 'aws-cdk-lib';
import { renderedResource } from './rendered-properties';

/** The tag that CDK's function requires before it deletes the objects of a bucket. */
const EMPTIED = 'aws-cdk:auto-delete-objects';

/**
 * Has CDK's function empty a bucket only if the bucket is deleted.
 *
 * CDK refuses to retain a bucket with `autoDeleteObjects`, and a `DeletionPolicy` by an override keeps a bucket that it
 * empties. So the policy that the user chose becomes an override here, and the tag of the bucket `false`: the bucket
 * gets it before the function is asked, and with no tag at all the function fails.
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
    resource.tags.setTag(EMPTIED, 'false', OVER_CDK);
  }
}

/** A priority above that of the tag which CDK sets. */
const OVER_CDK = 1000;
