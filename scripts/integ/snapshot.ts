import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { PassThrough } from 'stream';
import { stripVTControlCharacters } from 'util';
import { formatDifferences, fullDiff, ResourceDifference, ResourceImpact } from '@aws-cdk/cloudformation-diff';
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

/** What differs between two snapshots, as `cdk diff` would tell it, and which care each change wants in a running environment. */
export function differences(before: Snapshot, after: Snapshot): string {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((file) => {
    const [old, now] = [before[file] ?? {}, after[file] ?? {}];
    if (JSON.stringify(old) === JSON.stringify(now)) {
      return [];
    }
    if (!file.endsWith('.template.json')) {
      return [`${file}\n- ${JSON.stringify(old)}\n+ ${JSON.stringify(now)}`];
    }
    const diff = fullDiff(old, now);
    const text = new PassThrough();
    formatDifferences(text, diff);
    const cares: string[] = [];
    diff.resources.forEachDifference((logicalId, change) => cares.push(...care(change).map((words) => `${logicalId}: ${words}`)));
    return [`${file}\n${stripVTControlCharacters(String(text.read() ?? 'The order of its parts differs.'))}${cares.join('\n')}`];
  }).join('\n');
}

function care(change: ResourceDifference): string[] {
  if (change.isAddition || change.isRemoval) {
    return [];
  }
  return [
    ...(change.resourceType === 'AWS::ElasticLoadBalancingV2::Listener'
      ? ['a listener must not change once it is deployed: README, "Adding a certificate later"'] : []),
    ...(change.resourceType === 'AWS::ECS::Service'
      ? ['an update of the service succeeds only after a release that succeeded: README, "Changing taskCount"'] : []),
    ...([ResourceImpact.WILL_REPLACE, ResourceImpact.MAY_REPLACE].includes(change.changeImpact)
      ? ['what has a physical name cannot be replaced under it: give it another name, or leave it as it is'] : []),
  ];
}
