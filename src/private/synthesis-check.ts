import { IConstruct } from 'constructs';
import { formatViolation, listViolations, Violations } from './violations';

/**
 * Adds a check that synthesis makes once the user is done with the exposed constructs. Violations end synthesis; a
 * check that only warns gives none.
 */
export function checkAtSynthesis(construct: IConstruct, check: () => Violations | void): void {
  construct.node.addValidation({ validate: () => listViolations(check() ?? undefined).map(formatViolation) });
}
