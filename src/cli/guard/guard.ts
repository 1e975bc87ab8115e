import { Differences } from './differences';
import { Code, Finding } from './findings';
import { Pair } from './templates';
import { Resource, Template } from '../template';
import { dataFindings } from './rules/data';
import { permissionFindings } from './rules/permissions';
import { rejectedFindings } from './rules/rejected';
import { releaseFindings, unknownExecutions } from './rules/releases';
import { servingFindings } from './rules/serving';
import { trafficFindings } from './rules/traffic';

/** Result of a comparison of two versions of a stack. */
export interface Guarded {
  readonly differences: Differences;
  readonly findings: readonly Finding[];
  /** New access of roles and principals that the deployed stack knows. */
  readonly access: readonly string[];
  readonly notKnown: readonly string[];
}

/** Findings that do not come true for a resource that cannot be replaced: CloudFormation deletes at the end. */
const AT_THE_END: readonly Code[] = [
  'service-deleted',
  'data-deleted',
  'subscriptions-unconfirmed',
  'connection-pending',
  'executions-cancelled',
];

/** Compares each deployed template with the one that is to replace it. */
export function guardedPairs(pairs: readonly Pair[]): Guarded[] {
  // Twice, because what one stack replaces, another one can import.
  const alone = pairs.map(({ before, after }) => new Differences(before, after));
  const elsewhere = (resource: Resource) => alone.map((one) => one.of(resource)).find((change) => change !== undefined);
  return pairs.map(({ before, after, importers }) => guarded(new Differences(before, after, elsewhere), importers));
}

function guarded(differences: Differences, importers: readonly Template[]): Guarded {
  const { before } = differences;
  const rejected = rejectedFindings(differences, importers);
  const kept = new Set(rejected.flatMap(({ changes }) => changes));
  const { findings, access, notKnown } = permissionFindings(differences);
  const others = [
    ...servingFindings(differences),
    ...trafficFindings(differences),
    ...dataFindings(differences),
    ...releaseFindings(differences),
    ...findings,
  ].filter(({ code, changes }) => !AT_THE_END.includes(code) || !changes.every((change) => kept.has(change)));
  const unread = before.unreadStacks.map(({ id }) => `the nested stack ${id} was not read`);
  return {
    differences,
    findings: [...rejected, ...others],
    access,
    notKnown: [...unread, ...unknownExecutions(differences), ...notKnown],
  };
}
