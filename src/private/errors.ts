import { Construct } from 'constructs';

/**
 * A broken rule in words: `'prop' must …, got <value as JSON>; <remedy>`.
 * A check returns `undefined` when the value is fine.
 */
export type Problem = string | undefined;

/** What every construct of this library throws for input that cannot work. */
class InvalidInputError extends Error {
  public readonly name = 'InvalidInputError';
}

/**
 * Throws one error that lists every problem, led by the path of the construct that is about to be made.
 *
 * Called before `super()`, so that nothing is left in the tree when it throws.
 */
export function refuse(scope: Construct, id: string, construct: string, problems: readonly Problem[]): void {
  // What several environments share is wrong once.
  const found = [...new Set(problems)].filter((problem): problem is string => problem !== undefined);
  if (found.length === 0) {
    return;
  }
  const path = [scope?.node?.path, id].filter((part) => part).join('/');
  throw new InvalidInputError(found.length === 1
    ? `${path} (${construct}): ${found[0]}`
    : [`${path} (${construct}) has ${found.length} problems:`, ...found].join('\n  - '));
}

/** Throws for a value class, which has no place in the construct tree. */
export function refuseValue(factory: string, problems: readonly Problem[]): void {
  const found = problems.filter((problem): problem is string => problem !== undefined);
  if (found.length > 0) {
    throw new InvalidInputError(found.length === 1
      ? `${factory}: ${found[0]}`
      : [`${factory} has ${found.length} problems:`, ...found].join('\n  - '));
  }
}
