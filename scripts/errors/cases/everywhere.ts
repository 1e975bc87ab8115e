import { aws_codepipeline as codepipeline, aws_ecs as ecs, aws_iam as iam, Lazy, Stack } from 'aws-cdk-lib';
import { gateIn, newStack, pipelineIn, pipelineWith, projectIn } from './subjects';
import { PipelineEnvironment, SecureArtifactBucket } from '../../../src';

/** BGP001 to BGP019, BGP151 to BGP153: checks that several constructs share. */
export const EVERYWHERE = {
  BGP001: pipelineWith({ notificationEmails: undefined }),
  BGP003: pipelineWith({ environments: [new PipelineEnvironment(Lazy.string({ produce: () => 'production' }))] }),
  BGP006: pipelineWith({ environments: [new PipelineEnvironment('pre-prod')] }),
  BGP008: () => {
    const stack = newStack();
    new SecureArtifactBucket(stack, 'One', { environmentSuffix: 'dev' });
    new SecureArtifactBucket(stack, 'Two', { environmentSuffix: 'dev' });
  },
  BGP012: pipelineWith({ platform: { cpuArchitecture: ecs.CpuArchitecture.of('RISCV64') } }),
  BGP013: () => pipelineIn(undefined as unknown as Stack),
  BGP014: () => {
    const stack = newStack();
    new SecureArtifactBucket(stack, 'Artifacts', { environmentSuffix: 'one' });
    new SecureArtifactBucket(stack, 'Artifacts', { environmentSuffix: 'two' });
  },
  BGP015: () => {
    const stack = newStack();
    const gate = gateIn(stack);
    const pipeline = new codepipeline.Pipeline(stack, 'Pipeline');
    gate.addToPipeline(pipeline);
    gate.addToPipeline(pipeline);
  },
  BGP016: () => {
    const stack = newStack();
    gateIn(stack).addToPipeline(new codepipeline.Pipeline(new Stack(stack.node.root, 'Elsewhere'), 'Pipeline'));
  },
  BGP019: () => {
    const stack = newStack();
    const pipeline = new codepipeline.Pipeline(stack, 'Pipeline');
    gateIn(stack, { environmentSuffix: 'one' }, 'One').addToPipeline(pipeline);
    gateIn(stack, { environmentSuffix: 'two' }, 'Two').addToPipeline(pipeline);
  },
  BGP167: () => {
    const made = projectIn(newStack());
    const tables = Array.from({ length: 200 }, (_, index) => `arn:aws:dynamodb:us-east-1:111111111111:table/orders-${index}`);
    made.role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['dynamodb:GetItem'], resources: tables }));
    return made;
  },
  BGP153: () => pipelineIn(newStack()).deployment('prod'),
};
