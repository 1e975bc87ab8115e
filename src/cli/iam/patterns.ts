import { ok } from 'assert';

/** Compiles patterns with `*` for any string and `?` for one character to regular expressions. */
class Patterns {
  /** The same patterns are compared over and over. */
  private readonly compiled = new Map<string, RegExp>();

  constructor(private readonly flags = 's', private readonly star = '.*', private readonly any = '.') {}

  public compile(pattern: string): RegExp {
    let expression = this.compiled.get(pattern);
    if (expression === undefined) {
      ok(!pattern.includes('${'), `policy variables are not known: ${pattern}`);
      const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*(?=:|$)/g, '\0').replace(/\*/g, this.star).replace(/\0/g, '.*').replace(/\?/g, this.any);
      expression = new RegExp(`^${source}$`, this.flags);
      this.compiled.set(pattern, expression);
    }
    return expression;
  }
}

const TEXTS = new Patterns();
const ACTIONS = new Patterns('si');
/** Within one segment of an ARN. */
const SEGMENTS = new Patterns('s', '[^:]*', '[^:]');

/** Compares strings in conditions: a wildcard stands for any character, and case matters. */
export function textMatches(pattern: string, value: string): boolean {
  return TEXTS.compile(pattern).test(value);
}

/** Actions: case does not matter. */
export function actionMatches(pattern: string, action: string): boolean {
  ok(pattern === '*' || /^[\w-]+:[\w*?]+$/.test(pattern), `not an action: ${pattern}`);
  return ACTIONS.compile(pattern).test(action);
}

/**
 * The resources of a statement.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function resourceMatches(pattern: string, resource: string): boolean {
  const matches = TEXTS.compile(pattern).test(resource);
  // A wildcard at the end of a segment runs on past the colon. Whether one within a segment does is not documented.
  const isCertain = !matches || SEGMENTS.compile(pattern).test(resource);
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
