import { readFileSync, writeFileSync } from 'fs';
import { cpus, totalmem } from 'os';
import { join } from 'path';
import { parseArgs } from 'util';
import { compile, CONTESTANTS, importing, inFolder, race, Side, synthesise, synthesiseInto, Trial } from './race';
import { Results, rowsOf, table } from './results';
import { programOf, Sizes, sizesOf } from './sizes';

const ROOT = join(__dirname, '..');
const PAGE = join(ROOT, 'docs', 'benchmarks.md');
/** The part of the page that this program writes. */
const TABLE = /(?<=<!-- written by npm run bench -->)[^]*(?=<!-- end of what npm run bench writes -->)/;

/** The numbers of pipelines in the measured apps. */
const COUNTS = [1, 5, 10, 20, 50];

/**
 * Measures the smallest program against a hand-written stack of stock L2s, prints the table, and fails when a budget is broken.
 * A whole run writes the table into docs/benchmarks.md; `--quick` measures a few rounds for a first look, and writes nothing.
 */
function main(): void {
  const { values: { quick = false } } = parseArgs({ options: { quick: { type: 'boolean' } } });
  compile();
  const results = measure(quick);
  const rows = rowsOf(results);
  const report = `${measurementDetails(results)}\n\n${table(rows)}`;
  console.log(`\n${report}\n`);
  if (!quick) {
    writeFileSync(PAGE, readFileSync(PAGE, 'utf8').replace(TABLE, () => `\n\n${report}\n\n`));
    console.log('Written to docs/benchmarks.md.');
  }
  process.exitCode = rows.some(({ broken }) => broken) ? 1 : 0;
}

function measure(quick: boolean): Results {
  const rounds = (full: number) => (quick ? Math.ceil(full / 6) : full);
  const trial = (name: string, full: number, run: Trial['run']): Trial => ({ name, rounds: rounds(full), run });
  const { synthesis, synthesisValidated, importing: imports, ...pipelines } = race([
    trial('synthesis', 18, (side) => synthesise(side, 1, false)),
    trial('synthesisValidated', 12, (side) => synthesise(side, 1, true)),
    trial('importing', 18, importing),
    ...COUNTS.map((count) => trial(String(count), 6, (side) => synthesise(side, count, false))),
  ], (round, last) => console.error(`round ${round} of ${last}${round === 0 ? ' (warm-up)' : ''}`));
  const sizes = { baseline: sizesFor('baseline'), library: sizesFor('library') };
  return { synthesis, synthesisValidated, importing: imports, pipelines, sizes };
}

function sizesFor(side: Side): Sizes {
  return inFolder((outdir) => {
    synthesiseInto(outdir, side, 1, false);
    return sizesOf(outdir, programOf(CONTESTANTS[side]));
  });
}

/** Date, versions and machine of the measurement: another machine gives other times, and nearly the same ratios. */
function measurementDetails({ synthesis, synthesisValidated, pipelines }: Results): string {
  const versionOf = (name: string) => JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version;
  const [aws, constructs] = ['aws-cdk-lib', 'constructs'].map((name) => `${name} ${versionOf(name)}`);
  const machine = `${process.platform} ${process.arch} with ${cpus().length} processors (${cpus()[0].model.trim()})`;
  const [all, validated, several] = [synthesis, synthesisValidated, pipelines[1]].map(({ library }) => library.length);
  return `Measured on ${new Date().toISOString().slice(0, 10)} with ${aws}, ${constructs} and Node.js ${process.versions.node}, `
    + `on ${machine} and ${Math.round(totalmem() / 2 ** 30)} GiB of memory: ${all} rounds, ${validated} of them with the validation `
    + `and ${several} with several pipelines.`;
}

main();
