import { readFileSync } from 'fs';
import { join } from 'path';
import { aws_ec2 as ec2, Stack } from 'aws-cdk-lib';
import { smallestProps } from '../../scripts/programs';
import { BlueGreenFargatePipeline } from '../../src';
import { newStack, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

/** The sample of docs/new-account.md, word for word, with the source that it declares. */
class Storefront extends Stack {
  public make(): void {
    const { source } = smallestProps();
    // The sample begins here.
    const vpc = new ec2.Vpc(this, 'Network', {
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      natGateways: 1,
    });
    new BlueGreenFargatePipeline(this, 'Pipeline', {
      environmentSuffix: 'shop',
      notificationEmails: ['team@example.com'],
      source,
      vpc,
    });
    // The sample ends here.
  }
}

test('the tasks and load balancers of a pipeline use a network with named zones', () => {
  const stack = newStack();
  const storefront = new Storefront(stack.node.root, 'Shop', { env: { region: 'us-east-1' } });
  storefront.make();

  const template = templateOf(storefront);

  expect(all(template, 'AWS::EC2::Subnet').map(([, { AvailabilityZone }]) => AvailabilityZone)).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1a', 'us-east-1b']);
  expect(all(template, 'AWS::EC2::VPC')).toHaveLength(1);
});

test('the sample of docs/new-account.md is the tested one', () => {
  const lines = (text: string) => text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const [, tested] = /The sample begins here\.\n([^]*?)\/\/ The sample ends/.exec(readFileSync(__filename, 'utf8'))!;
  const [, written] = /```ts\ndeclare const source: PipelineSource;\n([^]*?)```/.exec(readFileSync(join(__dirname, '../../docs/new-account.md'), 'utf8'))!;

  expect(lines(written)).toEqual(lines(tested));
});
