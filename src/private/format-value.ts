import { Duration, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';

const MAX_LENGTH = 200;

/** Formats a value for a message: as JSON if that is short and readable. */
export function formatValue(value: unknown): string {
  const text = describe(value) ?? toJson(value) ?? (Array.isArray(value) ? 'a list' : 'an object');
  const characters = [...text];
  return characters.length <= MAX_LENGTH
    ? text
    : `${characters.slice(0, MAX_LENGTH).join('')}… (${characters.length} characters)`;
}

/** The type of a value, for values that may be secret. */
export function formatType(value: unknown): string {
  if (isToken(value)) {
    return 'a token';
  }
  switch (typeof value) {
    case 'string': return 'a string';
    case 'number': return 'a number';
    case 'object': return describe(value) ?? formatPlainObject(value);
    default: return describe(value) ?? String(value);
  }
}

function formatPlainObject(value: object | null): string {
  if (value === null) {
    return 'null';
  }
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** Values that JSON does not have, or that are too long for a message. */
function describe(value: unknown): string | undefined {
  if (isToken(value)) {
    return 'a token';
  }
  if (isDuration(value)) {
    return value.toHumanString() || 'a Duration of NaN';
  }
  switch (typeof value) {
    case 'undefined': return 'undefined';
    case 'bigint': return `${value}n`;
    case 'number': return describeNumber(value);
    case 'function': case 'symbol': return `a ${typeof value}`;
    case 'object': return describeInstance(value);
    default: return undefined;
  }
}

function describeNumber(value: number): string | undefined {
  if (Object.is(value, -0)) {
    return '-0';
  }
  return Number.isFinite(value) ? undefined : String(value);
}

/** Returns true for an object without a class. `Object.prototype` is no criterion: each VM context has its own. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The class of an object, and the path of a construct; its fields are private. */
function describeInstance(value: object | null): string | undefined {
  if (value === null || isPlain(value) || Array.isArray(value)) {
    return undefined;
  }
  const name = className(Object.getPrototypeOf(value) as object);
  return Construct.isConstruct(value)
    ? `the ${name} at ${JSON.stringify(value.node.path)}`
    : `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`;
}

/**
 * The name of a class, or of the class that a nameless one extends. The CDK's classes have another
 * name at run time (`Bucket2`), and their own in the id that property injectors use.
 */
function className(prototype: object): string {
  const { name = 'object', PROPERTY_INJECTION_ID: id } = (prototype.constructor ?? {}) as Partial<InjectableClass>;
  const parent = Object.getPrototypeOf(prototype) as object | null;
  if (name === '' && parent !== null) {
    return className(parent);
  }
  return id?.split('.').pop() ?? String(name).replace(/2$/, '');
}

interface InjectableClass {
  readonly name: unknown;
  readonly PROPERTY_INJECTION_ID: string;
}

/** Returns `undefined` for a value with a cycle, which JSON does not support. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_, inner: unknown) => inner === undefined ? inner : describe(inner) ?? inner);
  } catch {
    return undefined;
  }
}

/** Returns true if a value is a duration, also one of another copy of aws-cdk-lib. */
export function isDuration(value: unknown): value is Duration {
  return typeof value === 'object' && value !== null
    && typeof (value as Duration).toMilliseconds === 'function'
    && typeof (value as Duration).isUnresolved === 'function';
}

/** Returns true if a value is only known at deployment. A stack can resolve tokens and is none. */
export function isToken(value: unknown): boolean {
  return !Construct.isConstruct(value)
    && (Token.isUnresolved(value) || (isDuration(value) && value.isUnresolved()));
}

/** Returns true if a value is a string that is known at synthesis. */
export function isResolvedString(value: unknown): value is string {
  return typeof value === 'string' && !Token.isUnresolved(value);
}
