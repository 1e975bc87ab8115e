import { cdkOnAssembly, stacksOf, synthesise } from './app';
import { step } from '../command';
import { endpointOf, reportFailure, runningEmulator, startEmulator, stopEmulator } from './emulator';
import { readOptions } from './options';
import { preparedRegions, regionsOf, show, takeBaseline } from './readback';

const PROOF = `
What this shows, and what not
  Shown: a CloudFormation engine took the template in full, in order, with its references; the custom
  resource ran; the types marked "read back" answer in their own service's API.
  Not shown: a release. The types marked PLACEHOLDER are names in the stack and nothing more: here no
  pipeline runs, nothing is built, and no traffic moves from blue to green. Permissions and quotas are
  not checked either.

Change something and run npm run deploy:local again, or end with npm run destroy:local.`;

async function main(): Promise<void> {
  const app = readOptions('deploy:local');
  const earlier = await runningEmulator();
  if (earlier) {
    console.log(`Using the emulator that is already running on ${endpointOf(earlier)}`);
  }
  const emulator = earlier ?? await startEmulator();
  const endpoint = endpointOf(emulator);
  try {
    step('cdk synth');
    synthesise(app, endpoint);
    const unprepared = regionsOf(stacksOf(app)).filter((region) => !preparedRegions().includes(region));
    if (unprepared.length > 0) {
      step('cdk bootstrap');
      cdkOnAssembly(app, endpoint, 'bootstrap');
      unprepared.forEach((region) => takeBaseline(emulator, region));
    }
    step('cdk deploy');
    cdkOnAssembly(app, endpoint, 'deploy', '**', '--require-approval', 'never');
    step('Resources in the emulator');
    show(emulator, stacksOf(app));
  } catch (error) {
    // What this run started it also ends, so that a failure leaves no process behind; an emulator that
    // was there before stays, with what it held.
    if (!earlier) {
      await stopEmulator(emulator);
    }
    throw error;
  }
  console.log(PROOF);
}

main().catch((error: Error) => reportFailure('deploy:local', error));
