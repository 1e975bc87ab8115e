import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { PassThrough } from 'stream';
import { stripVTControlCharacters } from 'util';
import { formatDifferences, fullDiff } from '@aws-cdk/cloudformation-diff';
import { APP, ROOT, synthesise } from './app';

/** The folder of the committed snapshot. */
export const SNAPSHOT = join(ROOT, `${APP}.snapshot`);

/** The templates and the manifest of the integration test, by file name. */
export interface Snapshot {
  readonly [file: string]: object;
}

/** Reads a snapshot from a folder, without the other output of a synthesis (assets, paths of this machine). */
export function readSnapshot(folder: string): Snapshot {
  const files = readdirSync(folder).filter((file) => file.endsWith('.template.json') || file === 'integ.json').sort();
  return Object.fromEntries(files.map((file) => [file, JSON.parse(neutral(readFileSync(join(folder, file), 'utf8')))]));
}

/** The snapshot of the current source. */
export function freshSnapshot(): Snapshot {
  const folder = mkdtempSync(join(tmpdir(), 'integ-snapshot-'));
  try {
    synthesise(folder);
    return readSnapshot(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Removes values that differ although nothing changed: the time of the synthesis, and the hashes of assets. */
function neutral(text: string): string {
  return text.replace(/"salt": "\d+"/g, '"salt": "<time of the synthesis>"').replace(/[0-9a-f]{64}/g, '<hash of an asset>');
}

/** The differences between two snapshots, in the format of `cdk diff`. */
export function differences(before: Snapshot, after: Snapshot): string {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((file) => {
    const text = new PassThrough();
    formatDifferences(text, fullDiff(before[file] ?? {}, after[file] ?? {}));
    const changes = text.read() as Buffer | null;
    return changes ? `${file}\n${stripVTControlCharacters(String(changes))}` : '';
  }).join('');
}
