import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';

/** An incompatible change between two versions. */
export interface Break {
  /** The entry in compat/breaks.yaml that declares it. */
  readonly key: string;
  readonly details?: string;
}

/** A break that a release makes on purpose. */
export interface DeclaredBreak {
  /** Keys of the breaks that one reason explains. */
  readonly keys: readonly string[];
  readonly why: string;
  /** The steps of a user before or after the upgrade. */
  readonly upgrade: string;
}

export function declaredBreaks(): readonly DeclaredBreak[] {
  return parse(readFileSync(join(__dirname, '..', '..', 'compat', 'breaks.yaml'), 'utf8')) as DeclaredBreak[];
}

/** The complaints about the breaks of a version: each that is not declared, and each declaration that is not valid. */
export function complaints(breaks: readonly Break[], declared: readonly DeclaredBreak[]): string[] {
  const keys = declared.flatMap((one) => one.keys);
  const occurring = new Set(breaks.map(({ key }) => key));
  return [
    ...breaks.filter(({ key }) => !keys.includes(key)).map(({ key, details }) => `${key}${details ? `\n  ${details}` : ''}`),
    ...keys.filter((key) => !occurring.has(key)).map((key) => `compat/breaks.yaml declares a break that does not occur: ${key}`),
    ...declared.filter(({ why, upgrade }) => !isSentence(why) || !isSentence(upgrade))
      .map((one) => `compat/breaks.yaml must say why, and what a user does ("upgrade"), in sentences: ${one.keys.join(', ')}`),
  ];
}

function isSentence(text: unknown): boolean {
  return typeof text === 'string' && /^[A-Z`].{20,}\.$/s.test(text.trim());
}
