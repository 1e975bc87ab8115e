import { App, Stack } from 'aws-cdk-lib';
import { BlueGreenFargatePipeline, BuildSteps, PipelineEnvironment, PipelineSource } from '@org/bluegreen-pipeline';

/** What differs between two storefronts. */
export interface StorefrontProps {
  readonly connectionArn: string;
  readonly repository: string;
  readonly notificationEmail: string;
  readonly environmentSuffix: string;
}

/** The storefront and its pipeline from a push to production. */
export class StorefrontStack extends Stack {
  public readonly shop: BlueGreenFargatePipeline;

  constructor(app: App, props: StorefrontProps) {
    const { connectionArn, repository, notificationEmail, environmentSuffix } = props;
    // The region alone: with an account as well, CDK would look up the zones of the network and need credentials to synthesise.
    super(app, `storefront-${environmentSuffix}`, {
      env: { region: 'us-east-1' },
      description: 'The storefront and its pipeline from a push to production',
    });

    this.shop = new BlueGreenFargatePipeline(this, 'Pipeline', {
      environmentSuffix,
      source: PipelineSource.connection({ connectionArn, repository }),
      notificationEmails: [notificationEmail],
      // The application lives beside this file; a repository of its own would not need these steps.
      buildSteps: BuildSteps.image({
        dockerfile: 'examples/us-east-1/app/Dockerfile',
        context: 'examples/us-east-1/app',
      }),
      healthCheckPath: '/healthz',
      environments: [
        PipelineEnvironment.staging({
          containerEnvironment: { ENVIRONMENT_NAME: 'staging' },
        }),
        PipelineEnvironment.production({
          maxTaskCount: 6,
          containerEnvironment: { ENVIRONMENT_NAME: 'production' },
        }),
      ],
    });
  }
}
