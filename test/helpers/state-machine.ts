import { SynthesisedTemplate } from './synthesis';
import { rendered } from './templates';

type Json = { readonly [key: string]: unknown };

interface Rule {
  readonly ErrorEquals: string[];
}

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Resource?: string;
  readonly Parameters?: Json;
  readonly ResultSelector?: Json;
  readonly ResultPath?: string | null;
  readonly Retry?: (Rule & { readonly IntervalSeconds: number; readonly MaxAttempts: number; readonly BackoffRate: number })[];
  readonly Catch?: (Rule & { readonly Next: string; readonly ResultPath?: string | null })[];
}

/** A state machine of the Amazon States Language, with the features that the library uses. */
export interface Definition {
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: { readonly [name: string]: State };
}

/** The result of an execution, and the time that it waited before each retry. */
export interface Execution {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly error?: string;
  readonly waits: number[];
}

/** An API of AWS: a failure is thrown as an error whose name is the one that Step Functions reports. */
export type Api = (parameters: { readonly [name: string]: unknown }) => unknown;

export class AwsError extends Error {
  constructor(public readonly name: string) {
    super(name);
  }
}

const KNOWN = {
  Pass: ['Type', 'Next', 'Parameters'],
  Task: ['Type', 'Next', 'Resource', 'Parameters', 'ResultSelector', 'ResultPath', 'Retry', 'Catch'],
  Succeed: ['Type'],
};

/** The definition of the one state machine with this name, with `${…}` for values that are known only at deployment. */
export function definitionOf(template: SynthesisedTemplate, name: string): Definition {
  const [machine] = Object.values(template.Resources)
    .filter(({ Type, Properties }) => Type === 'AWS::StepFunctions::StateMachine' && Properties.StateMachineName === name);
  return JSON.parse(rendered(machine.Properties.DefinitionString)) as Definition;
}

/**
 * Runs an execution. A type of state, a field or a function that is not known here throws.
 *
 * @see https://states-language.net/spec.html
 */
export function execute(definition: Definition, input: unknown, apis: { readonly [name: string]: Api }): Execution {
  const waits: number[] = [];
  let name = definition.StartAt;
  let data = input;
  for (;;) {
    const state = definition.States[name];
    const strange = Object.keys(state).filter((field) => !KNOWN[state.Type as keyof typeof KNOWN].includes(field));
    if (strange.length > 0) {
      throw new Error(`not known: ${strange.join()}`);
    }
    if (state.Type === 'Succeed') {
      return { status: 'SUCCEEDED', waits };
    }
    try {
      data = state.Type === 'Pass' ? resolveParameters(state.Parameters, data) : withResult(data, state.ResultPath, called(state, data, apis, waits));
      name = String(state.Next);
    } catch (error) {
      const caught = error instanceof AwsError ? state.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes(error.name)) : undefined;
      if (!(error instanceof AwsError)) {
        throw error;
      }
      if (caught === undefined) {
        return { status: 'FAILED', error: error.name, waits };
      }
      data = withResult(data, caught.ResultPath, { Error: error.name });
      name = caught.Next;
    }
  }
}

/** Calls the API of a task, and retries for each error that a retrier names; each retrier counts its own attempts. */
function called(state: State, data: unknown, apis: { readonly [name: string]: Api }, waits: number[]): unknown {
  const [, name] = /:states:::aws-sdk:(\w+:\w+)$/.exec(String(state.Resource)) ?? [];
  const attempts = new Map<object, number>();
  for (;;) {
    try {
      const result = apis[String(name)](resolveParameters(state.Parameters, data) as { [name: string]: unknown });
      return state.ResultSelector === undefined ? result : resolveParameters(state.ResultSelector, result);
    } catch (error) {
      const retrier = error instanceof AwsError ? state.Retry?.find(({ ErrorEquals }) => ErrorEquals.includes(error.name)) : undefined;
      const attempt = retrier === undefined ? 0 : attempts.get(retrier) ?? 0;
      if (retrier === undefined || attempt === retrier.MaxAttempts) {
        throw error;
      }
      waits.push(retrier.IntervalSeconds * retrier.BackoffRate ** attempt);
      attempts.set(retrier, attempt + 1);
    }
  }
}

function withResult(data: unknown, path: string | null | undefined, result: unknown): unknown {
  if (path === null) {
    return data;
  }
  const [, key] = /^\$\.(\w+)$/.exec(String(path)) ?? [];
  return key === undefined ? result : { ...data as Json, [key]: result };
}

/** Parameters in which each key that ends in `.$` is computed from the data. */
function resolveParameters(template: unknown, data: unknown): unknown {
  if (Array.isArray(template)) {
    return template.map((item) => resolveParameters(item, data));
  }
  if (typeof template !== 'object' || template === null) {
    return template;
  }
  return Object.fromEntries(Object.entries(template).map(([key, value]) =>
    (key.endsWith('.$') ? [key.slice(0, -2), evaluateExpression(String(value), data)] : [key, resolveParameters(value, data)])));
}

/** A path, a literal, or one of the intrinsic functions. */
function evaluateExpression(expression: string, data: unknown): unknown {
  const text = expression.trim();
  if (text.startsWith('$')) {
    return at(text, data);
  }
  if (/^'.*'$|^\d+$/.test(text)) {
    return text.startsWith('\'') ? text.slice(1, -1) : Number(text);
  }
  const [, name, inner] = /^States\.(\w+)\((.*)\)$/.exec(text) ?? [];
  const values = argumentsIn(String(inner)).map((argument) => evaluateExpression(argument, data));
  switch (name) {
    case 'ArrayGetItem': {
      const item = (values[0] as unknown[])[values[1] as number];
      return item ?? fail('States.IntrinsicFailure');
    }
    case 'Format':
      return values.slice(1).reduce<string>((format, value) => format.replace('{}', String(value)), String(values[0]));
    case 'StringSplit':
      return String(values[0]).split(String(values[1]));
    default:
      throw new Error(`not known: ${text}`);
  }
}

/** The arguments between the commas that are in no parentheses and no quotes. */
function argumentsIn(text: string): string[] {
  return text.match(/(?:'[^']*'|\([^()]*(?:\([^()]*\)[^()]*)*\)|[^,'()])+/g) ?? [];
}

function at(path: string, data: unknown): unknown {
  const keys = path.match(/\w+/g) ?? [];
  const value = keys.reduce((found: unknown, key) => (found as { [key: string]: unknown } | undefined)?.[key], data);
  return value ?? fail('States.Runtime');
}

function fail(name: string): never {
  throw new AwsError(name);
}
