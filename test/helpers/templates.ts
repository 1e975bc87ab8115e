import { Stack } from 'aws-cdk-lib';
import { references, Resource, resources, SynthesisedTemplate } from './synthesis';
import { EcsBlueGreenDeployment } from '../../src';

/** A statement of a policy in a template. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Principal?: string | { readonly [kind: string]: unknown };
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: unknown } };
}

/** The buildspec of a build project. */
export interface BuildSpec {
  readonly env?: {
    readonly 'shell'?: string;
    readonly 'variables'?: { readonly [name: string]: string };
    readonly 'secrets-manager'?: { readonly [name: string]: string };
    readonly 'exported-variables'?: string[];
  };
  readonly phases: { readonly [phase: string]: { readonly 'commands': string[]; readonly 'finally'?: string[]; readonly 'on-failure'?: string } };
  readonly artifacts?: { readonly 'base-directory'?: string; readonly 'files': string[] };
  readonly cache?: { readonly paths: string[] };
}

/** The settings that a release project gets for an environment. */
export interface ReleaseSettings {
  readonly taskDefinition: string;
  readonly family: string;
  readonly container: string;
  readonly port: number;
  readonly hooks?: { readonly [event: string]: string };
}

/**
 * A value as one text, with a placeholder for what only CloudFormation knows: `${Id}`, `${Id.Attribute}`, `${Id.Arn[4]}`.
 * Placeholders hold no quotes, so that a rendered text which is JSON can be parsed.
 */
export function rendered(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  const [[key, inner], ...more] = Object.entries(value);
  if (key === 'Ref' && more.length === 0) {
    return `\${${inner}}`;
  }
  if (key === 'Fn::GetAtt' && more.length === 0) {
    return `\${${(inner as string[]).join('.')}}`;
  }
  if (key === 'Fn::Join' && more.length === 0) {
    const [separator, parts] = inner as [string, unknown[]];
    return parts.map(rendered).join(separator);
  }
  if (key === 'Fn::Select' && more.length === 0) {
    const [index, { 'Fn::Split': [, text] }] = inner as [number | string, { 'Fn::Split': [string, unknown] }];
    return rendered(text).replace(/\}$/, `[${index}]}`);
  }
  throw new Error(`no text: ${JSON.stringify(value)}`);
}

/** The logical ids in a rendered text. */
export function idsIn(text: string): string[] {
  return [...text.matchAll(/\$\{([A-Za-z0-9]+)(?:[.[][^}]*)?\}/g)].map(([, id]) => id);
}

/** The one resource that a value refers to. */
export function idOf(value: unknown): string {
  const found = [...new Set(references(value))];
  if (found.length !== 1) {
    throw new Error(`refers to ${found.length} resources instead of one: ${JSON.stringify(value)}`);
  }
  return found[0];
}

/** One or several values, as a list. */
export function listOf<T>(value: T | readonly T[] | undefined): T[] {
  return value === undefined ? [] : Array.isArray(value) ? [...value] as T[] : [value as T];
}

/** Every resource of a type as pairs of logical ID and properties; fails if there is none, so that no test passes without a resource. */
export function all(template: SynthesisedTemplate, type: string): [string, Resource['Properties']][] {
  const found = Object.entries(resources(template, type)).map(([id, { Properties }]): [string, Resource['Properties']] => [id, Properties ?? {}]);
  if (found.length === 0) {
    throw new Error(`the program has no ${type}`);
  }
  return found;
}

/** The properties of the one resource with this logical id, which must be of this type. */
export function propertiesOf(template: SynthesisedTemplate, id: string, type: string): Resource['Properties'] {
  const resource = template.Resources[id];
  if (resource?.Type !== type) {
    throw new Error(`${id} is a ${resource?.Type} instead of a ${type}`);
  }
  return resource.Properties;
}

/** The statements of every policy of these resources that applies to this one. */
export function statementsFor(template: SynthesisedTemplate, policyType: string, property: string, id: string): Statement[] {
  return all(template, policyType)
    .filter(([, properties]) => listOf(properties[property]).some((subject) => references(subject).includes(id)))
    .flatMap(([, properties]) => properties.PolicyDocument.Statement as Statement[]);
}

