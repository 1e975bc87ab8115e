/** A pattern with `*` for any text and `?` for one character, as a regular expression. */
function compiled(pattern: string, flags = '', star = '.*', any = '.'): RegExp {
  if (pattern.includes('${')) {
    throw new Error(`policy variables are not known: ${pattern}`);
  }
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*(?=:|$)/g, '\0').replace(/\*/g, star).replace(/\0/g, '.*').replace(/\?/g, any);
  return new RegExp(`^${source}$`, `s${flags}`);
}

/** The same patterns are compared over and over. */
function remembered<T>(make: (pattern: string) => T): (pattern: string) => T {
  const made = new Map<string, T>();
  return (pattern) => {
    const known = made.get(pattern) ?? make(pattern);
    made.set(pattern, known);
    return known;
  };
}

const texts = remembered((pattern) => compiled(pattern));

/** Texts in conditions: a wildcard stands for any character, and case matters. */
export function textMatches(pattern: string, value: string): boolean {
  return texts(pattern).test(value);
}

const actions = remembered((pattern) => {
  if (pattern !== '*' && !/^[\w-]+:[\w*?]+$/.test(pattern)) {
    throw new Error(`not an action: ${pattern}`);
  }
  return compiled(pattern, 'i');
});

/** Actions: case does not matter. */
export function actionMatches(pattern: string, action: string): boolean {
  return actions(pattern).test(action);
}

const resources = remembered((pattern) => ({
  widely: compiled(pattern),
  narrowly: compiled(pattern, '', '[^:]*', '[^:]'),
}));

/**
 * The resources of a statement.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function resourceMatches(pattern: string, resource: string): boolean {
  const { widely, narrowly } = resources(pattern);
  const matches = widely.test(resource);
  // A wildcard at the end of a segment runs on past the colon. Whether one within a segment does is not documented.
  if (matches && !narrowly.test(resource)) {
    throw new Error(`AWS does not say whether ${pattern} matches ${resource}`);
  }
  return matches;
}

/** ARNs in conditions: each of the six parts on its own, and only the last may hold colons. */
export function arnMatches(pattern: string, value: string): boolean {
  const [patternParts, parts] = [partsOf(pattern), partsOf(value)];
  if (pattern !== '*' && patternParts.length < 6) {
    throw new Error(`not an ARN: ${pattern}`);
  }
  const matches = pattern === '*' || patternParts.every((part, index) => textMatches(part, parts[index]));
  return parts.length === 6 && matches;
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
