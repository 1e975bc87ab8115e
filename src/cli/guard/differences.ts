import replacedBy from './replacement.json';
import { isObject } from '../json';
import { Resource, Template, Value } from '../template';

/** Effect of an update on a resource. A replaced resource is created anew, and then the old one is deleted. */
export type Kind = 'added' | 'removed' | 'changed' | 'replaced';

/** A property that differs, and the resources whose replacement or update is the cause. */
export interface PropertyChange {
  readonly name: string;
  /** Empty where the template itself has another value. */
  readonly causes: readonly Change[];
}

/** A resource that an update of the stack touches. */
export interface Change {
  readonly kind: Kind;
  /** Undefined for an added resource. */
  readonly before?: Resource;
  /** Undefined for a removed resource. */
  readonly after?: Resource;
  readonly properties: readonly PropertyChange[];
}

type Mutable = { kind: Kind; before?: Resource; after?: Resource; properties: PropertyChange[] };

/**
 * The properties of each type that cannot be updated: another value replaces the resource.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 */
const REPLACED_BY: { readonly [type: string]: readonly string[] | undefined } = replacedBy;

/** Returns true if another value of the property replaces a resource of the type. */
export function replaces(type: string, property: string): boolean {
  return REPLACED_BY[type]?.includes(property) ?? false;
}

/** Returns true if CloudFormation calls a function for the resource: its attributes can be others after an update. */
export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/**
 * Compares two templates of a stack as CloudFormation does: by the resolved values of the properties, and then along
 * `Ref`, `Fn::GetAtt` and `Fn::Sub` from each replaced resource to those that refer to it.
 */
export class Differences {
  public readonly changes: readonly Change[];
  private readonly byAfter = new Map<Resource, Change>();
  private readonly byBefore = new Map<Resource, Change>();

  /** `elsewhere` returns the change of a resource of another stack. */
  constructor(
    public readonly before: Template,
    public readonly after: Template,
    private readonly elsewhere: (resource: Resource) => Change | undefined = () => undefined,
  ) {
    // Nested stacks that the old template does not show cannot be compared.
    const unread = new Set(before.unreadStacks.map(keyOf));
    const old = new Map(before.resources.map((resource) => [keyOf(resource), resource]));
    const current = new Map(after.resources.filter((one) => !isWithin(one, unread)).map((one) => [keyOf(one), one]));
    const all: Mutable[] = [...new Set([...old.keys(), ...current.keys()])]
      .map((key) => ({ before: old.get(key), after: current.get(key) }))
      .map((pair) => ({ ...pair, ...ownDifference(pair) }));
    all.forEach((change) => {
      if (change.after) {
        this.byAfter.set(change.after, change);
      }
      if (change.before) {
        this.byBefore.set(change.before, change);
      }
    });
    this.follow(all);
    this.changes = all.filter(({ kind, properties }) => kind !== 'changed' || properties.length > 0);
  }

  /** Change of a resource of the old or of the new template; undefined if it does not change. */
  public of(resource: Resource | undefined): Change | undefined {
    const change = resource && (this.byAfter.get(resource) ?? this.byBefore.get(resource));
    return change && this.changes.includes(change) ? change : undefined;
  }

  /** The resource of the new template in the place of one of the old template. */
  public successor(resource: Resource | undefined): Resource | undefined {
    return resource && this.byBefore.get(resource)?.after;
  }

  /** The resource of the old template in the place of one of the new template. */
  public predecessor(resource: Resource | undefined): Resource | undefined {
    return resource && this.byAfter.get(resource)?.before;
  }

  public ofType(...types: string[]): Change[] {
    return this.changes.filter((change) => types.includes(typeOf(change)));
  }

