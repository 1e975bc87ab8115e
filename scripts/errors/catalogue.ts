import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';

/** The entry of a code in docs/errors.md, except for the message itself. */
export interface Entry {
  /** The rule in a few words. */
  readonly rule: string;
  /** Why another value cannot work. */
  readonly why: string;
  /** The remedy. */
  readonly fix: string;
  /** The address of the documentation of the limit. */
  readonly source?: string;
  /** An invalid example, if plain values suffice: the props of a subject, by its name in cases/subjects.ts. */
  readonly example?: object;
}

export interface Section {
  readonly title: string;
  readonly codes: { readonly [code: string]: Entry };
}

/** The catalogue of codes, in the order of the page. */
export const SECTIONS = parse(readFileSync(join(__dirname, 'catalogue.yaml'), 'utf8')) as readonly Section[];
