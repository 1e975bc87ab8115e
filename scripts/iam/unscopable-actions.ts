import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';

/** Why an action stands on `Resource: "*"`, and where AWS says that it must. */
interface UnscopableAction {
  readonly why: string;
  readonly source: string;
}

export const UNSCOPABLE_ACTIONS = parse(readFileSync(join(__dirname, 'unscopable-actions.yaml'), 'utf8')) as {
  readonly [action: string]: UnscopableAction;
};
