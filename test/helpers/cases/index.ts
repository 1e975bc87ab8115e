import { BUILD } from './build';
import { DEPLOYMENT } from './deployment';
import { EVERYWHERE } from './everywhere';
import { OTHER_ROOMS } from './other-rooms';
import { SOURCE } from './source';
import { Case } from '../../../scripts/errors/found';
import type { Code } from '../../../src/private/catalogue';

/** For each code of the catalogue something that breaks its rule and no other; docs/errors.md shows what it is told. */
export const CASES: { readonly [code in Code]?: Case } = { ...EVERYWHERE, ...SOURCE, ...BUILD, ...OTHER_ROOMS, ...DEPLOYMENT };
