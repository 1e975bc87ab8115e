import { Break } from './breaks';
import { Change, resourceOf, typeOf } from '../../src/cli/guard/differences';
import { Finding } from '../../src/cli/guard/findings';
import { guardedPairs } from '../../src/cli/guard/guard';
import { Resource, Template, TemplateJson } from '../../src/cli/template';

/** Templates by the name of their program. */
export interface Templates {
  readonly [program: string]: TemplateJson;
}

/** Returns the breaks of an upgrade in the stacks of users. Both versions have the same programs. */
export function templateBreaks(before: Templates, after: Templates): Break[] {
  return Object.entries(before).flatMap(([program, template]) => breaksOf(template, after[program])
    .map((found) => ({ ...found, key: `${program}: ${found.key}` })));
}

function breaksOf(old: TemplateJson, current: TemplateJson): Break[] {
  const [before, after] = [old, current].map((json) => new Template(json, { stackName: 'Storefront', region: 'us-east-1' }));
  const [{ differences, findings, access, notKnown }, { access: lost }] = guardedPairs([
    { path: 'Storefront', before, after, importers: [] },
    // Access that only the old version has. The guard reports what a release needs.
    { path: 'Storefront', before: after, after: before, importers: [] },
  ]);
  const found = new Set(findings.flatMap(({ changes }) => changes));
  return [
    ...findings.map(findingBreak),
    // Also resources without a state, which the guard calls harmless: users refer to logical IDs in overrides, and to names everywhere.
    ...differences.changes.filter((change) => !found.has(change)).flatMap(changeBreak),
    ...access.map((text) => ({ key: `new access: ${text}` })),
    ...lost.map((text) => ({ key: `removed access: ${text}` })),
    ...notKnown.map((text) => ({ key: `not known: ${text}` })),
  ];
}

function findingBreak({ code, subject, changes, details }: Finding): Break {
  const words = `${subject}: ${details.join('; ')}`;
  // A lost permission is not the change of one resource.
  return changes.length === 0 ? { key: `${code} ${words}` }
    : { key: `${code} ${changes.map((change) => resourceOf(change).id).sort().join(', ')}`, details: words };
}

function changeBreak(change: Change): Break[] {
  const { kind, before, after, properties } = change;
  const { id } = resourceOf(change);
  if (kind === 'removed' || kind === 'replaced') {
    return [{ key: `${kind} ${id}`, details: [typeOf(change), ...properties.map(({ name }) => name)].join(', ') }];
  }
  const [from, to] = [before, after].map(nameTag);
  return kind === 'changed' && from !== to
    ? [{ key: `renamed ${id}`, details: `${typeOf(change)}, its tag "Name" is ${to}, and was ${from}` }]
    : [];
}

/** The tag that the console shows as the name of a resource of EC2. */
function nameTag(resource: Resource | undefined): unknown {
  return resource?.at('Tags').items.find((tag) => tag.at('Key').exact === 'Name')?.at('Value').exact;
}
