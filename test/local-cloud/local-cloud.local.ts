import { closeClient, destroy } from './cloud';
import { installOnce } from '../../scripts/local-cloud/venv';
// One emulator for all, in this order: each part goes on from what the one before it left.
import './commands';
import './deploying';
import './events';
import './changing';
import './failing';
import './destroying';

// A guard against hanging; on a busy machine a deploy takes minutes.
jest.setTimeout(1_800_000);

// With the settings that the person has for pip; everything after it runs as somebody else. An earlier run may have been cut short.
beforeAll(() => {
  installOnce();
  destroy('--discard');
});
afterAll(closeClient);
