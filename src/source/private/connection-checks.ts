import { region_info as regionInfo, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { known, optional, placed, shown, structProblems, textMatching, textProblem } from '../../private/checks';
import { broken, Problem } from '../../private/errors';
import type { ConnectionSourceProps } from '../pipeline-source';

const ARN = 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d';

/** The longest value of an action's configuration (https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html). */
const LONGEST_VALUE = 1000;

const CONNECTION_ARN = /^arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z]{2,}(-[a-z]+)+-\d:\d{12}:connection\/[0-9A-Za-z]{8}(-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}$/;
const REPOSITORY = /^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)+$/;

/** What git itself refuses in a branch name (`man git-check-ref-format`, `man git-branch`), and a name that already holds `refs/heads/`. */
const NOT_IN_BRANCH = /[\s~^:?*[\\]|\.\.|@\{|^@$|^HEAD$|^[/-]|\/$|\/\/|\.$|(^|\/)\.|\.lock(\/|$)|^refs\/heads\//;

/** What can be wrong about a connection and what it is to fetch. */
export function connectionProblems(props: ConnectionSourceProps): Problem[] {
  return structProblems('props', props, '{ connectionArn: "arn:…", repository: "acme/storefront" }', ({ connectionArn, repository, branch }) => [
    textMatching('BGP020', 'connectionArn', connectionArn, CONNECTION_ARN, 'the ARN of a CodeConnections or CodeStar connection', ARN)
      ?? partitionProblem(connectionArn),
    textMatching('BGP021', 'repository', repository, REPOSITORY,
      'owner/name of letters, digits, hyphens, underscores and dots, without host or address', 'acme/storefront')
      ?? repositoryPartsProblem(repository),
    optional(branch, branchProblem),
  ]);
}

/** Whether the stack of a pipeline can use a connection. */
export function connectionPlaceProblems(scope: Construct, connectionArn: string): Problem[] {
  if (!known(connectionArn) || !placed(scope)) {
    return [];
  }
  const [, , service, region, account] = connectionArn.split(':');
  const stack = Stack.of(scope);
  return [
    Token.isUnresolved(stack.region) || stack.region === region ? undefined
      : broken('BGP023', 'source.connectionArn', `must be of the region of the stack, ${shown(stack.region)}`, shown(connectionArn),
        'make a connection there and complete its handshake'),
    // Only connections under the newer prefix can be shared.
    Token.isUnresolved(stack.account) || stack.account === account || service === 'codeconnections' ? undefined
      : broken('BGP024', 'source.connectionArn', `must be of the account of the stack, ${shown(stack.account)}, when it is of codestar-connections`,
        shown(connectionArn), 'make a connection there, or share one of codeconnections with it'),
  ];
}

function partitionProblem(connectionArn: unknown): Problem {
  if (!known(connectionArn)) {
    return undefined;
  }
  const [, partition, , region] = connectionArn.split(':');
  const right = regionInfo.RegionInfo.get(region).partition;
  return right === undefined || right === partition ? undefined
    : broken('BGP025', 'connectionArn', `must name the partition of its region, ${shown(right)}`, shown(connectionArn), 'copy the ARN from the console or the CLI');
}

function repositoryPartsProblem(repository: unknown): Problem {
  if (!known(repository)) {
    return undefined;
  }
  if (repository.length > LONGEST_VALUE) {
    return broken('BGP021', 'repository', `must be at most ${LONGEST_VALUE} characters`, shown(repository), 'for example "acme/storefront"');
  }
  return repository.split('/').some((part) => part === '.' || part === '..' || part.endsWith('.git'))
    ? broken('BGP021', 'repository', 'must be owner/name without ".", ".." or a ".git" at the end', shown(repository), 'for example "acme/storefront"')
    : undefined;
}

function branchProblem(branch: unknown): Problem {
  const unusable = textProblem('branch', branch, 'main');
  if (unusable || !known(branch)) {
    return unusable;
  }
  if (branch.length > LONGEST_VALUE) {
    return broken('BGP022', 'branch', `must be at most ${LONGEST_VALUE} characters`, shown(branch), 'for example "main"');
  }
  const control = [...branch].some((character) => character < ' ' || character === '\u007f');
  return control || NOT_IN_BRANCH.test(branch)
    ? broken('BGP022', 'branch', 'must be a branch name that git accepts, without "refs/heads/"', shown(branch), 'for example "main"')
    : undefined;
}
