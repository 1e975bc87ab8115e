import { IConstruct } from 'constructs';
import { renderingOnce } from './rendered-properties';
import { formatViolation, listViolations, Violations } from './violations';

/**
 * Adds a check that synthesis makes once the user is done with the exposed constructs. Violations end synthesis; a
 * check that only warns gives none.
 */
export function checkAtSynthesis(construct: IConstruct, check: () => Violations | void): void {
  construct.node.addValidation({
    validate: renderingOnce(construct, () => listViolations(check() ?? undefined).map(formatViolation)),
  });
}
