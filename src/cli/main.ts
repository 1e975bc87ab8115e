#!/usr/bin/env node
import { readFileSync } from 'fs';
import { join } from 'path';
import { parseArgs } from 'util';
import { CommandError, EXIT } from './failure';

const OPTIONS = {
  'stack': { type: 'string' },
  'json': { type: 'boolean' },
  'allow': { type: 'string', multiple: true },
  'stack-policy': { type: 'boolean' },
  'help': { type: 'boolean', short: 'h' },
  'version': { type: 'boolean' },
} as const;

/** Each has a page in the folder `help`. */
const COMMANDS = ['explain', 'permissions', 'guard'];

/** Options that a single command has. */
const OF_GUARD = ['allow', 'stack-policy'] as const;

const listed = `${COMMANDS.slice(0, -1).join(', ')} and ${COMMANDS.at(-1)}`;

async function main(args: string[]): Promise<number> {
  const { values, positionals: [command, ...paths] } = parse(args);
  if (values.version) {
    process.stdout.write(`${version()}\n`);
    return EXIT.ok;
  }
  if (command !== undefined && !COMMANDS.includes(command)) {
    throw new CommandError(`there is no command "${command}"; the commands are ${listed}`);
  }
  if (values.help) {
    process.stdout.write(readFileSync(join(__dirname, 'help', `${command ?? 'help'}.txt`), 'utf8'));
    return EXIT.ok;
  }
  if (command === undefined) {
    throw new CommandError('a command is required: explain, permissions or guard; --help describes them');
  }
  const foreign = command === 'guard' ? undefined : OF_GUARD.find((option) => values[option] !== undefined);
  if (foreign !== undefined) {
    throw new CommandError(`${command} has no option --${foreign}; it is an option of guard`);
  }
  const { lines, data, findings } = await result(command, paths, values);
  const json = () => JSON.stringify({ command, version: version(), stacks: data }, undefined, 2);
  process.stdout.write(`${values.json ? json() : lines.join('\n')}\n`);
  return findings > 0 ? EXIT.finding : EXIT.ok;
}

/** Loads the command only now: the help must not wait for it. */
async function result(command: string, paths: string[], values: ReturnType<typeof parse>['values']) {
  if (command === 'guard') {
    const { guard } = await import('./guard/command.js');
    return guard(paths, { ...values, policy: values['stack-policy'] });
  }
  const [folder = 'cdk.out', ...rest] = paths;
  if (rest.length > 0) {
    throw new CommandError(`one folder can be read at a time, got ${paths.join(' and ')}`);
  }
  const { run } = await import('./run.js');
  return run(command, folder, values.stack);
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new CommandError(`${(error as Error).message.split('. To specify')[0]}; --help lists the options`);
  }
}

function version(): string {
  const file = join(__dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

// A reader such as "head" may close the pipe before everything is written.
process.stdout.on('error', () => process.exit());
main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
}).catch((error: unknown) => {
  process.exitCode = EXIT.failure;
  const message = error instanceof CommandError ? error.message : String((error as Error).stack);
  process.stderr.write(`bluegreen-pipeline: ${message}\n`);
});
