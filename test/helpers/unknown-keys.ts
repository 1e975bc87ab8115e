import { refusal } from './refusals';

/** A call that takes an object, with one of its keys. */
export interface CallWithOptions {
  readonly make: (options: object) => () => unknown;
  readonly key: string;
}

/** Tests that a call refuses a key with a slip of a letter, and one that is like no other. */
export function testUnknownKeys(calls: { readonly [name: string]: CallWithOptions }): void {
  test.each(Object.entries(calls))('%s refuses a key that it does not know', (_, { make, key }) => {
    const slip = `${key.slice(0, -1)}_${key.slice(-1)}`;
    expect(refusal(make({ [slip]: 1 }))).toContain(
      `'${slip}' must not be set: there is no such key; use '${key}' [BGP151]`);
    expect(refusal(make({ flavour: 1 }))).toMatch(
      /'flavour' must not be set: there is no such key; remove it, or use one of .+ \[BGP151\]/);
  });
}
