// The smallest program in plain JavaScript, for projects without ES modules.
const { App, Stack } = require('aws-cdk-lib');
const { BlueGreenFargatePipeline, PipelineSource } = require('@org/bluegreen-pipeline');

const stack = new Stack(new App(), 'Storefront', { env: { region: 'us-east-1' } });

new BlueGreenFargatePipeline(stack, 'P', {
  environmentSuffix: 'dev',
  source: PipelineSource.connection({
    connectionArn: 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d',
    repository: 'acme/storefront',
    branch: 'main',
  }),
  notificationEmails: ['team@example.com'],
});
