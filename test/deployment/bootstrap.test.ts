import { ChildProcess, spawn } from 'child_process';
import { once } from 'events';
import { AddressInfo, createServer } from 'net';
import { aws_ec2 as ec2, aws_ecs as ecs } from 'aws-cdk-lib';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { newStack, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

/** The container of the first tasks, from the template. */
function bootstrapContainer(containerPort?: number): { readonly Command: string[] } {
  const stack = newStack();
  deploymentIn(stack, { containerPort });
  const [[, { ContainerDefinitions }]] = all(templateOf(stack), 'AWS::ECS::TaskDefinition')
    .filter(([, { Family }]) => Family === 'task-production-dev');
  return ContainerDefinitions[0];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The response of the server, which may take any time to start. */
async function answerOf(child: ChildProcess, url: string): Promise<Response> {
  while (child.exitCode === null) {
    try {
      return await fetch(url, { redirect: 'manual' });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`The server ended with ${child.exitCode}`);
}

/** Longer than any machine takes. */
jest.setTimeout(300_000);

const running: ChildProcess[] = [];

afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')));

/** Runs it as ECS does, without a shell; `node` is the one that runs the tests. */
function start([program, ...args]: string[]): ChildProcess {
  expect(program).toBe('node');
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  running.push(child);
  return child;
}

test.each(['/', '/healthz', '/a/b/c?deep=1&x=%20', `/${'x'.repeat(1000)}`])('the first tasks respond with 200 on %s, on any port', async (path) => {
  const port = await freePort();
  const child = start(bootstrapContainer(port).Command);

  const response = await answerOf(child, `http://127.0.0.1:${port}${path}`);

  expect([response.status, await response.text()]).toEqual([200, 'waiting for the first release']);
});

test.each([[undefined, 8080], [80, 80], [65535, 65535]])('for port %s the command listens on %s', (containerPort, port) => {
  expect(bootstrapContainer(containerPort).Command.at(-1)).toMatch(new RegExp(`\\.listen\\(${port}\\)$`));
});

test('the first tasks stop immediately on SIGTERM', async () => {
  const port = await freePort();
  const child = start(bootstrapContainer(port).Command);
  await answerOf(child, `http://127.0.0.1:${port}/`);

  child.kill('SIGTERM');

  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('no setting of the bootstrap container keeps root from a port below 1024', () => {
  const container = bootstrapContainer(80);

  expect(container).not.toHaveProperty('User');
  expect(container).not.toHaveProperty('LinuxParameters');
});

test('isolated subnets are accepted with an image of the user', () => {
  const stack = newStack();
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-1',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    publicSubnetIds: ['subnet-a', 'subnet-b'],
    isolatedSubnetIds: ['subnet-c', 'subnet-d'],
  });

  deploymentIn(stack, { vpc, bootstrapImage: ecs.ContainerImage.fromRegistry('registry.example.com/hello:1') });

  const [[, service]] = all(templateOf(stack), 'AWS::ECS::Service');
  expect(service.NetworkConfiguration.AwsvpcConfiguration.Subnets).toEqual(['subnet-c', 'subnet-d']);
});
