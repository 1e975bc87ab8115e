import { Identity, identityOf, Place } from './identities';

interface ResolvableResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: { readonly [name: string]: unknown };
}

/** As much of a template as its policies can refer to. */
export interface ResolvableTemplate {
  readonly Resources: { readonly [logicalId: string]: ResolvableResource };
  readonly Parameters?: { readonly [name: string]: { readonly Type: string; readonly Default?: unknown } };
  readonly Mappings?: { readonly [map: string]: { readonly [top: string]: { readonly [second: string]: unknown } } };
  readonly Conditions?: { readonly [name: string]: unknown };
}

export interface ResolverProps extends Place {
  /** Values of parameters that have no default, or another one. */
  readonly parameters?: { readonly [name: string]: string };
  /** The values that other stacks of the account export. */
  readonly exports?: { readonly [name: string]: string };
  /** A value that is not the template's own; undefined where the template has it. */
  readonly outside?: (operator: string, argument: string) => unknown;
  /** What stands for a call that cannot be resolved. By default it throws. */
  readonly unresolved?: (operator: string, argument: unknown) => unknown;
}

/** Stands for a value that `AWS::NoValue` removes. */
const NO_VALUE = Symbol('AWS::NoValue');

/**
 * A template as CloudFormation would resolve it in one place. Whatever this does not know throws with its name.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export class Resolver {
  private readonly pseudoParameters: { readonly [name: string]: unknown };
  private readonly identities = new Map<string, Identity>();
  private readonly beingResolved: string[] = [];

  constructor(private readonly template: ResolvableTemplate, private readonly props: ResolverProps) {
    this.pseudoParameters = {
      'AWS::AccountId': props.account,
      'AWS::NoValue': NO_VALUE,
      'AWS::Partition': props.partition,
      'AWS::Region': props.region,
      'AWS::StackName': props.stackName,
      'AWS::URLSuffix': props.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
    };
  }

  /** A value with no intrinsic function left in it; undefined for `AWS::NoValue`. */
  public value(value: unknown): unknown {
    const resolved = this.resolve(value);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  /** A value that must be a string once it is resolved. */
  public text(value: unknown): string {
    const resolved = this.resolve(value);
    if (typeof resolved === 'string' || typeof resolved === 'number') {
      return String(resolved);
    }
    if (this.props.unresolved === undefined) {
      throw new Error(`not a text: ${JSON.stringify(value)}`);
    }
    return JSON.stringify(resolved) ?? '';
  }

  /** The logical ids of the resources that will exist, with their types. */
  public resources(): [logicalId: string, type: string][] {
    return Object.entries(this.template.Resources)
      .filter(([, { Condition }]) => Condition === undefined || this.resolve({ 'Fn::If': [Condition, true, false] }))
      .map(([logicalId, { Type }]) => [logicalId, Type]);
  }

  /** The properties of a resource as CloudFormation resolves them. */
  public properties(logicalId: string): { readonly [name: string]: unknown } {
    return this.value(this.resource(logicalId).Properties ?? {}) as { readonly [name: string]: unknown };
  }

  /** What `Ref` and `Fn::GetAtt` return for a resource. */
  public identity(logicalId: string): Identity {
    const known = this.identities.get(logicalId);
    if (known) {
      return known;
    }
    if (this.beingResolved.includes(logicalId)) {
      throw new Error(`resources depend on each other: ${[...this.beingResolved, logicalId].join(' > ')}`);
    }
    const { Type, Properties } = this.resource(logicalId);
    const property = (name: string) => {
      const value = this.value(Properties?.[name]);
      return value === undefined ? undefined : this.text(value);
    };
    this.beingResolved.push(logicalId);
    try {
      const identity = identityOf(Type, { logicalId, place: this.props, property });
      this.identities.set(logicalId, identity);
      return identity;
    } finally {
      this.beingResolved.pop();
    }
  }

  private resource(logicalId: string): ResolvableResource {
    if (!Object.hasOwn(this.template.Resources, logicalId)) {
      throw new Error(`the template has no ${logicalId}`);
    }
    return this.template.Resources[logicalId];
  }

  private resolve(value: unknown): unknown {
    if (typeof value === 'string' && value.includes('{{resolve:') && this.props.unresolved === undefined) {
      throw new Error(`a dynamic reference has no value before the deployment: ${value}`);
    }
    if (Array.isArray(value)) {
      return value.map((item) => this.resolve(item)).filter((item) => item !== NO_VALUE);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const entries = Object.entries(value);
    const [[name, argument] = ['', undefined]] = entries;
    if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
      return this.call(name, argument);
    }
    const resolved = entries.map(([key, inner]) => [key, this.resolve(inner)]);
    return Object.fromEntries(resolved.filter(([, inner]) => inner !== NO_VALUE));
  }

  private call(name: string, argument: unknown): unknown {
    try {
      return this.result(name, argument);
    } catch (problem) {
      if (this.props.unresolved === undefined) {
        throw problem;
      }
      return this.props.unresolved(name, argument);
    }
  }

  private result(name: string, argument: unknown): unknown {
    const items = Array.isArray(argument) ? argument as unknown[] : [argument];
    switch (name) {
      case 'Ref':
        return this.ref(String(argument));
      case 'Fn::GetAtt':
        return this.attribute(items.map((part) => this.text(part)).join('.'));
      case 'Fn::Join':
        return this.list(items[1]).map((part) => this.text(part)).join(String(items[0]));
      case 'Fn::Split':
        return this.text(items[1]).split(String(items[0]));
      case 'Fn::Select':
        return this.select(this.list(items[1]), Number(this.text(items[0])), argument);
      case 'Fn::Sub':
        return this.substitute(String(items[0]), (items[1] ?? {}) as { [name: string]: unknown });
      case 'Fn::FindInMap':
        return this.find(items.map((part) => this.text(part)));
      case 'Fn::If':
        return this.resolve(this.condition({ Condition: items[0] }) ? items[1] : items[2]);
      case 'Fn::ImportValue':
        return this.imported(this.text(argument));
      default:
        throw new Error(`${name} is not known`);
    }
  }

  private ref(name: string): unknown {
    if (Object.hasOwn(this.pseudoParameters, name)) {
      return this.pseudoParameters[name];
    }
    const outside = this.props.outside?.('Ref', name);
    if (outside !== undefined) {
      return outside;
    }
    const parameters = this.template.Parameters ?? {};
    if (!Object.hasOwn(parameters, name)) {
      return this.identity(name).Ref;
    }
    const { Type, Default } = parameters[name];
    // The default of such a parameter is the name of an entry of the Parameter Store, and not what stands in it.
    const value = this.props.parameters?.[name] ?? (Type.startsWith('AWS::SSM::') ? undefined : Default);
    if (value === undefined) {
      throw new Error(`the parameter ${name} has no value`);
    }
    return Type.startsWith('List<') || Type === 'CommaDelimitedList' ? String(value).split(',') : value;
  }

  private attribute(path: string): unknown {
    const outside = this.props.outside?.('Fn::GetAtt', path);
    if (outside !== undefined) {
      return outside;
    }
    const [logicalId, ...rest] = path.split('.');
    const identity = this.identity(logicalId);
    const attribute = rest.join('.');
    // `Ref` is a function of its own.
    if (attribute === 'Ref' || !Object.hasOwn(identity, attribute)) {
      const { Type } = this.resource(logicalId);
      throw new Error(`the attribute ${attribute} of a resource of type ${Type} is not known, in ${logicalId}`);
    }
    return identity[attribute];
  }

  private imported(name: string): unknown {
    const value = this.props.outside?.('Fn::ImportValue', name) ?? this.props.exports?.[name];
    if (value === undefined) {
      throw new Error(`no stack exports ${name}`);
    }
    return value;
  }

  private find([map, top, second]: string[]): unknown {
    const found = this.template.Mappings?.[map]?.[top]?.[second];
    if (found === undefined) {
      throw new Error(`the template maps nothing to ${map}.${top}.${second}`);
    }
    return found;
  }

  private substitute(text: string, variables: { [name: string]: unknown }): string {
    return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith('!')) {
        return `\${${name.slice(1)}}`;
      }
      if (Object.hasOwn(variables, name)) {
        return this.text(variables[name]);
      }
      return this.text(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name });
    });
  }

  private list(value: unknown): unknown[] {
    const resolved = this.resolve(value);
    if (!Array.isArray(resolved)) {
      throw new Error(`not a list: ${JSON.stringify(value)}`);
    }
    return resolved;
  }

  private select(items: unknown[], index: number, argument: unknown): unknown {
    if (!(index in items)) {
      throw new Error(`there is no such item: ${JSON.stringify(argument)}`);
    }
    return items[index];
  }

  /** A condition function, or the name of a condition of the template. */
  private condition(value: unknown): boolean {
    const [[name, argument]] = Object.entries(value as { [name: string]: unknown });
    const inner = Array.isArray(argument) ? argument as unknown[] : [];
    switch (name) {
      case 'Condition': {
        const condition = this.template.Conditions?.[String(argument)];
        if (condition === undefined) {
          throw new Error(`the template has no condition ${String(argument)}`);
        }
        return this.condition(condition);
      }
      case 'Fn::Equals':
        return this.text(inner[0]) === this.text(inner[1]);
      case 'Fn::And':
        return inner.every((one) => this.condition(one));
      case 'Fn::Or':
        return inner.some((one) => this.condition(one));
      case 'Fn::Not':
        return !this.condition(inner[0]);
      default:
        throw new Error(`the condition ${name} is not known`);
    }
  }
}
