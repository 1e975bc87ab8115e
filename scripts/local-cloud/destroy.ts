import { parseArgs } from 'util';
import { step } from './command';
import { endpointOf, readBack, reportFailure, runningEmulator, stacksOf, stopEmulator } from './emulator';
import { destroy, stackNames, suffixOption } from './example';

async function main(): Promise<void> {
  const { suffix, discard } = parseArgs({ options: { suffix: suffixOption, discard: { type: 'boolean' } } }).values;
  const emulator = await runningEmulator();
  if (!emulator) {
    console.log('No emulator of ours runs, so nothing is deployed: it keeps everything in its memory.');
    return;
  }
  if (discard) {
    await stopEmulator(emulator);
    return;
  }

  step('cdk destroy');
  destroy(endpointOf(emulator), suffix);
  const left = stacksOf(emulator);
  const undestroyed = stackNames(suffix).filter(name => left.includes(name));
  if (undestroyed.length > 0) {
    throw new Error(`still there after cdk destroy: ${undestroyed.join(', ')}`);
  }

  step('What the emulator still holds, beyond its own defaults and the stacks that remain');
  try {
    readBack(emulator, 'leftovers');
    console.log('  (end of list)');
  } finally {
    // The list is complete, and nothing more can be learnt from the emulator, unless it holds another environment.
    const others = left.filter(name => name !== 'CDKToolkit');
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
    console.error('To end the emulator with everything it holds: npm run destroy:local -- --discard');
  }
});
