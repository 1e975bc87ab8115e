import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';

/** A table of this folder: the documentation of AWS, or decisions of a person, separate from the code that tests them. */
export function tableOf<T>(name: string): T {
  // Anchors keep the tables short, however many there are.
  return parse(readFileSync(join(__dirname, `${name}.yaml`), 'utf8'), { maxAliasCount: -1 }) as T;
}
