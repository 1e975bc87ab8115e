import { execFileSync, spawnSync } from 'child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { dirname, join, relative } from 'path';
import { BuildSpec } from './templates';

/** The order of the phases, and where a phase that fails leads: only what follows the build still runs. */
const PHASES = ['install', 'pre_build', 'build', 'post_build'];

/** The machine that a build runs on. */
export interface Machine {
  /** Its folder as the test sees it, and as the build does. */
  readonly home: string;
  readonly seenAs: string;
  readonly environment: { readonly [name: string]: string };
  /** A path of the build, as the test sees it. */
  real(path: string): string;
  /** The command that runs a script on it. */
  command(script: string): [command: string, ...parameters: string[]];
}

export interface Build {
  readonly status: number;
  readonly output: string;
  /** Which phases ran, and how each ended. */
  readonly phases: { readonly [phase: string]: 'SUCCEEDED' | 'FAILED' };
  /** How long each phase took, in milliseconds. */
  readonly durations: { readonly [phase: string]: number };
  /** How long each command took, in milliseconds. */
  readonly commands: { readonly command: string; readonly duration: number }[];
  /** The output artifact: the paths of its files, relative to its root, and where that is. */
  readonly artifact: string[];
  readonly artifactFolder: string;
  readonly exported: { readonly [variable: string]: string };
}

