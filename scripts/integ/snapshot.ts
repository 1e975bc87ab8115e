import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { PassThrough } from 'stream';
import { stripVTControlCharacters } from 'util';
import { formatDifferences, fullDiff } from '@aws-cdk/cloudformation-diff';
import { APP, ROOT, synthesise } from './app';

/** Where the committed snapshot is. */
export const SNAPSHOT = join(ROOT, `${APP}.snapshot`);

/** The templates and the manifest of the integration test, by file name. */
export interface Snapshot {
  readonly [file: string]: object;
}

/** Reads a snapshot from a folder; what a synthesis writes beside it (assets, paths of this machine) is left out. */
export function readSnapshot(folder: string): Snapshot {
  const files = readdirSync(folder).filter((file) => file.endsWith('.template.json') || file === 'integ.json').sort();
  return Object.fromEntries(files.map((file) => [file, JSON.parse(neutral(readFileSync(join(folder, file), 'utf8')))]));
}

/** The snapshot that would be committed now. */
export function freshSnapshot(): Snapshot {
  const folder = mkdtempSync(join(tmpdir(), 'integ-snapshot-'));
  try {
    synthesise(folder);
    return readSnapshot(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Without what differs though nothing changed: the time of the synthesis, and the hashes of what assets hold. */
function neutral(text: string): string {
  return text.replace(/"salt": "\d+"/g, '"salt": "<time of the synthesis>"').replace(/[0-9a-f]{64}/g, '<hash of an asset>');
}

/** What differs between two snapshots, as `cdk diff` would tell it. */
export function differences(before: Snapshot, after: Snapshot): string {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((file) => {
    const text = new PassThrough();
    formatDifferences(text, fullDiff(before[file] ?? {}, after[file] ?? {}));
    const changes = text.read() as Buffer | null;
    return changes ? `${file}\n${stripVTControlCharacters(String(changes))}` : '';
  }).join('');
}
