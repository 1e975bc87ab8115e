import * as cdk from 'aws-cdk-lib';
import * as library from '../../src';

interface Row {
  readonly subject: string;
  readonly prop: string;
  readonly good: unknown[];
  readonly bad: unknown[];
}

// Plain JavaScript, so that no type check precedes the library.
const { TABLE, feed } = jest.requireActual<{ TABLE: Row[]; feed: (library: object, cdk: object, row: Row, options: { synth: boolean }) => string[] }>('../consumers/values.cjs');

test.each(TABLE)('$subject accepts every valid value of $prop, up to the template, and rejects every invalid one', (row) => {
  expect(feed(library, cdk, row, { synth: true })).toEqual([]);
});

test('every required prop and many others are tested with several values', () => {
  expect(TABLE.length).toBeGreaterThan(75);
  expect(TABLE.filter(({ good, bad }) => bad.length < 7 || (good.length === 0 && bad.length < 10)).map(({ subject, prop }) => `${subject}.${prop}`)).toEqual([]);
});
