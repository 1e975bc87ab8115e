import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { CommandError } from './failure';
import { isObject, Json } from './json';
import { Destination, Resource, Template, TemplateJson } from './template';

/** A stack of a cloud assembly. */
export interface Stack {
  /** The path of the stack in the app, as the CDK CLI shows it, for example `Prod/Storefront`. */
  readonly path: string;
  readonly template: Template;
  readonly templateBytes: number;
  /** Annotations of the constructs. */
  readonly annotations: Annotation[];
  /** Violations that the validations of the app found; undefined if none ran. */
  readonly violations?: Annotation[];
}

/** A message of a construct or of a validation from the synthesis of the app. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly text: string;
}

/**
 * Reads the folder that `cdk synth` writes, with the assemblies of its stages. `destinationOf` can give another account
 * and region for a stack.
 */
export function readAssembly(
  folder: string, destinationOf?: (stackName: string) => Destination | undefined,
): Stack[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CommandError(`there is no folder ${folder}; run "cdk synth" first, or name the folder of its output`);
  }
  const stacks: Stack[] = [];
  const exported = (name: string) =>
    stacks.flatMap(({ template }) => template.all).map((template) => template.exported(name)).find((value) => value);
  for (const [id, artifact, directory] of artifactsIn(folder)) {
    const [templateFile, stackName] = ['templateFile', 'stackName']
      .map((property) => artifact.at('properties', property).text);
    const file = templateFile || `${id}.template.json`;
    const json = parse(directory, file) as TemplateJson;
    if (!isObject(json.Resources)) {
      throw new CommandError(`${join(directory, file)} is not a CloudFormation template: it has no Resources`);
    }
    // An assembly has `unknown-account` and `unknown-region` where the app leaves them open.
    const [account, region] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(artifact.at('environment').text)?.slice(1)
      .map((part) => (part.startsWith('unknown-') ? undefined : part)) ?? [];
    const destination = { stackName: stackName || id, account, region };
    const template = new Template(json, destinationOf?.(destination.stackName) ?? destination, { exported });
    readNested(template, directory);
    stacks.push({
      path: artifact.at('displayName').text || template.stackName,
      template,
      templateBytes: statSync(join(directory, file)).size,
      annotations: annotationsOf(artifact, directory),
      violations: violationsOf(folder, file),
    });
  }
  return stacks;
}

/** The artifacts of all stacks, those of stages included, with the folders that hold their files. */
function artifactsIn(directory: string): [id: string, artifact: Json, directory: string][] {
  const artifacts = readJson(directory, 'manifest.json').at('artifacts');
  if (!artifacts.exists) {
    throw new CommandError(`${join(directory, 'manifest.json')} is not the manifest of a cloud assembly`);
  }
  return artifacts.entries.flatMap(([id, artifact]) => {
    switch (artifact.at('type').text) {
      case 'aws:cloudformation:stack':
        return [[id, artifact, directory]];
      case 'cdk:cloud-assembly':
        return artifactsIn(join(directory, artifact.at('properties', 'directoryName').text || id));
      default:
        return [];
    }
  });
}

/** Reads the templates of nested stacks. CDK stores each as an asset, next to the template of its parent. */
function readNested(template: Template, directory: string): void {
  for (const resource of template.resources.filter(({ type }) => type === 'AWS::CloudFormation::Stack')) {
    const file = resource.json.Metadata?.['aws:asset:path'] ?? assetOf(resource, directory);
    if (typeof file === 'string' && existsSync(join(directory, file))) {
      readNested(template.addNested(resource, parse(directory, file) as TemplateJson), directory);
    }
  }
}

/** The file of a nested template by the hash in its URL, from the asset manifests of the assembly. */
function assetOf(resource: Resource, directory: string): string | undefined {
  const [, hash = ''] = /([0-9a-f]{64})\.json$/.exec(resource.at('TemplateURL').text) ?? [];
  return readdirSync(directory).filter((name) => name.endsWith('.assets.json'))
    .map((name) => readJson(directory, name).at('files', hash, 'source', 'path').orUndefined?.text)
    .find((path) => path !== undefined);
}

function annotationsOf(artifact: Json, directory: string): Annotation[] {
  const file = artifact.at('additionalMetadataFile').orUndefined?.text;
  const all = [artifact.at('metadata'), ...(file === undefined ? [] : [readJson(directory, file)])];
  return all.flatMap(({ entries }) => entries).flatMap(([, { items }]) => items).flatMap((entry) => {
    const [, level] = /^aws:cdk:(error|warning)$/.exec(entry.at('type').text) ?? [];
    const text = entry.at('data').text.replace(/ \[ack: [^\]]*\]$/, '');
    return level === undefined ? [] : [{ level: level as Annotation['level'], text }];
  });
}

/** The violations in the report of an app that belong to a template, or to none. */
function violationsOf(folder: string, templateFile: string): Annotation[] | undefined {
  const file = ['validation-report.json', 'policy-validation-report.json']
    .find((name) => existsSync(join(folder, name)));
  return file === undefined ? undefined : readJson(folder, file).at('pluginReports').items.flatMap((report) => {
    const otherwise = report.at('conclusion').text === 'failure' ? 'error' : 'warning';
    const isOfTemplate = (violation: Json) => violation.at('violatingConstructs').items
      .map((construct) => construct.at('cloudFormationResource', 'templatePath').orUndefined?.text)
      .every((path) => path?.endsWith(templateFile) ?? true);
    return report.at('violations').items.filter(isOfTemplate).map((violation): Annotation => ({
      level: /^(error|fatal)$/i.test(violation.at('severity').text || otherwise) ? 'error' : 'warning',
      text: `${violation.at('ruleName').text}: ${violation.at('description').text}`,
    }));
  });
}

function readJson(folder: string, file: string): Json {
  return new Json(parse(folder, file));
}

function parse(folder: string, file: string): unknown {
  const path = join(folder, file);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? `it is not JSON (${error.message})` : (error as Error).message;
    throw new CommandError(`${path} cannot be read: ${reason}`);
  }
}
