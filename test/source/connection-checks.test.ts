import { Environment, Lazy, Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { ConnectionSourceOptions, PipelineSource } from '../../src';
import { isValid } from '../../src/private/violations';
import { connectionViolations } from '../../src/source/private/connection-checks';
import { ownedBy, refusedIn, testStruct } from '../helpers/inputs';
import { MANY_RUNS, problemsOf } from '../helpers/refusals';
import { CONNECTION_ARN, pipelineIn } from '../helpers/synthesis';

const good: ConnectionSourceOptions = { connectionArn: CONNECTION_ARN, repository: 'acme/storefront' };
const source = (options: object) => () => PipelineSource.connection({ ...good, ...options } as ConnectionSourceOptions);
/** Without the error, whose trace costs a thousand times as much as the check. */
const accepts = (options: unknown) => isValid(connectionViolations('options', options));
const arnIn = (region: string, { account = '111111111111', service = 'codeconnections' } = {}) =>
  `arn:aws:${service}:${region}:${account}:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d`;

const REPOSITORY = "'repository' must be owner/name of letters, digits, hyphens, underscores and dots, without host or address";
const LONG = (prop: string, start: string, example: string, code: string) =>
  new RegExp(`^'${prop}' must be at most 1000 characters, got "${start}b+… \\(1003 characters\\); for example "${example}" \\[${code}\\]$`);

// Further values of each option are in test/consumers/values.json.
test.each<[object, string | RegExp]>([
  [
    { connectionArn: 'not-an-arn' },
    `'connectionArn' must be the ARN of a CodeConnections or CodeStar connection, got "not-an-arn"; for example "${CONNECTION_ARN}" [BGP020]`,
  ],
  [
    { connectionArn: arnIn('cn-north-1') },
    `'connectionArn' must name the partition of its region, "aws-cn", got "${arnIn('cn-north-1')}"; copy the ARN from the console or the CLI [BGP025]`,
  ],
  [{ repository: 'storefront' }, `${REPOSITORY}, got "storefront"; for example "acme/storefront" [BGP021]`],
  [
    { repository: 'acme/storefront.git' },
    '\'repository\' must be owner/name without ".", ".." or a ".git" at the end, got "acme/storefront.git"; '
    + 'for example "acme/storefront" [BGP021]',
  ],
  [{ repository: `a/${'b'.repeat(999)}` }, LONG('repository', 'a/', 'acme/storefront', 'BGP021')],
  [
    { branch: 'HEAD' },
    '\'branch\' must be a branch name that git accepts, without "refs/heads/", got "HEAD"; for example "main" [BGP022]',
  ],
  [{ branch: 'b'.repeat(1001) }, LONG('branch', '', 'main', 'BGP022')],
])('a connection refuses %j', (options, message) => {
  expect(problemsOf(source(options))).toEqual([
    typeof message === 'string' ? message : expect.stringMatching(message),
  ]);
});

test('a connection reports all options that are missing', () => {
  expect(problemsOf(() => PipelineSource.connection(undefined as unknown as ConnectionSourceOptions))).toEqual([
    `'connectionArn' is required; for example "${CONNECTION_ARN}" [BGP001]`,
    '\'repository\' is required; for example "acme/storefront" [BGP001]',
  ]);
  expect(problemsOf(() => PipelineSource.connection('main' as unknown as ConnectionSourceOptions))).toEqual([
    '\'options\' must be an object, got "main"; for example { connectionArn: "arn:…", repository: "acme/storefront" } [BGP002]',
  ]);
});

test('the ARN of a connection is exactly what the rule says', () => {
  const parts = fc.tuple(
    fc.constantFrom('arn', 'urn'), fc.constantFrom('aws', 'azure'),
    fc.constantFrom('codeconnections', 'codestar-connections', 'codebuild'),
    fc.constantFrom('eu-west-1', 'us-east-2', 'nowhere'), fc.stringMatching(/^\d{11,13}$/),
    fc.constantFrom('connection', 'host'), fc.oneof(fc.uuid(), fc.stringMatching(/^[0-9a-f-]{35,37}$/)),
  );
  fc.assert(fc.property(parts, ([arn, partition, service, region, account, type, uuid]) => {
    const valid = arn === 'arn' && partition === 'aws' && service !== 'codebuild' && region !== 'nowhere'
      && account.length === 12 && type === 'connection' && uuid.split('-').map(({ length }) => length).join() === '8,4,4,4,12';
    const connectionArn = [arn, partition, service, region, account, `${type}/${uuid}`].join(':');
    return accepts({ ...good, connectionArn }) === valid;
  }), { numRuns: MANY_RUNS });
});

test('the branch of a connection is exactly what git accepts', () => {
  const part = fc.stringMatching(/^[a-z.@{~*[\\ -]{1,6}$/);
  const branches = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const isBranch = (branch: string) => !/[~*[\\ ]|\.\.|@\{/.test(branch) && branch !== '@'
    && !branch.startsWith('-') && !branch.endsWith('.')
    && branch.split('/').every((piece) => piece !== '' && !piece.startsWith('.') && !piece.endsWith('.lock'));
  fc.assert(fc.property(branches.filter((branch) => branch.trim() !== ''), (branch) =>
    accepts({ ...good, branch }) === isBranch(branch)), { numRuns: MANY_RUNS });
});

test('the checks of a connection never fail themselves', () => {
  const anything = fc.oneof(fc.constant(undefined), fc.anything());
  fc.assert(fc.property(anything, anything, anything, (connectionArn, repository, branch) =>
    !accepts({ connectionArn, repository, branch }) || [connectionArn, repository].every((value) => typeof value === 'string')),
  { numRuns: MANY_RUNS });
  fc.assert(fc.property(fc.anything(), (options) => !accepts(options)), { numRuns: MANY_RUNS });
});

testStruct({
  what: 'PipelineSource.connection',
  key: 'connectionArns',
  closest: 'connectionArn',
  make: (_, extra) => source(extra)(),
});

/** The violations of a pipeline beside resources of the user. */
function refusedAt(env: Environment, connectionArn: string): string[] {
  const stack = new Stack(undefined, 'Storefront', { env });
  ownedBy(stack);
  return refusedIn(stack, () => pipelineIn(stack, { source: source({ connectionArn })() }));
}

const here = { account: '111111111111', region: 'us-east-1' };
const codestarElsewhere = arnIn('us-east-1', { account: '222222222222', service: 'codestar-connections' });

test('a pipeline refuses a connection of another region, and a CodeStar connection of another account', () => {
  expect(refusedAt({ region: 'us-east-1' }, arnIn('eu-west-1'))).toEqual([
    `'source.connectionArn' must be of the region of the stack, "us-east-1", got "${arnIn('eu-west-1')}"; `
    + 'make a connection there and complete its handshake [BGP023]',
  ]);
  expect(refusedAt(here, codestarElsewhere)).toEqual([
    '\'source.connectionArn\' must be of the account of the stack, "111111111111", when it is of codestar-connections, '
    + `got "${codestarElsewhere}"; make a connection there, or share one of codeconnections with it [BGP024]`,
  ]);
});

test.each<[string, Environment, string]>([
  ['its region', { region: 'eu-west-1' }, arnIn('eu-west-1')],
  ['its account', { ...here, account: '222222222222' }, codestarElsewhere],
  ['another account, which can share it', here, arnIn('us-east-1', { account: '222222222222' })],
  ['an environment that is known at deployment', {}, codestarElsewhere],
  ['a token', here, Lazy.string({ produce: () => codestarElsewhere })],
])('a pipeline accepts a connection of %s', (_, env, connectionArn) => {
  const stack = new Stack(undefined, 'Storefront', { env });

  expect(isValid(source({ connectionArn })()._bind().placeViolations(stack))).toBe(true);
});
