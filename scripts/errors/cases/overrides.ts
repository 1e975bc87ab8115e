import { aws_ec2 as ec2, CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { newStack, pipelineIn } from './subjects';
import { BlueGreenFargatePipeline, PipelineEnvironment } from '../../../src';

/** The smallest pipeline after a change of the user. */
function changed(change: (made: BlueGreenFargatePipeline) => void): () => unknown {
  return () => {
    const made = pipelineIn(newStack());
    change(made);
    return made;
  };
}

/** The same, through a property that only the template of one part has. */
function overridden(part: (made: BlueGreenFargatePipeline) => IConstruct, path: string, value: unknown): () => unknown {
  return changed((made) => (part(made).node.defaultChild as CfnResource).addPropertyOverride(path, value));
}

/** BGP170, BGP171, BGP183 to BGP195: overrides of guarantees of the library. Stage 3 approves staging, stage 6 deploys to production. */
export const OVERRIDES = {
  BGP170: overridden(({ alarms }) => alarms.topic, 'KmsMasterKeyId', 'alias/aws/sns'),
  BGP171: overridden(({ alarms }) => alarms.topic, 'KmsMasterKeyId', 'alias/acme'),
  BGP183: overridden(({ pipeline }) => pipeline, 'Stages.6.Actions.0.Configuration.TaskDefinitionTemplateArtifact', 'Source'),
  BGP184: () => {
    const made = pipelineIn(newStack(), { environments: [PipelineEnvironment.production()] });
    (made.pipeline.node.defaultChild as CfnResource)
      .addPropertyOverride('Stages.3.Actions.0.ActionTypeId.Provider', { 'Fn::If': ['Asked', 'Manual', 'Other'] });
    return made;
  },
  BGP185: overridden((made) => made.deployment('production').deploymentGroup, 'AutoRollbackConfiguration.Enabled', false),
  BGP186: overridden((made) => made.deployment('production').deploymentGroup, 'AlarmConfiguration.Enabled', false),
  BGP187: overridden(({ pipeline }) => pipeline.role, 'AssumeRolePolicyDocument.Statement.0.Principal', '*'),
  BGP188: overridden(({ repository }) => repository, 'ImageTagMutability', 'MUTABLE'),
  BGP189: changed((made) => made.deployment('production').testListener.connections.allowDefaultPortFromAnyIpv4()),
  BGP190: overridden((made) => made.artifacts.bucket.policy as IConstruct, 'PolicyDocument.Statement', []),
  BGP191: overridden(({ pipeline }) => pipeline, 'ExecutionMode', 'PARALLEL'),
  BGP192: overridden(({ pipeline }) => pipeline, 'Stages.5.Actions.0.Configuration.NotificationArn', undefined),
  BGP193: overridden(({ testProject }) => testProject.project, 'Visibility', 'PUBLIC_READ'),
  BGP194: changed((made) => made.deployment('production').service.connections.allowFromAnyIpv4(ec2.Port.allTcp())),
  BGP195: overridden((made) => made.artifacts.bucket, 'PublicAccessBlockConfiguration.RestrictPublicBuckets', false),
};
