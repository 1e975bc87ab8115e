import { Duration, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { formatType, formatValue, isDuration, isPlain, isResolvedString, isToken } from './format-value';
import { Code, firstViolation, isValid, violation, Violations } from './violations';

export { formatType, formatValue, isResolvedString, isToken };

/** A pure function that checks one value; `prop` is the path to it, as in `environments[1].cpu`. */
export type Check<T = unknown> = (prop: string, value: T) => Violations;

/** The checks in order; each runs only if the ones before it found nothing. */
export function all(...checks: Check<never>[]): Check {
  return (prop, value) => firstViolation(...checks.map((check) => () => (check as Check)(prop, value)));
}

/** A value that may be left out. */
export function optional(...checks: Check<never>[]): Check {
  const check = all(...checks);
  return (prop, value) => (value === undefined ? undefined : check(prop, value));
}

/** A value that must be there. */
export function required(example: string, ...checks: Check<never>[]): Check {
  const check = all(...checks);
  return (prop, value) => (value === undefined || value === null
    ? violation({ code: 'BGP001', prop, rule: 'is required', remedy: `for example ${example}` })
    : check(prop, value));
}

/** A value of any kind: another check has checked it, or any value is valid. */
export const unchecked: Check = () => undefined;

export interface WrongTypeOptions {
  readonly prop: string;
  /** The type with its article, as in "an ec2.IVpc". */
  readonly type: string;
  readonly value: unknown;
  readonly example: string;
  /** True if the value can be secret, so that the message names only its type. */
  readonly secret?: boolean;
}

export function wrongType({ prop, type, value, example, secret = false }: WrongTypeOptions): Violations {
  const got = secret ? formatType(value) : formatValue(value);
  return violation({ code: 'BGP002', prop, rule: `must be ${type}`, got, remedy: `for example ${example}` });
}

export interface LiteralOptions {
  /** Rule in the message, as in "known at synthesis". */
  readonly rule?: string;
  readonly remedy: string;
}

/** A value that is needed at synthesis, for a name, a count or an order, so that a token is too late. */
export function literal({ rule = 'known at synthesis', remedy }: LiteralOptions): Check {
  return (prop, value) => (isToken(value)
    ? violation({ code: 'BGP003', prop, rule: `must be ${rule}`, got: 'a token', remedy })
    : undefined);
}

/** A string that is not blank; a token passes. */
export function text(example: string): Check {
  const shown = JSON.stringify(example);
  return required(shown, (prop: string, value: unknown) => {
    if (typeof value !== 'string') {
      return wrongType({ prop, type: 'a string', value, example: shown });
    }
    return value.trim() === ''
      ? violation({
        code: 'BGP004',
        prop,
        rule: 'must not be empty or blank',
        got: formatValue(value),
        remedy: `for example ${shown}`,
      })
      : undefined;
  });
}

/** A string that may be secret. */
export function secretText(example: string): Check {
  return (prop, value) => (typeof value === 'string'
    ? undefined
    : wrongType({ prop, type: 'a string', value, example: JSON.stringify(example), secret: true }));
}

export interface PatternOptions {
  readonly code: Code;
  readonly pattern: RegExp;
  /** The rule in words, as in "an e-mail address". */
  readonly rule: string;
  readonly example: string;
}

/** A required string that matches a pattern; a token, whose value is not known, passes. */
export function matching({ code, pattern, rule, example }: PatternOptions): Check {
  return all(text(example), (prop: string, value: string) => (isResolvedString(value) && !pattern.test(value)
    ? violation({
      code, prop, rule: `must be ${rule}`, got: formatValue(value), remedy: `for example ${JSON.stringify(example)}`,
    })
    : undefined));
}

/** A boolean that is needed at synthesis and is never a token. */
export const boolean: Check = optional((prop: string, value: unknown) => (typeof value === 'boolean'
  ? undefined
  : wrongType({ prop, type: 'true or false', value, example: 'true' })));

export interface WholeNumberOptions {
  readonly code: Code;
  readonly min: number;
  readonly max: number;
  readonly example: number;
}

/** A whole number within bounds, both included. */
export function wholeNumber({ code, min, max, example }: WholeNumberOptions): Check {
  return optional(isNumber(example), (prop: string, value: number) => {
    const valid = Token.isUnresolved(value) || (Number.isInteger(value) && value >= min && value <= max);
    return valid ? undefined : violation({
      code,
      prop,
      rule: `must be a whole number from ${min} to ${max}`,
      got: formatValue(value),
      remedy: `for example ${example}`,
    });
  });
}

export function isNumber(example: number): Check {
  return (prop, value) => (typeof value === 'number'
    ? undefined
    : wrongType({ prop, type: 'a number', value, example: String(example) }));
}

const UNITS = {
  seconds: Duration.seconds(1),
  minutes: Duration.minutes(1),
  hours: Duration.hours(1),
  days: Duration.days(1),
};

export interface DurationOptions {
  readonly code: Code;
  readonly min: Duration;
  readonly max: Duration;
  /** The whole units that the service counts in. */
  readonly unit?: keyof typeof UNITS;
  /** A duration to show as an example, unless the shortest is one. */
  readonly example?: Duration;
}

/**
 * A duration within bounds, both included, in whole units; a token must be in that unit already.
 */
export function duration({ code, min, max, unit = 'minutes', example: shown = min }: DurationOptions): Check {
  const size = UNITS[unit].toMilliseconds();
  const example = `Duration.${unit}(${shown.toMilliseconds() / size})`;
  return optional((prop: string, value: unknown) => {
    if (!isDuration(value)) {
      return wrongType({ prop, type: 'a Duration', value, example });
    }
    if (value.isUnresolved()) {
      return unitOfToken(prop, value, unit);
    }
    const milliseconds = value.toMilliseconds({ integral: false });
    const valid = milliseconds >= min.toMilliseconds()
      && milliseconds <= max.toMilliseconds()
      && milliseconds % size === 0;
    return valid ? undefined : violation({
      code,
      prop,
      rule: `must be a whole number of ${unit} from ${min.toHumanString()} to ${max.toHumanString()}`,
      got: formatValue(value),
      remedy: `for example ${example}`,
    });
  });
}

function unitOfToken(prop: string, value: Duration, unit: string): Violations {
  return value.unitLabel() === unit ? undefined : violation({
    code: 'BGP003',
    prop,
    rule: `must be in ${unit} when its value is known only at deployment`,
    got: `a token in ${value.unitLabel()}`,
    remedy: `use Duration.${unit}`,
  });
}

/** A check of one element of a list; the list is needed by rules such as "each once". */
export type ElementCheck<T = unknown> = (prop: string, element: T, index: number, list: readonly T[]) => Violations;

export interface ListOptions<T> {
  readonly example: string;
  readonly each: ElementCheck<T>;
  /** The rule for an empty list; left out where a list may be empty. */
  readonly nonEmpty?: { readonly code: Code; readonly rule: string; readonly remedy?: string };
  /** True if elements can be secret. */
  readonly secret?: boolean;
}

/** A list whose length is known at synthesis. */
export function list<T>({ example, each, nonEmpty, secret = false }: ListOptions<T>): Check {
  return optional(
    literal({
      rule: 'a list whose length is known at synthesis', remedy: `pass a literal list, for example ${example}`,
    }),
    (prop: string, value: unknown) => {
      if (!Array.isArray(value)) {
        return wrongType({ prop, type: 'a list', value, example, secret });
      }
      if (value.length === 0 && nonEmpty !== undefined) {
        const { code, rule, remedy = `for example ${example}` } = nonEmpty;
        return violation({ code, prop, rule: `must be ${rule}`, got: '[]', remedy });
      }
      // Array.from: the holes of a list are elements, too.
      return Array.from(value as T[]).map((element, index) => each(`${prop}[${index}]`, element, index, value));
    },
  );
}

export interface MapOptions {
  readonly example: string;
  /** Checks a key; `prop` is the path to the map. */
  readonly key?: Check<string>;
  /** Checks an entry; `prop` is the path to it. */
  readonly entry: (prop: string, value: unknown, key: string) => Violations;
}

/** An object whose keys are the user's. Its values may be secret, so no message shows them. */
export function map({ example, key: checkKey = unchecked, entry }: MapOptions): Check {
  return optional((prop: string, value: unknown) => (isObject(value)
    ? Object.entries(value).map(([key, inner]) => [checkKey(prop, key), entry(`${prop}.${key}`, inner, key)])
    : wrongType({ prop, type: 'an object', value, example, secret: true })));
}

/** The name of an entry of a map, which the template holds, so that it is no token. */
export function keyMatching({ code, pattern, rule, example }: PatternOptions): Check<string> {
  const shown = JSON.stringify(example);
  return all(
    (prop: string, key: string) => (isToken(key)
      ? violation({
        code: 'BGP003',
        prop,
        rule: 'must have keys known at synthesis',
        got: 'a token',
        remedy: `pass a literal key, for example ${shown}`,
      })
      : undefined),
    (prop: string, key: string) => (pattern.test(key)
      ? undefined
      : violation({ code, prop, key: formatValue(key), rule: `must be ${rule}`, remedy: `for example ${shown}` })),
  );
}

/**
 * Returns true if a value is an object of keys and values: no list, no token and not `null`, and also no `Date` or
 * `Map`, which would pass as an empty one.
 */
export function isObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isToken(value)) {
    return false;
  }
  return isPlain(value) || Object.keys(value).length > 0;
}

/** Returns true if a value is a construct that knows its account, region and names. */
export function isInStack(scope: unknown): scope is Construct {
  return Construct.isConstruct(scope) && scope.node.scopes.some((parent) => Stack.isStack(parent));
}

/** Returns true if a check finds nothing, for a check that depends on another one. */
export function passes(check: Check<never>, value: unknown): boolean {
  return isValid((check as Check)('', value));
}
