import { BUILD } from './build';
import { DEPLOYMENT } from './deployment';
import { EVERYWHERE } from './everywhere';
import { OVERRIDES } from './overrides';
import { SMALL_MODULES } from './small-modules';
import { caseOf } from './subjects';
import { SECTIONS } from '../catalogue';
import { Case } from '../found';

const EXAMPLES = SECTIONS.flatMap(({ codes }) => Object.entries(codes))
  .flatMap(([code, { example }]): [string, Case][] => (example === undefined ? [] : [[code, caseOf(example)]]));

/** For each code of the catalogue a program that breaks its rule and no other; docs/errors.md shows its message. */
export const CASES: { readonly [code: string]: Case | undefined } = {
  ...Object.fromEntries(EXAMPLES), ...EVERYWHERE, ...BUILD, ...SMALL_MODULES, ...DEPLOYMENT, ...OVERRIDES,
};
