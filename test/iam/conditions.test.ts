import { tableOf } from './table';
import { Conditions, conditionsHold, Context } from '../../src/cli/iam/conditions';

interface Table {
  readonly 'holds': { readonly [what: string]: { readonly page: string; readonly rows: [Conditions, Context, boolean][] } };
  readonly 'not known': { readonly [what: string]: [Conditions, Context, string] };
}

const TABLE = tableOf<Table>('conditions');

describe.each(Object.entries(TABLE.holds))('%s', (_, { rows }) => {
  test.each(rows)('the condition %j with the context %j is %s', (condition, context, holds) => {
    expect(conditionsHold(condition, context)).toBe(holds);
  });
});

test.each(Object.entries(TABLE['not known']))('a condition with %s throws', (_, [condition, context, message]) => {
  expect(() => conditionsHold(condition, context)).toThrow(message);
});
