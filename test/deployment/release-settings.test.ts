import { App, Stack } from 'aws-cdk-lib';
import { deploymentIn, images } from '../../scripts/errors/cases/subjects';
import { BuildSteps, CachedBuildProject } from '../../src';
import { templateOf } from '../helpers/synthesis';
import { propertiesOf, releaseSettingsIn } from '../helpers/templates';

const env = { region: 'us-east-1', account: '111111111111' };

/** A deployment, and the project that writes its release in the same stack or in another one. */
function released(place: 'same' | 'other') {
  const app = new App({ treeMetadata: false });
  const stack = new Stack(app, 'Storefront', { env });
  const deployment = deploymentIn(stack);
  const other = place === 'same' ? stack : new Stack(app, 'Release', { env });
  new CachedBuildProject(other, 'Release', {
    environmentSuffix: 'dev', purpose: 'release', steps: BuildSteps.release({ repository: images(), releaseSettings: deployment.releaseSettings }),
  });
  return { deployed: templateOf(stack), releasing: templateOf(other) };
}

test('a release is created from the revision that CloudFormation has registered when its test stage runs', () => {
  const { deployed, releasing } = released('same');
  const { production: { taskDefinition, family } } = releaseSettingsIn(releasing);

  // A reference: each deployment of the stack with another task definition puts the number of its revision here.
  expect(propertiesOf(deployed, taskDefinition.slice(2, -1), 'AWS::ECS::TaskDefinition').Family).toBe('taskdef-production-dev');
  expect(family).toBe('task-production-dev');
});

test('a release from another stack uses the newest revision, without an export that could not change', () => {
  const { deployed, releasing } = released('other');

  expect(releaseSettingsIn(releasing).production.taskDefinition).toBe('taskdef-production-dev');
  expect(JSON.stringify([releasing, deployed])).not.toContain('ImportValue');
});
