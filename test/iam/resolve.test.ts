import { tableOf } from './table';
import { policiesOf, mergePolicies } from '../../src/cli/iam/collect';
import { Policies } from '../../src/cli/iam/evaluate';
import { ResolvableTemplate, Resolver } from '../../src/cli/iam/resolve';

const PLACE = { partition: 'aws-us-gov', region: 'us-gov-west-1', account: '111111111111', stackName: 'Stack' };

interface Values {
  readonly 'template': ResolvableTemplate;
  readonly 'references': [value: unknown, expected: unknown][];
  readonly 'functions': [value: unknown, expected: unknown][];
  readonly 'not known': [what: string, value: unknown, error: string][];
}

interface Holder extends Pick<Policies, 'roles' | 'resourcePolicies'> {
  readonly what: string;
  readonly resources: ResolvableTemplate['Resources'];
  readonly error: string;
}

const { template, references, functions, 'not known': UNKNOWN_VALUES } = tableOf<Values>('resolve');
const { holders, 'not known': UNKNOWN_HOLDERS } = tableOf<{ readonly 'holders': Holder[]; readonly 'not known': Holder[] }>('collect');
const resolver = new Resolver(template, { ...PLACE, exports: { shared: 'arn:shared' } });

test.each([...references, ...functions])('the value %j resolves to %j', (value, expected) => {
  expect(resolver.value(value)).toEqual(expected);
});

test('AWS::NoValue leaves no value', () => {
  expect(resolver.value({ Ref: 'AWS::NoValue' })).toBeUndefined();
});

test('a resource whose condition is false does not exist', () => {
  expect(resolver.resources().map(([id]) => id)).toEqual(Object.keys(template.Resources).filter((id) => id !== 'Abroad'));
});

test('a parameter has the given value', () => {
  const given = new Resolver(template, { ...PLACE, parameters: { Plain: 'given', Stored: 'what it holds' } });
  expect(given.value([{ Ref: 'Plain' }, { Ref: 'Stored' }])).toEqual(['given', 'what it holds']);
});

test.each(UNKNOWN_VALUES)('%s that cannot be resolved throws', (_, value, message) => {
  expect(() => resolver.value(value)).toThrow(message);
});

test.each(holders)('$what', ({ resources, roles, resourcePolicies }) => {
  expect(policiesOf({ Resources: resources }, PLACE)).toEqual({ account: PLACE.account, roles, resourcePolicies });
});

test.each(UNKNOWN_HOLDERS)('$what that is unknown throws', ({ resources, error }) => {
  expect(() => policiesOf({ Resources: resources }, PLACE)).toThrow(error);
});

test('stacks of two accounts cannot be combined', () => {
  expect(() => mergePolicies(policiesOf({ Resources: {} }, PLACE), policiesOf({ Resources: {} }, { ...PLACE, account: '222222222222' })))
    .toThrow('the stacks are not in one account');
});
