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
  /** What other stacks of the account export. */
  readonly exports?: { readonly [name: string]: string };
}

/** Stands for a value that `AWS::NoValue` takes away. */
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

  /** A value that must be a text once it is resolved. */
  public text(value: unknown): string {
    const resolved = this.resolve(value);
    if (typeof resolved !== 'string' && typeof resolved !== 'number') {
      throw new Error(`not a text: ${JSON.stringify(value)}`);
    }
    return String(resolved);
  }

  /** The logical ids of the resources that will exist, with their types. */
  public resources(): [logicalId: string, type: string][] {
    return Object.entries(this.template.Resources)
      .filter(([, { Condition }]) => Condition === undefined || this.condition({ Condition }))
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
    this.beingResolved.push(logicalId);
    try {
      const identity = identityOf(Type, {
        logicalId,
        place: this.props,
        property: (name) => {
          const value = this.value(Properties?.[name]);
          return value === undefined ? undefined : this.text(value);
        },
      });
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
    if (typeof value === 'string' && value.includes('{{resolve:')) {
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
    return Object.fromEntries(entries.map(([key, inner]) => [key, this.resolve(inner)]).filter(([, inner]) => inner !== NO_VALUE));
  }

  private call(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.ref(String(argument));
      case 'Fn::GetAtt':
        return this.attribute(Array.isArray(argument) ? argument.map((part) => this.text(part)).join('.') : String(argument));
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown];
        return this.list(parts).map((part) => this.text(part)).join(separator);
      }
      case 'Fn::Split': {
        const [separator, text] = argument as [string, unknown];
        return this.text(text).split(separator);
      }
      case 'Fn::Select': {
        const [index, items] = argument as [unknown, unknown];
        return this.item(this.list(items), Number(this.text(index)), argument);
      }
      case 'Fn::Sub':
        return this.substitute(argument);
      case 'Fn::FindInMap': {
        const [map, top, second] = (argument as unknown[]).map((part) => this.text(part));
        const found = this.template.Mappings?.[map]?.[top]?.[second];
        if (found === undefined) {
          throw new Error(`the template maps nothing to ${map}.${top}.${second}`);
        }
        return found;
      }
      case 'Fn::If': {
        const [condition, yes, no] = argument as [string, unknown, unknown];
        return this.resolve(this.condition({ Condition: condition }) ? yes : no);
      }
      case 'Fn::ImportValue': {
        const imported = this.text(argument);
        const value = this.props.exports?.[imported];
        if (value === undefined) {
          throw new Error(`no stack exports ${imported}`);
        }
        return value;
      }
      default:
        throw new Error(`${name} is not known`);
    }
  }

  private ref(name: string): unknown {
    if (Object.hasOwn(this.pseudoParameters, name)) {
      return this.pseudoParameters[name];
    }
    const parameters = this.template.Parameters ?? {};
    if (!Object.hasOwn(parameters, name)) {
      return this.identity(name).Ref;
    }
    const parameter = parameters[name];
    const given = this.props.parameters?.[name];
    // The default of such a parameter is the name of an entry of the Parameter Store, and not what stands in it.
    const value = given ?? (parameter.Type.startsWith('AWS::SSM::') ? undefined : parameter.Default);
    if (value === undefined) {
      throw new Error(`the parameter ${name} has no value`);
    }
    return parameter.Type.startsWith('List<') || parameter.Type === 'CommaDelimitedList' ? String(value).split(',') : value;
  }

  private attribute(path: string): string {
    const [logicalId, ...rest] = path.split('.');
    const identity = this.identity(logicalId);
    const attribute = rest.join('.');
    // `Ref` is a function of its own.
    if (attribute === 'Ref' || !Object.hasOwn(identity, attribute)) {
      throw new Error(`the attribute ${attribute} of a resource of type ${this.resource(logicalId).Type} is not known, in ${logicalId}`);
    }
    return identity[attribute];
  }

  private substitute(argument: unknown): string {
    const [text, variables] = Array.isArray(argument) ? argument as [string, { [name: string]: unknown }] : [String(argument), {}];
    return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith('!')) {
        return `\${${name.slice(1)}}`;
      }
      if (Object.hasOwn(variables, name)) {
        return this.text(variables[name]);
      }
      return name.includes('.') ? this.attribute(name) : this.text({ Ref: name });
    });
  }

  private list(value: unknown): unknown[] {
    const resolved = this.resolve(value);
    if (!Array.isArray(resolved)) {
      throw new Error(`not a list: ${JSON.stringify(value)}`);
    }
    return resolved;
  }

  private item(items: unknown[], index: number, argument: unknown): unknown {
    if (!(index in items)) {
      throw new Error(`there is no such item: ${JSON.stringify(argument)}`);
    }
    return items[index];
  }

  /** A condition function, or the name of a condition of the template. */
  private condition(value: unknown): boolean {
    const [[name, argument]] = Object.entries(value as { [name: string]: unknown });
    switch (name) {
      case 'Condition': {
        const condition = this.template.Conditions?.[String(argument)];
        if (condition === undefined) {
          throw new Error(`the template has no condition ${String(argument)}`);
        }
        return this.condition(condition);
      }
      case 'Fn::Equals': {
        const [left, right] = (argument as unknown[]).map((side) => this.text(side));
        return left === right;
      }
      case 'Fn::And':
        return (argument as unknown[]).every((inner) => this.condition(inner));
      case 'Fn::Or':
        return (argument as unknown[]).some((inner) => this.condition(inner));
      case 'Fn::Not':
        return !this.condition((argument as unknown[])[0]);
      default:
        throw new Error(`the condition ${name} is not known`);
    }
  }
}
