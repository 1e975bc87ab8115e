import { existsSync } from 'fs';
import { join, resolve } from 'path';
import { parseArgs } from 'util';
import { CdkApp } from './app';
import { repository } from './environment';

interface Options extends CdkApp {
  /** Stops the emulator with everything in it, without a destroy. */
  readonly discard: boolean;
}

/** The options of `deploy:local` and `destroy:local`. */
export function readOptions(command: 'deploy:local' | 'destroy:local', args = process.argv.slice(2)): Options {
  const { app, context, suffix, discard } = parseArgs({
    args,
    options: {
      app: { type: 'string', default: join(repository, 'examples', 'us-east-1') },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      suffix: { type: 'string' },
      discard: { type: 'boolean', default: false },
    },
  }).values;
  if (discard && command === 'deploy:local') {
    throw new Error("'--discard' belongs to destroy:local");
  }
  const given = Object.fromEntries(context.map(pairOf));
  if (suffix !== undefined && (given.environmentSuffix ?? suffix) !== suffix) {
    throw new Error(`'--suffix ${suffix}' and '-c environmentSuffix=${given.environmentSuffix}' contradict each other; give one of them`);
  }
  const environmentSuffix = suffix ?? process.env.ENVIRONMENT_SUFFIX ?? 'local';
  return { folder: folderOf(app), context: { environmentSuffix, ...given }, discard };
}

function pairOf(pair: string): [string, string] {
  const [, key, value] = /^([^=]+)=([^]*)$/.exec(pair) ?? [];
  if (key === undefined) {
    throw new Error(`'-c' must be key=value, got ${JSON.stringify(pair)}`);
  }
  return [key, value];
}

/** A relative folder is relative to the folder of the command: npm changes to the root of the repository. */
function folderOf(app: string): string {
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), app);
  if (!existsSync(join(folder, 'cdk.json'))) {
    throw new Error(`'--app' must be the folder of a CDK app, got ${JSON.stringify(app)}: there is no ${join(folder, 'cdk.json')}`);
  }
  return folder;
}
