import { Construct } from 'constructs';
import { warn } from './errors';
import { Check, isObject, wrongType } from './validation';
import { isValid, violation, Violations } from './violations';

/**
 * A check for each key of a struct. The compiler demands all of them, so that the keys are also
 * those that the struct knows; types themselves are not there at run time.
 */
export type Fields<T> = { readonly [K in keyof Required<T>]: Check<never> };

export interface StructOptions<T> {
  readonly fields: Fields<T>;
  readonly example: string;
  /**
   * Checks a combination of fields, and receives only those that passed their own checks. `isSet` also knows the
   * others: a key with an invalid value is not missing.
   */
  readonly combination?: (
    value: Partial<T>,
    at: (key: keyof T & string) => string,
    isSet: (key: keyof T & string) => boolean,
  ) => Violations;
}

/** A check of a value with keys of its own, to which an unknown key next to the value may belong. */
interface GroupCheck extends Check {
  readonly fields?: object;
  /** The class of the value; without it, the value is a struct under the key of the check. */
  readonly owner?: string;
}

/** The check of values of a class, whose options have these fields. */
export function withFields(check: Check, fields: object, owner?: string): Check {
  return Object.assign((prop: string, value: unknown) => check(prop, value), { fields, owner });
}

/**
 * The options of a factory or a method, or a nested struct: every key must be known. A value that
 * is left out is `{}`.
 */
export function struct<T extends object>(options: StructOptions<T>): Check {
  return withFields((prop, value) => {
    if (value !== undefined && !isObject(value)) {
      return wrongType({ prop, type: 'an object', value, example: options.example });
    }
    // The arguments of a call have no name: messages show only their keys.
    const at = (key: string) => (ARGUMENTS.includes(prop) ? key : `${prop}.${key}`);
    const given = (value ?? {}) as Partial<T>;
    return [
      valueViolations(given, options, at),
      unknownKeys(given, options.fields).map((key) => unknownKeyViolation(at(key), key, options.fields)),
    ];
  }, options.fields);
}

/** The names of parameters that are structs. */
const ARGUMENTS = ['props', 'options'];

/**
 * Checks the props of a construct. Apps pass the props of their own stack (`interface ShopProps extends StackProps,
 * BlueGreenFargatePipelineProps`), so only a key that is close to a valid one is a violation.
 *
 * `warnOfUnknownKeys` reports the others after the construct is created.
 */
export function propsViolations<T extends object>(props: unknown, options: StructOptions<T>): Violations {
  // Props that are not there lack what is required.
  const given = (props ?? {}) as Partial<T>;
  if (!isObject(given)) {
    return wrongType({ prop: 'props', type: 'an object', value: given, example: options.example });
  }
  return [
    valueViolations(given, options, (key) => key),
    unknownKeys(given, options.fields)
      .filter((key) => !STACK_PROPS.has(key) && closestKey(key, options.fields) !== undefined)
      .map((key) => unknownKeyViolation(key, key, options.fields)),
  ];
}

/** Warns of keys that the construct ignores and that are not those of a stack. */
export function warnOfUnknownKeys(construct: Construct, props: object, { fields }: { readonly fields: object }): void {
  const type = construct.constructor.name;
  for (const key of unknownKeys(props, fields).filter((name) => !STACK_PROPS.has(name))) {
    const remedy = placeOf(key, fields) ?? 'remove it';
    warn(construct, `${type}.unknownKey`, 'BGP152', `'${key}' has no effect: ${type} has no such prop; ${remedy}`);
  }
}

function valueViolations<T extends object>(
  given: Partial<T>,
  { fields, combination: together }: StructOptions<T>,
  at: (key: string) => string,
): Violations {
  const checked = Object.entries(fields as unknown as { readonly [key: string]: Check })
    .map(([key, check]) => ({ key, value: given[key as keyof T], found: check(at(key), given[key as keyof T]) }));
  const valid = checked.filter(({ found }) => isValid(found)).map(({ key, value }) => [key, value]);
  return [
    checked.map(({ found }) => found),
    together?.(Object.fromEntries(valid) as Partial<T>, at, (key) => given[key] !== undefined),
  ];
}

function unknownKeys(given: object, fields: object): string[] {
  return Object.keys(given).filter((key) => !Object.hasOwn(fields, key));
}

function unknownKeyViolation(prop: string, key: string, fields: object): Violations {
  const closest = closestKey(key, fields);
  const remedy = closest === undefined
    ? placeOf(key, fields) ?? `remove it, or use one of ${Object.keys(fields).join(', ')}`
    : `use '${closest}'`;
  return violation({ code: 'BGP151', prop, rule: 'is not a valid key', remedy });
}

/** The remedy for a key that belongs into one of the other values, such as `internetFacing` into `loadBalancer`. */
function placeOf(key: string, fields: object): string | undefined {
  const path = pathOf(key, fields);
  return path && `use ${path}`;
}

function pathOf(key: string, fields: object): string | undefined {
  for (const [group, { fields: inner, owner }] of Object.entries(fields as { readonly [key: string]: GroupCheck })) {
    if (inner !== undefined) {
      const path = Object.hasOwn(inner, key) ? `'${key}'` : pathOf(key, inner);
      if (path !== undefined) {
        return owner === undefined ? path.replace("'", `'${group}.`) : `${path} of a ${owner}`;
      }
    }
  }
  return undefined;
}

/** The keys of `StackProps`, which do not concern a construct inside of the stack. */
const STACK_PROPS = new Set([
  'analyticsReporting', 'crossRegionReferences', 'description', 'env', 'notificationArns', 'permissionsBoundary',
  'propertyInjectors', 'stackName', 'suppressTemplateIndentation', 'synthesizer', 'tags', 'terminationProtection',
]);

/**
 * Returns the most similar valid key: other case, an underscore, a typo of one or two letters, one word more or
 * less.
 */
export function closestKey(key: string, fields: object): string | undefined {
  const candidates = Object.keys(fields)
    .filter((known) => !known.startsWith('_'))
    .map((known) => ({ known, distance: distanceBetween(key, known) }))
    .filter(({ distance }) => distance !== undefined)
    .sort((one, other) => Number(one.distance) - Number(other.distance));
  return candidates[0]?.known;
}

/** Returns the distance of a key from a valid one; undefined if they have nothing in common. */
function distanceBetween(key: string, known: string): number | undefined {
  const [one, other] = [wordsOf(key), wordsOf(known)];
  const edits = editDistance(one.join(''), other.join(''));
  if (edits <= Math.min(2, Math.floor(known.length / 3))) {
    return edits;
  }
  return differsByOneWord(one, other) || differsByOneWord(other, one) ? 3 : undefined;
}

function wordsOf(key: string): string[] {
  return key.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** Returns true if `longer` is `shorter` with one more word. */
function differsByOneWord(longer: string[], shorter: string[]): boolean {
  return shorter.length > 0
    && longer.length === shorter.length + 1
    && longer.some((_, left) => longer.filter((__, index) => index !== left).join() === shorter.join());
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function editDistance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      rows[row][column] = Math.min(
        rows[row - 1][column] + 1,
        rows[row][column - 1] + 1,
        rows[row - 1][column - 1] + Number(!same),
        ...(swapped ? [rows[row - 2][column - 2] + 1] : []),
      );
    }
  }
  return rows[one.length][other.length];
}
