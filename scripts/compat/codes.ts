import { readFileSync } from 'fs';
import { join } from 'path';
import { Break } from './breaks';

/** The way in which each code is reported: as an error, at synthesis, or as a warning. */
export interface Codes {
  readonly [code: string]: string;
}

/** The codes on the page of errors, which a test holds to the catalogue. */
export function currentCodes(): Codes {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'errors.md'), 'utf8');
  return Object.fromEntries([...page.matchAll(/^\| \[(BGP\d+)\]\(#\w+\) \|.*\| ([^|]+) \|$/gm)].map(([, code, reported]) => [code, reported]));
}

/** Codes that no longer exist, and warnings that became errors. */
export function codeBreaks(before: Codes, after: Codes): Break[] {
  return Object.entries(before).flatMap(([code, reported]) => {
    const now = after[code];
    if (now === undefined) {
      return [{ key: `removed ${code}` }];
    }
    return now === reported ? [] : [{ key: `changed ${code}`, details: `reported ${now}, and before ${reported}` }];
  });
}
