import { App, aws_ec2 as ec2, aws_ecr as ecr, aws_secretsmanager as secretsmanager, CfnResource, Stack } from 'aws-cdk-lib';
import { BlueGreenFargatePipelineProps, BuildCache, BuildSteps, PipelineEnvironment, RegistryLogin } from '../../../src';
import { userNetwork, smallest } from '../../helpers/programs';
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

test('the fiftieth pipeline of an app takes no longer than the fifth', () => {
  const app = new App();
  const milliseconds = Array.from({ length: 50 }, (_, index) => {
    const stack = new Stack(app, `Stack${index}`, { env: { region: 'us-east-1' } });
    const start = process.cpuUsage();
    pipelineIn(stack, { environmentSuffix: `app${index}` });
    return process.cpuUsage(start).user / 1000;
  });
  const median = (part: number[]): number => [...part].sort((one, other) => one - other)[Math.floor(part.length / 2)];

  expect(median(milliseconds.slice(45))).toBeLessThan(3 * median(milliseconds.slice(5, 15)));
}, 60_000);
