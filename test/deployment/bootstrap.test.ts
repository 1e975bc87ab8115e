import { ChildProcess, spawn } from 'child_process';
import { once } from 'events';
import { AddressInfo, createServer } from 'net';
import { aws_ec2 as ec2, aws_ecs as ecs, Stack } from 'aws-cdk-lib';
import { deploymentIn } from '../helpers/deployments';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

/** The command that the first tasks run, as it stands in the template. */
function bootstrapCommand(containerPort?: number): string[] {
  const stack = newStack();
  deploymentIn(stack, { containerPort });
  const [[, { ContainerDefinitions }]] = all(templateOf(stack), 'AWS::ECS::TaskDefinition').filter(([, { Family }]) => Family === 'task-production-dev');
  return ContainerDefinitions[0].Command;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answer(url: string): Promise<Response> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await fetch(url, { redirect: 'manual' });
    } catch (error) {
      if (attempt === 100) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

const running: ChildProcess[] = [];

afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')));

/** Runs it as ECS does, without a shell; `node` is the one that runs the tests. */
function start([program, ...args]: string[]): ChildProcess {
  expect(program).toBe('node');
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  running.push(child);
  return child;
}

test.each(['/', '/healthz', '/a/b/c?deep=1&x=%20', `/${'x'.repeat(1000)}`])('the first tasks answer 200 on %s, on any port', async (path) => {
  const port = await freePort();
  start(bootstrapCommand(port));

  const response = await answer(`http://127.0.0.1:${port}${path}`);

  expect([response.status, await response.text()]).toEqual([200, 'waiting for the first release']);
});

test.each([[undefined, 8080], [80, 80], [65535, 65535]])('for port %s the command listens on %s', (containerPort, port) => {
  expect(bootstrapCommand(containerPort).at(-1)).toMatch(new RegExp(`\\.listen\\(${port}\\)$`));
});

test('the first tasks stop at once when they are told to', async () => {
  const port = await freePort();
  const child = start(bootstrapCommand(port));
  await answer(`http://127.0.0.1:${port}/`);

  child.kill('SIGTERM');

  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('nothing in the bootstrap container is set that keeps root from a port below 1024', () => {
  const stack = newStack();
  deploymentIn(stack, { containerPort: 80 });

  const [[, { ContainerDefinitions }]] = all(templateOf(stack), 'AWS::ECS::TaskDefinition').filter(([, { Family }]) => Family === 'task-production-dev');

  expect(ContainerDefinitions[0]).not.toHaveProperty('User');
  expect(ContainerDefinitions[0]).not.toHaveProperty('LinuxParameters');
});

function network(stack: Stack, kind: 'isolatedSubnetIds' | 'privateSubnetIds', more: Partial<ec2.VpcAttributes> = {}): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-1', availabilityZones: ['us-east-1a', 'us-east-1b'], publicSubnetIds: ['subnet-a', 'subnet-b'], [kind]: ['subnet-c', 'subnet-d'], ...more,
  });
}

const NEEDS_IMAGE = "'bootstrapImage' is required in a 'vpc' whose private subnets are isolated: the default comes from ECR Public, which tasks cannot reach "
  + 'from there; bring an image of an ECR repository, and VPC endpoints for ECR, S3 and CloudWatch Logs';

test('fails in isolated subnets without an image of the user, of which the default could not be pulled', () => {
  const stack = newStack();
  const vpc = network(stack, 'isolatedSubnetIds');

  expect(() => deploymentIn(stack, { vpc })).toThrow(`Storefront/Production (EcsBlueGreenDeployment): ${NEEDS_IMAGE}`);
});

test('fails in a Vpc of CDK with isolated subnets, once for all environments of a pipeline', () => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Network', {
    natGateways: 0, subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }, { name: 'Inner', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  });

  expect(() => pipelineIn(stack, { vpc })).toThrow(`Storefront/P (BlueGreenFargatePipeline): ${NEEDS_IMAGE}`);
});

test('isolated subnets are taken with an image of the user', () => {
  const stack = newStack();

  deploymentIn(stack, { vpc: network(stack, 'isolatedSubnetIds'), bootstrapImage: ecs.ContainerImage.fromRegistry('registry.example.com/hello:1') });

  const [[, service]] = all(templateOf(stack), 'AWS::ECS::Service');
  expect(service.NetworkConfiguration.AwsvpcConfiguration.Subnets).toEqual(['subnet-c', 'subnet-d']);
});

test('imported private subnets are trusted to have a way out, which nothing shows at synthesis', () => {
  const stack = newStack();

  expect(() => deploymentIn(stack, { vpc: network(stack, 'privateSubnetIds') })).not.toThrow();
});

test('fails without private subnets, and without public ones for a public load balancer', () => {
  const stack = newStack();
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Network', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'] });

  expect(() => deploymentIn(stack, { vpc })).toThrow(
    "has 2 problems:\n  - 'vpc' must have private subnets for the tasks; add some, with a way out [BGP121]\n"
    + "  - 'vpc' must have public subnets for a load balancer that is reachable from the Internet; add some, or set 'publicLoadBalancer' to false [BGP120]\n");
});
