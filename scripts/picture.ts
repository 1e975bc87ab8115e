import { writeFileSync } from 'fs';
import { join } from 'path';
import { exampleTemplate } from './picture/example';
import { picture } from './picture/picture';

/** Writes docs/pipeline.svg. It needs the template of the example, not its validation, which "npm run synth" runs. */
process.env.CDK_VALIDATION = 'false';
writeFileSync(join(__dirname, '..', 'docs', 'pipeline.svg'), picture(exampleTemplate()));
console.log('docs/pipeline.svg');
