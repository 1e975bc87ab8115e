import { readFileSync, writeFileSync } from 'fs';
import { cpus, totalmem } from 'os';
import { join } from 'path';
import { parseArgs } from 'util';
import { compile, CONTESTANTS, importing, race, Side, SIDES, synthesise, Trial } from '../bench/race';
import { broken, Results, rowsOf, table } from '../bench/results';
import { programOf, Sizes, sizesOf } from '../bench/sizes';

const ROOT = join(__dirname, '..');
const PAGE = join(ROOT, 'docs', 'benchmarks.md');
const [BEGIN, END] = ['<!-- written by npm run bench -->', '<!-- end of what npm run bench writes -->'];

/** Apps of so many pipelines. */
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
  const report = `${circumstances(results)}\n\n${table(rows)}`;
  console.log(`\n${report}\n`);
  if (!quick) {
    writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8'), report));
    console.log('Written to docs/benchmarks.md.');
  }
  const problems = broken(rows);
  problems.forEach((problem) => console.error(`Budget broken: ${problem}`));
  process.exitCode = problems.length === 0 ? 0 : 1;
}

function measure(quick: boolean): Results {
  const rounds = (full: number) => (quick ? Math.ceil(full / 6) : full);
  const trial = (name: string, full: number, run: Trial['run']): Trial => ({ name, rounds: rounds(full), run });
  const samples = race([
    trial('synthesis', 18, (side) => synthesise(side, 1, false)),
    trial('synthesisValidated', 12, (side) => synthesise(side, 1, true)),
    trial('importing', 18, importing),
    ...COUNTS.map((count) => trial(`${count} pipelines`, 6, (side) => synthesise(side, count, false))),
  ], (done, all) => console.error(`round ${done} of ${all}${done === 0 ? ' (warm-up)' : ''}`));
  return {
    synthesis: samples.synthesis,
    synthesisValidated: samples.synthesisValidated,
    importing: samples.importing,
    pipelines: Object.fromEntries(COUNTS.map((count) => [count, samples[`${count} pipelines`]])),
    sizes: sizes(),
  };
}

function sizes(): { [side in Side]: Sizes } {
  const [baseline, library] = SIDES.map((side) => {
    const found: Sizes[] = [];
    synthesise(side, 1, false, (outdir) => found.push(sizesOf(outdir, programOf(CONTESTANTS[side]))));
    return found[0];
  });
  return { baseline, library };
}

/** When, how and with what the table was made: another machine gives other times, and nearly the same ratios. */
function circumstances({ synthesis, synthesisValidated, pipelines }: Results): string {
  const version = (name: string) => JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version;
  return `Measured on ${new Date().toISOString().slice(0, 10)} with aws-cdk-lib ${version('aws-cdk-lib')}, constructs ${version('constructs')} and `
    + `Node.js ${process.versions.node}, on ${process.platform} ${process.arch} with ${cpus().length} processors (${cpus()[0].model.trim()}) `
    + `and ${Math.round(totalmem() / 2 ** 30)} GiB of memory: ${synthesis.library.length} rounds, ${synthesisValidated.library.length} of them with the `
    + `validation and ${pipelines[1].library.length} with several pipelines.`;
}

function withTable(page: string, content: string): string {
  const [before, after] = [page.split(BEGIN)[0], page.split(END)[1]];
  if (after === undefined) {
    throw new Error(`docs/benchmarks.md lacks the lines "${BEGIN}" and "${END}", between which the table goes`);
  }
  return `${before}${BEGIN}\n\n${content}\n\n${END}${after}`;
}

main();
