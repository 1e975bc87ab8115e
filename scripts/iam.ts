import { writeFileSync } from 'fs';
import { join } from 'path';
import { iamPage } from './iam/page';

/** Writes docs/iam.md. Its statements need templates, not their validation, which the examples have. */
process.env.CDK_VALIDATION = 'false';
writeFileSync(join(__dirname, '..', 'docs', 'iam.md'), iamPage());
console.log('docs/iam.md');