  /** Adds the properties that refer to replaced resources, until nothing more is replaced. */
  private follow(all: Mutable[]): void {
    const references = new Map(
      all
        .filter(({ before, after }) => before && after)
        .map((change) => [
          change,
          propertiesOf(change.after!).map((name) => [name, referencesOf(change.after!.at(name))] as const),
        ]),
    );
    for (let found = true; found;) {
      found = false;
      for (const change of all) {
        for (const [name, targets] of references.get(change) ?? []) {
          const causes = targets
            .map((target) => this.byAfter.get(target) ?? this.elsewhere(target))
            .filter((one) => one !== undefined)
            .filter((cause) => givesAnotherValue(cause));
          if (causes.length > 0 && !change.properties.some((one) => one.name === name)) {
            change.properties.push({ name, causes });
            change.kind = change.kind === 'replaced' || replaces(change.after!.type, name) ? 'replaced' : 'changed';
            found = true;
          }
        }
      }
    }
  }
}

export function typeOf({ before, after }: Change): string {
  return (after ?? before)!.type;
}

/** The resource as it is deployed, or as it will be. */
export function resourceOf({ before, after }: Change): Resource {
  return (before ?? after)!;
}

/**
 * Returns true if CloudFormation deletes what is deployed, instead of retaining it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
export function deletes({ kind, before }: Change): boolean {
  if (before === undefined || (kind !== 'removed' && kind !== 'replaced')) {
    return false;
  }
  const { DeletionPolicy, UpdateReplacePolicy } = before.json;
  const policy = kind === 'removed' ? DeletionPolicy ?? defaultPolicy(before) : UpdateReplacePolicy;
  return !/^(Retain|Snapshot)/.test(policy ?? 'Delete');
}

/** The policy for the deletion of a resource whose template has none. */
function defaultPolicy(resource: Resource): string {
  const isDatabase =
    resource.type === 'AWS::RDS::DBCluster' ||
    (resource.type === 'AWS::RDS::DBInstance' && !resource.at('DBClusterIdentifier').exists);
  return isDatabase ? 'Snapshot' : 'Delete';
}

export function changesProperty(change: Change | undefined, ...names: string[]): boolean {
  return change?.properties.some(({ name }) => names.includes(name)) ?? false;
}

/** A value with its keys in order, for a comparison. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
    ) ?? ''
  );
}

/** Nested stacks have the logical id of their owner in their name, so the name and the logical id are unique. */
function keyOf({ template, id }: Resource): string {
  return `${template.stackName}-${id}`;
}

function isWithin({ template: { stackName } }: Resource, stacks: ReadonlySet<string>): boolean {
  return [...stacks].some((stack) => stackName === stack || stackName.startsWith(`${stack}-`));
}

function ownDifference({ before, after }: Pick<Change, 'before' | 'after'>): Pick<Mutable, 'kind' | 'properties'> {
  if (before === undefined || after === undefined) {
    return { kind: before === undefined ? 'added' : 'removed', properties: [] };
  }
  const names = [...new Set([...propertiesOf(before), ...propertiesOf(after)])];
  const properties = names
    .filter((name) => resolved(before, name) !== resolved(after, name))
    .map((name) => ({ name, causes: [] }));
  const isReplaced = before.type !== after.type || properties.some(({ name }) => replaces(after.type, name));
  return { kind: isReplaced ? 'replaced' : 'changed', properties };
}

function propertiesOf({ json }: Resource): string[] {
  return Object.keys(json.Properties ?? {});
}

function resolved({ template, json }: Resource, name: string): string {
  const value = template.exact.value(json.Properties?.[name]);
  // A document of JSON in a string, such as a lifecycle policy, is compared as it is: CloudFormation sends it.
  return canonical(value);
}

function referencesOf(value: Value): Resource[] {
  return [...new Set(value.targets)];
}

/** Returns true if what refers to the resource gets another value, without a difference of its own. */
function givesAnotherValue({ kind, after, properties }: Change): boolean {
  return (
    kind === 'replaced' || (after !== undefined && isCustom(after.type) && properties.length > 0)
  );
}
