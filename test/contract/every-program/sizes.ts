import { App, aws_ec2 as ec2, aws_ecr as ecr, aws_secretsmanager as secretsmanager, CfnResource, Stack } from 'aws-cdk-lib';
import { Node } from 'constructs';
import { userNetwork } from '../../../scripts/programs';
import { BlueGreenFargatePipelineProps, BuildCache, BuildSteps, PipelineEnvironment, RegistryLogin } from '../../../src';
import { smallest } from '../../helpers/programs';
import { newStack, pipelineIn } from '../../helpers/synthesis';

test('the default pipeline has at most 155 resources and 166 kB', () => {
  const { template } = smallest();

  expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(155);
  expect(JSON.stringify(template).length).toBeLessThanOrEqual(166_000);
});

/** The number of resources of a pipeline with a number of default environments. */
function resourcesOf(environments: number, props: (stack: Stack) => Partial<BlueGreenFargatePipelineProps>): number {
  const stack = newStack();
  pipelineIn(stack, { ...props(stack), environments: Array.from({ length: environments }, (_, index) => new PipelineEnvironment(`e${index}`)) });
  return stack.node.findAll().filter((construct) => CfnResource.isCfnResource(construct)).length;
}

/** The most room for environments: every shared resource is passed by the user. */
const reusingEverything = (vpc: (stack: Stack) => ec2.IVpc | undefined) => (stack: Stack) => ({
  vpc: vpc(stack),
  repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'),
  registryCredentials: RegistryLogin.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Login', 'login')),
  buildSteps: BuildSteps.image({ cache: BuildCache.none() }),
});

test.each([
  { network: 'a network of its own', props: reusingEverything(() => undefined), more: 0 },
  { network: 'a network of the user', props: reusingEverything(userNetwork), more: 1 },
])('10 environments fit into a stack with $network, and $more more', ({ props, more }) => {
  const perEnvironment = resourcesOf(2, props) - resourcesOf(1, props);

  expect(Math.floor((500 - resourcesOf(10, props)) / perEnvironment)).toBe(more);
  expect(() => resourcesOf(11, props)).toThrow('[BGP134]');
});

test('a pipeline visits no construct of the pipelines before it', () => {
  const app = new App();
  const children = jest.spyOn(Node.prototype, 'children', 'get');
  const visited = Array.from({ length: 10 }, (_, index) => {
    const stack = new Stack(app, `Stack${index}`, { env: { region: 'us-east-1' } });
    children.mockClear();
    pipelineIn(stack, { environmentSuffix: `app${index}` });
    return children.mock.results.flatMap(({ value }) => value).length;
  });
  children.mockRestore();

  expect(visited[0]).toBeGreaterThan(50);
  expect(visited).toEqual(visited.map(() => visited[0]));
});
