import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { gunzipSync } from 'zlib';
import { Break } from './breaks';

const ROOT = join(__dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache');

/** A jsii assembly. */
export interface Api {
  readonly [key: string]: unknown;
}

/** Parts of an assembly that its compatibility does not depend on. */
const UNUSED = ['dependencyClosure', 'docs', 'readme', 'locationInModule', 'symbolId', 'fingerprint', 'bin', 'targets', 'metadata'];

/** The compiled API, without its texts. */
export function currentApi(): Api {
  return stripped(JSON.parse(gunzipSync(readFileSync(join(ROOT, '.jsii.gz'))).toString('utf8'))) as Api;
}

function stripped(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(stripped);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).filter(([key]) => !UNUSED.includes(key)).map(([key, inner]) => [key, stripped(inner)]));
}

/** Returns the breaks that `jsii-diff` reports, and renamed parameters. Without texts, each element counts as stable. */
export function apiBreaks(before: Api, after: Api): Break[] {
  if (JSON.stringify(before) === JSON.stringify(after)) {
    return [];
  }
  // Within the repository, so that the assemblies of the peer dependencies are found.
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'compat-'));
  try {
    const [original, updated] = [before, after].map((api, index) => packageOf(api, join(folder, String(index))));
    const program = join(ROOT, 'node_modules', 'jsii-diff', 'bin', 'jsii-diff');
    const { status, stderr } = spawnSync(process.execPath, [program, '--error-on=all', original, updated], { encoding: 'utf8' });
    const found = [...stderr.matchAll(/^err +- (.*)$/gm)].map(([, message]) => ({ key: `api: ${message}` }));
    // It also ends with 0 if it could not read an assembly.
    if (status !== (found.length > 0 ? 1 : 0) || stderr.includes('Could not load')) {
      throw new Error(`jsii-diff did not compare the APIs (exit code ${status})\n${stderr}`);
    }
    return [...found, ...parameterBreaks(before, after)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Callable {
  readonly name?: string;
  readonly parameters?: readonly { readonly name: string }[];
}
interface Types {
  readonly [fqn: string]: { readonly initializer?: Callable; readonly methods?: readonly Callable[] } | undefined;
}

/** Renamed parameters, which jsii-diff passes: in Python, a caller can name each of them. */
function parameterBreaks(before: Api, after: Api): Break[] {
  return Object.entries(before.types as Types).flatMap(([fqn, type]) => callablesOf(type).flatMap(([name, callable]) => {
    const now = callablesOf((after.types as Types)[fqn]).find(([other]) => other === name)?.[1].parameters ?? [];
    return (callable.parameters ?? []).flatMap((parameter, index) => (now[index] === undefined || now[index].name === parameter.name ? []
      : [{ key: `api: PARAMETER ${fqn}.${name}.${parameter.name}: has been renamed to ${now[index].name}` }]));
  }));
}

function callablesOf(type: Types[string]): (readonly [name: string, callable: Callable])[] {
  return [
    ...(type?.initializer ? [['<initializer>', type.initializer] as const] : []),
    ...(type?.methods ?? []).map((method) => [method.name!, method] as const),
  ];
}

/** Writes an npm package with the API, and returns its folder. */
function packageOf(api: Api, folder: string): string {
  mkdirSync(folder);
  const { name, version, dependencies } = api;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version, peerDependencies: dependencies, jsii: {} }));
  writeFileSync(join(folder, '.jsii'), JSON.stringify(api));
  return folder;
}
