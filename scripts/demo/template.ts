/** What CDK writes for a stack, as far as it is read here. */
export interface TemplateJson {
  readonly Description?: string;
  readonly Resources: { readonly [logicalId: string]: ResourceJson };
}

interface ResourceJson {
  readonly Type: string;
  readonly Properties?: object;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** Where a template goes: CloudFormation knows it and the template does not say it. */
export interface Destination {
  readonly stackName: string;
  readonly region: string;
}

/** What stands for the account in the text of a template that goes to any account. */
export const ACCOUNT = '<account>';

/**
 * A synthesised template, read as CloudFormation reads it. Nothing here knows the library: whatever the report says, it says
 * because it stands in the template.
 */
export class Template {
  public readonly description: string;
  public readonly stackName: string;
  public readonly region: string;
  public readonly resources: Resource[];

  constructor(json: TemplateJson, destination: Destination) {
    this.description = json.Description ?? '';
    this.stackName = destination.stackName;
    this.region = destination.region;
    this.resources = Object.entries(json.Resources).map(([id, resource]) => new Resource(this, id, resource));
  }

  public ofType(type: string): Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  public resource(id: string): Resource | undefined {
    return this.resources.find((resource) => resource.id === id);
  }
}

/** One resource of a template. */
export class Resource {
  public readonly type: string;
  /** What happens to the resource when the stack, or a replacement, deletes it. */
  public readonly removal: string[];

  constructor(public readonly template: Template, public readonly id: string, private readonly json: ResourceJson) {
    this.type = json.Type;
    this.removal = [json.DeletionPolicy, json.UpdateReplacePolicy].filter((policy) => policy !== undefined);
  }

  /** A property, however deep; one that does not exist is an empty value. */
  public at(...path: string[]): Value {
    return new Value(this.template, this.json.Properties).at(...path);
  }

  /** The physical name, the `Name` tag, or what comes nearest to a name. */
  public get name(): string {
    if (this.type === 'AWS::ElasticLoadBalancingV2::Listener') {
      return `listener ${this.at('Port').text} of ${this.at('LoadBalancerArn').text}`;
    }
    const kind = this.type.split('::')[2] ?? '';
    const tag = this.at('Tags').items.find((one) => one.at('Key').text === 'Name')?.at('Value');
    const named = [this.at(`${kind}Name`), this.at('Name'), this.at('Family'), this.at('GroupName'), tag].find((value) => value?.exists);
    // CloudFormation makes up a name from this identifier, with an ending of its own.
    return named?.text ?? this.id.replace(/[0-9A-F]{8}$/, '…');
  }
}

/** A value somewhere in a template: a literal, a structure, or an intrinsic function that stands for something. */
export class Value {
  constructor(private readonly template: Template, private readonly raw: unknown) {}

  public at(...path: string[]): Value {
    return new Value(this.template, path.reduce((inner: unknown, key) => (isObject(inner) ? inner[key] : undefined), this.raw));
  }

  public get exists(): boolean {
    return this.raw !== undefined && this.raw !== null;
  }

  /** A list as it is, a single value as a list of one: IAM and CloudFormation let either stand for the other. */
  public get items(): Value[] {
    if (!this.exists) {
      return [];
    }
    return Array.isArray(this.raw) ? this.raw.map((item) => new Value(this.template, item)) : [this];
  }

  public get entries(): [string, Value][] {
    return isObject(this.raw) ? Object.entries(this.raw).map(([key, inner]) => [key, new Value(this.template, inner)]) : [];
  }

  public get texts(): string[] {
    return this.items.map((item) => item.text);
  }

  /** `NaN` where there is no number. */
  public get number(): number {
    return this.exists ? Number(this.raw) : NaN;
  }

  /** The resource that the value stands for, or that is the first one mentioned in it. */
  public get target(): Resource | undefined {
    return this.targets[0];
  }

  /** The resources that the value mentions. */
  public get targets(): Resource[] {
    return referencesIn(this.raw).flatMap((id) => this.template.resource(id) ?? []);
  }

  /** The value as a person would write it: references are replaced by the names of what they refer to. */
  public get text(): string {
    if (!isObject(this.raw)) {
      return this.exists ? String(this.raw) : '';
    }
    const [[operator, operand] = ['', undefined]] = Object.entries(this.raw);
    switch (operator) {
      case 'Ref': return this.pseudo(String(operand)) ?? this.template.resource(String(operand))?.name ?? String(operand);
      case 'Fn::GetAtt': return this.attribute(operand);
      case 'Fn::Join': return this.join(operand);
      case 'Fn::Sub': return this.substitute(operand);
      case 'Fn::Select': return this.select(operand);
      default: return JSON.stringify(this.raw);
    }
  }

  private pseudo(name: string): string | undefined {
    const known: { [name: string]: string } = {
      'AWS::AccountId': ACCOUNT,
      'AWS::Partition': 'aws',
      'AWS::Region': this.template.region,
      'AWS::StackName': this.template.stackName,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    return known[name];
  }

  private attribute(operand: unknown): string {
    const [id, attribute] = Array.isArray(operand) ? operand.map(String) : String(operand).split('.');
    const resource = this.template.resource(id);
    const property = resource?.at(attribute);
    return property?.exists ? property.text : resource?.name ?? id;
  }

  private join(operand: unknown): string {
    const [separator, parts] = Array.isArray(operand) ? operand : ['', []];
    return new Value(this.template, parts).texts.join(String(separator));
  }

  private substitute(operand: unknown): string {
    const [pattern] = Array.isArray(operand) ? operand : [operand];
    return String(pattern).replace(/\$\{([^}]+)\}/g, (_, name: string) => new Value(this.template, { Ref: name }).text);
  }

  /** CDK takes account and region out of the ARN of a resource; parts of other things are shown as the whole. */
  private select(operand: unknown): string {
    const [index, list] = Array.isArray(operand) ? operand : [0, undefined];
    const split: unknown[] = isObject(list) && Array.isArray(list['Fn::Split']) ? list['Fn::Split'] : [];
    const [delimiter, source] = split;
    if (delimiter === ':' && isObject(source) && 'Fn::GetAtt' in source) {
      return { 3: this.template.region, 4: ACCOUNT }[Number(index)] ?? new Value(this.template, source).text;
    }
    return new Value(this.template, source).text;
  }
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(referencesIn);
  }
  if (!isObject(value)) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') {
      return [String(inner)];
    }
    if (key === 'Fn::GetAtt') {
      return [Array.isArray(inner) ? String(inner[0]) : String(inner).split('.')[0]];
    }
    return referencesIn(inner);
  });
}
