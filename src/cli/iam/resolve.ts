import { ok } from 'assert';
import { Identity, identityOf, Place, stackArn } from './identities';
import { textOf } from '../json';

/** As much of a template as is read here. */
export interface ResolvableTemplate {
  readonly Description?: string;
  readonly Resources: {
    readonly [logicalId: string]: {
      readonly Type: string;
      readonly Condition?: string;
      readonly Properties?: { readonly [name: string]: unknown };
      readonly Metadata?: { readonly [name: string]: unknown };
      readonly DeletionPolicy?: string;
      readonly UpdateReplacePolicy?: string;
    };
  };
  readonly Outputs?: { readonly [name: string]: unknown };
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
  /** Replacement for a call that cannot be resolved. By default it throws. */
  readonly unresolved?: (operator: string, argument: unknown) => unknown;
}

/** Marks a value that `AWS::NoValue` removes. */
const NO_VALUE = Symbol('AWS::NoValue');

/**
 * Resolves a template as CloudFormation would for one account and region. An element that is not supported throws
 * with its name.
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
      'AWS::StackId': stackArn(props),
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
    if (this.props.unresolved === undefined && !['string', 'number'].includes(typeof resolved)) {
      throw new Error(`not a string: ${JSON.stringify(value)}`);
    }
    return textOf(resolved);
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

  /** Returns the values of `Ref` and `Fn::GetAtt` for a resource. */
  public identity(logicalId: string): Identity {
    const known = this.identities.get(logicalId);
    if (known) {
      return known;
    }
    const circle = [...this.beingResolved, logicalId].join(' > ');
    ok(!this.beingResolved.includes(logicalId), `resources depend on each other: ${circle}`);
    const { Type, Properties } = this.resource(logicalId);
    const property = (name: string) => {
      const value = this.value(Properties?.[name]);
      return value === undefined ? undefined : this.text(value);
    };
    this.beingResolved.push(logicalId);
    try {
      const identity = identityOf(Type, logicalId, this.props, property);
      this.identities.set(logicalId, identity);
      return identity;
    } finally {
      this.beingResolved.pop();
    }
  }

  private resource(logicalId: string): ResolvableTemplate['Resources'][string] {
    return own(this.template.Resources, logicalId) ?? fail(`the template has no ${logicalId}`);
  }

  private resolve(value: unknown): unknown {
    if (typeof value === 'string' && value.includes('{{resolve:') && this.props.unresolved === undefined) {
      return fail(`a dynamic reference has no value before the deployment: ${value}`);
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
    const items: unknown[] = Array.isArray(argument) ? argument : [argument];
    switch (name) {
      case 'Ref':
        return this.ref(this.text(argument));
      case 'Fn::GetAtt':
        return this.attribute(this.texts(items).join('.'));
      case 'Fn::Join':
        return this.texts(this.list(items[1])).join(this.text(items[0]));
      case 'Fn::Split':
        return this.text(items[1]).split(this.text(items[0]));
      case 'Fn::Select':
        return this.list(items[1])[Number(this.text(items[0]))]
          ?? fail(`there is no such item: ${JSON.stringify(argument)}`);
      case 'Fn::Sub':
        return this.substitute(this.text(items[0]), (items[1] ?? {}) as { [name: string]: unknown });
      case 'Fn::FindInMap': {
        const [map, top, second] = this.texts(items);
        return this.template.Mappings?.[map]?.[top]?.[second]
          ?? fail(`the template maps nothing to ${map}.${top}.${second}`);
      }
      case 'Fn::If':
        return this.resolve(this.condition({ Condition: items[0] }) ? items[1] : items[2]);
      case 'Fn::ImportValue': {
        const exported = this.text(argument);
        return this.props.outside?.(name, exported) ?? this.props.exports?.[exported]
          ?? fail(`no stack exports ${exported}`);
      }
      default:
        throw new Error(`${name} is not known`);
    }
  }

  private ref(name: string): unknown {
    return own(this.pseudoParameters, name) ?? this.props.outside?.('Ref', name)
      ?? this.parameter(name) ?? this.identity(name).Ref;
  }

  private parameter(name: string): unknown {
    const parameter = own(this.template.Parameters ?? {}, name);
    if (parameter === undefined) {
      return undefined;
    }
    const { Type, Default } = parameter;
    // The default of such a parameter is the name of an entry of the Parameter Store, and not its value.
    const value = this.props.parameters?.[name] ?? (Type.startsWith('AWS::SSM::') ? undefined : Default)
      ?? fail(`the parameter ${name} has no value`);
    return Type.startsWith('List<') || Type === 'CommaDelimitedList' ? String(value).split(',') : value;
  }

  private attribute(path: string): unknown {
    const [, logicalId, attribute] = /^([^.]*)\.?(.*)$/s.exec(path) ?? [];
    const value = () => {
      const { Ref, ...attributes } = this.identity(logicalId);
      const { Type } = this.resource(logicalId);
      return own(attributes, attribute)
        ?? fail(`the attribute ${attribute} of a resource of type ${Type} is not known, in ${logicalId}`);
    };
    return this.props.outside?.('Fn::GetAtt', path) ?? value();
  }

  private substitute(text: string, variables: { [name: string]: unknown }): string {
    return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith('!')) {
        return `\${${name.slice(1)}}`;
      }
      const reference = name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name };
      return this.text(Object.hasOwn(variables, name) ? variables[name] : reference);
    });
  }

  private texts(values: unknown[]): string[] {
    return values.map((value) => this.text(value));
  }

  private list(value: unknown): unknown[] {
    const resolved = this.resolve(value);
    return Array.isArray(resolved) ? resolved : fail(`not a list: ${JSON.stringify(value)}`);
  }

  /** A condition function, or the name of a condition of the template. */
  private condition(value: unknown): boolean {
    const [[name, argument]] = Object.entries(value as { [name: string]: unknown });
    const inner: unknown[] = Array.isArray(argument) ? argument : [];
    switch (name) {
      case 'Condition':
        return this.condition(own(this.template.Conditions ?? {}, String(argument))
          ?? fail(`the template has no condition ${String(argument)}`));
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

/** A property of the object itself: every object has a `constructor`. */
function own<T>(values: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function fail(problem: string): never {
  throw new Error(problem);
}
