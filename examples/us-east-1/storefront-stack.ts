import { BlueGreenFargatePipeline, PipelineSource, TrafficShift } from '@org/bluegreen-pipeline';
import { App, Stack } from 'aws-cdk-lib';

/** What differs between two storefronts. */
export interface StorefrontProps {
  readonly connectionArn: string;
  readonly repository: string;
  readonly notificationEmail: string;
  readonly environmentSuffix: string;
}

/** The storefront and its road from a push to production. */
export class StorefrontStack extends Stack {
  public readonly shop: BlueGreenFargatePipeline;

  constructor(app: App, props: StorefrontProps) {
    const { connectionArn, repository, notificationEmail, environmentSuffix } = props;
    // The region alone: with an account as well, CDK would look up the zones of the network and need credentials to synthesise.
    super(app, `storefront-${environmentSuffix}`, {
      env: { region: 'us-east-1' },
      description: 'The storefront and its road from a push to production',
    });

    this.shop = new BlueGreenFargatePipeline(this, 'Pipeline', {
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
  }
}
