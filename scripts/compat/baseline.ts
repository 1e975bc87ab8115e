import { spawnSync } from 'child_process';
import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Api, apiBreaks, currentApi } from './api';
import { Break } from './breaks';
import { codeBreaks, Codes, currentCodes } from './codes';
import { synthesisedPrograms } from './programs';
import { templateBreaks, Templates } from './templates';
import { outputOf } from '../command';

const ROOT = join(__dirname, '..', '..');

/** The parts of a version that later versions keep compatible. */
export interface Baseline {
  readonly api: Api;
  readonly codes: Codes;
  readonly templates: Templates;
}

/** The parts of a baseline, each in a file of its own. */
const FILES = { api: 'compat/api.json', codes: 'compat/codes.json', templates: 'compat/templates.json' } as const;

/** The baseline of the compiled library and its sources. */
export function currentBaseline(): Baseline {
  return { api: currentApi(), codes: currentCodes(), templates: synthesisedPrograms() };
}

/** The committed baseline, or the one of a tag. */
export function baselineOf(tag?: string): Baseline {
  const read = (file: string) => JSON.parse(tag === undefined ? readFileSync(join(ROOT, file), 'utf8') : outputOf('git', ['show', `${tag}:${file}`], { cwd: ROOT }));
  return { api: read(FILES.api), codes: read(FILES.codes), templates: read(FILES.templates) };
}

export function writeBaseline(baseline: Baseline): void {
  for (const [part, file] of Object.entries(FILES)) {
    writeFileSync(join(ROOT, file), `${JSON.stringify(baseline[part as keyof Baseline], undefined, 1)}\n`);
  }
}

/** The files of the committed baseline that are not what the sources give now. */
export function outdatedFiles(committed: Baseline, current: Baseline): string[] {
  return Object.entries(FILES)
    .filter(([part]) => JSON.stringify(committed[part as keyof Baseline]) !== JSON.stringify(current[part as keyof Baseline]))
    .map(([, file]) => file);
}

/** Everything in which a version is incompatible with an older one. */
export function breaksBetween(before: Baseline, after: Baseline): Break[] {
  return [
    ...apiBreaks(before.api, after.api),
    ...templateBreaks(before.templates, after.templates),
    ...codeBreaks(before.codes, after.codes),
  ];
}

/** The newest released version that the history contains. */
export function lastTag(): string | undefined {
  const { status, stdout } = spawnSync('git', ['describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*'], { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
