import { ResolvableTemplate, Resolver } from './iam/resolve';

/** What CDK writes for a stack, as far as it is read here. */
export interface TemplateJson extends ResolvableTemplate {
  readonly Description?: string;
  readonly Resources: { readonly [logicalId: string]: ResourceJson };
  readonly Outputs?: { readonly [name: string]: unknown };
}

export interface ResourceJson {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: { readonly [name: string]: unknown };
  readonly Metadata?: { readonly [name: string]: unknown };
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** Where a template is deployed. An assembly may leave account and region open. */
export interface Destination {
  readonly stackName: string;
  readonly region?: string;
  readonly account?: string;
}

/** What stands for an account and a region that the assembly does not fix. */
export const ACCOUNT = '<account>';
export const REGION = '<region>';

/** How a template reaches other ones. */
interface Links {
  /** The resource of the parent stack that deploys this template. */
  readonly owner?: Resource;
  /** The value of an export of another stack. */
  readonly exported?: (name: string) => Value | undefined;
}

/**
 * A synthesised template with its nested stacks. Nothing here knows the library: whatever a command prints, it prints
 * because the template holds it. Whatever cannot be known before a deployment has its name in angle brackets.
 */
export class Template {
  public readonly description: string;
  public readonly stackName: string;
  public readonly region: string;
  public readonly account: string;
  public readonly partition: string;
  /** Values as CloudFormation resolves them: ARNs for references. */
  public readonly exact: Resolver;
  /** Values as a person would write them: names for references. */
  public readonly words: Resolver;
  private readonly own: Resource[];
  private readonly nested = new Map<string, Template>();

  constructor(public readonly json: TemplateJson, destination: Destination, private readonly links: Links = {}) {
    this.description = json.Description ?? '';
    this.stackName = destination.stackName;
    this.region = destination.region ?? REGION;
    this.account = destination.account ?? ACCOUNT;
    this.partition = partitionOf(this.region);
    const { stackName, region, account, partition } = this;
    const place = { stackName, region, account, partition, unresolved };
    this.exact = new Resolver(json, { ...place, outside: (...call) => this.follow(...call)?.exact });
    this.words = new Resolver(json, { ...place, outside: (...call) => this.named(...call) });
    this.own = this.exact.resources().map(([id]) => new Resource(this, id, json.Resources[id]));
  }

  /** The resources of the stack and of its nested stacks. */
  public get resources(): Resource[] {
    return [...this.own, ...[...this.nested.values()].flatMap((template) => template.resources)];
  }

  /** This template, and those of its nested stacks. */
  public get all(): Template[] {
    return [this, ...[...this.nested.values()].flatMap((template) => template.all)];
  }

  /** The resources of a type, wherever they are in the tree of nested stacks. */
  public ofType(type: string): Resource[] {
    return this.root.resources.filter((resource) => resource.type === type);
  }

  public resource(id: string): Resource | undefined {
    return this.own.find((resource) => resource.id === id);
  }

  public output(name: string): Value | undefined {
    return new Value(this, this.json.Outputs).at(name, 'Value').orUndefined;
  }

  /** The output that the stack exports by this name. */
  public exported(name: string): Value | undefined {
    const outputs = new Value(this, this.json.Outputs).entries;
    return outputs.find(([, output]) => output.at('Export', 'Name').exact === name)?.[1].at('Value');
  }

  /** The nested stacks whose templates are not in the assembly. */
  public get unreadStacks(): Resource[] {
    return this.ofType('AWS::CloudFormation::Stack').filter(({ id, template }) => !template.nested.has(id));
  }

  /** Adds the template of a nested stack. */
  public nest(owner: Resource, json: TemplateJson): Template {
    const { region, account, links: { exported } } = this;
    const stackName = `${this.stackName}-${owner.id}`;
    const child = new Template(json, { stackName, region, account }, { owner, exported });
    this.nested.set(owner.id, child);
    return child;
  }

  /** The value in another template that a reference stands for. */
  public follow(operator: string, argument: string): Value | undefined {
    const [id, output, name] = argument.split('.');
    switch (operator) {
      case 'Ref':
        return this.json.Parameters?.[id] && this.links.owner?.at('Parameters', id).orUndefined;
      case 'Fn::GetAtt':
        return output === 'Outputs' ? this.nested.get(id)?.output(name) : undefined;
      default:
        return this.links.exported?.(argument);
    }
  }

  private get root(): Template {
    return this.links.owner?.template.root ?? this;
  }

  private named(operator: string, argument: string): string | undefined {
    const elsewhere = this.follow(operator, argument);
    const [id, ...attribute] = argument.split('.');
    const resource = this.resource(id);
    const property = attribute.length === 0 ? undefined : resource?.at(...attribute).orUndefined;
    return (elsewhere ?? property)?.text ?? resource?.name;
  }
}

/** One resource of a template. */
export class Resource {
  public readonly type: string;
  /** What happens to the resource when the stack, or a replacement, deletes it. */
  public readonly removal: string[];

  constructor(public readonly template: Template, public readonly id: string, public readonly json: ResourceJson) {
    this.type = json.Type;
    this.removal = [json.DeletionPolicy, json.UpdateReplacePolicy].filter((policy) => policy !== undefined);
  }

