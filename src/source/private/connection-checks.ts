import { region_info as regionInfo, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { struct } from '../../private/structs';
import {
  all, Check, formatValue, isInStack, isResolvedString, matching, optional, text,
} from '../../private/validation';
import { firstViolation, violation, Violations } from '../../private/violations';
import { ConnectionSourceOptions } from '../connection-source-options';

/**
 * Limits of the configuration of an action:
 * https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html
 */
const MAX_LENGTH = 1000;

const CONNECTION_ARN = new RegExp([
  '^arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z]{2,}(-[a-z]+)+-\\d:\\d{12}:connection/',
  '[0-9A-Za-z]{8}(-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}$',
].join(''));

const EXAMPLE_ARN = 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d';

const partition: Check<string> = (prop, arn) => {
  if (!isResolvedString(arn)) {
    return undefined;
  }
  const [, own, , region] = arn.split(':');
  const right = regionInfo.RegionInfo.get(region).partition;
  return right === undefined || right === own ? undefined : violation({
    code: 'BGP025',
    prop,
    rule: `must have the partition of its region, ${formatValue(right)}`,
    got: formatValue(arn),
    remedy: 'copy the ARN from the console or the CLI',
  });
};

/** A string that becomes a value in the configuration of an action. */
function atMostMaxLength(code: 'BGP021' | 'BGP022', example: string): Check<string> {
  return (prop, value) => (isResolvedString(value) && value.length > MAX_LENGTH
    ? violation({
      code,
      prop,
      rule: `must be at most ${MAX_LENGTH} characters`,
      got: formatValue(value),
      remedy: `for example "${example}"`,
    })
    : undefined);
}

const repositoryParts: Check<string> = (prop, repository) => (isResolvedString(repository)
  && repository.split('/').some((part) => part === '.' || part === '..' || part.endsWith('.git'))
  ? violation({
    code: 'BGP021',
    prop,
    rule: 'must be owner/name without ".", ".." or a ".git" at the end',
    got: formatValue(repository),
    remedy: 'for example "acme/storefront"',
  })
  : undefined);

/**
 * Names that git does not accept for a branch (`man git-check-ref-format`, `man git-branch`), and names with
 * `refs/heads/`.
 */
const NOT_IN_BRANCH = new RegExp([
  /[\s~^:?*[\\]|\.\.|@\{|^@$|^HEAD$|^[/-]|\/$|\/\/|\.$|(^|\/)\.|\.lock(\/|$)/.source, /^refs\/heads\//.source,
].join('|'));

const branchName: Check<string> = (prop, branch) => {
  const control = isResolvedString(branch)
    && [...branch].some((character) => character < ' ' || character === '\u007f');
  return isResolvedString(branch) && (control || NOT_IN_BRANCH.test(branch))
    ? violation({
      code: 'BGP022',
      prop,
      rule: 'must be a branch name that git accepts, without "refs/heads/"',
      got: formatValue(branch),
      remedy: 'for example "main"',
    })
    : undefined;
};

/** Checks the options of a connection. */
export const connectionViolations = struct<ConnectionSourceOptions>({
  example: '{ connectionArn: "arn:…", repository: "acme/storefront" }',
  fields: {
    connectionArn: all(matching({
      code: 'BGP020',
      pattern: CONNECTION_ARN,
      rule: 'the ARN of a CodeConnections or CodeStar connection',
      example: EXAMPLE_ARN,
    }), partition),
    repository: all(matching({
      code: 'BGP021',
      pattern: /^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)+$/,
      rule: 'owner/name of letters, digits, hyphens, underscores and dots, without a host or URL',
      example: 'acme/storefront',
    }), atMostMaxLength('BGP021', 'acme/storefront'), repositoryParts),
    branch: optional(text('main'), atMostMaxLength('BGP022', 'main'), branchName),
  },
});

/**
 * Checks that a pipeline in this account can use the connection. A connection is a global resource, so
 * its region within the partition does not matter.
 *
 * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/welcome-connections-how-it-works-global.html
 * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-share.html for other accounts
 */
export function connectionPlaceViolations(scope: Construct, connectionArn: string): Violations {
  if (!isResolvedString(connectionArn) || !isInStack(scope)) {
    return undefined;
  }
  const [, partitionOfArn, service, , account] = connectionArn.split(':');
  const stack = Stack.of(scope);
  const partitionOfStack = Token.isUnresolved(stack.region)
    ? undefined
    : regionInfo.RegionInfo.get(stack.region).partition;
  return firstViolation(
    () => (partitionOfStack === undefined || partitionOfStack === partitionOfArn ? undefined : violation({
      code: 'BGP025',
      prop: 'source.connectionArn',
      rule: `must be in the stack's partition, ${formatValue(partitionOfStack)}`,
      got: formatValue(connectionArn),
      remedy: 'create a connection in a region of that partition',
    })),
    // Only connections under the newer prefix can be shared.
    () => (service === 'codeconnections' || Token.isUnresolved(stack.account) || stack.account === account
      ? undefined
      : violation({
        code: 'BGP024',
        prop: 'source.connectionArn',
        rule: `must belong to the stack's account (${formatValue(stack.account)}): codestar-connections ARNs cannot `
          + 'be shared across accounts',
        got: formatValue(connectionArn),
        remedy: 'create a connection in that account, or share a codeconnections connection with it',
      })),
  );
}
