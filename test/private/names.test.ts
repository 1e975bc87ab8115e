import { App, aws_ec2 as ec2, Lazy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { LongestNames, nameLengthViolation, NameParts, Names, stageName, takenNameViolations } from '../../src/private/names';
import { listViolations, Violations } from '../../src/private/violations';
import { MANY_RUNS } from '../helpers/refusals';
import { newStack, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

const token = Lazy.string({ produce: () => 'later' });
const parts = { environmentSuffix: 'dev' };
const textOf = (found: Violations) => listViolations(found)[0]?.text;
const taken = (scope: Construct, remedy?: string) => textOf(takenNameViolations(scope, [{ type: 'pipeline', parts, remedy }]));

/** The limits of AWS, less account (12), region (15) and hyphens. */
const LIMITS: { readonly [kind in keyof LongestNames]-?: number } = {
  targetGroup: 32, bucket: 63 - 13 - 16, role: 64 - 16, rule: 64, secret: 512,
};

test.each(Object.entries(LIMITS))('the name of a %s has at most %d characters before account and region', (kind, max) => {
  const longest = max - 'type-'.length;
  const violation = (length: number) => nameLengthViolation({ environmentSuffix: 'a'.repeat(length) }, { [kind]: 'type' });

  expect(violation(longest)).toBeUndefined();
  expect(violation(longest + 1))
    .toMatchObject({ code: 'BGP007', text: expect.stringContaining(`must be at most ${longest} characters, got `) });
});

test('the limit of a suffix is that of the longest name, with its environment', () => {
  const violation = (environmentName: string, environmentSuffix: string) =>
    textOf(nameLengthViolation({ environmentName, environmentSuffix }, { targetGroup: 'tg-green', role: 'role-x' }));

  expect(violation('production', 'abcdefghijkl')).toBeUndefined();
  expect(violation('production', 'abcdefghijklm')).toBe('\'environmentSuffix\' must be at most 12 characters with the environment name '
    + '"production", got "abcdefghijklm" (13); "tg-green-production-abcdefghijklm" would exceed the 32 characters that AWS allows for the name; shorten the suffix');
  expect(violation('a'.repeat(21), 'bc')).toMatch(/must be at most 1 character .*; shorten the suffix$/);
  // No suffix is short enough.
  expect(violation('a'.repeat(22), 'b')).toBe(`'environmentSuffix' must be at most 22 characters together with the environment name "${'a'.repeat(22)}", `
    + `got "b" (23 together); "tg-green-${'a'.repeat(22)}-b" would exceed the 32 characters that AWS allows for the name; shorten the environment name`);
  expect(violation('a'.repeat(30), 'bc')).toMatch(/must be at most 22 characters together .*, got "bc" \(32 together\); .*; shorten the environment name$/);
});

test('a name that is not a string or is a token has no length', () => {
  const long = 'a'.repeat(99);
  const unknown: unknown[] = [
    {}, { environmentName: long }, { environmentSuffix: long, environmentName: 7 }, { environmentSuffix: [long] },
    { environmentSuffix: token }, { environmentSuffix: long, environmentName: token },
  ];

  expect(unknown.map((one) => nameLengthViolation(one as NameParts, { targetGroup: 'tg' }))).toEqual(unknown.map(() => undefined));
  expect(nameLengthViolation({ environmentSuffix: long }, {})).toBeUndefined();
});

test('a name consists of type, environment and suffix, and of account and region where it must be unique beyond them', () => {
  const stack = newStack({ env: { account: '111111111111', region: 'eu-west-1' } });
  const names = new Names(stack, { environmentName: 'live', environmentSuffix: 'dev' });

  expect([names.environmentName, names.environmentSuffix, new Names(stack, parts).environmentName]).toEqual(['live', 'dev', '']);
  expect([names.of('tg'), names.claim('tg'), names.claimInAccount('role'), new Names(stack, parts).claimInPartition('cache')])
    .toEqual(['tg-live-dev', 'tg-live-dev', 'role-live-dev-eu-west-1', 'cache-dev-111111111111-eu-west-1']);
  expect(stageName('Deploy', 'live')).toBe('DeployLive');
});

test('a name can be claimed once per account and region of an app, even if these are known only at deployment', () => {
  const app = new App();
  const [one, other] = ['One', 'Other'].map((id) => new Stack(app, id));
  const far = new Stack(app, 'Far', { env: { region: 'eu-west-1' } });
  new Names(one, parts).claim('pipeline');
  const message = '\'environmentSuffix\' must produce unique names within an account and region, got "dev"; '
    + '"pipeline-dev" already belongs to One; use a different';

  expect([one, other, far, newStack({ env: {} })].map((stack) => taken(stack)))
    .toEqual([`${message} suffix for the second construct`, `${message} suffix for the second construct`, undefined, undefined]);
  expect(taken(one, 'a different purpose')).toBe(`${message} purpose for the second construct`);
  expect(() => new Names(other, parts).claim('pipeline')).toThrow(/^Other \(Stack2?\): 'environmentSuffix' must produce unique names .* \[BGP008\]/);
});

test('a check of a name does not change the app, and a claim adds one property', () => {
  const stack = newStack();

  taken(stack);
  expect(Object.getOwnPropertySymbols(stack.node.root).map(String)).not.toContainEqual(expect.stringContaining('claimedNames'));
  new Names(stack, parts).claim('pipeline');
  expect(Object.getOwnPropertySymbols(stack.node.root).map(String)).toContainEqual(expect.stringContaining('claimedNames'));
});

test('a taken name is found behind a free one, and a value that is not a string is no name', () => {
  const stack = newStack();
  new Names(stack, { environmentSuffix: 'dev', environmentName: 'live' }).claim('service');
  const found = (environmentSuffix: unknown, environmentName: unknown) => takenNameViolations(stack, [
    { type: 'pipeline', parts: { environmentSuffix: 'dev' } },
    { type: 'service', parts: { environmentSuffix, environmentName } as NameParts },
  ]);

  expect(textOf(found('dev', 'live'))).toContain('"service-live-dev" already belongs to Storefront');
  expect([found(['dev'], 'live'), found('dev', ['live'])]).toEqual([undefined, undefined]);
});

test('a tag of a name takes precedence over the tag that the CDK gives a VPC', () => {
  const stack = newStack();
  new Names(stack, parts).tag(new ec2.Vpc(stack, 'Network', { maxAzs: 1 }), 'vpc');

  expect(all(templateOf(stack), 'AWS::EC2::VPC').map(([, { Tags }]) => Tags)).toEqual([[{ Key: 'Name', Value: 'vpc-dev' }]]);
});

test('a name that is a token is claimed as that token and shown as a token', () => {
  const stack = newStack();
  const later = { environmentSuffix: token };
  new Names(stack, later).claim('pipeline');

  expect(textOf(takenNameViolations(stack, [{ type: 'pipeline', parts: later }]))).toContain('got a token; a token already belongs to Storefront;');
});

test('no check of a name throws an unexpected error', () => {
  const stack = newStack();
  const record = fc.record({ environmentSuffix: fc.anything(), environmentName: fc.anything() }, { requiredKeys: [] });

  fc.assert(fc.property(fc.oneof(record, fc.anything()), fc.anything(), (some, scope) => {
    expect(takenNameViolations(stack, [{ type: 'pipeline', parts: some as NameParts }])).toBeUndefined();
    expect(taken(scope as Construct)).toBeUndefined();
    nameLengthViolation(some as NameParts ?? {}, { targetGroup: 'tg', secret: 'x' });
  }), { numRuns: MANY_RUNS });
  expect(taken(new App() as unknown as Construct)).toBeUndefined();
});
