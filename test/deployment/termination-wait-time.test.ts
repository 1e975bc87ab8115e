import { Duration, Lazy, Validations } from 'aws-cdk-lib';
import { PipelineEnvironment } from '../../src';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

const ID = '@org/bluegreen-pipeline:BlueGreenFargatePipeline.noTerminationWaitTime';

/** A pipeline whose environments keep their old tasks for this time. */
function pipelineWith(waits: { readonly [name: string]: Duration | undefined }, acknowledged = false) {
  const stack = newStack();
  if (acknowledged) {
    Validations.of(stack).acknowledge({ id: ID, reason: 'we know' });
  }
  pipelineIn(stack, {
    environments: Object.entries(waits).map(([name, terminationWaitTime]) => new PipelineEnvironment(name, { rollback: { terminationWaitTime } })),
  });
  const template = templateOf(stack);
  const warnings = stack.node.findAll().flatMap(({ node }) => node.metadata).map(({ data }) => String(data)).filter((text) => text.includes('BGP162'));
  return { template, warnings };
}

test.each([0, 1, 2880])('old tasks can be kept for %d minutes', (minutes) => {
  const [[, { BlueGreenDeploymentConfiguration: configuration }]] =
    all(pipelineWith({ live: Duration.minutes(minutes) }).template, 'AWS::CodeDeploy::DeploymentGroup');

  expect(configuration.TerminateBlueInstancesOnDeploymentSuccess).toEqual({ Action: 'TERMINATE', TerminationWaitTimeInMinutes: minutes });
});

test('the warning about 0 minutes in the last environment has its name, the consequence and the remedy', () => {
  const { warnings } = pipelineWith({ staging: Duration.minutes(5), live: Duration.minutes(0) });

  expect(warnings).toEqual([expect.stringContaining('live stops the old tasks as soon as all traffic has shifted, so CodeDeploy cannot roll back afterwards: '
    + "set its 'rollback.terminationWaitTime' to a few minutes [BGP162]")]);
  expect(warnings[0]).toContain(ID);
});

test('the warning can be acknowledged', () => {
  expect(pipelineWith({ live: Duration.minutes(0) }, true).warnings).toEqual([]);
});

test.each<[string, { [name: string]: Duration | undefined }]>([
  ['an environment before the last', { staging: Duration.minutes(0), live: Duration.minutes(1) }],
  ['the default', { live: undefined }],
  ['a time that is known only at deployment', { live: Duration.minutes(Lazy.number({ produce: () => 0 })) }],
])('synthesis does not warn about %s', (_, waits) => {
  expect(pipelineWith(waits).warnings).toEqual([]);
});
