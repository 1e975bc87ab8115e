import { execFileSync, spawnSync } from 'child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { dirname, join, relative } from 'path';
import { BuildSpec } from './templates';

/** The unique part of the ID of a build, unless a test sets another one. */
export const BUILD_UUID = '0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c';

const PHASES = ['install', 'pre_build', 'build', 'post_build'];

/** The machine that a build runs on. */
export interface Machine {
  /** Its folder as seen by the test, and as seen by the build. */
  readonly home: string;
  readonly seenAs: string;
  /** The root of its file system as seen by the test. */
  readonly root: string;
  readonly environment: { readonly [name: string]: string };
  /** The command that runs a script on it; the script is the last argument. */
  readonly command: readonly string[];
}

export interface Build {
  readonly status: number;
  readonly output: string;
  /** The phases that ran, with their results. */
  readonly phases: { readonly [phase: string]: 'SUCCEEDED' | 'FAILED' };
  /** The duration of each phase, in milliseconds. */
  readonly durations: { readonly [phase: string]: number };
  /** The output artifact: the relative paths of its files, and its folder. */
  readonly artifact: string[];
  readonly artifactFolder: string;
  readonly exported: { readonly [variable: string]: string };
}

export interface BuildOptions {
  /** The files of the source, by path; `change` may modify the folder further. */
  readonly files?: { readonly [path: string]: string };
  readonly change?: (source: string) => void;
  /** Variables of the project and of CodeBuild. */
  readonly environment?: { readonly [name: string]: string };
  /** Secret variables of the project, whose values the log masks. */
  readonly secrets?: { readonly [name: string]: string };
  /** The archive that replaces the cache in S3; the test keeps it from build to build. */
  readonly cache?: string;
}

