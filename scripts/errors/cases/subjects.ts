import { App, aws_ecr as ecr, Stack, StackProps } from 'aws-cdk-lib';
import {
  ApprovalGate, ApprovalGateProps, BlueGreenFargatePipeline, EcsBlueGreenDeployment, EcsBlueGreenDeploymentProps,
} from '../../../src';
import { smallestProps } from '../../programs';

export function newStack(props: StackProps = {}): Stack {
  return new Stack(new App(), 'Storefront', { env: { region: 'us-east-1' }, ...props });
}

/** The smallest pipeline with a change by a caller without types. */
export function pipelineIn(stack: Stack, change: { readonly [prop: string]: unknown } = {}): BlueGreenFargatePipeline {
  return new BlueGreenFargatePipeline(stack, 'P', { ...smallestProps(), ...change });
}

export function pipelineWith(change: { readonly [prop: string]: unknown }): () => unknown {
  return () => pipelineIn(newStack(), change);
}

export function gateIn(stack: Stack, props: Partial<ApprovalGateProps> = {}, id = 'Gate'): ApprovalGate {
  return new ApprovalGate(stack, id, {
    environmentSuffix: 'dev',
    environmentName: 'production',
    approverEmails: ['leads@example.com'],
    ...props,
  });
}

export function deploymentIn(stack: Stack, props: Partial<EcsBlueGreenDeploymentProps> = {}): EcsBlueGreenDeployment {
  return new EcsBlueGreenDeployment(stack, 'Production', {
    environmentSuffix: 'dev',
    environmentName: 'production',
    repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'),
    ...props,
  });
}