  /** A property, however deep; one that does not exist is an empty value. */
  public at(...path: string[]): Value {
    return new Value(this.template, this.json.Properties).at(...path);
  }

  public get arn(): string {
    return new Value(this.template, { 'Fn::GetAtt': [this.id, 'Arn'] }).exact;
  }

  /** What `Ref` returns. */
  public get ref(): string {
    return new Value(this.template, { Ref: this.id }).exact;
  }

  /** The physical name, the `Name` tag, or what comes nearest to a name. */
  public get name(): string {
    if (this.type === 'AWS::ElasticLoadBalancingV2::Listener') {
      return `listener ${this.at('Port').text} of ${this.at('LoadBalancerArn').text}`;
    }
    if (this.type === 'AWS::ElasticLoadBalancingV2::ListenerRule') {
      return `rule ${this.at('Priority').text} of ${this.at('ListenerArn').text}`;
    }
    const kind = this.type.split('::')[2] ?? '';
    const tag = this.at('Tags').items.find((one) => one.at('Key').text === 'Name')?.at('Value');
    const named = [this.at(`${kind}Name`), this.at('Name'), this.at('Family'), this.at('GroupName'), tag]
      .find((value) => value?.exists);
    // CloudFormation derives a name from this identifier, with a suffix of its own.
    return named?.text ?? this.id.replace(/[0-9A-F]{8}$/, '…');
  }
}

/** A value somewhere in a template: a literal, a structure, or an intrinsic function that stands for something. */
export class Value {
  constructor(private readonly template: Template, private readonly raw: unknown) {}

  public at(...path: string[]): Value {
    const inner = path.reduce((value: unknown, key) => (isObject(value) ? value[key] : undefined), this.raw);
    return new Value(this.template, inner);
  }

  public get exists(): boolean {
    return this.raw !== undefined && this.raw !== null;
  }

  public get orUndefined(): Value | undefined {
    return this.exists ? this : undefined;
  }

  /** A list as it is, a single value as a list of one: IAM and CloudFormation let either stand for the other. */
  public get items(): Value[] {
    const items = Array.isArray(this.raw) ? this.raw : [this.raw];
    return items.map((item: unknown) => new Value(this.template, item)).filter((item) => item.exists);
  }

  public get entries(): [string, Value][] {
    return isObject(this.raw)
      ? Object.entries(this.raw).map(([key, inner]) => [key, new Value(this.template, inner)])
      : [];
  }

  public get texts(): string[] {
    return this.items.map((item) => item.text);
  }

  /** `NaN` where there is no number. */
  public get number(): number {
    return this.exists ? Number(this.text) : NaN;
  }

  public get isTrue(): boolean {
    return this.text.toLowerCase() === 'true';
  }

  /** The resource that the value stands for, or that is the first one mentioned in it. */
  public get target(): Resource | undefined {
    return this.targets[0];
  }

  /** The resources that the value mentions. */
  public get targets(): Resource[] {
    return referencesIn(this.raw).flatMap(([operator, argument]) => {
      const elsewhere = this.template.follow(operator, argument);
      return elsewhere ? elsewhere.targets : this.template.resource(argument.split('.')[0]) ?? [];
    });
  }

  /** The value as a person would write it: references are replaced by the names of what they refer to. */
  public get text(): string {
    return textOf(this.template.words.value(this.raw));
  }

  /** The value as CloudFormation resolves it. */
  public get exact(): string {
    return textOf(this.template.exact.value(this.raw));
  }
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

function partitionOf(region: string): string {
  if (region === REGION) {
    return '<partition>';
  }
  const [, special] = /^(cn|us-gov)-/.exec(region) ?? [];
  return special === undefined ? 'aws' : `aws-${special}`;
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name of a value that only the deployment knows. */
function unresolved(operator: string, argument: unknown): string {
  const references = referencesIn({ [operator]: argument }).map(([, name]) => name);
  return `<${[...(/^(Ref|Fn::GetAtt)$/.test(operator) ? [] : [operator]), ...references].join(' ')}>`;
}

/** The references in a value, each as its operator and what it refers to. */
function referencesIn(value: unknown): [operator: string, argument: string][] {
  if (Array.isArray(value)) {
    return value.flatMap(referencesIn);
  }
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => referencesOf(key, inner)) : [];
}

function referencesOf(key: string, inner: unknown): [operator: string, argument: string][] {
  if (key === 'Ref' || (key === 'Fn::ImportValue' && typeof inner === 'string')) {
    return [[key, textOf(inner)]];
  }
  if (key === 'Fn::GetAtt') {
    return [[key, [inner].flat().map(textOf).join('.')]];
  }
  if (key === 'Fn::Sub') {
    const [text, variables] = Array.isArray(inner) ? inner : [inner, {}];
    const names = [...String(text).matchAll(/\$\{([^!}]+)\}/g)].map(([, name]) => name);
    const own = names.filter((name) => !isObject(variables) || !Object.hasOwn(variables, name));
    const calls = own.map((name): [string, string] => [name.includes('.') ? 'Fn::GetAtt' : 'Ref', name]);
    return [...calls, ...referencesIn(variables)];
  }
  return referencesIn(inner);
}
