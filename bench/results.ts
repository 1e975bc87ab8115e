import { Sample, Samples, Side } from './race';
import { Sizes } from './sizes';
import { median, medianOfPairs, middleHalf } from './statistics';

/** All that a run of the benchmark found out. */
export interface Results {
  readonly synthesis: Samples;
  readonly synthesisValidated: Samples;
  readonly importing: Samples;
  /** Apps of one pipeline and of more, by their number. */
  readonly pipelines: { readonly [count: number]: Samples };
  readonly sizes: { readonly [side in Side]: Sizes };
}

/** A line of the table. */
export interface Row {
  readonly measure: string;
  readonly baseline: string;
  readonly library: string;
  readonly comparison: string;
  readonly budget?: Budget;
}

/** What a comparison may be at most. */
export interface Budget {
  readonly value: number;
  readonly limit: number;
  readonly limitInWords: string;
}

export function rowsOf(results: Results): Row[] {
  const { synthesis, synthesisValidated, importing, pipelines, sizes } = results;
  const counts = Object.keys(pipelines).map(Number).filter((count) => count > 1);
  const wall = (sample: Sample) => sample.wallMilliseconds;
  const cpu = (sample: Sample) => sample.cpuMilliseconds;
  const size = (measure: string, of: (one: Sizes) => number, ratio = true): Row => ({
    measure,
    baseline: of(sizes.baseline).toLocaleString('en-US'),
    library: of(sizes.library).toLocaleString('en-US'),
    comparison: ratio ? times(of(sizes.library) / of(sizes.baseline)) : '',
  });
  return [
    ratioRow('synthesis, whole process', synthesis, wall, 'ms', 1.15),
    ratioRow('synthesis, CPU time', synthesis, cpu, 'ms'),
    ratioRow('synthesis with the validation, whole process', synthesisValidated, wall, 'ms', 1.15),
    ratioRow('synthesis with the validation, CPU time', synthesisValidated, cpu, 'ms'),
    ratioRow('peak memory', synthesis, (sample) => sample.megabytes, 'MB', 1.1),
    ratioRow('peak memory with the validation', synthesisValidated, (sample) => sample.megabytes, 'MB', 1.1),
    importRow('import, beside the CDK modules that it loads', importing, (sample) => sample.milliseconds, 20),
    importRow('import, CPU time', importing, cpu),
    ...counts.map((count) => marginalRow(pipelines, count)),
    flatnessRow(pipelines),
    size('resources', (one) => one.resources),
    size('template, bytes as CDK writes it', (one) => one.templateBytes),
    size('statements in the policies of roles', (one) => one.statements),
    size('Allow statements on Resource "*"', (one) => one.wildcardResources),
    size('Allow statements with a wildcard in an action', (one) => one.wildcardActions),
    size('AWS-managed policies on roles', (one) => one.managedPolicies, false),
    size('lines of code that the user writes', (one) => one.lines),
  ];
}

export function broken(rows: readonly Row[]): string[] {
  return rows.flatMap(({ measure, library, comparison, budget }) => (budget === undefined || budget.value <= budget.limit ? []
    : [`${measure}: ${comparison || library}, budget ${budget.limitInWords}`]));
}

/** A table in Markdown, which is also how it is printed. */
export function table(rows: readonly Row[]): string {
  const cells = [
    ['', 'stock L2s', 'library', 'compared', 'budget'],
    ...rows.map(({ measure, baseline, library, comparison, budget }) => [measure, baseline, library, comparison, verdict(budget)]),
  ];
  const widths = cells[0].map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const line = (row: string[]) => `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join('\n');
}

function verdict(budget: Budget | undefined): string {
  return budget === undefined ? '' : `${budget.limitInWords}: ${budget.value <= budget.limit ? 'kept' : 'BROKEN'}`;
}

function ratioRow(measure: string, samples: Samples, of: (sample: Sample) => number, unit: string, limit?: number): Row {
  const [baseline, library] = [samples.baseline.map(of), samples.library.map(of)];
  const value = medianOfPairs(baseline, library, (ours, theirs) => ours / theirs);
  return {
    measure,
    baseline: withSpread(baseline, unit),
    library: withSpread(library, unit),
    comparison: times(value),
    ...(limit !== undefined && { budget: { value, limit, limitInWords: `at most ${limit}x` } }),
  };
}

function importRow(measure: string, samples: Samples, of: (sample: Sample) => number, limit?: number): Row {
  const [baseline, library] = [samples.baseline.map(of), samples.library.map(of)];
  const value = medianOfPairs(baseline, library, (ours, theirs) => ours - theirs);
  return {
    measure,
    baseline: withSpread(baseline, 'ms'),
    library: withSpread(library, 'ms'),
    comparison: `+${value.toFixed(1)} ms`,
    ...(limit !== undefined && { budget: { value, limit, limitInWords: `at most +${limit} ms` } }),
  };
}

/** What each pipeline beyond the first adds to an app of so many, in every round. */
export function marginal(pipelines: Results['pipelines'], side: Side, count: number): number[] {
  const first = median(pipelines[1][side].map((sample) => sample.milliseconds));
  return pipelines[count][side].map((sample) => (sample.milliseconds - first) / (count - 1));
}

function marginalRow(pipelines: Results['pipelines'], count: number): Row {
  const [baseline, library] = [marginal(pipelines, 'baseline', count), marginal(pipelines, 'library', count)];
  return {
    measure: `each further pipeline of ${count}`,
    baseline: withSpread(baseline, 'ms'),
    library: withSpread(library, 'ms'),
    comparison: times(medianOfPairs(baseline, library, (ours, theirs) => ours / theirs)),
  };
}

/** Whether the fiftieth pipeline costs what the fifth does: the library against itself. */
function flatnessRow(pipelines: Results['pipelines']): Row {
  const growth = (side: Side) => median(marginal(pipelines, side, 50)) / median(marginal(pipelines, side, 5));
  const value = growth('library');
  return {
    measure: 'each further pipeline of 50, over that of 5',
    baseline: times(growth('baseline')),
    library: times(value),
    comparison: '',
    budget: { value, limit: 1.3, limitInWords: 'at most 1.3x' },
  };
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)}x`;
}

function withSpread(values: readonly number[], unit: string): string {
  const digits = median(values) < 100 ? 1 : 0;
  const [from, to] = middleHalf(values);
  return `${median(values).toFixed(digits)} ${unit} (${from.toFixed(digits)} to ${to.toFixed(digits)})`;
}
