import { Environment, Lazy, Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import messages from './messages.json';
import { ConnectionSourceOptions, PipelineSource } from '../../src';
import { isValid, listViolations } from '../../src/private/violations';
import { connectionViolations } from '../../src/source/private/connection-checks';
import { testMessages } from '../helpers/messages';
import { MANY_RUNS } from '../helpers/refusals';
import { CONNECTION_ARN } from '../helpers/synthesis';

const good: ConnectionSourceOptions = { connectionArn: CONNECTION_ARN, repository: 'acme/storefront' };
const source = (options: object) => () => PipelineSource.connection({ ...good, ...options } as ConnectionSourceOptions);
/** Without the error, whose trace costs a thousand times as much as the check. */
const accepts = (options: unknown) => isValid(connectionViolations('options', options));
const arnIn = (region: string, { account = '111111111111', service = 'codeconnections' } = {}) =>
  `arn:aws:${service}:${region}:${account}:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d`;

testMessages(messages, {
  'PipelineSource.connection': {
    make: (options) => PipelineSource.connection(typeof options === 'object' ? { ...good, ...options } : options),
  },
});

test('the rule for a connection ARN agrees with its description', () => {
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

test('the rule for a branch agrees with git', () => {
  const part = fc.stringMatching(/^[a-z.@{~*[\\ -]{1,6}$/);
  const branches = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const isBranch = (branch: string) => !/[~*[\\ ]|\.\.|@\{/.test(branch) && branch !== '@'
    && !branch.startsWith('-') && !branch.endsWith('.')
    && branch.split('/').every((piece) => piece !== '' && !piece.startsWith('.') && !piece.endsWith('.lock'));
  fc.assert(fc.property(branches.filter((branch) => branch.trim() !== ''), (branch) =>
    accepts({ ...good, branch }) === isBranch(branch)), { numRuns: MANY_RUNS });
});

test('the checks of a connection never throw an unexpected error', () => {
  const anything = fc.oneof(fc.constant(undefined), fc.anything());
  fc.assert(fc.property(anything, anything, anything, (connectionArn, repository, branch) =>
    !accepts({ connectionArn, repository, branch }) || [connectionArn, repository].every((value) => typeof value === 'string')),
  { numRuns: MANY_RUNS });
  fc.assert(fc.property(fc.anything(), (options) => !accepts(options)), { numRuns: MANY_RUNS });
});

const here = { account: '111111111111', region: 'us-east-1' };
const codestarElsewhere = arnIn('us-east-1', { account: '222222222222', service: 'codestar-connections' });

/** The codes of what is wrong about a connection in an environment. */
function brokenIn(env: Environment, connectionArn: string): string[] {
  const stack = new Stack(undefined, 'Storefront', { env });
  return listViolations(source({ connectionArn })()._bind().placeViolations(stack)).map(({ code }) => code);
}

// The words are in docs/errors.md, as a pipeline is refused.
test.each<[string, Environment, string, string[]]>([
  ['another region', here, arnIn('eu-west-1'), []],
  ['CodeStar in another region', here, arnIn('eu-west-1', { service: 'codestar-connections' }), []],
  ['CodeStar in another account', here, codestarElsewhere, ['BGP024']],
  ['another partition', { region: 'cn-north-1' }, arnIn('us-east-1'), ['BGP025']],
  ['an unknown region', { region: 'mars-north-1' }, arnIn('us-east-1'), []],
  ['its region', { region: 'eu-west-1' }, arnIn('eu-west-1'), []],
  ['its account', { ...here, account: '222222222222' }, codestarElsewhere, []],
  ['another account, which can share it', here, arnIn('us-east-1', { account: '222222222222' }), []],
  ['an environment that is known only at deployment', {}, codestarElsewhere, []],
  ['a token', here, Lazy.string({ produce: () => codestarElsewhere }), []],
])('a connection of %s is accepted, or is rejected', (_, env, connectionArn, codes) => {
  expect(brokenIn(env, connectionArn)).toEqual(codes);
});
