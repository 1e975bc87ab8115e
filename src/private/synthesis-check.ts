import { IConstruct } from 'constructs';
import { renderingOnce } from './rendered-properties';
import { formatViolation, listViolations, Violations } from './violations';

/**
 * Adds a check that runs at synthesis, after the user has changed the exposed constructs. Violations end synthesis;
 * a check that only warns returns none.
 */
export function checkAtSynthesis(construct: IConstruct, check: () => Violations | void): void {
  construct.node.addValidation({
    validate: renderingOnce(construct, () => listViolations(check() ?? undefined).map(formatViolation)),
  });
}
