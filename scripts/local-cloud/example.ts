import { existsSync, readFileSync } from 'fs';
import * as path from 'path';
import { run } from './command';
import { account, dataFolder, isolatedEnvironment, region, repository } from './environment';

const folder = path.join(repository, 'examples', 'us-east-1');

/** The command-line option that tells one environment of the example from another beside it. */
export const suffixOption = { type: 'string', default: process.env.ENVIRONMENT_SUFFIX ?? 'local' } as const;

/** `cdk bootstrap` of the emulator; outside the example's folder, since it needs no app. */
export function bootstrap(endpoint: string): void {
  cdk(endpoint, dataFolder, ['bootstrap', `aws://${account}/${region}`]);
}

export function deploy(endpoint: string, suffix: string): void {
  cdk(endpoint, folder, ['deploy', '--all', '--require-approval', 'never', ...appOptions(suffix)]);
}

export function destroy(endpoint: string, suffix: string): void {
  cdk(endpoint, folder, ['destroy', '--all', '--force', ...appOptions(suffix)]);
}

/** The names of the stacks of the last deploy or destroy, from the assembly that the CLI wrote. */
export function stackNames(suffix: string): string[] {
  const manifest = path.join(assembly(suffix), 'manifest.json');
  if (!existsSync(manifest)) {
    return [];
  }
  const { artifacts } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    artifacts: Record<string, { type: string; properties?: { stackName?: string } }>;
  };
  return Object.entries(artifacts)
    .filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack')
    .map(([id, artifact]) => artifact.properties?.stackName ?? id);
}

function assembly(suffix: string): string {
  return path.join(dataFolder, `cdk.out-${suffix}`);
}

function appOptions(suffix: string): string[] {
  const context = {
    connectionArn: `arn:aws:codeconnections:${region}:${account}:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d`,
    repository: 'acme/storefront',
    notificationEmail: 'team@example.com',
    environmentSuffix: suffix,
  };
  return ['--output', assembly(suffix), ...Object.entries(context).flatMap(([name, value]) => ['--context', `${name}=${value}`])];
}

function cdk(endpoint: string, cwd: string, parameters: string[]): void {
  const cli = path.join(repository, 'node_modules', '.bin', 'cdk');
  run(cli, [...parameters, '--no-notices'], { cwd, env: isolatedEnvironment(endpoint) });
}
