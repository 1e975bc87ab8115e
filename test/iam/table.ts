import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';

/** A table of this folder: what AWS documents, or what a person has decided, apart from the code that tests it. */
export function tableOf<T>(name: string): T {
  // Anchors keep the tables short, however many there are.
  return parse(readFileSync(join(__dirname, `${name}.yaml`), 'utf8'), { maxAliasCount: -1 }) as T;
}
