import * as cdk from 'aws-cdk-lib';
import { problemsOf, refusal } from './refusals';
import { newStack } from './synthesis';
import { expectUntouched } from './untouched';
import * as library from '../../src';

type ValueOf = (entry: unknown, scope: cdk.Stack, ours: object, theirs: object) => object;

const { valueOf } = jest.requireActual<{ valueOf: ValueOf }>('../consumers/values.cjs');

interface Named {
  readonly [name: string]: unknown;
}

/** The construct or factory that rejects the props of a table. */
export interface Subject {
  /** Creates it with props as a JavaScript caller passes them, and valid other props. */
  readonly make: (props: any, stack: cdk.Stack) => unknown;
  /** The props that a table references by name, because JSON cannot contain them. */
  readonly named?: (stack: cdk.Stack) => Named;
  readonly stack?: cdk.Stack;
}

/**
 * Tests that each subject refuses the props of its rows in the words that follow them, and leaves the stack, with
 * everything that its user owns, as it was. Rows are in the notation of test/consumers/values.json, where further
 * values of each prop are. What is accepted by mistake stays in the stack and fails the rows after it, too.
 */
export function testMessages(
  messages: { readonly [subject: string]: readonly unknown[][] }, subjects: { readonly [subject: string]: Subject },
): void {
  describe.each(Object.entries(subjects))('%s', (subject, { make, named = (): Named => ({}), stack = newStack() }) => {
    const props = named(stack);
    const refused = messages[subject].map(([entry, ...words]): [unknown, unknown[], () => unknown] => {
      const given = typeof entry === 'string' ? props[entry] : valueOf(entry, newStack(), library, cdk);
      return [entry, words, () => make(given, stack)];
    });

    test.each(refused)('the subject rejects %j with its message (%#)', (_, words, call) => {
      expect(problemsOf(call)).toEqual(words);
      expect(subject.split(String(/^(?:\S+ \()?([\w.]+)/.exec(String(refusal(call)))?.[1]))[0]).toBe('');
    });

    test('a rejection leaves everything unchanged', () => {
      expect(refused.map(([entry]) => entry).filter((entry) => typeof entry === 'string')).toEqual(Object.keys(props));
      expectUntouched(stack, refused.map(([, , call]) => call));
    });
  });
}
