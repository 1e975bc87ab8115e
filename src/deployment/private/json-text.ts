import { Fn, Stack, Token } from 'aws-cdk-lib';

/** A value that is JSON already, such as a number that only CloudFormation knows. */
export class JsonText {
  constructor(public readonly json: string) {}
}

/**
 * A value as JSON in which CloudFormation fills in what only it knows: tokens, `JsonText`, and
 * conditions.
 *
 * `Stack.toJsonString` makes a text of every token. A condition may as well choose between objects
 * or lists, or leave something out: so each of its branches becomes JSON of its own, and `Fn::Join`
 * drops the parts that have no value.
 */
export function jsonText(stack: Stack, value: unknown): string {
  if (value instanceof JsonText) {
    return value.json;
  }
  if (isPlain(value)) {
    return stack.toJsonString(value);
  }
  if (Array.isArray(value)) {
    const elements = value.map((element) => part(element, (inner) => jsonText(stack, inner)));
    return `[${joined(elements)}]`;
  }
  if (isCondition(value)) {
    return Token.asString(part(value, (inner) => jsonText(stack, inner)));
  }
  const members = Object.entries(value as object).map(([key, member]) =>
    part(member, (inner) => `${JSON.stringify(key)}:${jsonText(stack, inner)}`));
  return `{${joined(members)}}`;
}

/**
 * One part of a list or an object; a condition stays outermost, so that it can leave the whole part
 * out.
 */
function part(value: unknown, text: (value: unknown) => string): unknown {
  if (isNoValue(value)) {
    return value;
  }
  if (!isCondition(value)) {
    return text(value);
  }
  const [condition, ...branches] = value['Fn::If'];
  return { 'Fn::If': [condition, ...branches.map((branch) => part(branch, text))] };
}

function joined(parts: unknown[]): string {
  return parts.every((each) => typeof each === 'string')
    ? parts.join(',')
    : Fn.join(',', parts.map((each) => Token.asString(each)));
}

/** Whether `Stack.toJsonString` does it right. */
function isPlain(value: unknown): boolean {
  return !(value instanceof JsonText) && !isCondition(value)
    && (typeof value !== 'object' || value === null || Object.values(value).every(isPlain));
}

function isCondition(value: unknown): value is { 'Fn::If': unknown[] } {
  return typeof value === 'object' && value !== null && 'Fn::If' in value;
}

/** Whether CloudFormation leaves this out. */
export function isNoValue(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { Ref?: unknown }).Ref === 'AWS::NoValue';
}
