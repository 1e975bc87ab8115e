import { ResolvableTemplate, Resolver } from './iam/resolve';
import { isObject, Json, textOf } from './json';

/** Template of a stack, with the parts that the commands read. */
export type TemplateJson = ResolvableTemplate;

/** Account, region and stack name of a template. An assembly may leave account and region open. */
export interface Destination {
  readonly stackName: string;
  readonly region?: string;
  readonly account?: string;
}

/** Placeholders for an account and a region that the assembly does not set. */
export const ACCOUNT = '<account>';
export const REGION = '<region>';

/** Links from a template to other ones. */
interface Links {
  /** The resource of the parent stack that deploys this template. */
  readonly owner?: Resource;
  /** The value of an export of another stack. */
  readonly exported?: (name: string) => Value | undefined;
}

/**
 * A synthesised template with its nested stacks. Nothing here depends on the library: a command prints only values
 * that the template contains. A value that is not known before a deployment has its name in angle brackets.
 */
export class Template {
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
    const { stackName, region = REGION, account = ACCOUNT } = destination;
    const place = { stackName, region, account, partition: partitionOf(region), unresolved: placeholderOf };
    ({ stackName: this.stackName, region: this.region, account: this.account, partition: this.partition } = place);
    this.exact = new Resolver(json, { ...place, outside: (...call) => this.follow(...call)?.exact });
    this.words = new Resolver(json, { ...place, outside: (...call) => this.named(...call) });
    this.own = this.exact.resources().map(([id]) => new Resource(this, id, json.Resources[id]));
  }

  /** This template, and those of its nested stacks. */
  public get all(): Template[] {
    return [this, ...[...this.nested.values()].flatMap((template) => template.all)];
  }

  /** The resources of the stack and of its nested stacks. */
  public get resources(): Resource[] {
    return this.all.flatMap((template) => template.own);
  }

  /** The resources of a type, wherever they are in the tree of nested stacks. */
  public ofType(...types: string[]): Resource[] {
    return types.flatMap((type) => this.root.resources.filter((resource) => resource.type === type));
  }

  public resource(id: string): Resource | undefined {
    return this.own.find((resource) => resource.id === id);
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
  public addNested(owner: Resource, json: TemplateJson): Template {
    const { region, account, links: { exported } } = this;
    const stackName = `${this.stackName}-${owner.id}`;
    const child = new Template(json, { stackName, region, account }, { owner, exported });
    this.nested.set(owner.id, child);
    return child;
  }

  /** Another version of this template, for the same account and region. */
  public version(json: TemplateJson): Template {
    const { exported } = this.links;
    return new Template(json, this, { exported });
  }

  /** The value in another template that a reference stands for. */
  public follow(operator: string, argument: string): Value | undefined {
    const [id, output, name] = argument.split('.');
    switch (operator) {
      case 'Ref':
        return this.json.Parameters?.[id] && this.links.owner?.at('Parameters', id).orUndefined;
      case 'Fn::GetAtt': {
        const nested = output === 'Outputs' ? this.nested.get(id) : undefined;
        return nested && new Value(nested, nested.json.Outputs).at(name, 'Value').orUndefined;
      }
      default:
        return this.links.exported?.(argument);
    }
  }

  private get root(): Template {
    return this.links.owner?.template.root ?? this;
  }

  private named(operator: string, argument: string): string | undefined {
    const [id, ...attribute] = argument.split('.');
    const resource = this.resource(id);
    const property = attribute.length === 0 ? undefined : resource?.at(...attribute).orUndefined;
    return (this.follow(operator, argument) ?? property)?.text ?? resource?.name;
  }
}

/** One resource of a template. */
export class Resource {
  public readonly type: string;

  constructor(
    public readonly template: Template,
    public readonly id: string,
    public readonly json: TemplateJson['Resources'][string],
  ) {
    this.type = json.Type;
  }

  /** A property, however deep; one that does not exist is an empty value. */
  public at(...path: string[]): Value {
    return new Value(this.template, this.json.Properties).at(...path);
  }

  public get arn(): string {
    return new Value(this.template, { 'Fn::GetAtt': [this.id, 'Arn'] }).exact;
  }

  /** Return value of `Ref`. */
  public get ref(): string {
    return new Value(this.template, { Ref: this.id }).exact;
  }

  /** Physical name, `Name` tag, or the best replacement for a name. */
  public get name(): string {
    if (this.type === 'AWS::ElasticLoadBalancingV2::Listener') {
      return `listener ${this.at('Port').text} of ${this.at('LoadBalancerArn').text}`;
    }
    if (this.type === 'AWS::ElasticLoadBalancingV2::ListenerRule') {
      return `rule ${this.at('Priority').text} of ${this.at('ListenerArn').text}`;
    }
    const tag = this.at('Tags').items.find((one) => one.at('Key').text === 'Name')?.at('Value');
    const named = [`${this.type.split('::')[2] ?? ''}Name`, 'Name', 'Family', 'GroupName']
      .map((property) => this.at(property)).find((value) => value.exists) ?? tag;
    // CloudFormation derives a name from this identifier, and adds a suffix.
    return named?.orUndefined?.text ?? this.id.replace(/[0-9A-F]{8}$/, '…');
  }
}

/** A value in a template: a literal, a structure, or an intrinsic function. */
export class Value extends Json {
  constructor(private readonly template: Template, raw: unknown) {
    super(raw);
  }

  /** The resource that the value refers to, or the first one in it. */
  public get target(): Resource | undefined {
    return this.targets[0];
  }

  /** The resources that the value mentions. */
  public get targets(): Resource[] {
    return referencesIn(this.raw).flatMap(([operator, argument]) => {
      const inOtherTemplate = this.template.follow(operator, argument);
      return inOtherTemplate ? inOtherTemplate.targets : this.template.resource(argument.split('.')[0]) ?? [];
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

  protected of(raw: unknown): this {
    return new Value(this.template, raw) as this;
  }
}

function partitionOf(region: string): string {
  const [, special] = /^(cn|us-gov)-/.exec(region) ?? [];
  const known = special === undefined ? 'aws' : `aws-${special}`;
  return region === REGION ? '<partition>' : known;
}

/** The name of a value that only the deployment knows. */
function placeholderOf(operator: string, argument: unknown): string {
  const references = referencesIn({ [operator]: argument }).map(([, name]) => name);
  return `<${[...(/^(Ref|Fn::GetAtt)$/.test(operator) ? [] : [operator]), ...references].join(' ')}>`;
}

/** The references in a value, each as its operator and what it refers to. */
function referencesIn(value: unknown, key = ''): [operator: string, argument: string][] {
  if (key === 'Ref' || (key === 'Fn::ImportValue' && typeof value === 'string')) {
    return [[key, textOf(value)]];
  }
  if (key === 'Fn::GetAtt') {
    return [[key, [value].flat().map(textOf).join('.')]];
  }
  if (key === 'Fn::Sub') {
    const [text, variables = {}] = [value].flat();
    const names = [...textOf(text).matchAll(/\$\{([^!}]+)\}/g)].map(([, name]) => name)
      .filter((name) => !isObject(variables) || !Object.hasOwn(variables, name));
    const calls = names.map((name): [string, string] => [name.includes('.') ? 'Fn::GetAtt' : 'Ref', name]);
    return [...calls, ...referencesIn(variables)];
  }
  const inner = Array.isArray(value) ? value.map((item) => ['', item]) : Object.entries(isObject(value) ? value : {});
  return inner.flatMap(([name, one]) => referencesIn(one, name as string));
}
