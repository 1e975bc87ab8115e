import { readdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { StackPlace } from './app';
import { outputOf, run } from '../command';
import { Emulator, endpointOf } from './emulator';
import { dataFolder, isolatedEnvironment } from './environment';
import { python } from './venv';

const script = join(__dirname, 'readback.py');

/** The regions that were bootstrapped since the emulator started. */
export function preparedRegions(): string[] {
  return readdirSync(dataFolder).flatMap((file) => /^baseline-(.+)\.json$/.exec(file)?.[1] ?? []);
}

/** Records the resources of the region before anything is deployed there, so that leftovers can be distinguished. */
export function takeBaseline(emulator: Emulator, region: string): void {
  writeFileSync(baselineOf(region), everythingIn(emulator, region));
}

/** Everything that the services list in the region, by type, as JSON. */
export function everythingIn(emulator: Emulator, region: string): string {
  return outputOf(python, [script, 'everything'], { env: environmentOf(emulator, region) });
}

/** Prints a table of the existing resources of the stacks, and addresses to open; fails if anything is missing. */
export function show(emulator: Emulator, stacks: StackPlace[]): void {
  for (const region of regionsOf(stacks)) {
    const names = stacks.filter((stack) => stack.region === region).map(({ stackName }) => stackName);
    run(python, [script, 'show', ...names], { env: environmentOf(emulator, region) });
  }
}

/** Prints the resources of the region that are neither in its baseline nor in the existing stacks; fails if there are unexpected ones. */
export function showLeftovers(emulator: Emulator, region: string): void {
  run(python, [script, 'leftovers', baselineOf(region), ...preparedRegions()], { env: environmentOf(emulator, region) });
}

/** The stacks that exist, in all regions. */
export function existingStacks(emulator: Emulator): StackPlace[] {
  return preparedRegions().flatMap((region) => outputOf(python, [script, 'stacks'], { env: environmentOf(emulator, region) })
    .split('\n').filter(Boolean).map((stackName) => ({ stackName, region })));
}

export function regionsOf(stacks: StackPlace[]): string[] {
  return [...new Set(stacks.map(({ region }) => region))].sort();
}

function environmentOf(emulator: Emulator, region: string): NodeJS.ProcessEnv {
  return { ...isolatedEnvironment(endpointOf(emulator)), AWS_REGION: region, AWS_DEFAULT_REGION: region };
}

function baselineOf(region: string): string {
  return join(dataFolder, `baseline-${region}.json`);
}
