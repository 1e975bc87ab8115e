import { aws_ecs as ecs } from 'aws-cdk-lib';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { EcsBlueGreenDeployment } from '../../src';
import { newStack } from '../helpers/synthesis';

/** The violations of a task definition with this variable and additional containers. */
function problems(value: string, change: (deployment: EcsBlueGreenDeployment) => void = () => undefined): string[] {
  const deployment = deploymentIn(newStack(), { containerEnvironment: { CATALOGUE: value } });
  change(deployment);
  return deployment.node.validate().filter((text) => text.includes('BGP168'));
}

const TOO_LARGE = [expect.stringMatching(/^'taskDefinition' must have at most 65536 bytes as JSON in UTF-8, including all containers and variables, got 6[5-9]\d{3} bytes; read long values from Systems Manager or S3 when the application starts \[BGP168\]/)];

test.each<[string, string]>([
  ['ASCII', 'x'.repeat(64_000)],
  ['characters of three bytes', '漢'.repeat(21_000)],
  ['quotes, which are escaped', '"'.repeat(32_000)],
])('a task definition of less than 64 KiB is accepted, with %s', (_, value) => {
  expect(problems(value)).toEqual([]);
});

test.each<[string, string]>([
  ['ASCII', 'x'.repeat(65_536)],
  ['characters of three bytes', '漢'.repeat(22_000)],
  ['quotes, which are escaped', '"'.repeat(33_000)],
])('a task definition of more than 64 KiB is rejected, with %s', (_, value) => {
  expect(problems(value)).toEqual(TOO_LARGE);
});

test("the user's own containers count, too", () => {
  const sidecar = ({ taskDefinition }: EcsBlueGreenDeployment) => {
    taskDefinition.addContainer('Proxy', { image: ecs.ContainerImage.fromRegistry('acme/proxy:1'), environment: { RULES: 'x'.repeat(33_000) } });
  };

  expect(problems('x'.repeat(31_000), sidecar)).toEqual([]);
  expect(problems('x'.repeat(33_000), sidecar)).toEqual(TOO_LARGE);
});
