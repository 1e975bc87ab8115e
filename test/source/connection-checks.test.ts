import { CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { ConnectionSourceProps, PipelineSource } from '../../src';
import { brokenRules, MANY_RUNS, refusal, STRANGE } from '../helpers/refusals';
import { CONNECTION_ARN, newStack, pipelineIn } from '../helpers/synthesis';

const ID = '6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d';
const good: ConnectionSourceProps = { connectionArn: CONNECTION_ARN, repository: 'acme/storefront' };
const source = (props: object) => () => PipelineSource.connection({ ...good, ...props } as ConnectionSourceProps);
const codes = (props: object) => brokenRules(source(props));

describe('the ARN of a connection', () => {
  test.each([
    CONNECTION_ARN,
    `arn:aws:codestar-connections:eu-central-1:000000000000:connection/${ID}`,
    `arn:aws:codeconnections:ap-southeast-7:111111111111:connection/${ID}`,
    `arn:aws-us-gov:codeconnections:us-gov-west-1:111111111111:connection/${ID}`,
    `arn:aws-cn:codestar-connections:cn-north-1:111111111111:connection/${ID}`,
    `arn:aws-eusc:codeconnections:eusc-de-east-1:111111111111:connection/${ID}`,
    // The examples of AWS have letters that are no hexadecimal digits; regions to come are not known yet.
    'arn:aws:codeconnections:us-west-2:111111111111:connection/aEXAMPLE-8aad-4d5d-8878-dfcab0bc441f',
    `arn:aws:codeconnections:mx-west-9:111111111111:connection/${ID}`,
  ])('may be %s', (connectionArn) => {
    expect(codes({ connectionArn })).toEqual([]);
  });

  test.each([
    'not-an-arn',
    `ARN:aws:codeconnections:us-east-1:111111111111:connection/${ID}`,
    `arn:aws2:codeconnections:us-east-1:111111111111:connection/${ID}`,
    'arn:aws:codecommit:us-east-1:111111111111:storefront',
    `arn:aws:codeconnections2:us-east-1:111111111111:connection/${ID}`,
    `arn:aws:xcodeconnections:us-east-1:111111111111:connection/${ID}`,
    `arn:aws:codeconnections::111111111111:connection/${ID}`,
    `arn:aws:codeconnections:useast-1:111111111111:connection/${ID}`,
    `arn:aws:codeconnections:u-east-1:111111111111:connection/${ID}`,
    `arn:aws:codeconnections:us-east:111111111111:connection/${ID}`,
    `arn:aws:codeconnections:us-east-12:111111111111:connection/${ID}`,
    `arn:aws:codeconnections:us-east-1a:111111111111:connection/${ID}`,
    `arn:aws:codeconnections:us-east-1:11111111111:connection/${ID}`,
    `arn:aws:codeconnections:us-east-1:1111111111111:connection/${ID}`,
    `arn:aws:codeconnections:us-east-1:acmeacmeacme:connection/${ID}`,
    `arn:aws:codeconnections:us-east-1:111111111111:host/${ID}`,
    'arn:aws:codeconnections:us-east-1:111111111111:connection/',
    'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1-1f0e-4c53-9b1c-1d2f3a4b5c6d',
    'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-1d2f3a4b5c6d',
    'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c5-9b1c-1d2f3a4b5c6d',
    'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6',
    'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c_1f0e-4c53-9b1c-1d2f3a4b5c6d',
    ` ${CONNECTION_ARN}`,
    `${CONNECTION_ARN}0`,
    `${CONNECTION_ARN}\n`,
    `x${CONNECTION_ARN}`,
  ])('may not be %j', (connectionArn) => {
    expect(refusal(source({ connectionArn }))).toBe(
      `PipelineSource.connection: 'connectionArn' must be the ARN of a CodeConnections or CodeStar connection, got ${JSON.stringify(connectionArn)}; `
      + `for example "${CONNECTION_ARN}" [BGP020]`);
  });

  test.each([
    [`arn:aws:codeconnections:cn-north-1:111111111111:connection/${ID}`, 'aws-cn'],
    [`arn:aws-cn:codeconnections:us-east-1:111111111111:connection/${ID}`, 'aws'],
    [`arn:aws:codeconnections:us-gov-west-1:111111111111:connection/${ID}`, 'aws-us-gov'],
  ])('may not be %s, whose region is of the partition %s', (connectionArn, partition) => {
    expect(refusal(source({ connectionArn }))).toBe(
      `PipelineSource.connection: 'connectionArn' must name the partition of its region, "${partition}", got "${connectionArn}"; copy the ARN from the console or the CLI [BGP025]`);
  });

  test('is exactly what the rule says', () => {
    const parts = fc.tuple(
      fc.constantFrom('arn', 'urn'), fc.constantFrom('aws', 'azure'), fc.constantFrom('codeconnections', 'codestar-connections', 'codebuild'),
      fc.constantFrom('eu-west-1', 'us-east-2', 'nowhere'), fc.stringMatching(/^\d{11,13}$/), fc.constantFrom('connection', 'host'),
      fc.oneof(fc.uuid(), fc.stringMatching(/^[0-9a-f-]{35,37}$/)),
    );
    fc.assert(fc.property(parts, ([arn, partition, service, region, account, type, uuid]) => {
      const fine = arn === 'arn' && partition === 'aws' && service !== 'codebuild' && region !== 'nowhere' && account.length === 12 && type === 'connection'
        && uuid.split('-').map(({ length }) => length).join() === '8,4,4,4,12';
      return (codes({ connectionArn: `${arn}:${partition}:${service}:${region}:${account}:${type}/${uuid}` }).length === 0) === fine;
    }), { numRuns: MANY_RUNS });
  });
});

describe('the repository', () => {
  test.each(['acme/storefront', 'acme/web/storefront', 'Acme-2/store.front_x', '1/2', '_/-', 'a/git', 'a/.github', 'a/b.git2', `a/${'b'.repeat(998)}`])('may be %s', (repository) => {
    expect(codes({ repository })).toEqual([]);
  });

  test.each([
    'storefront', '/storefront', 'acme/', 'acme//storefront', 'https://github.com/acme/storefront', 'git@github.com:acme/storefront', 'acme/store front', 'acme/störefront',
    '/acme/storefront', 'acme/storefront/', 'acme/storefront\n', '\nacme/storefront', 'acme\\storefront',
  ])('may not be %j', (repository) => {
    expect(refusal(source({ repository }))).toBe(
      `PipelineSource.connection: 'repository' must be owner/name of letters, digits, hyphens, underscores and dots, without host or address, got ${
        JSON.stringify(repository)}; for example "acme/storefront" [BGP021]`);
  });

  test.each(['acme/storefront.git', 'acme/..', './storefront', '../storefront', 'acme/.', 'acme.git/storefront', 'acme/.git'])('may not be %s, which is an address or a path', (repository) => {
    expect(refusal(source({ repository }))).toBe(
      `PipelineSource.connection: 'repository' must be owner/name without ".", ".." or a ".git" at the end, got "${repository}"; for example "acme/storefront" [BGP021]`);
  });

  test('may not be longer than CodePipeline takes', () => {
    expect(refusal(source({ repository: `a/${'b'.repeat(999)}` }))).toMatch(
      /^PipelineSource.connection: 'repository' must be at most 1000 characters, got "a\/b+… \(1003 characters\); for example "acme\/storefront" \[BGP021\]$/);
  });
});

describe('the branch', () => {
  test.each([
    'main', 'release/1.x', 'feature/ünicode', 'a', 'dependabot/npm_and_yarn/x-1.2.3', 'user@work', 'x.lockfile', '{odd}', 'hash#1', 'HEADS', 'head', 'x@', '@x', 'a{b', 'a@b{',
    'refs/tags/x', 'x/refs/heads/y', 'a-', 'a.b', '!"$%&\'()+,;<=>]_`|', 'b'.repeat(1000),
  ])('may be %s', (branch) => {
    expect(codes({ branch })).toEqual([]);
  });

  test.each([
    'two words', 'a..b', '/main', 'main/', 'a//b', 'x.lock', 'x.lock/y', '.hidden', 'a/.b', 'end.', '-x', '@', 'a@{b', 'a~b', 'a^b', 'a:b', 'a?b', 'a*b', 'a[b', 'HEAD',
    'a\\b', 'tab\tbed', 'nul\u0000', 'unit\u001f', 'del\u007f', 'refs/heads/main', 'main\n', ' main',
  ])('may not be %j', (branch) => {
    expect(refusal(source({ branch }))).toBe(
      `PipelineSource.connection: 'branch' must be a branch name that git accepts, without "refs/heads/", got ${JSON.stringify(branch)}; for example "main" [BGP022]`);
  });

  test('may not be longer than CodePipeline takes', () => {
    expect(refusal(source({ branch: 'b'.repeat(1001) }))).toMatch(
      /^PipelineSource.connection: 'branch' must be at most 1000 characters, got "b+… \(1003 characters\); for example "main" \[BGP022\]$/);
  });

  test('is exactly what git says', () => {
    const part = fc.stringMatching(/^[a-z.@{~*[\\ -]{1,6}$/);
    const byHand = (branch: string) => branch.split('/').every((piece) => piece !== '' && !piece.startsWith('.') && !piece.endsWith('.lock'))
      && !branch.includes('..') && !branch.includes('@{') && branch !== '@' && !branch.startsWith('-') && !branch.endsWith('.') && !/[~*[\\ ]/.test(branch);
    fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')).filter((branch) => branch.trim() !== ''),
      (branch) => (codes({ branch }).length === 0) === byHand(branch)), { numRuns: MANY_RUNS });
  });
});

describe('what is no text', () => {
  const texts = STRANGE.filter((value) => typeof value !== 'string');

  test.each(['connectionArn', 'repository', 'branch'])('is refused as %s', (prop) => {
    for (const value of texts) {
      expect(codes({ [prop]: value })).toEqual([value === null ? 'BGP001' : 'BGP002']);
    }
    expect(codes({ [prop]: ' ' })).toEqual(['BGP004']);
    expect(codes({ [prop]: '' })).toEqual(['BGP004']);
  });

  test('is refused as props, all missing ones at once', () => {
    for (const value of STRANGE.filter((one) => typeof one !== 'object' || Array.isArray(one) || one === null)) {
      expect(refusal(() => PipelineSource.connection(value as ConnectionSourceProps))).toMatch(
        /^PipelineSource.connection: 'props' must be an object, got .*; for example \{ connectionArn: "arn:…", repository: "acme\/storefront" \} \[BGP002\]$/);
    }
    expect(refusal(() => PipelineSource.connection(undefined as unknown as ConnectionSourceProps))).toBe([
      'PipelineSource.connection has 2 problems:',
      `  - 'connectionArn' is required; for example "${CONNECTION_ARN}" [BGP001]`,
      '  - \'repository\' is required; for example "acme/storefront" [BGP001]',
    ].join('\n'));
  });

  test('never makes the check itself fail', () => {
    const anything = fc.oneof(fc.constant(undefined), fc.anything());
    fc.assert(fc.property(anything, anything, anything, (connectionArn, repository, branch) =>
      codes({ connectionArn, repository, branch }).length > 0 || [connectionArn, repository].every((value) => typeof value === 'string')), { numRuns: MANY_RUNS });
    fc.assert(fc.property(fc.anything(), (props) =>
      brokenRules(() => PipelineSource.connection(props as ConnectionSourceProps)).length > 0), { numRuns: MANY_RUNS });
  });
});

describe('a connection and the stack of its pipeline', () => {
  const arnIn = (service: string, region: string, account: string) => `arn:aws:${service}:${region}:${account}:connection/${ID}`;
  const pipelineAt = (env: { region?: string; account?: string }, connectionArn: string) => () =>
    pipelineIn(new Stack(undefined, 'Storefront', { env }), { source: PipelineSource.connection({ ...good, connectionArn }) });

  test('fail in two regions', () => {
    const connectionArn = arnIn('codeconnections', 'eu-west-1', '111111111111');

    expect(refusal(pipelineAt({ region: 'us-east-1' }, connectionArn))).toBe(
      `Storefront/P (BlueGreenFargatePipeline): 'source.connectionArn' must be of the region of the stack, "us-east-1", got "${connectionArn}"; `
      + 'make a connection there and complete its handshake [BGP023]');
    expect(refusal(pipelineAt({ region: 'eu-west-1' }, connectionArn))).toBeUndefined();
  });

  test('fail in two accounts, unless the connection can be shared', () => {
    const old = arnIn('codestar-connections', 'us-east-1', '222222222222');

    expect(refusal(pipelineAt({ account: '111111111111', region: 'us-east-1' }, old))).toBe(
      `Storefront/P (BlueGreenFargatePipeline): 'source.connectionArn' must be of the account of the stack, "111111111111", when it is of codestar-connections, got "${old}"; `
      + 'make a connection there, or share one of codeconnections with it [BGP024]');
    expect(refusal(pipelineAt({ account: '222222222222', region: 'us-east-1' }, old))).toBeUndefined();
    expect(refusal(pipelineAt({ account: '111111111111', region: 'us-east-1' }, arnIn('codeconnections', 'us-east-1', '222222222222')))).toBeUndefined();
  });

  test('may be of places that are only known at deployment', () => {
    expect(refusal(pipelineAt({}, arnIn('codestar-connections', 'eu-west-1', '222222222222')))).toBeUndefined();
    expect(refusal(pipelineAt({ account: '111111111111', region: 'us-east-1' }, Lazy.string({ produce: () => arnIn('codestar-connections', 'eu-west-1', '222222222222') })))).toBeUndefined();
    const stack = newStack();
    expect(refusal(() => pipelineIn(stack, { source: PipelineSource.connection({ ...good, connectionArn: new CfnParameter(stack, 'Connection').valueAsString }) }))).toBeUndefined();
  });

  test('leave nothing behind when they do not fit', () => {
    const stack = newStack();

    expect(refusal(() => pipelineIn(stack, { source: PipelineSource.connection({ ...good, connectionArn: arnIn('codeconnections', 'eu-west-1', '111111111111') }) }))).toBeDefined();
    expect(stack.node.children).toEqual([]);
  });
});
