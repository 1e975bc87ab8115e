#!/usr/bin/env node
import { readFileSync } from 'fs';
import { join } from 'path';
import { parseArgs } from 'util';
import { CommandError, EXIT } from './failure';

const OPTIONS = {
  stack: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** Each has a page in the folder `help`. */
const COMMANDS = ['explain', 'permissions'];

async function main(args: string[]): Promise<number> {
  const { values, positionals: [command, folder = 'cdk.out', ...rest] } = parse(args);
  if (values.version) {
    process.stdout.write(`${version()}\n`);
    return EXIT.ok;
  }
  if (command !== undefined && !COMMANDS.includes(command)) {
    throw new CommandError(`there is no command "${command}"; the commands are ${COMMANDS.join(' and ')}`);
  }
  if (values.help) {
    process.stdout.write(readFileSync(join(__dirname, 'help', `${command ?? 'help'}.txt`), 'utf8'));
    return EXIT.ok;
  }
  if (command === undefined) {
    throw new CommandError('a command is required: explain or permissions; --help lists them');
  }
  if (rest.length > 0) {
    throw new CommandError(`one folder can be read at a time, got ${[folder, ...rest].join(' and ')}`);
  }
  // Loaded only now: the help must not wait for the commands.
  const { run } = await import('./run.js');
  const { lines, data, findings } = run(command, folder, values.stack);
  const json = () => JSON.stringify({ command, version: version(), stacks: data }, undefined, 2);
  process.stdout.write(`${values.json ? json() : lines.join('\n')}\n`);
  return findings > 0 ? EXIT.finding : EXIT.ok;
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
