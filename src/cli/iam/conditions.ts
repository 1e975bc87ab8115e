import { ok } from 'assert';
import { BlockList, isIPv6 } from 'net';
import { arnMatches, textMatches } from './patterns';

/** Values of a request by condition key. A key with several values is a list. */
export interface Context {
  readonly [key: string]: string | readonly string[];
}

export interface Conditions {
  readonly [operator: string]: { readonly [key: string]: unknown };
}

/** Compares a value of the request with one value of the policy. */
type Comparison = (wanted: string, actual: string) => boolean;

/** The comparisons that numbers and dates have. */
const ORDERS: { readonly [suffix: string]: (wanted: number, actual: number) => boolean } = {
  Equals: (wanted, actual) => actual === wanted,
  LessThan: (wanted, actual) => actual < wanted,
  LessThanEquals: (wanted, actual) => actual <= wanted,
  GreaterThan: (wanted, actual) => actual > wanted,
  GreaterThanEquals: (wanted, actual) => actual >= wanted,
};

const COMPARISONS: { readonly [operator: string]: Comparison } = {
  StringEquals: (wanted, actual) => literal(wanted) === actual,
  StringEqualsIgnoreCase: (wanted, actual) => literal(wanted).toLowerCase() === actual.toLowerCase(),
  StringLike: textMatches,
  ...orderComparisons('Numeric', number),
  ...orderComparisons('Date', date),
  Bool: (wanted, actual) => literal(wanted).toLowerCase() === actual.toLowerCase(),
  BinaryEquals: (wanted, actual) => literal(wanted) === actual,
  IpAddress: inRange,
  // AWS: "The ArnEquals and ArnLike condition operators behave identically."
  ArnEquals: arnMatches,
  ArnLike: arnMatches,
};

function orderComparisons(kind: string, read: (value: string) => number): { [operator: string]: Comparison } {
  return Object.fromEntries(Object.entries(ORDERS).map(([suffix, holds]): [string, Comparison] =>
    [kind + suffix, (wanted, actual) => holds(read(wanted), read(actual))]));
}

/** In the name of an operator that is true where the other one is not, and where the key is absent. */
const NOT = /^(String|Numeric|Date|Arn)Not(?=Equals|Like)|^Not(?=IpAddress)/;

/**
 * Returns true if every operator and every key of a condition holds for a request.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function conditionsHold(conditions: Conditions, context: Context): boolean {
  const lowerCased = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  // All are evaluated before the answer, so that an unknown operator throws even next to one that is false.
  return Object.entries(conditions)
    .flatMap(([operator, keys]) => Object.entries(keys)
      .map(([key, values]) => operatorHolds(operator, key, textsOf(values), lowerCased.get(key.toLowerCase()))))
    .every((holds) => holds);
}

function operatorHolds(name: string, key: string, wanted: string[], actual?: string | readonly string[]): boolean {
  if (name === 'Null') {
    return wanted.some((value) => bool(value) === (actual === undefined));
  }
  const [, set, operator, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const positive = operator.replace(NOT, '$1');
  const negated = positive !== operator;
  ok(Object.hasOwn(COMPARISONS, positive), `the condition operator ${name} is not known`);
  // All are compared before the answer, so that one that is not known throws even next to one that agrees.
  const agrees = (value: string) =>
    wanted.map((one) => COMPARISONS[positive](one, value)).some((same) => same) !== negated;
  const values = [actual ?? []].flat();
  switch (set) {
    case 'ForAllValues':
      return values.every(agrees);
    case 'ForAnyValue':
      ok(ifExists === undefined, `AWS does not say what ${name} means for a request without ${key}`);
      return values.some(agrees);
    default:
      ok(!Array.isArray(actual), `${key} has several values, and ${name} compares one`);
      return actual === undefined ? negated || ifExists !== undefined : values.every(agrees);
  }
}

/** The values of a condition; JSON may hold them as booleans or numbers. */
function textsOf(values: unknown): string[] {
  return [values].flat().map((value: unknown) => {
    ok(['string', 'boolean', 'number'].includes(typeof value), `not a value of a condition: ${JSON.stringify(value)}`);
    return String(value);
  });
}

/** A literal value: wildcards have no meaning in it, but a policy variable would. */
function literal(value: string): string {
  ok(!value.includes('${'), `policy variables are not known: ${value}`);
  return value;
}

function bool(value: string): boolean {
  ok(/^(true|false)$/i.test(value), `neither true nor false: ${value}`);
  return value.toLowerCase() === 'true';
}

function number(value: string): number {
  ok(value.trim() !== '' && !Number.isNaN(Number(value)), `not a number: ${value}`);
  return Number(value);
}

/** Milliseconds of a date in ISO 8601 or in seconds since 1970. */
function date(value: string): number {
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
  ok(!Number.isNaN(milliseconds), `not a date: ${value}`);
  return milliseconds;
}

function inRange(wanted: string, actual: string): boolean {
  const [network, prefix] = wanted.split('/');
  const family = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');
  const whole = isIPv6(network) ? '128' : '32';
  const range = new BlockList();
  range.addSubnet(network, number(prefix ?? whole), family(network));
  return range.check(actual, family(actual));
}
