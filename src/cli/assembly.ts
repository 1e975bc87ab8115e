import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { CommandError } from './failure';
import { Resource, Template, TemplateJson } from './template';

/** A stack of a cloud assembly. */
export interface Stack {
  /** The path of the stack in the app, as the CDK CLI shows it, for example `Prod/Storefront`. */
  readonly path: string;
  readonly template: Template;
  readonly templateBytes: number;
  /** What constructs reported. */
  readonly annotations: Annotation[];
  /** What the validations of the app found; undefined where none ran. */
  readonly violations?: Annotation[];
}

/** What a construct or a validation reported when the app was synthesised. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly text: string;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly displayName?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
  };
  readonly metadata?: Metadata;
  readonly additionalMetadataFile?: string;
}

interface Metadata {
  readonly [path: string]: readonly { readonly type: string; readonly data?: unknown }[];
}

interface ValidationReport {
  readonly pluginReports?: readonly {
    readonly conclusion?: string;
    readonly violations?: readonly Violation[];
  }[];
}

interface Violation {
  readonly ruleName: string;
  readonly description: string;
  readonly severity?: string;
  readonly violatingConstructs?: readonly { readonly cloudFormationResource?: { readonly templatePath?: string } }[];
}

interface AssetManifest {
  readonly files?: { readonly [hash: string]: { readonly source?: { readonly path?: string } } };
}

/** Reads the folder that `cdk synth` writes, with the assemblies of its stages. */
export function readAssembly(folder: string): Stack[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new CommandError(`there is no folder ${folder}; run "cdk synth" first, or name the folder of its output`);
  }
  const stacks: Stack[] = [];
  const exported = (name: string) =>
    stacks.flatMap(({ template }) => template.all).map((template) => template.exported(name)).find((value) => value);
  for (const [id, artifact, directory] of artifactsIn(folder)) {
    const { templateFile = `${id}.template.json`, stackName = id } = artifact.properties ?? {};
    const json = readJson<TemplateJson>(directory, templateFile);
    if (typeof json.Resources !== 'object' || json.Resources === null) {
      throw new CommandError(`${join(directory, templateFile)} is not a CloudFormation template: it has no Resources`);
    }
    const [, account, region] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(artifact.environment ?? '') ?? [];
    const template = new Template(json, { stackName, account: fixed(account), region: fixed(region) }, { exported });
    readNested(template, directory);
    stacks.push({
      path: artifact.displayName ?? stackName,
      template,
      templateBytes: statSync(join(directory, templateFile)).size,
      annotations: annotationsOf(artifact, directory),
      violations: violationsOf(folder, templateFile),
    });
  }
  return stacks;
}

/** The artifacts of all stacks, those of stages included, with the folders that hold their files. */
function artifactsIn(directory: string): [id: string, artifact: Artifact, directory: string][] {
  const { artifacts } = readJson<{ artifacts?: { [id: string]: Artifact } }>(directory, 'manifest.json');
  if (typeof artifacts !== 'object' || artifacts === null) {
    throw new CommandError(`${join(directory, 'manifest.json')} is not the manifest of a cloud assembly`);
  }
  return Object.entries(artifacts).flatMap(([id, artifact]) => {
    switch (artifact.type) {
      case 'aws:cloudformation:stack':
        return [[id, artifact, directory]];
      case 'cdk:cloud-assembly':
        return artifactsIn(join(directory, artifact.properties?.directoryName ?? id));
      default:
        return [];
    }
  });
}

/** CDK keeps the template of a nested stack as an asset, beside that of its parent. */
function readNested(template: Template, directory: string): void {
  for (const resource of template.resources.filter(({ type }) => type === 'AWS::CloudFormation::Stack')) {
    const file = resource.json.Metadata?.['aws:asset:path'] ?? assetOf(resource, directory);
    if (typeof file === 'string' && existsSync(join(directory, file))) {
      readNested(template.nest(resource, readJson<TemplateJson>(directory, file)), directory);
    }
  }
}

/** The file of a nested template by the hash in its URL, from the asset manifests of the assembly. */
function assetOf(resource: Resource, directory: string): string | undefined {
  const [, hash = ''] = /([0-9a-f]{64})\.json$/.exec(resource.at('TemplateURL').text) ?? [];
  return readdirSync(directory).filter((name) => name.endsWith('.assets.json'))
    .map((name) => readJson<AssetManifest>(directory, name).files?.[hash]?.source?.path)
    .find((path) => path !== undefined);
}

/** An assembly says `unknown-account` and `unknown-region` where the app leaves them open. */
function fixed(part: string | undefined): string | undefined {
  return part?.startsWith('unknown-') ? undefined : part;
}

function annotationsOf(artifact: Artifact, directory: string): Annotation[] {
  const file = artifact.additionalMetadataFile;
  const more = file === undefined ? {} : readJson<Metadata>(directory, file);
  return [...Object.values(artifact.metadata ?? {}), ...Object.values(more)].flat().flatMap(({ type, data }) => {
    const [, level] = /^aws:cdk:(error|warning)$/.exec(type) ?? [];
    const text = String(data).replace(/ \[ack: [^\]]*\]$/, '');
    return level === undefined ? [] : [{ level: level as Annotation['level'], text }];
  });
}

/** The violations in the report of an app that belong to a template, or to none. */
function violationsOf(folder: string, templateFile: string): Annotation[] | undefined {
  const files = ['validation-report.json', 'policy-validation-report.json'];
  const file = files.find((name) => existsSync(join(folder, name)));
  const reports = file === undefined ? undefined : readJson<ValidationReport>(folder, file).pluginReports ?? [];
  return reports?.flatMap(({ conclusion, violations = [] }) => violations
    .filter(({ violatingConstructs = [] }) => violatingConstructs.every(({ cloudFormationResource }) =>
      cloudFormationResource?.templatePath?.endsWith(templateFile) ?? true))
    .map(({ ruleName, description, severity = conclusion === 'failure' ? 'error' : 'warning' }) => ({
      level: /^(error|fatal)$/i.test(severity) ? 'error' : 'warning',
      text: `${ruleName}: ${description}`,
    })));
}

function readJson<T>(folder: string, file: string): T {
  const path = join(folder, file);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    const reason = error instanceof SyntaxError ? `it is not JSON (${error.message})` : (error as Error).message;
    throw new CommandError(`${path} cannot be read: ${reason}`);
  }
}
