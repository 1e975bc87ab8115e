import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BlueGreenFargatePipeline, PipelineSource } from '@org/bluegreen-pipeline';

/** The smallest program of this library. */
export class Storefront extends Stack {
  constructor(scope: Construct, id: string, suffix: string) {
    super(scope, id, { env: { region: 'us-east-1' } });

    new BlueGreenFargatePipeline(this, 'P', {
      environmentSuffix: suffix,
      source: PipelineSource.connection({
        connectionArn: 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d',
        repository: 'acme/storefront',
        branch: 'main',
      }),
      notificationEmails: ['team@example.com'],
    });
  }
}
