import { Aws, Stack, Tags, Token } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { throwIfInvalid } from './errors';
import { formatValue, isInStack, isResolvedString } from './validation';
import { violation, Violations } from './violations';

/** The parts of every physical name: `type[-environment]-suffix`. */
export interface NameParts {
  readonly environmentName?: string;
  readonly environmentSuffix: string;
}

/** The physical names of one construct. */
export class Names {
  public readonly environmentSuffix: string;

  /** Empty outside of an environment. */
  public readonly environmentName: string;

  constructor(private readonly scope: Construct, private readonly parts: NameParts) {
    this.environmentSuffix = parts.environmentSuffix;
    this.environmentName = parts.environmentName ?? '';
  }

  /** Returns `type[-environment]-suffix`, for a string, or for a name that another construct claims. */
  public of(type: string): string {
    return resourceName(type, this.parts);
  }

  /** A name that is unique within the account of a region, claimed for the construct. */
  public claim(type: string): string {
    throwIfInvalid({ type: this.scope.constructor.name, scope: this.scope }, takenNameViolation({
      scope: this.scope, type, parts: this.parts,
    }));
    recordClaim(this.scope, claimKey(this.scope, type, this.parts));
    return this.of(type);
  }

  /**
   * A name that is unique within the account in all regions (IAM roles, dashboards): the region is
   * added.
   */
  public claimInAccount(type: string): string {
    return `${this.claim(type)}-${Stack.of(this.scope).region}`;
  }

  /** A name that is unique in the whole partition (buckets): account and region are added. */
  public claimInPartition(type: string): string {
    const { account, region } = Stack.of(this.scope);
    return `${this.claim(type)}-${account}-${region}`;
  }

  /** Adds a `Name` tag by the same rule to a resource that has no name in AWS. */
  public tag(construct: IConstruct, type: string): void {
    // Above the default priority: CDK's Vpc tags its own children with their paths.
    Tags.of(construct).add('Name', this.of(type), { priority: 200 });
  }
}

function resourceName(type: string, { environmentName, environmentSuffix }: NameParts): string {
  return [type, environmentName, environmentSuffix].filter((part) => part !== undefined).join('-');
}

/** The stage of a pipeline that does something for an environment: `DeployStaging`. */
export function stageName(verb: 'Approve' | 'Deploy', environmentName: string): string {
  return verb + environmentName[0].toUpperCase() + environmentName.slice(1);
}

/**
 * The longest region name, for names whose region is only known at deployment (`us-isof-south-1`).
 */
const REGION_LENGTH = 15;

const ACCOUNT_LENGTH = 12;

/** Maximum lengths of AWS for the names that can reach them, and the length that follows the suffix. */
const LIMITS = {
  targetGroup: { max: 32, tail: 0 },
  bucket: { max: 63, tail: ACCOUNT_LENGTH + REGION_LENGTH + 2 },
  role: { max: 64, tail: REGION_LENGTH + 1 },
  rule: { max: 64, tail: 0 },
  secret: { max: 512, tail: 0 },
};

/** The longest type of each kind of name that a construct claims. */
export type LongestNames = { readonly [kind in keyof typeof LIMITS]?: string };

/** A suffix that makes a name longer than AWS accepts; parts that are not strings have a separate violation. */
export function nameLengthViolation(parts: Partial<NameParts>, longest: LongestNames): Violations {
  const { environmentSuffix, environmentName } = parts;
  const known = isResolvedString(environmentSuffix)
    && (environmentName === undefined || isResolvedString(environmentName));
  const tooLong = known ? tooLongName({ environmentSuffix, environmentName }, longest) : undefined;
  if (!known || tooLong === undefined) {
    return undefined;
  }
  const { name, excess, max } = tooLong;
  const where = environmentName === undefined ? '' : `with the environment name ${formatValue(environmentName)}`;
  const reason = `${formatValue(name)} would exceed the ${max} characters that AWS allows for the name`;
  const given = { code: 'BGP007', prop: 'environmentSuffix' } as const;
  const allowed = environmentSuffix.length - excess;
  if (allowed <= 0) {
    const total = environmentSuffix.length + (environmentName ?? '').length;
    return violation({
      ...given,
      rule: `must be at most ${total - excess} characters together ${where}`,
      got: `${formatValue(environmentSuffix)} (${total} together)`,
      remedy: `${reason}; shorten the environment name`,
    });
  }
  return violation({
    ...given,
    rule: `must be at most ${allowed} ${allowed === 1 ? 'character' : 'characters'} ${where}`.trimEnd(),
    got: `${formatValue(environmentSuffix)} (${environmentSuffix.length})`,
    remedy: `${reason}; shorten the suffix`,
  });
}

interface TooLongName {
  readonly name: string;
  readonly excess: number;
  readonly max: number;
}

function tooLongName(parts: NameParts, longest: LongestNames): TooLongName | undefined {
  return Object.entries(longest)
    .map(([kind, type]) => {
      const { max, tail } = LIMITS[kind as keyof typeof LIMITS];
      const name = resourceName(type, parts);
      return { name, max, excess: name.length + tail - max };
    })
    .find(({ excess }) => excess > 0);
}

/** A name that a construct is about to claim, with the prop that distinguishes two such constructs. */
export interface ClaimedName {
  readonly type: string;
  readonly parts: Partial<NameParts> | undefined;
  readonly remedy?: string;
}

/** The first name that is taken already, before anything is created that would need it. */
export function takenNameViolations(scope: Construct, names: readonly ClaimedName[]): Violations {
  return names.map((name) => takenNameViolation({ scope, ...name })).find((found) => found !== undefined);
}

function takenNameViolation({ scope, type, parts, remedy = 'a different suffix' }: ClaimedName & {
  readonly scope: Construct;
}): Violations {
  const { environmentSuffix, environmentName } = parts ?? {};
  if (!isInStack(scope) || typeof environmentSuffix !== 'string' || !isStringOrUndefined(environmentName)) {
    return undefined;
  }
  const owner = ownerOf(scope, claimKey(scope, type, { environmentSuffix, environmentName }));
  return owner === undefined ? undefined : violation({
    code: 'BGP008',
    prop: 'environmentSuffix',
    rule: 'must produce unique names within an account and region',
    got: formatValue(environmentSuffix),
    remedy: `${formatValue(resourceName(type, { environmentSuffix, environmentName }))} already belongs to ${owner}; `
      + `use ${remedy} for the second construct`,
  });
}

function isStringOrUndefined(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

/** The property of an app that holds the names its constructs have claimed, with their owners. */
const CLAIMS = Symbol.for('@org/bluegreen-pipeline.claimedNames');

interface Claims {
  [CLAIMS]?: Map<string, string>;
}

/**
 * Returns the owner of a claimed name: two resources with one name fail in the middle of a deployment. A check
 * creates no map.
 */
function ownerOf(scope: Construct, key: string): string | undefined {
  return (scope.node.root as Claims)[CLAIMS]?.get(key);
}

function recordClaim(scope: Construct, key: string): void {
  const root = scope.node.root as Claims;
  root[CLAIMS] ??= new Map();
  root[CLAIMS].set(key, scope.node.path);
}

function claimKey(scope: Construct, type: string, parts: NameParts): string {
  const { account, region } = Stack.of(scope);
  return [
    Token.isUnresolved(account) ? Aws.ACCOUNT_ID : account,
    Token.isUnresolved(region) ? Aws.REGION : region,
    resourceName(type, parts),
  ].join('|');
}
