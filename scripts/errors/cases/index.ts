import { BUILD } from './build';
import { DEPLOYMENT } from './deployment';
import { EVERYWHERE } from './everywhere';
import { SMALL_MODULES } from './small-modules';
import { SOURCE } from './source';
import { Case } from '../found';

/** For each code of the catalogue a program that breaks its rule and no other; docs/errors.md shows its message. */
export const CASES: { readonly [code: string]: Case | undefined } = {
  ...EVERYWHERE, ...SOURCE, ...BUILD, ...SMALL_MODULES, ...DEPLOYMENT,
};
