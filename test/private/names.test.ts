import { App, Lazy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { inWords } from '../../src/private/errors';
import { globalNameOf, lengthProblem, LongestNames, nameOf, NameParts, regionalNameOf, resourceName, stageName, takenNameProblem } from '../../src/private/names';
import { newStack } from '../helpers/synthesis';

const token = Lazy.string({ produce: () => 'later' });

/** Characters of a name that are not the type's and not the suffix's: the limit of AWS, less account, region (15) and hyphens. */
const ROOM: { readonly [kind in keyof LongestNames]-?: number } = {
  targetGroup: 32 - 1, bucket: 63 - 1 - 13 - 16, role: 64 - 1 - 16, rule: 64 - 1, secret: 512 - 1,
};

describe('the length of a name', () => {
  test.each(Object.entries(ROOM))('of a %s leaves room for account and region where it has them', (kind, room) => {
    const problem = (length: number) => lengthProblem({ environmentSuffix: 'a'.repeat(length) }, { [kind]: 'type' });

    expect(problem(room - 4)).toBeUndefined();
    expect(problem(room - 3)).toMatchObject({ code: 'BGP007', text: expect.stringContaining(`must be at most ${room - 4} characters, got `) });
  });

  test('is that of the longest name, with its environment', () => {
    const problem = (environmentName: string, environmentSuffix: string) => lengthProblem({ environmentName, environmentSuffix }, { targetGroup: 'tg-green', role: 'role-x' });
    const words = (environmentName: string, environmentSuffix: string) => {
      const found = problem(environmentName, environmentSuffix);
      return found === undefined ? 'fine' : inWords(found);
    };

    expect(words('production', 'abcdefghijkl')).toBe('fine');
    expect(words('production', 'abcdefghijklm')).toBe("'environmentSuffix' must be at most 12 characters beside the environment \"production\", got \"abcdefghijklm\" (13); "
      + '"tg-green-production-abcdefghijklm" would not fit into the 32 characters of its AWS name; shorten it [BGP007]');
    expect(words('a'.repeat(21), 'bc')).toMatch(/must be at most 1 characters .*; shorten it \[BGP007\]$/);
    expect(words('a'.repeat(22), 'b')).toMatch(/must be at most 0 characters .*; shorten the name of the environment \[BGP007\]$/);
    expect(words('a'.repeat(30), 'b')).toMatch(/must be at most 0 characters .*; shorten the name of the environment \[BGP007\]$/);
  });

  test('is not asked of what is no text, or known at deployment only', () => {
    const parts: unknown[] = [
      {}, { environmentSuffix: undefined, environmentName: 'a'.repeat(99) }, { environmentSuffix: 'a'.repeat(99), environmentName: 7 }, { environmentSuffix: ['a'.repeat(99)] },
      { environmentSuffix: token }, { environmentSuffix: 'a'.repeat(99), environmentName: token },
    ];

    expect(parts.map((one) => lengthProblem(one as NameParts, { targetGroup: 'tg' }))).toEqual(parts.map(() => undefined));
    expect(lengthProblem({ environmentSuffix: 'a'.repeat(999) }, {})).toBeUndefined();
  });
});

describe('a name', () => {
  test('is type, environment and suffix, and account and region where it must be unique beyond', () => {
    const stack = newStack({ env: { account: '111111111111', region: 'eu-west-1' } });
    const parts = { environmentName: 'live', environmentSuffix: 'dev' };

    expect([resourceName('tg', parts), nameOf(stack, 'tg', parts), regionalNameOf(stack, 'role', parts), globalNameOf(stack, 'cache', { environmentSuffix: 'dev' }), stageName('Deploy', 'live')])
      .toEqual(['tg-live-dev', 'tg-live-dev', 'role-live-dev-eu-west-1', 'cache-dev-111111111111-eu-west-1', 'DeployLive']);
  });

  test('is taken once in an account and a region of an app, also when these are known at deployment only', () => {
    const app = new App();
    const [one, other] = ['One', 'Other'].map((id) => new Stack(app, id));
    const far = new Stack(app, 'Far', { env: { region: 'eu-west-1' } });
    const parts = { environmentSuffix: 'dev' };
    nameOf(one, 'pipeline', parts);

    const taken = [one, other, far, newStack({ env: {} })].map((stack) => takenNameProblem(stack, 'pipeline', parts)?.text);
    expect(taken).toEqual([
      ...Array(2).fill("'environmentSuffix' must differ for each use in one account and region, got \"dev\"; \"pipeline-dev\" already belongs to One; give the second one a suffix of its own"),
      undefined, undefined,
    ]);
    expect(takenNameProblem(one, 'pipeline', parts, 'a purpose of its own')?.text).toMatch(/; give the second one a purpose of its own$/);
    expect(() => nameOf(other, 'pipeline', parts)).toThrow(/^Other \(Stack2?\): 'environmentSuffix' must differ .* \[BGP008\]/);
  });

  test('that is a token is taken as the token that it is, and shown as one', () => {
    const stack = newStack();
    nameOf(stack, 'pipeline', { environmentSuffix: token });

    expect(takenNameProblem(stack, 'pipeline', { environmentSuffix: token })?.text).toContain('got a token; a token already belongs to Storefront;');
  });

  test('cannot be taken by what has no place or no text, whatever it is', () => {
    const stack = newStack();
    const record = fc.record({ environmentSuffix: fc.anything(), environmentName: fc.anything() }, { requiredKeys: [] });

    fc.assert(fc.property(fc.oneof(record, fc.anything()), fc.anything(), (parts, scope) => {
      expect(takenNameProblem(stack, 'pipeline', parts as NameParts)).toBeUndefined();
      expect(takenNameProblem(scope as Construct, 'pipeline', { environmentSuffix: 'dev' })).toBeUndefined();
      if (parts !== null && parts !== undefined) {
        lengthProblem(parts as NameParts, { targetGroup: 'tg', secret: 'x' });
      }
    }), { numRuns: 2000 });
    expect(takenNameProblem(new App() as unknown as Construct, 'pipeline', { environmentSuffix: 'dev' })).toBeUndefined();
  });
});
