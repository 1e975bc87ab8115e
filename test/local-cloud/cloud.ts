import { ChildProcess, spawn, spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { createInterface } from 'readline';
import { synthesise } from '../../scripts/local-cloud/app';
import { endpointOf, runningEmulator } from '../../scripts/local-cloud/emulator';
import { dataFolder, isolatedEnvironment } from '../../scripts/local-cloud/environment';
import { readOptions } from '../../scripts/local-cloud/options';
import { everythingIn } from '../../scripts/local-cloud/readback';
import { python } from '../../scripts/local-cloud/venv';

export const root = join(__dirname, '..', '..');
export const CHANGING = join('test', 'local-cloud', 'changing');
export const EVERYTHING = join('test', 'local-cloud', 'everything');

/** A home folder and a folder for temporary files with content that must neither be used nor changed. */
const person = mkdtempSync(join(tmpdir(), 'person-'));
export const home = join(person, 'home');
export const temporary = join(person, 'tmp');
mkdirSync(join(home, '.aws'), { recursive: true });
mkdirSync(temporary);
writeFileSync(join(home, '.aws', 'credentials'), '[default]\naws_access_key_id = AKIAPERSON\naws_secret_access_key = secret\n');
writeFileSync(join(home, '.cdk.json'), '{ "app": "false", "context": { "environmentSuffix": "mine" } }');

/** Runs a command as a user; fails with its output unless the exit code is as expected. */
export function outputOf(expectedStatus: number, file: string, ...parameters: string[]): string {
  const { status, stdout, stderr } = spawnSync(file, parameters, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    env: {
      ...process.env,
      HOME: home,
      TMPDIR: temporary,
      AWS_PROFILE: 'production',
      AWS_ACCESS_KEY_ID: 'AKIAPERSON',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'eu-west-1',
      CDK_DEFAULT_REGION: 'eu-west-1',
      // Otherwise npm keeps its logs in the home folder, and the compiler a cache among the temporary files.
      npm_config_logs_max: '0',
      npm_config_update_notifier: 'false',
      DISABLE_V8_COMPILE_CACHE: '1',
    },
  });
  if (status !== expectedStatus) {
    throw new Error(`expected exit code ${expectedStatus}, got ${status}:\n${stdout}${stderr}`);
  }
  return stdout + stderr;
}

/** The programs of `npm run deploy:local` and `destroy:local`, once the library is compiled. */
function local(expectedStatus: number, script: string, options: string[]): string {
  return outputOf(expectedStatus, process.execPath, '--require', 'ts-node/register/transpile-only', join('scripts', 'local-cloud', `${script}.ts`), ...options);
}

export const deploy = (...options: string[]) => local(0, 'deploy', options);
export const deployExpectingFailure = (...options: string[]) => local(1, 'deploy', options);
export const destroy = (...options: string[]) => local(0, 'destroy', options);
export const destroyExpectingFailure = (...options: string[]) => local(1, 'destroy', options);

/** The output of `cdk refactor` for an app with these options, for which the emulator has no API. */
export async function refactor(...options: string[]): Promise<string> {
  const { folder, context } = readOptions('deploy:local', options);
  const assembly = join(dataFolder, 'refactored');
  const endpoint = endpointOf((await runningEmulator())!);
  synthesise({ folder, context }, endpoint, assembly);
  const { stdout, stderr } = spawnSync(join(root, 'node_modules', '.bin', 'cdk'), [
    'refactor', '--unstable=refactor', '--dry-run', '--no-notices', '--no-color', '--app', assembly,
  ], { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26, env: isolatedEnvironment(endpoint) });
  return stdout + stderr;
}

let client: { readonly endpoint: string; readonly process: ChildProcess; readonly answers: AsyncIterator<string> } | undefined;

/** Calls an API of the emulator with botocore, which knows all of them; a call that fails fails the test. */
export async function aws<T>(service: string, operation: string, parameters: object = {}): Promise<T> {
  const current = endpointOf((await runningEmulator())!);
  if (client?.endpoint !== current) {
    closeClient();
    const child = spawn(python, [join(__dirname, 'aws.py')], { env: isolatedEnvironment(current), stdio: ['pipe', 'pipe', 'inherit'] });
    client = { endpoint: current, process: child, answers: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  }
  client.process.stdin!.write(`${JSON.stringify([service, operation, parameters])}\n`);
  const { done, value } = await client.answers.next();
  if (done) {
    client = undefined;
    throw new Error(`${service} ${operation} failed`);
  }
  return JSON.parse(value) as T;
}

export function closeClient(): void {
  client?.process.stdin!.end();
  client = undefined;
}

export interface StackState {
  readonly status: string;
  readonly updated: string;
  /** Type, physical id and last change of each resource, by logical id. */
  readonly resources: Record<string, string>;
}

interface StackResource {
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly PhysicalResourceId: string;
  readonly Timestamp: string;
}

export async function stackState(stackName: string): Promise<StackState> {
  const { Stacks: [stack] } = await aws<{ Stacks: { StackStatus: string; LastUpdatedTime: string }[] }>(
    'cloudformation', 'describe_stacks', { StackName: stackName },
  );
  const { StackResources } = await aws<{ StackResources: StackResource[] }>('cloudformation', 'describe_stack_resources', { StackName: stackName });
  return {
    status: stack.StackStatus,
    updated: stack.LastUpdatedTime,
    resources: Object.fromEntries(StackResources.map((resource) => [
      resource.LogicalResourceId, `${resource.ResourceType} ${resource.PhysicalResourceId} ${resource.Timestamp}`,
    ])),
  };
}

/** Everything that the services of the emulator list, with its type, without asking a stack. */
export async function everything(): Promise<string[]> {
  const byType = JSON.parse(await everythingIn((await runningEmulator())!, 'us-east-1')) as Record<string, string[]>;
  return Object.entries(byType).flatMap(([type, ids]) => ids.map((id) => `${type} ${id}`));
}

/** The versions of all objects of a bucket. */
export async function versionsIn(bucket: string): Promise<string[]> {
  const { Versions = [] } = await aws<{ Versions?: { Key: string; VersionId: string }[] }>('s3', 'list_object_versions', { Bucket: bucket });
  return Versions.map(({ Key, VersionId }) => `${Key} ${VersionId}`).sort();
}

export async function removeBucket(bucket: string): Promise<void> {
  const { Versions: Objects = [] } = await aws<{ Versions?: { Key: string; VersionId: string }[] }>('s3', 'list_object_versions', { Bucket: bucket });
  if (Objects.length > 0) {
    await aws('s3', 'delete_objects', { Bucket: bucket, Delete: { Objects: Objects.map(({ Key, VersionId }) => ({ Key, VersionId })) } });
  }
  await aws('s3', 'delete_bucket', { Bucket: bucket });
}

export async function putTwice(bucket: string, key: string): Promise<void> {
  await aws('s3', 'put_object', { Bucket: bucket, Key: key, Body: 'first' });
  await aws('s3', 'put_object', { Bucket: bucket, Key: key, Body: 'second' });
}
