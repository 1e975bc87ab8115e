import { ANYWHERE } from './catalogue/anywhere';
import { BUILD } from './catalogue/build';
import { DEPLOYMENT } from './catalogue/deployment';
import { OTHER_ROOMS } from './catalogue/other-rooms';
import { SOURCE } from './catalogue/source';
import { SURROUNDINGS } from './catalogue/surroundings';

/** What docs/errors.md tells about a code, beside the message itself. */
interface Entry {
  /** The rule in a few words. */
  readonly rule: string;
  /** Why it cannot work otherwise: what AWS, the CDK or this library does with such a value. */
  readonly why: string;
  /** What to do about it. */
  readonly fix: string;
  /** Where the limit is documented. */
  readonly source?: string;
}

/**
 * Every rule that a construct checks. Codes are API: a code keeps its meaning and is never used again for another rule.
 *
 * Nothing reads the texts at run time; docs/errors.md is made from them, and the types keep each problem on a code of this list.
 */
export const CATALOGUE = {
  ...ANYWHERE,
  ...SOURCE,
  ...BUILD,
  ...OTHER_ROOMS,
  ...DEPLOYMENT,
  ...SURROUNDINGS,
} satisfies { readonly [code: string]: Entry };

/** The stable code of a rule. */
export type Code = keyof typeof CATALOGUE;
