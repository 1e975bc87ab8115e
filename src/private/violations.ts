import { readFileSync } from 'fs';
import { join } from 'path';

/**
 * The stable code of a rule, explained in docs/errors.md. A code is never used for another rule.
 */
export type Code = `BGP${number}`;

/** A rule that an input breaks. */
export interface Violation {
  readonly code: Code;
  readonly text: string;
}

/** The result of a check: nothing when the input is valid. */
export type Violations = Violation | undefined | readonly Violations[];

export interface ViolationOptions {
  readonly code: Code;
  /** The path to the value, as in `environments[1].cpu`. */
  readonly prop: string;
  /** The key of a map that breaks the rule, as `formatValue` writes it. */
  readonly key?: string;
  /** The rule, beginning with "must" or "is required". */
  readonly rule: string;
  /** The value, as `formatValue` writes it; left out for a value that may be secret, or if the rule contains it. */
  readonly got?: string;
  /** An imperative, or an example. */
  readonly remedy: string;
}

/** A violation in the form of all messages: `'prop' must …, got <value>; <remedy>`. */
export function violation({ code, prop, key, rule, got, remedy }: ViolationOptions): Violation {
  const subject = key === undefined ? `'${prop}'` : `'${prop}' key ${key}`;
  const value = got === undefined ? '' : `, got ${got}`;
  return { code, text: `${subject} ${rule}${value}; ${remedy}` };
}

/** All violations of a result. */
export function listViolations(found: Violations): Violation[] {
  if (found === undefined) {
    return [];
  }
  return 'code' in found ? [found] : found.flatMap(listViolations);
}

export function isValid(found: Violations): boolean {
  return listViolations(found).length === 0;
}

/** The results of checks of which each one runs only if the ones before it found nothing. */
export function firstViolation(...checks: (() => Violations)[]): Violations {
  return checks.reduce<Violations>((found, check) => (isValid(found) ? check() : found), undefined);
}

/** A violation with its code and the link to its explanation. */
export function formatViolation({ code, text }: Violation): string {
  return `${text} [${code}] ${pageOfErrors()}#${code.toLowerCase()}`;
}

let page: string | undefined;

/** The page of this version of the package; version 0.0.0 is a checkout of the repository. */
function pageOfErrors(): string {
  page ??= readPageOfErrors();
  return page;
}

function readPageOfErrors(): string {
  const manifest = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { readonly version: string };
  const tag = version === '0.0.0' ? 'main' : `v${version}`;
  return `https://github.com/org/bluegreen-pipeline/blob/${tag}/docs/errors.md`;
}
