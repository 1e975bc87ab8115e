import { App } from 'aws-cdk-lib';
import { StorefrontProps, StorefrontStack } from '../../examples/us-east-1/storefront-stack';
import { Template } from '../../src/cli/template';
import { sampleContext } from '../synthesise-example';

/** The template of examples/us-east-1 with its sample context, synthesised in this process. */
export function exampleTemplate(): Template {
  const app = new App();
  const stack = new StorefrontStack(app, sampleContext() as unknown as StorefrontProps);
  const { region, stackName, artifactId } = stack;
  return new Template(app.synth().getStackArtifact(artifactId).template, { region, stackName });
}
