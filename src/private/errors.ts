import { Validations } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { hideJsiiFrames, userFrames } from './trace';
import { Code, formatViolation, listViolations, Violations } from './violations';

/** The construct, method or factory that rejects its input. */
export interface Subject {
  /** The class of a construct, or the name of a factory, as in `TrafficShift.canary`. */
  readonly type: string;
  /** The scope of the construct. JavaScript callers may pass anything. */
  readonly scope?: unknown;
  /** The id of a construct that is not created yet. */
  readonly id?: unknown;
}

/** The error for input that cannot work. */
class InvalidInputError extends Error {
  public readonly name = 'InvalidInputError';

  constructor(subject: string, found: readonly string[]) {
    super(found.length === 1
      ? `${subject}: ${found[0]}`
      : [`${subject} has ${found.length} problems:`, ...found].join('\n  - '));
    const frames = (this.stack ?? '').split(this.message).pop() ?? '';
    this.stack = [`${this.name}: ${this.message}`, ...userFrames(frames.split('\n'))].join('\n');
  }
}

/**
 * Throws one error that lists every violation, led by the path of the construct.
 *
 * Call it before `super()`, so that an invalid construct leaves nothing in the tree.
 */
export function throwIfInvalid(subject: Subject, violations: Violations): void {
  // Environments that share a value share its violation.
  const found = [...new Set(listViolations(violations).map(formatViolation))];
  if (found.length > 0) {
    const error = new InvalidInputError(formatSubject(subject), found);
    hideJsiiFrames();
    throw error;
  }
}

function formatSubject({ type, scope, id }: Subject): string {
  const parts = [Construct.isConstruct(scope) ? scope.node.path : '', typeof id === 'string' ? id : ''];
  const path = parts.filter((part) => part !== '').join('/');
  return path === '' ? type : `${path} (${type})`;
}

/**
 * Adds a warning that users acknowledge by its id, `@org/bluegreen-pipeline:<topic>`. Ids are API.
 */
export function warn(construct: Construct, topic: string, code: Code, text: string): void {
  const id = `@org/bluegreen-pipeline:${topic}`;
  if (![construct, construct.node.root].some((scope) => isAcknowledgedOn(scope, id))) {
    Validations.of(construct).addWarning(id, formatViolation({ code, text }));
  }
}

/**
 * Returns true if a warning was acknowledged on a construct before it was added. The CDK looks for acknowledgements on
 * the scopes of a construct, but not on the app, whose path is empty, and its older versions not on the construct.
 */
function isAcknowledgedOn({ node }: IConstruct, id: string): boolean {
  return node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.keys(data as object))
    .some((key) => key === id || key.endsWith(`::${id}`));
}

/** Removes a warning that no longer applies. */
export function clearWarning(construct: Construct, topic: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `@org/bluegreen-pipeline:${topic}`, reason });
}
