import { writeFileSync } from 'fs';
import { join } from 'path';
import { guardPage } from './changes/guard/page';
import { changesPage } from './changes/page';

/** Writes docs/changes.md and docs/guard.md. */
Object.entries({ 'changes.md': changesPage(), 'guard.md': guardPage() }).forEach(([name, content]) => {
  writeFileSync(join(__dirname, '..', 'docs', name), content);
  console.log(`docs/${name}`);
});