/**
 * Runs a buildspec as the agent of CodeBuild does.
 *
 * - Each command is a script of its own, run by the shell that `env.shell` names. It finds the folder and the variables that the commands
 *   before it left, exported or not; options of the shell such as `pipefail` are gone with the script before.
 * - The first command that fails ends its `commands`; `finally` runs all the same. A phase fails with either.
 * - A failed install or pre_build ends the build; after a failed build `post_build` runs, unless its `on-failure` is ABORT.
 * - The log shows `***` in the place of the value of a secret variable, wherever it occurs.
 * - Artifacts are collected whether the build succeeded or not. Only the paths of the cache reach the next build, and a failed build
 *   leaves the cache as it was.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
export function runBuild(spec: BuildSpec, machine: Machine, options: BuildOptions): Build {
  const { files = {}, change, environment, secrets = {}, cache } = options;
  rejectUnknown('env', spec.env, ['shell', 'variables', 'exported-variables']);
  const agent = join(machine.home, 'agent');
  const source = join(machine.home, 'src');
  const seen = join(machine.seenAs, 'agent');
  [agent, source].forEach((folder) => mkdirSync(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(source, path)), { recursive: true });
    writeFileSync(join(source, path), content);
  }
  change?.(source);
  const variables = {
    CODEBUILD_BUILD_SUCCEEDING: '1',
    ...machine.environment,
    ...spec.env?.variables,
    AWS_DEFAULT_REGION: 'us-east-1',
    CODEBUILD_BUILD_ID: `project-build-dev:${BUILD_UUID}`,
    CODEBUILD_BUILD_NUMBER: '7',
    CODEBUILD_RESOLVED_SOURCE_VERSION: '0123456789abcdef0123456789abcdef01234567',
    CODEBUILD_SRC_DIR: join(machine.seenAs, 'src'),
    ...environment,
    ...secrets,
  };
  const settings = Object.entries(variables).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`);
  writeFileSync(join(agent, 'env.sh'), settings.join(''));
  writeFileSync(join(agent, 'dir.txt'), variables.CODEBUILD_SRC_DIR);
  writeFileSync(join(agent, 'run'), agentScript(spec, agent, seen), { mode: 0o755 });
  if (cache && existsSync(cache)) {
    execFileSync('tar', ['--extract', '--file', cache, '--directory', machine.home]);
  }

  const log = openSync(join(agent, 'log'), 'w');
  const [command, ...parameters] = [...machine.command, `${seen}/run`];
  const { status, error } = spawnSync(command, parameters, { stdio: ['ignore', log, log], env: machine.environment });
  closeSync(log);
  if (error) {
    throw error;
  }

  if (cache && status === 0) {
    save(cache, spec, machine);
  }
  const ended = readFileSync(join(agent, 'phases'), 'utf8').trim().split('\n').map((line) => line.split(' '));
  const artifactFolder = join(source, spec.artifacts?.['base-directory'] ?? '.');
  const valueOf = (name: string) =>
    execFileSync('bash', ['--norc', '-c', '. "$0"; printf %s "${!1}"', join(agent, 'env.sh'), name], { encoding: 'utf8', env: {} });
  return {
    status: status ?? -1,
    output: Object.values(secrets).filter(Boolean).reduce((text, secret) => text.replaceAll(secret, '***'),
      readFileSync(join(agent, 'log'), 'utf8')),
    phases: Object.fromEntries(ended.map(([phase, state]) => [phase, state as 'SUCCEEDED' | 'FAILED'])),
    durations: Object.fromEntries(ended.map(([phase, , duration]) => [phase, Number(duration)])),
    artifact: (spec.artifacts?.files ?? []).flatMap((pattern) => matching(artifactFolder, pattern)),
    artifactFolder,
    exported: Object.fromEntries((spec.env?.['exported-variables'] ?? []).map((name) => [name, valueOf(name)])),
  };
}

/** Writes each command as a script, and returns the script that runs them all. */
function agentScript(spec: BuildSpec, agent: string, seen: string): string {
  const calls = PHASES.map((phase) => {
    rejectUnknown(phase, spec.phases[phase], ['commands', 'finally', 'on-failure']);
    const { commands = [], finally: last = [], 'on-failure': onFailure = '' } = spec.phases[phase] ?? {};
    if (!['', 'ABORT'].includes(onFailure)) {
      throw new Error(`on-failure ${onFailure} is not known here`);
    }
    for (const [block, list] of [['commands', commands], ['finally', last]] as const) {
      mkdirSync(join(agent, phase, block), { recursive: true });
      list.forEach((command, index) => writeFileSync(join(agent, phase, block, String(1000 + index)), `cd "$(cat ${seen}/dir.txt)"
set -a
. ${seen}/env.sh
${command}
CODEBUILD_LAST_EXIT=$?
export -p > ${seen}/env.sh
pwd > ${seen}/dir.txt
exit $CODEBUILD_LAST_EXIT
`));
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
      ${spec.env?.shell ?? 'sh'} "$command" && continue
      echo "Command did not exit successfully, exit status $?: $(sed -n 4p "$command")"
      state=FAILED
      break
    done
  done
  echo "$1 $state $(($(date +%s%3N) - start))" >> ${seen}/phases
  if [ $state = FAILED ]; then
    failed=1
    echo 'export CODEBUILD_BUILD_SUCCEEDING=0' >> ${seen}/env.sh
    [ "$1 $2" = 'build ' ] || ended=1
  fi
}
${calls.join('\n')}
[ -z "$failed" ]
`;
}

/** Unsupported parts of a buildspec must not be ignored silently. */
function rejectUnknown(section: string, value: object | undefined, known: string[]): void {
  const unknown = Object.keys(value ?? {}).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new Error(`${section} of a buildspec has ${unknown.join(', ')}, which is not known here`);
  }
}

/** Only files that match the paths of the cache. */
function save(archive: string, spec: BuildSpec, machine: Machine): void {
  const files = (spec.cache?.paths ?? []).flatMap((pattern) => matching(machine.root, `.${pattern}`));
  rmSync(archive, { force: true });
  execFileSync('tar', ['--create', '--file', archive, '--directory', machine.home, '--verbatim-files-from', '--files-from', '-'], {
    input: files.map((file) => `${relative(machine.home, join(machine.root, file))}\n`).join(''),
  });
}

/** The files in a folder whose relative path matches a pattern, in which `**` stands for any number of folders. */
function matching(folder: string, pattern: string): string[] {
  const list = 'IFS=; cd "$0" && for file in $1; do [ ! -f "$file" ] || printf "%s\\n" "$file"; done';
  const { stdout } = spawnSync('bash', ['-O', 'globstar', '-O', 'dotglob', '-c', list, folder, pattern], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean);
}
