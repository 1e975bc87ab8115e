import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { join, relative } from 'path';
import { ROOT } from './app';
import { freshSnapshot, SNAPSHOT } from './snapshot';

/** Writes the snapshot of the integration test; git shows the changes. */
rmSync(SNAPSHOT, { recursive: true, force: true });
mkdirSync(SNAPSHOT);
for (const [file, content] of Object.entries(freshSnapshot())) {
  writeFileSync(join(SNAPSHOT, file), `${JSON.stringify(content, undefined, 1)}\n`);
  console.log(relative(ROOT, join(SNAPSHOT, file)));
}
