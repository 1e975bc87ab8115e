import { readFileSync, statSync } from 'fs';
import { basename } from 'path';
import { readAssembly, Stack } from '../assembly';
import { CommandError } from '../failure';
import { isObject } from '../json';
import { Template, TemplateJson } from '../template';

/** A deployed template, and the one that is to replace it. */
export interface Pair {
  /** The path of the stack in the app, or its name. */
  readonly path: string;
  readonly before: Template;
  readonly after: Template;
  /** The other deployed stacks, which can import what this one exports. */
  readonly importers: readonly Template[];
}

/** The pairs that two arguments name, and stacks that only one of them has. */
export interface Pairs {
  readonly pairs: readonly Pair[];
  readonly unpaired: readonly string[];
}

/**
 * Reads the stacks of two assemblies, or of an assembly and a template. The old template is resolved for the account
 * and the region of the new one, because an update changes neither.
 */
export function readPairs(old: string, current: string, stackName?: string): Pairs {
  const after = stacksOf(current, stackName);
  if (isFolder(old) && isFolder(current)) {
    return pairsOf(
      readAssembly(old, (name) => after.find(({ template }) => template.stackName === name)?.template),
      after,
    );
  }
  const [stack, ...others] = after;
  if (others.length > 0) {
    throw new CommandError(`${current} has several stacks; name one with --stack: ${namesOf(after)}`);
  }
  const [{ template }] = isFolder(old)
    ? stacksOf(old, stackName)
    : [{ template: stack.template.version(readTemplate(old)) }];
  return { pairs: [{ path: stack.path, before: template, after: stack.template, importers: [] }], unpaired: [] };
}

function pairsOf(before: Stack[], after: Stack[]): Pairs {
  const same = (one: Stack) => (other: Stack) => other.template.stackName === one.template.stackName;
  const pairs = after.flatMap((stack) =>
    before.filter(same(stack)).map((one): Pair => ({
      path: stack.path,
      before: one.template,
      after: stack.template,
      importers: before.filter((other) => other !== one).map(({ template }) => template),
    })),
  );
  if (pairs.length === 0) {
    throw new CommandError(`the two assemblies have no stack in common: ${namesOf(before)} and ${namesOf(after)}`);
  }
  return {
    pairs,
    unpaired: [
      ...after.filter((stack) => !before.some(same(stack))).map(({ path }) => `${path} is a new stack`),
      ...before
        .filter((stack) => !after.some(same(stack)))
        .map(({ path }) => `${path} is not in the new assembly: "cdk deploy" leaves the deployed stack as it is`),
    ],
  };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The stacks of an assembly, or the stack of a template. */
export function stacksOf(path: string, stackName?: string): Stack[] {
  if (!isFolder(path)) {
    const name = basename(path).replace(/(\.template)?\.json$/, '');
    const template = new Template(readTemplate(path), { stackName: name });
    return [{ path: name, template, templateBytes: 0, annotations: [] }];
  }
  const all = readAssembly(path);
  const named = all.filter(
    ({ path: name, template }) => stackName === undefined || [name, template.stackName].includes(stackName),
  );
  if (named.length === 0) {
    throw new CommandError(
      stackName === undefined
        ? `${path} has no stack`
        : `${path} has no stack "${stackName}"; its stacks are ${namesOf(all)}`,
    );
  }
  return named;
}

/** Reads a template, or the answer of `aws cloudformation get-template`. */
function readTemplate(path: string): TemplateJson {
  const text = textIn(path);
  const json = parsed(text, path);
  const body = isObject(json) && 'TemplateBody' in json ? json.TemplateBody : json;
  const template = typeof body === 'string' ? parsed(body, path) : body;
  if (!isObject(template) || !isObject(template.Resources)) {
    throw new CommandError(`${path} is not a CloudFormation template: it has no Resources`);
  }
  return template as unknown as TemplateJson;
}

function textIn(path: string): string {
  try {
    // "-" is standard input.
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file or folder' : (error as Error).message;
    throw new CommandError(`${path} cannot be read: ${reason}`);
  }
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(
      `${path} is not JSON: convert a YAML template first, or synthesise the deployed version of the app`,
    );
  }
}

function namesOf(stacks: Stack[]): string {
  return stacks.map(({ path }) => path).join(', ');
}
