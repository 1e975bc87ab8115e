import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';

/** The reason for an action on `Resource: "*"`, and the AWS page that requires it. */
interface UnscopableAction {
  readonly why: string;
  readonly source: string;
}

export const UNSCOPABLE_ACTIONS = parse(readFileSync(join(__dirname, 'unscopable-actions.yaml'), 'utf8')) as {
  readonly [action: string]: UnscopableAction;
};
