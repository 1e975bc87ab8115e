import { existsSync } from 'fs';
import * as path from 'path';
import { parseArgs } from 'util';
import { CdkApp } from './app';
import { repository } from './environment';

interface Options extends CdkApp {
  /** Stop the emulator with all it holds, without a destroy. */
  readonly discard: boolean;
}

/** What `deploy:local` and `destroy:local` are told, or an error of one sentence. */
export function readOptions(command: 'deploy:local' | 'destroy:local', parameters = process.argv.slice(2)): Options {
  const { app, context, suffix, discard } = parse(parameters);
  if (discard && command === 'deploy:local') {
    throw new Error("'--discard' belongs to destroy:local");
  }
  const given = Object.fromEntries((context ?? []).map(pairOf));
  if (suffix !== undefined && (given.environmentSuffix ?? suffix) !== suffix) {
    throw new Error(`'--suffix ${suffix}' and '-c environmentSuffix=${given.environmentSuffix}' contradict each other; give one of them`);
  }
  const environmentSuffix = suffix ?? process.env.ENVIRONMENT_SUFFIX ?? 'local';
  return { folder: folderOf(app ?? path.join(repository, 'examples', 'us-east-1')), context: { environmentSuffix, ...given }, discard: !!discard };
}

function parse(parameters: string[]) {
  try {
    return parseArgs({
      args: parameters,
      options: {
        app: { type: 'string' },
        context: { type: 'string', short: 'c', multiple: true },
        suffix: { type: 'string' },
        discard: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    // Node goes on for three sentences about positional arguments.
    throw new Error((error as Error).message.split(/\. |\n/)[0]);
  }
}

function pairOf(pair: string): [string, string] {
  const [, key, value] = /^([^=]+)=([^]*)$/.exec(pair) ?? [];
  if (key === undefined) {
    throw new Error(`'-c' must be key=value, got ${JSON.stringify(pair)}`);
  }
  return [key, value];
}

/** A relative folder is meant from where the person typed the command: npm changes to the root of the repository. */
function folderOf(app: string): string {
  const folder = path.resolve(process.env.INIT_CWD ?? process.cwd(), app);
  if (!existsSync(path.join(folder, 'cdk.json'))) {
    throw new Error(`'--app' must be the folder of a CDK app, got ${JSON.stringify(app)}: there is no ${path.join(folder, 'cdk.json')}`);
  }
  return folder;
}
