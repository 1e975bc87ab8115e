import { Conditions, conditionsHold, Context } from '../../src/cli/iam/conditions';

const OPERATORS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html';
const SETS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html';
const LOGIC = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html';

type Row = [page: string, condition: Conditions, context: Context, holds: boolean];

const one = (operator: string, wanted: unknown): Conditions => ({ [operator]: { 'a:Key': wanted } });
const is = (value: string | string[]): Context => ({ 'a:Key': value });

const TABLE: { readonly [what: string]: Row[] } = {
  'texts are compared as they stand': [
    [OPERATORS, one('StringEquals', 'johndoe'), is('johndoe'), true],
    [OPERATORS, one('StringEquals', 'johndoe'), is('JohnDoe'), false],
    [OPERATORS, one('StringEquals', 'john*'), is('johndoe'), false],
    [OPERATORS, one('StringEqualsIgnoreCase', 'johndoe'), is('JohnDoe'), true],
    [OPERATORS, one('StringEqualsIgnoreCase', 'johndoe'), is('janedoe'), false],
    [OPERATORS, one('StringNotEquals', 'johndoe'), is('janedoe'), true],
    [OPERATORS, one('StringNotEquals', 'johndoe'), is('johndoe'), false],
    [OPERATORS, one('StringNotEqualsIgnoreCase', 'johndoe'), is('JOHNDOE'), false],
    [OPERATORS, one('StringNotEqualsIgnoreCase', 'johndoe'), is('janedoe'), true],
  ],
  'patterns have wildcards': [
    [OPERATORS, one('StringLike', 'home/*'), is('home/jane/a:b'), true],
    [OPERATORS, one('StringLike', 'home/*'), is('Home/jane'), false],
    [OPERATORS, one('StringLike', 'h?me'), is('home'), true],
    [OPERATORS, one('StringLike', 'h?me'), is('hme'), false],
    [OPERATORS, one('StringLike', 'a.c'), is('abc'), false],
    [OPERATORS, one('StringNotLike', 'home/*'), is('home/jane'), false],
    [OPERATORS, one('StringNotLike', 'home/*'), is('work/jane'), true],
  ],
  'numbers': [
    [OPERATORS, one('NumericEquals', '10'), is('10.0'), true],
    [OPERATORS, one('NumericEquals', '10'), is('11'), false],
    [OPERATORS, one('NumericNotEquals', '10'), is('11'), true],
    [OPERATORS, one('NumericNotEquals', '10'), is('10'), false],
    [OPERATORS, one('NumericLessThan', '10'), is('9'), true],
    [OPERATORS, one('NumericLessThan', '10'), is('10'), false],
    [OPERATORS, one('NumericLessThanEquals', 10), is('10'), true],
    [OPERATORS, one('NumericLessThanEquals', 10), is('11'), false],
    [OPERATORS, one('NumericGreaterThan', '10'), is('11'), true],
    [OPERATORS, one('NumericGreaterThan', '10'), is('10'), false],
    [OPERATORS, one('NumericGreaterThanEquals', '10'), is('10'), true],
    [OPERATORS, one('NumericGreaterThanEquals', '10'), is('9'), false],
  ],
  'dates, in ISO 8601 or in seconds since 1970': [
    [OPERATORS, one('DateEquals', '2020-01-01T00:00:01Z'), is('1577836801'), true],
    [OPERATORS, one('DateEquals', '2020-01-01T00:00:01Z'), is('1577836802'), false],
    [OPERATORS, one('DateNotEquals', '2020-01-01T00:00:01Z'), is('1577836802'), true],
    [OPERATORS, one('DateNotEquals', '2020-01-01T00:00:01Z'), is('1577836801'), false],
    [OPERATORS, one('DateLessThan', '2020-01-01T00:00:01Z'), is('2020-01-01T00:00:00Z'), true],
    [OPERATORS, one('DateLessThan', '2020-01-01T00:00:01Z'), is('2020-01-01T00:00:01Z'), false],
    [OPERATORS, one('DateLessThanEquals', '2020-01-01T00:00:01Z'), is('2020-01-01T00:00:01Z'), true],
    [OPERATORS, one('DateLessThanEquals', '2020-01-01T00:00:01Z'), is('2020-01-01T00:00:02Z'), false],
    [OPERATORS, one('DateGreaterThan', '2020-01-01T00:00:01Z'), is('2020-01-01T00:00:02Z'), true],
    [OPERATORS, one('DateGreaterThan', '2020-01-01T00:00:01Z'), is('2020-01-01T00:00:01Z'), false],
    [OPERATORS, one('DateGreaterThanEquals', '2020-01-01T00:00:01Z'), is('2020-01-01T00:00:01Z'), true],
    [OPERATORS, one('DateGreaterThanEquals', '2020-01-01T00:00:01Z'), is('2020-01-01T00:00:00Z'), false],
  ],
  'booleans and binary values': [
    [OPERATORS, one('Bool', 'true'), is('true'), true],
    [OPERATORS, one('Bool', false), is('false'), true],
    [OPERATORS, one('Bool', 'true'), is('false'), false],
    [OPERATORS, one('BinaryEquals', 'QmluYXJ5VmFsdWVJbkJhc2U2NA=='), is('QmluYXJ5VmFsdWVJbkJhc2U2NA=='), true],
    [OPERATORS, one('BinaryEquals', 'QmluYXJ5VmFsdWVJbkJhc2U2NA=='), is('QmluYXJ5VmFsdWVJbkJhc2U2NB=='), false],
  ],
  'addresses': [
    [OPERATORS, one('IpAddress', '203.0.113.0/24'), is('203.0.113.9'), true],
    [OPERATORS, one('IpAddress', '203.0.113.0/24'), is('203.0.114.9'), false],
    [OPERATORS, one('IpAddress', '203.0.113.7'), is('203.0.113.7'), true],
    [OPERATORS, one('IpAddress', '203.0.113.7'), is('203.0.113.8'), false],
    [OPERATORS, one('IpAddress', '2001:DB8:1234:5678::/64'), is('2001:db8:1234:5678::1'), true],
    [OPERATORS, one('IpAddress', '2001:DB8:1234:5678::/64'), is('203.0.113.9'), false],
    [OPERATORS, one('NotIpAddress', '203.0.113.0/24'), is('203.0.113.9'), false],
    [OPERATORS, one('NotIpAddress', '203.0.113.0/24'), is('198.51.100.1'), true],
  ],
  'ARNs, part by part': [
    [OPERATORS, one('ArnEquals', 'arn:aws:sns:us-east-1:111111111111:topic'), is('arn:aws:sns:us-east-1:111111111111:topic'), true],
    [OPERATORS, one('ArnEquals', 'arn:aws:sns:*:111111111111:*'), is('arn:aws:sns:us-east-1:111111111111:topic'), true],
    [OPERATORS, one('ArnLike', 'arn:aws:sns:*:111111111111:*'), is('arn:aws:sns:us-east-1:222222222222:topic'), false],
    [OPERATORS, one('ArnLike', 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:*'), is('arn:aws:cloudwatch:us-east-1:111111111111:alarm:a:b'), true],
    [OPERATORS, one('ArnLike', 'arn:aws:sns:us-east-1:111111111111:*'), is('topic'), false],
    [OPERATORS, one('ArnNotLike', 'arn:aws:sns:*:111111111111:*'), is('arn:aws:sns:us-east-1:111111111111:topic'), false],
    [OPERATORS, one('ArnNotEquals', 'arn:aws:sns:*:111111111111:*'), is('arn:aws:sns:us-east-1:222222222222:topic'), true],
  ],
  'a key that is absent': [
    [OPERATORS, one('StringEquals', 'a'), {}, false],
    [OPERATORS, one('StringLike', '*'), {}, false],
    [OPERATORS, one('Bool', 'false'), {}, false],
    [OPERATORS, one('ArnLike', '*'), {}, false],
    [OPERATORS, one('StringNotEquals', 'a'), {}, true],
    [OPERATORS, one('StringNotLike', 'a'), {}, true],
    [OPERATORS, one('NumericNotEquals', '1'), {}, true],
    [OPERATORS, one('DateNotEquals', '2020-01-01'), {}, true],
    [OPERATORS, one('NotIpAddress', '203.0.113.0/24'), {}, true],
    [OPERATORS, one('ArnNotEquals', 'arn:aws:sns:us-east-1:111111111111:topic'), {}, true],
  ],
  'IfExists is true without the key, and compares with it': [
    [OPERATORS, one('StringEqualsIfExists', 'a'), {}, true],
    [OPERATORS, one('StringEqualsIfExists', 'a'), is('a'), true],
    [OPERATORS, one('StringEqualsIfExists', 'a'), is('b'), false],
    [OPERATORS, one('BoolIfExists', 'false'), {}, true],
    [OPERATORS, one('StringNotEqualsIfExists', 'a'), is('a'), false],
  ],
  'Null asks whether the key is there': [
    [OPERATORS, one('Null', 'true'), {}, true],
    [OPERATORS, one('Null', 'true'), is('a'), false],
    [OPERATORS, one('Null', 'false'), {}, false],
    [OPERATORS, one('Null', 'false'), is('a'), true],
  ],
  'keys with several values': [
    [SETS, one('ForAllValues:StringEquals', ['a', 'b']), is(['a', 'b']), true],
    [SETS, one('ForAllValues:StringEquals', ['a', 'b']), is(['a', 'c']), false],
    [SETS, one('ForAllValues:StringEquals', ['a', 'b']), {}, true],
    [SETS, one('ForAllValues:StringEquals', ['a', 'b']), is([]), true],
    [SETS, one('ForAllValues:StringNotLike', ['a*']), is(['b', 'ab']), false],
    [SETS, one('ForAllValues:StringNotLike', ['a*']), is(['b', 'c']), true],
    [SETS, one('ForAnyValue:StringEquals', ['a', 'b']), is(['c', 'b']), true],
    [SETS, one('ForAnyValue:StringEquals', ['a', 'b']), is(['c', 'd']), false],
    [SETS, one('ForAnyValue:StringEquals', ['a', 'b']), {}, false],
    [SETS, one('ForAnyValue:StringEquals', ['a', 'b']), is('b'), true],
  ],
  'values are alternatives, keys and operators are all needed': [
    [LOGIC, one('StringEquals', ['a', 'b']), is('b'), true],
    [LOGIC, one('StringEquals', ['a', 'b']), is('c'), false],
    [LOGIC, one('StringNotEquals', ['a', 'b']), is('b'), false],
    [LOGIC, one('StringNotEquals', ['a', 'b']), is('c'), true],
    [LOGIC, { StringEquals: { 'a:Key': 'a', 'a:Other': 'b' } }, { 'a:Key': 'a', 'a:Other': 'b' }, true],
    [LOGIC, { StringEquals: { 'a:Key': 'a', 'a:Other': 'b' } }, { 'a:Key': 'a', 'a:Other': 'c' }, false],
    [LOGIC, { StringEquals: { 'a:Key': 'a' }, Bool: { 'a:Other': 'true' } }, { 'a:Key': 'a', 'a:Other': 'true' }, true],
    [LOGIC, { StringEquals: { 'a:Key': 'a' }, Bool: { 'a:Other': 'true' } }, { 'a:Key': 'a', 'a:Other': 'false' }, false],
    ['https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html', one('StringEquals', 'a'), { 'A:kEY': 'a' }, true],
    ['https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html', {}, {}, true],
  ],
};

describe.each(Object.entries(TABLE))('%s', (_, rows) => {
  test.each(rows)('%s: %j with %j is %s', (_page, condition, context, holds) => {
    expect(conditionsHold(condition, context)).toBe(holds);
  });
});

describe('nothing is guessed', () => {
  test.each<[string, Conditions, Context, string]>([
    ['an operator that AWS does not have', one('StringMatches', 'a'), is('a'), 'the condition operator StringMatches is not known'],
    ['an operator in other letters', one('stringEquals', 'a'), is('a'), 'the condition operator stringEquals is not known'],
    ['an unknown operator next to one that is false', { ...one('StringEquals', 'a'), ...one('StringMatches', 'a') }, {}, 'the condition operator StringMatches is not known'],
    ['a name that every object has', one('toString', 'a'), is('a'), 'the condition operator toString is not known'],
    ['Null with IfExists', one('NullIfExists', 'true'), {}, 'the condition operator NullIfExists is not known'],
    ['Null of something else', one('Null', 'maybe'), {}, 'neither true nor false: maybe'],
    ['a set operator that AWS contradicts itself about', one('ForAnyValue:StringEqualsIfExists', 'a'), {}, 'AWS does not say'],
    ['several values for an operator of one', one('StringEquals', 'a'), is(['a']), 'a:Key has several values, and StringEquals compares one'],
    ['a variable to compare with', one('StringEquals', '${aws:username}'), is('jane'), 'policy variables are not known'],
    ['a variable in a pattern', one('StringLike', 'home/${aws:username}'), is('home/jane'), 'policy variables are not known'],
    ['a word for a number', one('NumericEquals', 'ten'), is('10'), 'not a number: ten'],
    ['a word for a date', one('DateEquals', 'today'), is('0'), 'not a date: today'],
    ['an ARN that is none', one('ArnLike', 'topic'), is('arn:aws:sns:us-east-1:111111111111:topic'), 'not an ARN: topic'],
    ['an ARN with too few parts', one('ArnLike', 'arn:aws:sns:*:topic'), is('arn:aws:sns:us-east-1:111111111111:topic'), 'not an ARN: arn:aws:sns:*:topic'],
    ['an object for a value', one('StringEquals', { Ref: 'Role' }), is('a'), 'not a value of a condition: {"Ref":"Role"}'],
  ])('%s throws', (_, condition, context, message) => {
    expect(() => conditionsHold(condition, context)).toThrow(message);
  });
});
