import { writeFileSync } from 'fs';
import { join } from 'path';
import { costPage } from './cost/page';

/** Writes docs/cost.md. Its figures need templates, not their validation, which the examples have. */
process.env.CDK_VALIDATION = 'false';
writeFileSync(join(__dirname, '..', 'docs', 'cost.md'), costPage());
console.log('docs/cost.md');
