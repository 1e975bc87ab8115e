import { Duration, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';

const LONGEST_SHOWN = 200;

/** How a value is shown in a message: as JSON where that is short and tells something. */
export function shown(value: unknown): string {
  const text = inWords(value) ?? json(value) ?? (Array.isArray(value) ? 'a list' : 'an object');
  const characters = [...text];
  return characters.length <= LONGEST_SHOWN ? text : `${characters.slice(0, LONGEST_SHOWN).join('')}… (${characters.length} characters)`;
}

/** What a value is, without telling what may be a secret. */
export function typeOf(value: unknown): string {
  return isToken(value) ? 'a token' : typeof value === 'string' ? 'a text' : typeof value === 'number' ? 'a number'
    : inWords(value) ?? (Array.isArray(value) ? 'a list' : typeof value === 'object' && value !== null ? 'an object' : String(value));
}

/** Values that JSON does not have, or that are too much for a message. */
function inWords(value: unknown): string | undefined {
  if (isToken(value)) {
    return 'a token';
  }
  if (isDuration(value)) {
    return value.toHumanString() || 'a Duration of NaN';
  }
  switch (typeof value) {
    case 'undefined': return 'undefined';
    case 'bigint': return `${value}n`;
    case 'number': return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? undefined : String(value);
    case 'function': case 'symbol': return `a ${typeof value}`;
    case 'object': return instanceInWords(value);
    default: return undefined;
  }
}

const JSII_TYPE = Symbol.for('jsii.rtti');

interface Prototype {
  readonly constructor?: { readonly name?: unknown; readonly [JSII_TYPE]?: { readonly fqn: string } };
}

/** An object of a class by the name of the class, and a construct by its place as well; its fields are nobody's business. */
function instanceInWords(value: object | null): string | undefined {
  const prototype = value === null ? null : Object.getPrototypeOf(value) as Prototype | null;
  if (prototype === null || prototype === Object.prototype || Array.isArray(value)) {
    return undefined;
  }
  // The classes of the CDK have other names at run time.
  const name = String(prototype.constructor?.[JSII_TYPE]?.fqn.split('.').pop() ?? prototype.constructor?.name ?? 'object');
  return Construct.isConstruct(value) ? `the ${name} at ${JSON.stringify(value.node.path)}` : `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`;
}

/** A cycle must not end in an error about JSON. */
function json(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_, inner: unknown) => inner === undefined ? inner : inWords(inner) ?? inner);
  } catch {
    return undefined;
  }
}

/** A copy of the class from another installation of aws-cdk-lib is a duration, too. */
export function isDuration(value: unknown): value is Duration {
  return typeof value === 'object' && value !== null && typeof (value as Duration).toMilliseconds === 'function'
    && typeof (value as Duration).isUnresolved === 'function';
}

/** A value, or a duration, that is known at deployment only. A stack can resolve tokens and is none. */
export function isToken(value: unknown): boolean {
  return !Construct.isConstruct(value) && (Token.isUnresolved(value) || (isDuration(value) && value.isUnresolved()));
}
