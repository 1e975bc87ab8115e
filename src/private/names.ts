import { Aws, Stack, Tags, Token } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { known, placed, shown } from './checks';
import { broken, Problem, refuse } from './errors';

/** The parts of every physical name: `type[-environment]-suffix`. */
export interface NameParts {
  readonly environmentName?: string;
  readonly environmentSuffix: string;
}

/** The longest region name there is, for names whose region is only known at deployment (`us-isof-south-1`). */
const LONGEST_REGION = 15;

const ACCOUNT = 12;

/** Longest physical names that AWS accepts, where one of ours could come near (see the service's API reference). */
const LIMIT = { targetGroup: 32, bucket: 63, role: 64, rule: 64, secret: 512 };

/** What comes after the suffix: account and region of a bucket, region of a role. */
const TAIL = { targetGroup: 0, bucket: ACCOUNT + LONGEST_REGION + 2, role: LONGEST_REGION + 1, rule: 0, secret: 0 };

/** `type[-environment]-suffix` */
export function resourceName(type: string, parts: NameParts): string {
  return [type, parts.environmentName, parts.environmentSuffix].filter((part) => part !== undefined).join('-');
}

/** The stage of a pipeline that does something for an environment: `DeployStaging`. */
export function stageName(verb: 'Approve' | 'Deploy', environmentName: string): string {
  return verb + environmentName[0].toUpperCase() + environmentName.slice(1);
}

/**
 * The names that a construct's suffix must leave room for, by the kind that sets the limit.
 */
export interface LongestNames {
  readonly targetGroup?: string;
  readonly bucket?: string;
  readonly role?: string;
  readonly rule?: string;
  readonly secret?: string;
}

/** Says when a suffix (with its environment) makes a name longer than AWS accepts; parts that are not text have a problem of their own. */
export function lengthProblem(parts: NameParts, longest: LongestNames): Problem {
  const { environmentSuffix, environmentName } = parts;
  if (!known(environmentSuffix) || (environmentName !== undefined && !known(environmentName))) {
    return undefined;
  }
  for (const kind of ['targetGroup', 'bucket', 'role', 'rule', 'secret'] as const) {
    const type = longest[kind];
    const excess = type === undefined ? 0 : resourceName(type, parts).length + TAIL[kind] - LIMIT[kind];
    if (type !== undefined && excess > 0) {
      const room = environmentSuffix.length - excess;
      const where = environmentName === undefined ? '' : ` beside the environment ${shown(environmentName)}`;
      return broken('BGP007', 'environmentSuffix', `must be at most ${Math.max(room, 0)} characters${where}`,
        `${shown(environmentSuffix)} (${environmentSuffix.length})`,
        `${shown(resourceName(type, parts))} would not fit into the ${LIMIT[kind]} characters of its AWS name; `
        + (room > 0 ? 'shorten it' : 'shorten the name of the environment'));
    }
  }
  return undefined;
}

/** A name that is unique within the account of a region, claimed for this construct. */
export function nameOf(scope: Construct, type: string, parts: NameParts): string {
  return claim(scope, type, parts);
}

/** A name that is unique within the account in all regions (IAM roles, dashboards): the region is added. */
export function regionalNameOf(scope: Construct, type: string, parts: NameParts): string {
  return `${claim(scope, type, parts)}-${Stack.of(scope).region}`;
}

/** A name that is unique in the whole partition (buckets): account and region are added. */
export function globalNameOf(scope: Construct, type: string, parts: NameParts): string {
  const { account, region } = Stack.of(scope);
  return `${claim(scope, type, parts)}-${account}-${region}`;
}

/** Gives a resource that AWS does not name a `Name` tag by the same rule. */
export function tagName(construct: IConstruct, type: string, parts: NameParts): void {
  // Above the default priority: CDK's Vpc tags its own children with their paths.
  Tags.of(construct).add('Name', resourceName(type, parts), { priority: 200 });
}

/** For each app: which names are taken in which account and region, and by whom. */
const CLAIMS = new WeakMap<IConstruct, Map<string, string>>();

/** Says when a name is already taken, before anything is made that would need it; `remedy` is what tells the two apart. */
export function takenNameProblem(scope: Construct, type: string, parts: NameParts | undefined, remedy = 'a suffix of its own'): Problem {
  if (!placed(scope) || typeof parts?.environmentSuffix !== 'string' || !['string', 'undefined'].includes(typeof parts.environmentName)) {
    return undefined;
  }
  const owner = CLAIMS.get(scope.node.root)?.get(claimKey(scope, type, parts));
  return owner === undefined ? undefined
    : broken('BGP008', 'environmentSuffix', 'must differ for each use in one account and region', shown(parts.environmentSuffix),
      `${shown(resourceName(type, parts))} already belongs to ${owner}; give the second one ${remedy}`);
}

/** Two resources cannot share a name: CloudFormation would find out half-way through a deployment. */
function claim(scope: Construct, type: string, parts: NameParts): string {
  refuse(scope, '', scope.constructor.name, [takenNameProblem(scope, type, parts)]);
  const taken = CLAIMS.get(scope.node.root) ?? new Map<string, string>();
  CLAIMS.set(scope.node.root, taken.set(claimKey(scope, type, parts), scope.node.path));
  return resourceName(type, parts);
}

function claimKey(scope: Construct, type: string, parts: NameParts): string {
  const stack = Stack.of(scope);
  const account = Token.isUnresolved(stack.account) ? Aws.ACCOUNT_ID : stack.account;
  const region = Token.isUnresolved(stack.region) ? Aws.REGION : stack.region;
  return [account, region, resourceName(type, parts)].join('|');
}
