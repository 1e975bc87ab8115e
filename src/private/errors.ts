import { Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Code } from './catalogue';
import { hideJsiiFrames, usersFrames } from './trace';

/** A broken rule: its stable code, and what is wrong in words that name the prop, the value and the way out. */
export interface BrokenRule {
  readonly code: Code;
  readonly text: string;
}

/** What a check finds; `undefined` when the value is fine. */
export type Problem = BrokenRule | undefined;

/**
 * A broken rule in the one form that all of them have: `'prop' must …, got <value>; <remedy>`.
 *
 * @param code the rule in the catalogue
 * @param prop the path to the value, as in `environments[1].cpu`
 * @param must what is broken, beginning with "must"
 * @param got the value, as `shown` shows it; left out for a value that may be a secret, or when `must` says it all
 * @param remedy what to do, or an example
 */
export function broken(code: Code, prop: string, must: string, got: string | undefined, remedy: string): BrokenRule {
  return { code, text: `'${prop}' ${must}${got === undefined ? '' : `, got ${got}`}; ${remedy}` };
}

/** Where each code is explained. */
const CATALOGUE_PAGE = 'https://github.com/org/bluegreen-pipeline/blob/main/docs/errors.md';

/** What every construct and value class of this library throws for input that cannot work. */
class InvalidInputError extends Error {
  public readonly name = 'InvalidInputError';

  constructor(subject: string, problems: readonly Problem[]) {
    // What several environments share is wrong once.
    const found = [...new Set(problems.filter((problem) => problem !== undefined).map(inWords))];
    super([
      found.length === 1 ? `${subject}: ${found[0]}` : [`${subject} has ${found.length} problems:`, ...found].join('\n  - '),
      `Codes are explained in ${CATALOGUE_PAGE}`,
    ].join('\n'));
    const frames = (this.stack ?? '').split(this.message).pop() ?? '';
    this.stack = [`${this.name}: ${this.message}`, ...usersFrames(frames.split('\n'))].join('\n');
  }
}

/** A broken rule with its code, as every message and every finding at synthesis shows it. */
export function inWords({ code, text }: BrokenRule): string {
  return `${text} [${code}]`;
}

/**
 * Throws one error that lists every problem, led by the path of the construct that is about to be made.
 *
 * Called before `super()`, so that nothing is left in the tree when it throws.
 */
export function refuse(scope: Construct, id: string, construct: string, problems: readonly Problem[]): void {
  // JavaScript callers may hand over anything as scope and id; that is a problem to tell, not to fall over.
  const path = [Construct.isConstruct(scope) ? scope.node.path : '', typeof id === 'string' ? id : ''].filter((part) => part !== '').join('/');
  throwFor(path === '' ? construct : `${path} (${construct})`, problems);
}

/** Throws for a value class, which has no place in the construct tree. */
export function refuseValue(factory: string, problems: readonly Problem[]): void {
  throwFor(factory, problems);
}

function throwFor(subject: string, problems: readonly Problem[]): void {
  if (problems.some((problem) => problem !== undefined)) {
    const error = new InvalidInputError(subject, problems);
    hideJsiiFrames();
    throw error;
  }
}

/** Says what is legal and unwise; users acknowledge it by its id, `@org/bluegreen-pipeline:<topic>`. */
export function warn(construct: Construct, topic: string, code: Code, text: string): void {
  Validations.of(construct).addWarning(`@org/bluegreen-pipeline:${topic}`, inWords({ code, text }));
}

/** Takes a warning back that no longer holds. */
export function withdraw(construct: Construct, topic: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `@org/bluegreen-pipeline:${topic}`, reason });
}
