import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';

/** What docs/errors.md says about a code, beside the message itself. */
export interface Entry {
  /** The rule in a few words. */
  readonly rule: string;
  /** Why another value cannot work. */
  readonly why: string;
  /** What to do about it. */
  readonly fix: string;
  /** Where the limit is documented. */
  readonly source?: string;
  /** What breaks the rule, where plain values can: the props of a subject, by its name in cases/subjects.ts. */
  readonly example?: object;
}

export interface Section {
  readonly title: string;
  readonly codes: { readonly [code: string]: Entry };
}

/** The catalogue of codes, in the order of the page. */
export const SECTIONS = parse(readFileSync(join(__dirname, 'catalogue.yaml'), 'utf8')) as readonly Section[];
