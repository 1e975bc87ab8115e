import { aws_iam as iam, aws_s3 as s3, CfnResource } from 'aws-cdk-lib';
import { BlueGreenFargatePipeline, PipelineDashboard } from '../../src';
import { newStack, pipelineIn } from '../helpers/synthesis';

/** The codes, with what is wrong, that synthesis finds after a change of a pipeline. */
function foundAfter(change: (made: BlueGreenFargatePipeline) => void): string[] {
  const made = pipelineIn(newStack());
  change(made);
  // A policy that is gone takes the deny of foreign writers with it.
  return made.node.findAll().flatMap(({ node }) => node.validate()).filter((text) => !text.includes('[BGP180]'))
    .map((text) => text.replace(/^.*, got (.*?); .* \[(BGP\d{3})\] .*$/, '$2 $1'));
}

const cfn = (construct?: { readonly node: { readonly defaultChild?: unknown } }) => construct?.node.defaultChild as CfnResource;
const artifacts = (made: BlueGreenFargatePipeline) => cfn(made.artifacts.bucket);
const cache = (made: BlueGreenFargatePipeline) => cfn(made.buildProject.cacheBucket);
const policy = (made: BlueGreenFargatePipeline) => cfn(made.artifacts.bucket.policy);
const NO_TLS = 'BGP190 a policy without that Deny';

test.each<[string, (made: BlueGreenFargatePipeline) => void, string]>([
  ['a public artifact bucket', (made) => artifacts(made).addPropertyDeletionOverride('PublicAccessBlockConfiguration'),
    'BGP195 an override of ["BlockPublicAcls","BlockPublicPolicy","IgnorePublicAcls","RestrictPublicBuckets"]'],
  ['a public cache', (made) => cache(made).addPropertyOverride('PublicAccessBlockConfiguration.BlockPublicPolicy', false), 'BGP195 an override of ["BlockPublicPolicy"]'],
  ['a bucket that is public through a parameter', (made) => artifacts(made).addPropertyOverride('PublicAccessBlockConfiguration.BlockPublicAcls', { Ref: 'Blocked' }),
    'BGP195 an override of ["BlockPublicAcls"]'],
  ['access control lists', (made) => artifacts(made).addPropertyOverride('OwnershipControls.Rules', [{ ObjectOwnership: 'ObjectWriter' }]), 'BGP195 an override of ["ObjectOwnership"]'],
  ['an artifact bucket without versions', (made) => artifacts(made).addPropertyOverride('VersioningConfiguration.Status', 'Suspended'), 'BGP195 an override of ["VersioningConfiguration"]'],
  ['a bucket policy without the deny', (made) => policy(made).addPropertyDeletionOverride('PolicyDocument.Statement.0'), NO_TLS],
  ['a bucket policy without statements', (made) => policy(made).addPropertyDeletionOverride('PolicyDocument'), NO_TLS],
  ['a deny that allows', (made) => policy(made).addPropertyOverride('PolicyDocument.Statement.0.Effect', 'Allow'), NO_TLS],
  ['a deny for one account', (made) => policy(made).addPropertyOverride('PolicyDocument.Statement.0.Principal.AWS', '222222222222'), NO_TLS],
  ['a deny of reads', (made) => policy(made).addPropertyOverride('PolicyDocument.Statement.0.Action', 's3:GetObject'), NO_TLS],
  ['a deny of TLS', (made) => policy(made).addPropertyOverride('PolicyDocument.Statement.0.Condition.Bool.aws:SecureTransport', 'true'), NO_TLS],
  ['a deny with another condition', (made) => policy(made).addPropertyOverride('PolicyDocument.Statement.0.Condition.StringEquals', { 'aws:username': 'x' }), NO_TLS],
  ['a deny for the bucket without its objects', (made) => policy(made).addPropertyDeletionOverride('PolicyDocument.Statement.0.Resource.1'), NO_TLS],
  ['a bucket without its policy', (made) => made.artifacts.bucket.node.tryRemoveChild('Policy'), NO_TLS],
  ['a cache without the deny', (made) => cfn((made.buildProject.cacheBucket as s3.Bucket).policy).addPropertyOverride('PolicyDocument.Statement.0.Effect', 'Allow'), NO_TLS],
  ['an alert topic without the deny', (made) => cfn(made.alarms.topic.node.findChild('Policy') as never).addPropertyOverride('PolicyDocument.Statement', []), NO_TLS],
  ['an approval topic without the deny', (made) => cfn(made.approval('production').topic.node.findChild('Policy') as never)
    .addPropertyOverride('PolicyDocument.Statement.0.Effect', 'Allow'), NO_TLS],
  ['a deployment topic without the deny', ({ dashboard }: { dashboard: PipelineDashboard }) => cfn(dashboard.deploymentTopic.node.findChild('Policy') as never)
    .addPropertyOverride('PolicyDocument.Statement', []), NO_TLS],
])('synthesis rejects %s', (_, change, found) => {
  expect(foundAfter(change)).toEqual([found]);
});

test.each<[string, (made: BlueGreenFargatePipeline) => void]>([
  ['nothing changed', () => undefined],
  ['settings are strings', (made) => artifacts(made).addPropertyOverride('PublicAccessBlockConfiguration.BlockPublicAcls', 'true')],
  ['a statement was added', ({ artifacts: { bucket } }) => bucket.addToResourcePolicy(new iam.PolicyStatement({
    effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:DeleteObject'], resources: [bucket.arnForObjects('*')],
  }))],
  ['the cache has no versions', (made) => cache(made).addPropertyOverride('VersioningConfiguration.Status', 'Suspended')],
])('synthesis accepts a pipeline in which %s', (_, change) => {
  expect(foundAfter(change)).toEqual([]);
});