/** Every statement of every identity policy, with the logical ID of its resource. */
export function identityStatements(template: SynthesisedTemplate): [string, Statement][] {
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
    const documents = Type === 'AWS::IAM::Role' ? (Properties.Policies ?? []).map((policy: { PolicyDocument: unknown }) => policy.PolicyDocument)
      : Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy' ? [Properties.PolicyDocument]
        : [];
    return documents.flatMap((document: { Statement: Statement[] }) => document.Statement.map((statement): [string, Statement] => [id, statement]));
  });
}

/** The buildspec of a project as CodeBuild will read it. */
export function buildSpecOf(project: Resource['Properties']): BuildSpec {
  return JSON.parse(rendered(project.Source.BuildSpec)) as BuildSpec;
}

/** The settings that the release project gets, by environment. */
export function releaseSettingsIn(template: SynthesisedTemplate): { [environmentName: string]: ReleaseSettings } {
  const [found, ...others] = all(template, 'AWS::CodeBuild::Project').filter(([, { Name }]) => String(Name).startsWith('project-release'));
  expect(others).toEqual([]);
  if (found === undefined) {
    return {};
  }
  const [, project] = found;
  const names = buildSpecOf(project).phases.build.commands.flatMap((command) => /appspec-(\w+)\.yaml/.exec(command)?.[1] ?? []);
  const variables = project.Environment.EnvironmentVariables as { Name: string; Value: unknown }[];
  const values = variables.filter(({ Name }) => Name.startsWith('RELEASE_SETTINGS_')).map(({ Value }) => JSON.parse(rendered(Value)) as ReleaseSettings);
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

/** The settings of one deployment, with placeholders for values that are known only at deployment. */
export function settingsOf(deployment: EcsBlueGreenDeployment): ReleaseSettings {
  const [settings] = Object.values(deployment.releaseSettings);
  return JSON.parse(rendered(Stack.of(deployment).resolve(settings))) as ReleaseSettings;
}

/** The task definitions of the releases, by environment. */
export function releasedTaskDefinitions(template: SynthesisedTemplate): { [environmentName: string]: Resource['Properties'] } {
  return Object.fromEntries(Object.entries(releaseSettingsIn(template)).map(([name, { taskDefinition }]) =>
    [name, propertiesOf(template, taskDefinition.slice(2, -1), 'AWS::ECS::TaskDefinition')]));
}

/** The container of the one revision that CloudFormation registers in the family that a service runs. */
export function bootstrapContainer(template: SynthesisedTemplate, family: string): { readonly Image: string; readonly Command: string[] } {
  const found = all(template, 'AWS::ECS::TaskDefinition').filter(([, { Family }]) => Family === family);
  if (found.length !== 1) {
    throw new Error(`${found.length} task definitions are of the family ${family}`);
  }
  return found[0][1].ContainerDefinitions[0];
}

/** Everything that a resource depends on, directly or indirectly: by reference or by `DependsOn`. */
export function waitsFor(template: SynthesisedTemplate, id: string, seen = new Set<string>()): Set<string> {
  const { Properties, DependsOn } = template.Resources[id];
  for (const next of [...references(Properties), ...listOf(DependsOn)]) {
    if (!seen.has(next) && template.Resources[next]) {
      seen.add(next);
      waitsFor(template, next, seen);
    }
  }
  return seen;
}

/** The value at a path such as `Environment.ComputeType`; `undefined` when there is none. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce((found, key) => (found as { [key: string]: unknown } | undefined)?.[key], value);
}

/** Every string in a value with its path. */
export function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') {
    return [[path, value]];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}/${key}`));
}

/** The plaintext variables of a build project. */
export function plainVariables(template: SynthesisedTemplate, projectName: string): { [name: string]: string } {
  const variables = all(template, 'AWS::CodeBuild::Project')
    .filter(([, { Name }]) => Name === projectName)
    .flatMap(([, { Environment }]) => (Environment.EnvironmentVariables ?? []) as { Name: string; Type: string; Value: unknown }[]);
  return Object.fromEntries(variables.filter(({ Type }) => Type === 'PLAINTEXT').map(({ Name, Value }) => [Name, rendered(Value)]));
}

/** The one function of this purpose: its logical id, and its properties. */
export function functionFor(purpose: 'smoke' | 'colour', template: SynthesisedTemplate): [string, Resource['Properties']] {
  const found = all(template, 'AWS::Lambda::Function').filter(([, { FunctionName }]) => String(FunctionName).startsWith(`function-${purpose}-`));
  expect(found).toHaveLength(1);
  return found[0];
}
