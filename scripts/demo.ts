import { parseArgs } from 'util';
import { report } from './demo/report';
import { Context, sampleContext, synthesise } from './demo/synthesis';

/**
 * Shows a person what the us-east-1 example would deploy: it is synthesised by the real CDK CLI, validated, and its template
 * is told in words. `-c key=value` takes the place of a sample value, as it does for the CLI itself.
 */
function main(): void {
  const context = { ...sampleContext(), ...contextOf(process.argv.slice(2)) };
  console.error('Synthesising examples/us-east-1 with the CDK CLI …');
  for (const stack of synthesise(context)) {
    console.log(report(stack));
  }
  console.log([
    '',
    'Shown for these values; put your own in their place with "npm run demo -- -c key=value":',
    ...Object.entries(context).map(([key, value]) => `  ${key}=${value}`),
    'The template itself: "npm run synth" writes it to examples/us-east-1/cdk.out.',
  ].join('\n'));
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
