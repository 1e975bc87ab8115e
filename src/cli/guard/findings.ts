import codes from './codes.json';
import { Change, canonical, resourceOf } from './differences';
import { listed } from '../layout';
import { Resource, Value } from '../template';

/** A kind of harm, as it is named on the command line. */
export type Code = keyof typeof codes;

export const CODES = Object.keys(codes) as Code[];

/** A harmful change, with everything in the template that is part of it. */
export interface Finding {
  readonly code: Code;
  /** The environment or the resource that is harmed. */
  readonly subject: string;
  readonly changes: readonly Change[];
  /** Differences in words. */
  readonly details: readonly string[];
}

/** Returns the effect that users or the team would notice, and the safe way. */
export function explained({ code }: Finding): { readonly effect: string; readonly remedy: string } {
  return codes[code];
}

export function finding(code: Code, subject: string, changes: readonly Change[], details?: readonly string[]): Finding {
  return { code, subject, changes, details: details ?? changes.flatMap(detailsOf) };
}

/** Describes a change: one sentence for the resource, or one for each property. */
export function detailsOf(change: Change): string[] {
  const { kind, before, after, properties } = change;
  const name = nameOf(resourceOf(change));
  if (kind === 'added' || kind === 'removed') {
    return [`${name} is ${kind}`];
  }
  const words = properties.map(({ name: property, causes }) => {
    const [from, to] = [before!.at(property), after!.at(property)].map(shortText);
    const because = causes.map((cause) => `refers to ${nameOf(resourceOf(cause))}, which is ${cause.kind}`);
    const difference = from === undefined || to === undefined ? 'differs' : `changes from ${from} to ${to}`;
    return `${property} ${causes.length > 0 ? listed([...new Set(because)]) : difference}`;
  });
  return [`${name} is ${kind}: ${words.join('; ')}`];
}

/** Returns the type and the name of a resource. */
export function nameOf(resource: Resource): string {
  const [, service = '', type = resource.type] = resource.type.split('::');
  const kind = resource.type.startsWith('Custom::') ? service : type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return `${kind} ${resource.name}`;
}

/** A value that fits into a sentence. */
function shortText(value: Value): string | undefined {
  const text = value.exists ? value.text : 'no value';
  return text.length <= 60 ? canonicalText(text) : undefined;
}

function canonicalText(text: string): string {
  try {
    return canonical(JSON.parse(text));
  } catch {
    return text;
  }
}