/**
 * Runs a buildspec as the agent of CodeBuild does.
 *
 * - Each command is a script of its own, run by the shell that `env.shell` names. It finds the folder and the variables that the commands
 *   before it left, exported or not; options of the shell such as `pipefail` are gone with the script before.
 * - The first command that fails ends its `commands`; `finally` runs all the same. A phase fails with either.
 * - A failed install or pre_build ends the build; after a failed build `post_build` runs, unless its `on-failure` is ABORT.
 * - Artifacts are collected whether the build succeeded or not. Only the paths of the cache reach the next build, and a failed build
 *   leaves the cache as it was.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
export function runBuild(spec: BuildSpec, machine: Machine, options: {
  readonly environment: { readonly [name: string]: string };
  /** The source, within the folder of the machine. */
  readonly source: string;
  /** What stands for the cache in S3: one archive. */
  readonly cache?: string;
}): Build {
  refuseUnknown('env', spec.env, ['shell', 'variables', 'exported-variables']);
  const agent = join(machine.home, 'agent');
  const seen = (file: string) => join(machine.seenAs, relative(machine.home, file));
  mkdirSync(agent, { recursive: true });
  writeFileSync(join(agent, 'env.sh'), Object.entries({
    CODEBUILD_BUILD_SUCCEEDING: '1',
    ...machine.environment,
    ...spec.env?.variables,
    ...options.environment,
  }).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`).join(''));
  writeFileSync(join(agent, 'dir.txt'), seen(options.source));
  writeFileSync(join(agent, 'run'), agentScript(spec, agent, seen(agent)), { mode: 0o755 });
  if (options.cache && existsSync(options.cache)) {
    restore(options.cache, machine);
  }

  const log = join(agent, 'log');
  const descriptor = openSync(log, 'w');
  const [command, ...parameters] = machine.command(seen(join(agent, 'run')));
  const { status, error } = spawnSync(command, parameters, { stdio: ['ignore', descriptor, descriptor], env: machine.environment });
  closeSync(descriptor);
  if (error) {
    throw error;
  }

  if (options.cache && status === 0) {
    save(options.cache, spec, machine);
  }
  const ended = linesOf(join(agent, 'phases'));
  const artifactFolder = join(options.source, spec.artifacts?.['base-directory'] ?? '.');
  return {
    status: status ?? -1,
    output: readFileSync(log, 'utf8'),
    phases: Object.fromEntries(ended.map(([phase, state]) => [phase, state as 'SUCCEEDED' | 'FAILED'])),
    durations: Object.fromEntries(ended.map(([phase, , duration]) => [phase, Number(duration)])),
    commands: linesOf(join(agent, 'commands')).map(([phase, block, index, duration]) => ({
      command: spec.phases[phase][block as 'commands' | 'finally']![Number(index) - 1000],
      duration: Number(duration),
    })),
    artifact: (spec.artifacts?.files ?? []).flatMap((pattern) => matching(artifactFolder, pattern)),
    artifactFolder,
    exported: Object.fromEntries((spec.env?.['exported-variables'] ?? []).map((name) =>
      [name, execFileSync('bash', ['--norc', '-c', '. "$0"; printf %s "${!1}"', join(agent, 'env.sh'), name], { encoding: 'utf8', env: {} })])),
  };
}

/** The words of each line of a file; none when nothing was written to it. */
function linesOf(file: string): string[][] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map((line) => line.split(' ')) : [];
}

/** Writes each command as a script, and returns the script that runs them all. */
function agentScript(spec: BuildSpec, agent: string, seen: string): string {
  const shell = spec.env?.shell ?? 'sh';
  const lines = PHASES.map((phase) => {
    refuseUnknown(phase, spec.phases[phase], ['commands', 'finally', 'on-failure']);
    const { commands = [], finally: last = [], 'on-failure': onFailure = '' } = spec.phases[phase] ?? {};
    if (!['', 'ABORT'].includes(onFailure)) {
      throw new Error(`on-failure ${onFailure} is not known here`);
    }
    for (const [block, list] of [['commands', commands], ['finally', last]] as const) {
      mkdirSync(join(agent, phase, block), { recursive: true });
      list.forEach((command, index) => writeFileSync(join(agent, phase, block, String(1000 + index)), [
        `cd "$(cat ${seen}/dir.txt)"`,
        'set -a',
        `. ${seen}/env.sh`,
        command,
        'CODEBUILD_LAST_EXIT=$?',
        `export -p > ${seen}/env.sh`,
        `pwd > ${seen}/dir.txt`,
        'exit $CODEBUILD_LAST_EXIT',
        '',
      ].join('\n')));
    }
    return `phase ${phase} ${onFailure}`;
  });
  return `#!/bin/bash
failed=
ended=
phase() {
  [ -z "$ended" ] || return
  local state=SUCCEEDED start=$(date +%s%3N) block command
  for block in commands finally; do
    for command in ${seen}/$1/$block/*; do
      [ -e "$command" ] || continue
      local begin=$(date +%s%3N)
      ${shell} "$command" || { echo "Command did not exit successfully, exit status $?: $(sed -n 4p "$command")"; state=FAILED; break; }
      echo "$1 $block \${command##*/} $(($(date +%s%3N) - begin))" >> ${seen}/commands
    done
  done
  echo "$1 $state $(($(date +%s%3N) - start))" >> ${seen}/phases
  if [ $state = FAILED ]; then
    failed=1
    echo 'export CODEBUILD_BUILD_SUCCEEDING=0' >> ${seen}/env.sh
    [ "$1 $2" = 'build ' ] || ended=1
  fi
}
${lines.join('\n')}
[ -z "$failed" ]
`;
}

/** What a buildspec has beyond this must not be passed over in silence. */
function refuseUnknown(section: string, value: object | undefined, known: string[]): void {
  const unknown = Object.keys(value ?? {}).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new Error(`${section} of a buildspec has ${unknown.join(', ')}, which is not known here`);
  }
}

/** Only what the paths of the cache match. */
function save(archive: string, spec: BuildSpec, machine: Machine): void {
  const list = (spec.cache?.paths ?? []).flatMap((path) => {
    const fixed = path.slice(0, path.indexOf('*')).replace(/[^/]*$/, '');
    return matching(machine.real(fixed), path.slice(fixed.length)).map((file) => join(machine.real(fixed), file));
  });
  rmSync(archive, { force: true });
  execFileSync('tar', ['--create', '--file', archive, '--directory', machine.home, '--verbatim-files-from', '--files-from', '-'], {
    input: list.map((file) => `${relative(machine.home, file)}\n`).join(''),
  });
}

function restore(archive: string, machine: Machine): void {
  execFileSync('tar', ['--extract', '--file', archive, '--directory', machine.home]);
}

/** The files in a folder whose relative path matches a pattern of `**`, `*` and plain text. */
function matching(folder: string, pattern: string): string[] {
  const expression = new RegExp(`^${pattern.split(/(\*\*\/|\*)/).map((part) =>
    part === '**/' ? '(?:.*/)?' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('')}$`);
  return filesIn(folder).filter((file) => expression.test(file));
}

function filesIn(folder: string, prefix = ''): string[] {
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder).sort().flatMap((name) => statSync(join(folder, name)).isDirectory()
    ? filesIn(join(folder, name), `${prefix}${name}/`)
    : [`${prefix}${name}`]);
}

/** Writes the files of a source, by their paths in it. */
export function writeFiles(folder: string, files: { readonly [path: string]: string }): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
