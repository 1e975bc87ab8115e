import { App, Stack } from 'aws-cdk-lib';
import { requiredContext } from './required-context';
import { BlueGreenFargatePipeline, PipelineSource, TrafficShift } from '@org/bluegreen-pipeline';

const app = new App();
const { connectionArn, repository, notificationEmail, environmentSuffix } = requiredContext(app);

// The region alone: with an account as well, CDK would look up the zones of the network and need credentials to synthesise.
const stack = new Stack(app, `storefront-${environmentSuffix}`, {
  env: { region: 'us-east-1' },
  description: 'The storefront and its road from a push to production',
});

new BlueGreenFargatePipeline(stack, 'Pipeline', {
  environmentSuffix,
  source: PipelineSource.connection({ connectionArn, repository }),
  notificationEmails: [notificationEmail],
  // The application lives beside this file; a repository of its own would need neither of these two lines.
  dockerfile: 'examples/us-east-1/app/Dockerfile',
  buildContext: 'examples/us-east-1/app',
  healthCheckPath: '/healthz',
  environments: [
    {
      name: 'staging',
      trafficShift: TrafficShift.allAtOnce(),
      containerEnvironment: { ENVIRONMENT_NAME: 'staging' },
    },
    {
      name: 'production',
      taskCount: 2,
      maxTaskCount: 6,
      containerEnvironment: { ENVIRONMENT_NAME: 'production' },
    },
  ],
});
