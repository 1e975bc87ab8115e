import { createHash } from 'crypto';
import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { run } from '../command';
import { account, assemblies, isolatedEnvironment, region, repository } from './environment';

/** The CDK app of one command line. */
export interface CdkApp {
  /** The folder of its cdk.json. */
  readonly folder: string;

  /** The context of the app; CDK ignores keys that an app does not read. */
  readonly context: Readonly<Record<string, string>>;
}

/** An existing or future stack. */
export interface StackPlace {
  readonly stackName: string;
  readonly region: string;
}

/** The values that the example needs in addition to its suffix; any app may use them. */
const SAMPLE_CONTEXT = {
  connectionArn: `arn:aws:codeconnections:${region}:${account}:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d`,
  repository: 'acme/storefront',
  notificationEmail: 'team@example.com',
};

interface Manifest {
  readonly artifacts?: Record<string, {
    readonly type: string;
    readonly environment?: string;
    readonly properties?: { readonly stackName?: string; readonly directoryName?: string };
  }>;
}

/** Runs the app once; the other commands use the assembly that it writes. */
export function synthesise(app: CdkApp, endpoint: string, assembly = assemblyOf(app)): void {
  const context = Object.entries({ ...SAMPLE_CONTEXT, ...app.context }).flatMap(([name, value]) => ['--context', `${name}=${value}`]);
  cdk(app, endpoint, 'synth', '--quiet', '--output', assembly, ...context);
}

/** Runs a command of the CDK CLI on the synthesised app. */
export function cdkOnAssembly(app: CdkApp, endpoint: string, command: string, ...options: string[]): void {
  cdk(app, endpoint, command, '--app', assemblyOf(app), ...options);
}

function cdk({ folder }: CdkApp, endpoint: string, ...parameters: string[]): void {
  const cli = join(repository, 'node_modules', '.bin', 'cdk');
  run(cli, [...parameters, '--no-notices'], { cwd: folder, env: isolatedEnvironment(endpoint) });
}

/** Returns true if the app was synthesised with the same context since this emulator started. */
export function isSynthesised(app: CdkApp): boolean {
  return existsSync(join(assemblyOf(app), 'manifest.json'));
}

/** The stacks of the app, from its last synthesis. */
export function stacksOf(app: CdkApp): StackPlace[] {
  return stacksIn(assemblyOf(app));
}

/** The stacks of an assembly and of its nested assemblies. */
export function stacksIn(assembly: string): StackPlace[] {
  const { artifacts = {} } = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8')) as Manifest;
  return Object.entries(artifacts).flatMap(([id, { type, environment = '', properties }]) => {
    if (type === 'cdk:cloud-assembly') {
      return stacksIn(join(assembly, properties!.directoryName!));
    }
    const named = environment.split('/').pop()!;
    return type === 'aws:cloudformation:stack'
      ? [{ stackName: properties?.stackName ?? id, region: named === 'unknown-region' ? region : named }]
      : [];
  });
}

/** A separate folder for each app and context: another suffix is another deployment. */
function assemblyOf({ folder, context }: CdkApp): string {
  const key = createHash('sha256').update(JSON.stringify([folder, Object.entries(context).sort()])).digest('hex');
  return join(assemblies, key.slice(0, 16));
}
