import { App, Stack } from 'aws-cdk-lib';
import { BlueGreenFargatePipeline } from '../../../src';
import { fullProps } from '../../helpers/programs';

/** Everything set, so that the emulator meets whatever the library can make. */
const stack = new Stack(new App(), 'everything', { env: { region: 'us-east-1' } });
const { environments, ...props } = fullProps(stack);

new BlueGreenFargatePipeline(stack, 'Pipeline', {
  ...props,
  // A role that is brought must exist, and here none does: the emulator is as strict about that as AWS.
  environments: environments!.map(({ approverRoles, ...environment }) => environment),
});
