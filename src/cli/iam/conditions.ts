import { BlockList, isIPv6 } from 'net';
import { arnMatches, textMatches } from './patterns';

/** What AWS knows about a request, by condition key. A key with several values is a list. */
export interface Context {
  readonly [key: string]: string | readonly string[];
}

export interface Conditions {
  readonly [operator: string]: { readonly [key: string]: unknown };
}

/** Whether a value of the request agrees with one value of the policy. */
type Comparison = (wanted: string, actual: string) => boolean;

const COMPARISONS: { readonly [operator: string]: Comparison } = {
  StringEquals: (wanted, actual) => literal(wanted) === actual,
  StringEqualsIgnoreCase: (wanted, actual) => literal(wanted).toLowerCase() === actual.toLowerCase(),
  StringLike: textMatches,
  NumericEquals: (wanted, actual) => number(actual) === number(wanted),
  NumericLessThan: (wanted, actual) => number(actual) < number(wanted),
  NumericLessThanEquals: (wanted, actual) => number(actual) <= number(wanted),
  NumericGreaterThan: (wanted, actual) => number(actual) > number(wanted),
  NumericGreaterThanEquals: (wanted, actual) => number(actual) >= number(wanted),
  DateEquals: (wanted, actual) => date(actual) === date(wanted),
  DateLessThan: (wanted, actual) => date(actual) < date(wanted),
  DateLessThanEquals: (wanted, actual) => date(actual) <= date(wanted),
  DateGreaterThan: (wanted, actual) => date(actual) > date(wanted),
  DateGreaterThanEquals: (wanted, actual) => date(actual) >= date(wanted),
  Bool: (wanted, actual) => literal(wanted).toLowerCase() === actual.toLowerCase(),
  BinaryEquals: (wanted, actual) => literal(wanted) === actual,
  IpAddress: inRange,
  // AWS: "The ArnEquals and ArnLike condition operators behave identically."
  ArnEquals: arnMatches,
  ArnLike: arnMatches,
};

/** An operator that is true where the other one is not, and where the key is absent. */
const NEGATIONS: { readonly [operator: string]: Comparison } = {
  StringNotEquals: COMPARISONS.StringEquals,
  StringNotEqualsIgnoreCase: COMPARISONS.StringEqualsIgnoreCase,
  StringNotLike: COMPARISONS.StringLike,
  NumericNotEquals: COMPARISONS.NumericEquals,
  DateNotEquals: COMPARISONS.DateEquals,
  NotIpAddress: COMPARISONS.IpAddress,
  ArnNotEquals: COMPARISONS.ArnEquals,
  ArnNotLike: COMPARISONS.ArnLike,
};

/**
 * Whether every operator and every key of a condition holds for a request.
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

type Actual = string | readonly string[] | undefined;

function operatorHolds(name: string, key: string, wanted: string[], actual: Actual): boolean {
  if (name === 'Null') {
    return wanted.some((value) => (bool(value) ? actual === undefined : actual !== undefined));
  }
  const [, set, operator, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const negated = Object.hasOwn(NEGATIONS, operator);
  if (!negated && !Object.hasOwn(COMPARISONS, operator)) {
    throw new Error(`the condition operator ${name} is not known`);
  }
  const agrees = (value: string) => {
    const found = wanted.map((one) => (negated ? NEGATIONS : COMPARISONS)[operator](one, value)).some((same) => same);
    return negated ? !found : found;
  };
  switch (set) {
    case 'ForAllValues':
      return listOf(actual).every(agrees);
    case 'ForAnyValue':
      if (ifExists !== undefined) {
        throw new Error(`AWS does not say what ${name} means for a request without ${key}`);
      }
      return listOf(actual).some(agrees);
    default:
      if (Array.isArray(actual)) {
        throw new Error(`${key} has several values, and ${name} compares one`);
      }
      return actual === undefined ? negated || ifExists !== undefined : agrees(actual as string);
  }
}

function listOf(value: Actual): readonly string[] {
  return value === undefined ? [] : [value].flat();
}

/** The values of a condition; JSON may hold them as booleans or numbers. */
function textsOf(values: unknown): string[] {
  return (Array.isArray(values) ? values : [values]).map((value: unknown) => {
    if (!['string', 'boolean', 'number'].includes(typeof value)) {
      throw new Error(`not a value of a condition: ${JSON.stringify(value)}`);
    }
    return String(value);
  });
}

/** A value that is compared as it stands: wildcards mean nothing in it, but a variable would. */
function literal(value: string): string {
  if (value.includes('${')) {
    throw new Error(`policy variables are not known: ${value}`);
  }
  return value;
}

function bool(value: string): boolean {
  if (!/^(true|false)$/i.test(value)) {
    throw new Error(`neither true nor false: ${value}`);
  }
  return value.toLowerCase() === 'true';
}

function number(value: string): number {
  if (value.trim() === '' || Number.isNaN(Number(value))) {
    throw new Error(`not a number: ${value}`);
  }
  return Number(value);
}

/** Milliseconds of a date in ISO 8601 or in seconds since 1970. */
function date(value: string): number {
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
  if (Number.isNaN(milliseconds)) {
    throw new Error(`not a date: ${value}`);
  }
  return milliseconds;
}

function inRange(wanted: string, actual: string): boolean {
  const [network, prefix] = wanted.split('/');
  const family = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');
  const range = new BlockList();
  const whole = isIPv6(network) ? 128 : 32;
  range.addSubnet(network, prefix === undefined ? whole : number(prefix), family(network));
  return range.check(actual, family(actual));
}
