import { cdkOnAssembly, isSynthesised, stacksOf, synthesise } from './app';
import { step } from '../command';
import { endpointOf, reportFailure, runningEmulator, stopEmulator } from './emulator';
import { readOptions } from './options';
import { existingStacks, preparedRegions, showLeftovers } from './readback';

async function main(): Promise<void> {
  const { discard, ...app } = readOptions('destroy:local');
  const emulator = await runningEmulator();
  if (!emulator) {
    console.log('No emulator is running, so nothing is deployed: an emulator keeps everything in memory.');
    return;
  }
  if (discard) {
    await stopEmulator(emulator);
    return;
  }

  const endpoint = endpointOf(emulator);
  if (!isSynthesised(app)) {
    step('cdk synth');
    synthesise(app, endpoint);
  }
  step('cdk destroy');
  cdkOnAssembly(app, endpoint, 'destroy', '**', '--force');
  const left = existingStacks(emulator);
  const undestroyed = left.filter((stack) => stacksOf(app).some(({ stackName, region }) => stackName === stack.stackName && region === stack.region));
  if (undestroyed.length > 0) {
    throw new Error(`not deleted by cdk destroy: ${undestroyed.map(({ stackName }) => stackName).join(', ')}`);
  }

  step('Resources in the emulator, except its defaults and the remaining stacks');
  const others = left.map(({ stackName }) => stackName).filter((name) => name !== 'CDKToolkit');
  try {
    preparedRegions().forEach((region) => showLeftovers(emulator, region));
    console.log('  (end of list)');
  } finally {
    // The list is complete, and the emulator is no longer needed, unless it contains another deployment.
    if (others.length === 0) {
      await stopEmulator(emulator);
    } else {
      console.log(`The emulator keeps running for ${others.join(', ')}`);
    }
  }
}

main().catch(async (error: Error) => {
  reportFailure('destroy:local', error);
  if (await runningEmulator()) {
    console.error('To stop the emulator with everything in it: npm run destroy:local -- --discard');
  }
});
