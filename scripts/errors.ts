import { writeFileSync } from 'fs';
import { join } from 'path';
import { errorsPage } from './errors/page';

/** Writes docs/errors.md. Its messages need constructs, not the validation of templates. */
process.env.CDK_VALIDATION = 'false';
writeFileSync(join(__dirname, '..', 'docs', 'errors.md'), errorsPage());
console.log('docs/errors.md');
