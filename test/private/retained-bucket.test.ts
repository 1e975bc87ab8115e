import { aws_ecr as ecr, aws_logs as logs, aws_s3 as s3, aws_secretsmanager as secrets, CfnResource, RemovalPolicies, RemovalPolicy } from 'aws-cdk-lib';
import { BlueGreenFargatePipeline } from '../../src';
import { newStack, pipelineIn, resources, templateOf } from '../helpers/synthesis';

const TYPES = [s3.CfnBucket, ecr.CfnRepository, secrets.CfnSecret, logs.CfnLogGroup].map(({ CFN_RESOURCE_TYPE_NAME }) => CFN_RESOURCE_TYPE_NAME);
const buckets = (made: BlueGreenFargatePipeline) => [made.artifacts.bucket, made.buildProject.cacheBucket as s3.Bucket];

interface Made {
  readonly [id: string]: {
    readonly DeletionPolicy?: string;
    readonly Properties: { readonly Tags?: { readonly Key: string; readonly Value: string }[] };
  };
}

/** The result of the deletion of a stack, for each bucket and its objects. */
function fates(change: (made: BlueGreenFargatePipeline) => void): string[] {
  const stack = newStack();
  change(pipelineIn(stack));
  return Object.values(resources(templateOf(stack), 'AWS::S3::Bucket') as Made).map(({ DeletionPolicy, Properties: { Tags } }) =>
    `${DeletionPolicy} ${Tags!.find(({ Key }) => Key === 'aws-cdk:auto-delete-objects')!.Value}`);
}

test('buckets are emptied and deleted with the stack', () => {
  expect(fates(() => undefined)).toEqual(['Delete true', 'Delete true']);
});

test.each<[string, (made: BlueGreenFargatePipeline) => void]>([
  ['by removal policies', (made) => RemovalPolicies.of(made).retain()],
  ['by removal policies of some types', (made) => RemovalPolicies.of(made).retain({ applyToResourceTypes: TYPES })],
  ['by their own removal policy', (made) => buckets(made).forEach((bucket) => bucket.applyRemovalPolicy(RemovalPolicy.RETAIN))],
  ['by an override', (made) => buckets(made).forEach(({ node }) => (node.defaultChild as CfnResource).addOverride('DeletionPolicy', 'Retain'))],
])('buckets that are retained %s are not emptied', (_, change) => {
  expect(fates(change)).toEqual(['Retain false', 'Retain false']);
});

test('a bucket is emptied while the other is retained, and when both are deleted again', () => {
  expect(fates((made) => made.artifacts.bucket.applyRemovalPolicy(RemovalPolicy.RETAIN)).sort()).toEqual(['Delete true', 'Retain false']);
  expect(fates((made) => {
    RemovalPolicies.of(made).retain();
    RemovalPolicies.of(made).destroy();
  })).toEqual(['Delete true', 'Delete true']);
});

test('only images, artifacts, secrets and logs are retained by their types', () => {
  const stack = newStack();
  RemovalPolicies.of(pipelineIn(stack)).retain({ applyToResourceTypes: TYPES });
  const template = templateOf(stack);
  const kept = Object.values(template.Resources as Made & { [id: string]: { Type: string } }).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');

  expect([...new Set(kept.map(({ Type }) => Type))].sort()).toEqual([...TYPES].sort());
  expect(kept).toHaveLength(TYPES.flatMap((type) => Object.keys(resources(template, type))).length);
});
