import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parseArgs } from 'util';
import { Context, sampleContext, synthesiseExample } from './synthesise-example';
import { run } from '../src/cli/run';

/**
 * Shows a person what the us-east-1 example would deploy: the real CDK CLI synthesises it, validation included, and the
 * command `explain` reads the result. `-c key=value` replaces a sample value, as it does for the CLI itself.
 */
function main(): void {
  const context = { ...sampleContext(), ...contextOf(process.argv.slice(2)) };
  console.error('Synthesising examples/us-east-1 with the CDK CLI …');
  // In its own folder: a running deployment may be reading the example's cdk.out.
  const folder = mkdtempSync(join(tmpdir(), 'bluegreen-demo-'));
  try {
    synthesiseExample(context, folder);
    console.log([
      ...run('explain', folder).lines,
      '',
      'Shown for these values; replace them with your own: "npm run demo -- -c key=value":',
      ...Object.entries(context).map(([key, value]) => `  ${key}=${value}`),
      'The template itself: "npm run synth" writes it to examples/us-east-1/cdk.out.',
    ].join('\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function contextOf(args: string[]): Context {
  const { values } = parseArgs({ args, options: { context: { type: 'string', short: 'c', multiple: true } } });
  return Object.fromEntries((values.context ?? []).map((pair) => {
    const [, key, value] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    if (key === undefined) {
      throw new Error(`"-c" must be followed by key=value, got "${pair}"; for example -c environmentSuffix=qa`);
    }
    return [key, value];
  }));
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
