import { ok } from 'assert';

/** The same patterns are compared over and over. */
const made = new Map<string, RegExp>();

/** Converts a pattern with `*` for any string and `?` for one character to a regular expression. */
function compilePattern(pattern: string, flags = 's', star = '.*', any = '.'): RegExp {
  ok(!pattern.includes('${'), `policy variables are not known: ${pattern}`);
  const key = `${flags} ${any} ${pattern}`;
  const source = () => pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*(?=:|$)/g, '\0').replace(/\*/g, star).replace(/\0/g, '.*').replace(/\?/g, any);
  const expression = made.get(key) ?? new RegExp(`^${source()}$`, flags);
  made.set(key, expression);
  return expression;
}

/** Compares strings in conditions: a wildcard stands for any character, and case matters. */
export function textMatches(pattern: string, value: string): boolean {
  return compilePattern(pattern).test(value);
}

/** Actions: case does not matter. */
export function actionMatches(pattern: string, action: string): boolean {
  ok(pattern === '*' || /^[\w-]+:[\w*?]+$/.test(pattern), `not an action: ${pattern}`);
  return compilePattern(pattern, 'si').test(action);
}

/**
 * The resources of a statement.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function resourceMatches(pattern: string, resource: string): boolean {
  const matches = compilePattern(pattern).test(resource);
  // A wildcard at the end of a segment runs on past the colon. Whether one within a segment does is not documented.
  const isCertain = !matches || compilePattern(pattern, 's', '[^:]*', '[^:]').test(resource);
  ok(isCertain, `AWS does not say whether ${pattern} matches ${resource}`);
  return matches;
}

/** ARNs in conditions: each of the six parts on its own, and only the last may hold colons. */
export function arnMatches(pattern: string, value: string): boolean {
  const [wanted, actual] = [pattern, value].map((arn) => /^((?:[^:]*:){5})(.*)$/s.exec(arn)?.slice(1));
  ok(pattern === '*' || wanted !== undefined, `not an ARN: ${pattern}`);
  const parts = ([head, resource]: string[]) => [...head.split(':'), resource];
  return actual !== undefined
    && (wanted === undefined || parts(wanted).every((part, index) => textMatches(part, parts(actual)[index])));
}
