import { aws_ecs as ecs, aws_s3 as s3, Duration, Lazy, SecretValue } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { formatType, formatValue } from '../../src/private/format-value';
import { MANY_RUNS } from '../helpers/refusals';
import { newStack } from '../helpers/synthesis';

const token = Lazy.string({ produce: () => 'later' });
const numberToken = Lazy.number({ produce: () => 7 });
const stack = newStack();
const cycle: { self?: unknown } = {};
cycle.self = cycle;
const list: unknown[] = [];
list.push(list);

class Login {
  public readonly password = 'hunter2';
}

test.each<[string, [unknown, string][]]>([
  ['strings', [
    ['a"b', '"a\\"b"'], ['', '""'], ['x'.repeat(198), JSON.stringify('x'.repeat(198))],
    ['x'.repeat(199), `"${'x'.repeat(199)}… (201 characters)`], ['🙂'.repeat(200), `"${'🙂'.repeat(199)}… (202 characters)`],
  ]],
  ['numbers', [[7, '7'], [-0, '-0'], [1.5, '1.5'], [NaN, 'NaN'], [Infinity, 'Infinity'], [12n, '12n']]],
  ['other primitives', [[true, 'true'], [null, 'null'], [undefined, 'undefined'], [Symbol('x'), 'a symbol'], [() => 1, 'a function']]],
  ['lists and plain objects', [
    [[1, 'a', null], '[1,"a",null]'], [{ a: { b: [NaN, 3n] } }, '{"a":{"b":["NaN","3n"]}}'],
    [{ a: undefined }, '{}'], [Object.create(null), '{}'], [cycle, 'an object'], [list, 'a list'],
    [{ toJSON: () => { throw new Error('no JSON'); } }, 'an object'],
  ]],
  ['durations', [
    [Duration.minutes(90), '1 hour 30 minutes'], [Duration.days(NaN), 'a Duration of NaN'], [{ wait: Duration.days(1) }, '{"wait":"1 day"}'],
  ]],
  ['instances by their class, without fields', [
    [new Map([['password', 'hunter2']]), 'a Map'], [new Error('hunter2'), 'an Error'], [new Login(), 'a Login'],
    [{ login: new Login() }, '{"login":"a Login"}'], [Object.create({ constructor: undefined }), 'an object'],
    [ecs.CpuArchitecture.ARM64, 'a CpuArchitecture'],
  ]],
  ['tokens', [
    [token, 'a token'], [numberToken, 'a token'], [Lazy.list({ produce: () => ['later'] }), 'a token'], [`arn:${token}`, 'a token'],
    [Duration.minutes(numberToken), 'a token'], [[token, 'x'], '["a token","x"]'], [SecretValue.unsafePlainText('hunter2'), 'a token'],
  ]],
  ['constructs by their path', [
    [stack, 'the Stack at "Storefront"'], [new s3.Bucket(stack, 'Logs'), 'the Bucket at "Storefront/Logs"'],
    [{ scope: stack }, '{"scope":"the Stack at \\"Storefront\\""}'],
  ]],
])('a message shows %s', (_, values) => {
  expect(values.map(([value]) => formatValue(value))).toEqual(values.map(([, expected]) => expected));
});

test('a message shows only the type of a value that may be secret', () => {
  const values = ['hunter2', 7, ['hunter2'], { password: 'hunter2' }, null, undefined, true, new Login(), token];

  expect(values.map(formatType))
    .toEqual(['a string', 'a number', 'a list', 'an object', 'null', 'undefined', 'true', 'a Login', 'a token']);
});

test('a message can show any value', () => {
  fc.assert(fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }), (value) =>
    formatValue(value) !== '' && formatType(value) !== ''), { numRuns: MANY_RUNS });
});

test('a message shows no field of a class and no CDK secret', () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z]{8,20}$/), (secret) => {
    const wrapped = SecretValue.unsafePlainText(secret);
    const values = [new Map([[secret, secret]]), wrapped, { wrapped }, [new Set([secret])], new Error(secret)];
    return !values.some((value) => formatValue(value).includes(secret)) && !formatType([secret]).includes(secret);
  }));
});
