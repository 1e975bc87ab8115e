import { aws_s3 as s3, aws_sns as sns, Stack } from 'aws-cdk-lib';
import { lengthBeyond, utf8Bytes } from '../../src/private/deployed-length';
import { newStack } from '../helpers/synthesis';

/** The length that is certain to be beyond a limit, in a stack with a topic of 12 characters and a bucket without a name. */
function beyond(value: (stack: Stack) => unknown, limit: number, count?: (text: string) => number): number | undefined {
  const scope = newStack();
  new sns.Topic(scope, 'Topic', { topicName: 'topic-alerts' });
  new s3.Bucket(scope, 'Bucket');
  return lengthBeyond({ scope, value: scope.resolve(value(scope)), limit, count });
}

const topic = (stack: Stack) => stack.node.findChild('Topic') as sns.Topic;
const bucket = (stack: Stack) => stack.node.findChild('Bucket') as s3.Bucket;

test.each<[string, unknown, number]>([
  ['a string unchanged', 'abc', 3],
  ['a list as JSON', ['a', 'b'], '["a","b"]'.length],
  ['an object as JSON without white space', { a: { b: 1 } }, '{"a":{"b":1}}'.length],
  ['a quote with its escape character', ['"'], String.raw`["\""]`.length],
])('the length of a value includes %s', (_, value, length) => {
  expect(beyond(() => value, length)).toBeUndefined();
  expect(beyond(() => value, length - 1)).toBe(length);
});

test('the length is in bytes where a service counts bytes', () => {
  expect(beyond(() => '漢字', 5)).toBeUndefined();
  expect(beyond(() => '漢字', 5, utf8Bytes)).toBe(6);
  expect(beyond(() => '漢字', 6, utf8Bytes)).toBeUndefined();
});

test.each<[string, (stack: Stack) => unknown, string]>([
  ['the name of a resource', (stack) => topic(stack).topicName, 'topic-alerts'],
  ['names within a string', (stack) => `${topic(stack).topicName}/${topic(stack).topicName}`, 'topic-alerts/topic-alerts'],
  ['names in a list', (stack) => [topic(stack).topicName, 'x'], '["topic-alerts","x"]'],
  ['account and region', (stack) => `${stack.account}.${stack.partition}`, '111111111111.aws'],
  ['the shortest ARN', (stack) => bucket(stack).bucketArn, `arn:aws:s3:::${'x'.repeat(11)}`],
  ['the shortest name that CloudFormation generates', (stack) => bucket(stack).bucketName, 'x'.repeat(11)],
])('a reference counts as %s', (_, value, text) => {
  expect(beyond(value, text.length)).toBeUndefined();
  expect(beyond(value, text.length - 1)).toBe(text.length);
});

test('a value that may fit is accepted: only what exceeds the limit with any references is rejected', () => {
  // Eleven characters at least, and up to 63.
  expect(beyond((stack) => bucket(stack).bucketName, 30)).toBeUndefined();
});

test('a string that is not a reference is not treated as one', () => {
  expect(beyond(() => ({ Ref: 'a', Other: 'b' }), 5)).toBe('{"Ref":"a","Other":"b"}'.length);
  expect(beyond(() => ({ References: ['abcdefghijklmnop'] }), 5)).toBe('{"References":["abcdefghijklmnop"]}'.length);
});
