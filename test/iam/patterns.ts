const patterns = new Map<string, RegExp>();

/** A pattern with `*` for any text and `?` for one character, as a regular expression. */
function compiled(pattern: string, flags: string, star = '.*', any = '.'): RegExp {
  // The character after `$` decides what it means: `${aws:username}` is filled in by AWS, so nothing can be said about it here.
  if (pattern.includes('${')) {
    throw new Error(`policy variables are not known: ${pattern}`);
  }
  const key = [flags, star, any, pattern].join(' ');
  let expression = patterns.get(key);
  if (!expression) {
    const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*(?=:|$)/g, '\0').replace(/\*/g, star).replace(/\0/g, '.*').replace(/\?/g, any);
    expression = new RegExp(`^${source}$`, `s${flags}`);
    patterns.set(key, expression);
  }
  return expression;
}

/** Texts in conditions: a wildcard stands for any character, and case matters. */
export function textMatches(pattern: string, value: string): boolean {
  return compiled(pattern, '').test(value);
}

/** Actions: case does not matter. */
export function actionMatches(pattern: string, action: string): boolean {
  if (pattern !== '*' && !/^[\w-]+:[\w*?]+$/.test(pattern)) {
    throw new Error(`not an action: ${pattern}`);
  }
  return compiled(pattern, 'i').test(action);
}

/**
 * The resources of a statement.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function resourceMatches(pattern: string, resource: string): boolean {
  const widely = compiled(pattern, '').test(resource);
  // A wildcard at the end of a segment runs on past the colon. Whether one within a segment does is not documented.
  if (widely !== compiled(pattern, '', '[^:]*', '[^:]').test(resource)) {
    throw new Error(`AWS does not say whether ${pattern} matches ${resource}`);
  }
  return widely;
}

/** ARNs in conditions: each of the six parts on its own, and only the last may hold colons. */
export function arnMatches(pattern: string, value: string): boolean {
  const [patternParts, parts] = [partsOf(pattern), partsOf(value)];
  if (pattern !== '*' && patternParts.length < 6) {
    throw new Error(`not an ARN: ${pattern}`);
  }
  return parts.length === 6 && (pattern === '*' || patternParts.every((part, index) => textMatches(part, parts[index])));
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
