import { App, Stack } from 'aws-cdk-lib';
import {
  BlueGreenFargatePipeline, BlueGreenFargatePipelineProps, PipelineEnvironment, PipelineSource,
} from '@org/bluegreen-pipeline';

/* Prints the words in which the library refuses bad input. test/python/test_refusals.py wants the same words in Python. */
const good: BlueGreenFargatePipelineProps = {
  environmentSuffix: 'dev',
  source: PipelineSource.connection({
    connectionArn: 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d',
    repository: 'acme/storefront',
  }),
  notificationEmails: ['team@example.com'],
};

function refusal(refused: () => unknown): string {
  try {
    refused();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('This was not refused');
}

function pipelineWith(props: Partial<BlueGreenFargatePipelineProps>): () => unknown {
  return () => new BlueGreenFargatePipeline(new Stack(new App(), 'Storefront'), 'P', { ...good, ...props });
}

console.log(JSON.stringify({
  badEmail: refusal(pipelineWith({ notificationEmails: ['team@example'] })),
  several: refusal(pipelineWith({ environmentSuffix: 'Dev', notificationEmails: [], environments: [new PipelineEnvironment('production', { taskCount: 0 })] })),
  valueClass: refusal(() => PipelineSource.connection({ connectionArn: 'arn:aws:iam::111111111111:role/x', repository: 'storefront' })),
}));
