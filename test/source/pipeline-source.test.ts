import { CfnParameter } from 'aws-cdk-lib';
import { PipelineSource } from '../../src';
import { CONNECTION_ARN, newStack, pipelineIn, resources, templateOf } from '../helpers/synthesis';

function sourceConfiguration(repository: string, branch?: string, connectionArn = CONNECTION_ARN, stack = newStack()) {
  pipelineIn(stack, { source: PipelineSource.connection({ connectionArn, repository, branch }) });
  const [pipeline] = Object.values(resources(templateOf(stack), 'AWS::CodePipeline::Pipeline'));
  return pipeline.Properties.Stages[0].Actions[0].Configuration;
}

test('a connection follows main and starts on each push', () => {
  expect(sourceConfiguration('acme/storefront')).toEqual({
    ConnectionArn: CONNECTION_ARN,
    FullRepositoryId: 'acme/storefront',
    BranchName: 'main',
    DetectChanges: true,
  });
});

test('nested groups of GitLab reach CodePipeline whole', () => {
  expect(sourceConfiguration('acme/web/storefront', 'release/1.x')).toMatchObject({
    FullRepositoryId: 'acme/web/storefront',
    BranchName: 'release/1.x',
  });
});

test('tokens reach CodePipeline as they are', () => {
  const stack = newStack();
  const parameter = (id: string) => new CfnParameter(stack, id).valueAsString;

  const configuration = sourceConfiguration(parameter('Repository'), parameter('Branch'), parameter('Connection'), stack);

  expect(configuration).toMatchObject({
    ConnectionArn: { Ref: 'Connection' },
    FullRepositoryId: { Ref: 'Repository' },
    BranchName: { Ref: 'Branch' },
  });
});

test.each(['codeconnections', 'codestar-connections'])('the role may use this one connection under both prefixes when it is of %s', (service) => {
  const stack = newStack();
  const connectionArn = CONNECTION_ARN.replace('codeconnections', service);

  pipelineIn(stack, { source: PipelineSource.connection({ connectionArn, repository: 'acme/storefront' }) });

  const role = Object.values(resources(templateOf(stack), 'AWS::IAM::Role')).find(({ Properties }) => Properties.RoleName === 'role-source-dev-us-east-1');
  expect(role?.Properties.Policies[0].PolicyDocument.Statement).toContainEqual({
    Effect: 'Allow',
    Action: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
    Resource: connectionArn,
  });
});

test.each([
  'main', 'release/1.x', 'feature/ünicode', 'a', 'dependabot/npm_and_yarn/x-1.2.3', 'user@work', 'x.lockfile', '{odd}', 'hash#1',
])('accepts the branch %s', (branch) => {
  expect(() => PipelineSource.connection({ connectionArn: CONNECTION_ARN, repository: 'acme/storefront', branch })).not.toThrow();
});

test.each([
  'two words', 'a..b', '/main', 'main/', 'a//b', 'x.lock', 'x.lock/y', '.hidden', 'a/.b', 'end.', '-x', '@', 'a@{b', 'a~b', 'a^b', 'a:b', 'a?b', 'a*b', 'a[b',
  'a\\b', 'tab\tbed', 'nul\u0000', 'del\u007f', 'refs/heads/main',
])('fails for the branch %j', (branch) => {
  expect(() => PipelineSource.connection({ connectionArn: CONNECTION_ARN, repository: 'acme/storefront', branch })).toThrow(
    `PipelineSource.connection: 'branch' must be a branch name that git accepts, without "refs/heads/", got ${JSON.stringify(branch)}; for example "main"`);
});

test.each(['acme/storefront', 'acme/web/storefront', 'Acme-2/store.front_x', '1/2'])('accepts the repository %s', (repository) => {
  expect(() => PipelineSource.connection({ connectionArn: CONNECTION_ARN, repository })).not.toThrow();
});

test.each(['storefront', '/storefront', 'acme/', 'acme//storefront', 'https://github.com/acme/storefront', 'git@github.com:acme/storefront', 'acme/store front'])(
  'fails for the repository %s', (repository) => {
    expect(() => PipelineSource.connection({ connectionArn: CONNECTION_ARN, repository })).toThrow(
      `PipelineSource.connection: 'repository' must be owner/name of letters, digits, hyphens, underscores and dots, without host or address, got ${
        JSON.stringify(repository)}; for example "acme/storefront"`);
  });

test.each(['acme/storefront.git', 'acme/..', './storefront'])('fails for the repository %s, which is an address or a path', (repository) => {
  expect(() => PipelineSource.connection({ connectionArn: CONNECTION_ARN, repository })).toThrow(
    `'repository' must be owner/name without ".", ".." or a ".git" at the end, got "${repository}"`);
});

test.each([
  'not-an-arn',
  'arn:aws:codecommit:us-east-1:111111111111:storefront',
  'arn:aws:codeconnections:us-east-1:11111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d',
  'arn:aws:codeconnections:us-east-1:111111111111:host/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d',
  'arn:aws:codeconnections::111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d',
  'arn:aws:codeconnections:us-east-1:111111111111:connection/',
  ` ${CONNECTION_ARN}`,
  `${CONNECTION_ARN}0`,
])('fails for the connection %s', (connectionArn) => {
  expect(() => PipelineSource.connection({ connectionArn, repository: 'acme/storefront' })).toThrow(
    `PipelineSource.connection: 'connectionArn' must be the ARN of a CodeConnections or CodeStar connection, got ${JSON.stringify(connectionArn)}; `
    + `for example "${CONNECTION_ARN}"`);
});

test.each([
  'arn:aws-us-gov:codeconnections:us-gov-west-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d',
  'arn:aws-cn:codestar-connections:cn-north-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d',
])('accepts the connection %s of another partition', (connectionArn) => {
  expect(() => PipelineSource.connection({ connectionArn, repository: 'acme/storefront' })).not.toThrow();
});

test('fails with all problems at once when nothing is given, as JavaScript and Python callers can', () => {
  const nothing = undefined as unknown as { connectionArn: string; repository: string };

  expect(() => PipelineSource.connection(nothing)).toThrow([
    'PipelineSource.connection has 2 problems:',
    `  - 'connectionArn' is required; for example "${CONNECTION_ARN}"`,
    '  - \'repository\' is required; for example "acme/storefront"',
  ].join('\n'));
});
